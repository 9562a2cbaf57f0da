"""The bytes of a file, unpacked where it is compressed, in blocks."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from millrace.ingest.reading.errors import (
    BrokenArchive,
    NoSuchSource,
    NotAFile,
    SourceNotReadable,
    UnpacksTooFar,
)
from millrace.ingest.reading.zip_archive import ZIP, packed_file

BLOCK = 4 * 2**20
GZIP = b"\x1f\x8b"

MOST_EXPANSION = 500
"""A compressed file may unpack to this many times its size; real logs reach 20 to 100."""
_FREE_EXPANSION = 2**28

Progress = Callable[[float], None]


class ByteSource:
    """An open file. Compression is seen from its content, not from its name."""

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        """Open `path`; raise a `SourceError` where that is not possible."""
        self.path = path
        self.name = path.name
        self._progress = progress
        self._file = _open(path)
        try:
            self.n_bytes_on_disk = path.stat().st_size
            beginning = self._file.read(len(ZIP))
            self._file.seek(0)
        except OSError as error:
            self._file.close()
            raise SourceNotReadable(path, error.strerror or str(error)) from error
        self._kind, self._content = self._unpacked(beginning)
        self._head = b""
        self.n_bytes = 0

    def __enter__(self) -> "ByteSource":
        """Give the source itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    @property
    def is_packed(self) -> bool:
        """True where the content is not what stands on disk."""
        return self._content is not self._file

    def _unpacked(self, beginning: bytes) -> tuple[str, BinaryIO]:
        if beginning.startswith(GZIP):
            return "gzip", cast("BinaryIO", gzip.GzipFile(fileobj=self._file))
        if beginning != ZIP:
            return "", self._file
        try:
            packed = packed_file(self.name, self._file)
        except BaseException:
            self._file.close()
            raise
        self._file.seek(0)
        return "ZIP", packed or self._file

    def head(self) -> bytes:
        """The first block, which the next call of `blocks` yields again."""
        if not self._head:
            self._head = self._read()
        return self._head

    def blocks(self) -> Iterator[bytes]:
        """The content in blocks of some megabytes, none of them empty."""
        block, self._head = self.head(), b""
        while block:
            yield block
            if self._progress is not None:
                self._progress(min(self._file.tell() / max(self.n_bytes_on_disk, 1), 1.0))
            block = self._read()

    def _read(self) -> bytes:
        try:
            block = self._content.read(BLOCK)
        except EOFError as error:
            raise BrokenArchive(self.name, self._kind, self.n_bytes, "it ends too early") from error
        except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error) as error:
            raise BrokenArchive(self.name, self._kind, self.n_bytes, "its content cannot be unpacked") from error
        except OSError as error:
            raise SourceNotReadable(self.path, error.strerror or str(error)) from error
        self.n_bytes += len(block)
        if self.is_packed and self.n_bytes > _FREE_EXPANSION + MOST_EXPANSION * self.n_bytes_on_disk:
            raise UnpacksTooFar(self.name, MOST_EXPANSION)
        return block


def _open(path: Path) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():
            raise NotAFile(path)
        return path.open("rb")
    except FileNotFoundError as error:
        raise NoSuchSource(path) from error
    except (OSError, ValueError) as error:
        raise SourceNotReadable(path, getattr(error, "strerror", None) or str(error)) from error
