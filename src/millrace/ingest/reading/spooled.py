"""A file on disk for readers that cannot take a stream: the source itself, or its unpacked content for a while."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.errors import NoRoom

_ROOM_TO_LEAVE = 2**28


@contextmanager
def spooled(source: ByteSource) -> Iterator[Path]:
    """The path of the unpacked content; a temporary copy is gone when the block ends, however it ends."""
    if not source.is_packed:
        yield source.path
        return
    with tempfile.TemporaryDirectory(prefix="millrace-") as folder:
        copy = Path(folder) / "content"
        with copy.open("wb") as file:
            for block in source.blocks():
                if shutil.disk_usage(folder).free < _ROOM_TO_LEAVE:
                    raise NoRoom(source.name, f"its unpacked content does not fit into “{folder}”")
                file.write(block)
        yield copy
