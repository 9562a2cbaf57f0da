"""Files that a user asked for: written whole or not at all."""

import errno
from pathlib import Path
from uuid import uuid4

from millrace.errors import MillraceError


class OutputNotWritten(MillraceError):
    """A file could not be written."""

    slug = "output-not-written"

    def __init__(self, path: Path, error: OSError) -> None:
        """Name the file, what failed, and what to do."""
        if error.errno == errno.ENOSPC:
            what = "the disk is full; free some space and try again"
        elif error.errno == errno.ENOENT:
            what = f"the folder “{path.parent}” is not there; make it, or choose another"
        else:
            what = f"{(error.strerror or 'it cannot be written').lower()}; choose another place with -o"
        super().__init__(f"“{path}” was not written: {what}.")


class UnknownForm(MillraceError):
    """A file is asked for in a form that there is not."""

    slug = "unknown-form"

    def __init__(self, path: Path, forms: tuple[str, ...]) -> None:
        """Name the ending and those there are."""
        super().__init__(
            f"“{path.name}” asks for a form that there is not; end the name in {', '.join(forms[:-1])} or {forms[-1]}."
        )


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write `content` so that the file appears complete or stays as it was."""
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        try:
            if isinstance(content, str):
                unfinished.write_text(content, "utf-8")
            else:
                unfinished.write_bytes(content)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise OutputNotWritten(path, error) from error
    return path
