"""Files that a form carries, laid down beside the workspace so that they are moved into it and not copied."""

import errno
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from fastapi import File, UploadFile

from millrace.errors import MillraceError
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared.source_files import Given

Files = Annotated[list[UploadFile], File()]
_BLOCK_BYTES = 2**20
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NoFileGiven(MillraceError):
    """A form was sent without the file that it is about."""

    slug = "no-file-given"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Choose a file first.")


class NoRoomForFiles(MillraceError):
    """The disk of the workspace is full."""

    slug = "no-room-for-files"

    def __init__(self, name: str) -> None:
        """Name the file."""
        super().__init__(
            f"The disk of the workspace is full: “{name}” was not kept. Free some space, or ask whoever runs the "
            "server, and give it again."
        )


@contextmanager
def laid_down(files: Sequence[UploadFile], bench: SharedWorkbench) -> Iterator[list[Given]]:
    """The files that were given, by their names, on the disk of the workspace. Raises NoFileGiven, NoRoomForFiles."""
    given = [file for file in files if file.filename]
    if not given:
        raise NoFileGiven
    bench.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=bench.folder, prefix="upload-") as folder:
        yield [_copied(file, Path(folder) / str(number)) for number, file in enumerate(given)]


def _copied(file: UploadFile, path: Path) -> Given:
    name = file.filename or "export"
    try:
        with path.open("wb") as copy:
            shutil.copyfileobj(file.file, copy, _BLOCK_BYTES)
    except OSError as failure:
        if failure.errno in FULL:
            raise NoRoomForFiles(name) from failure
        raise
    return name, path
