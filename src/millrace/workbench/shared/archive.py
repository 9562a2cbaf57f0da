"""The file of a backup: what is in it, how it is written whole, how it is checked when it is opened."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError

from millrace.errors import MillraceError
from millrace.workbench.output import OutputNotWritten

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
TABLES, FILES = PurePosixPath("tables"), PurePosixPath("files")
_PIECE = 1 << 20
_PACKED_ALREADY = frozenset({".parquet", ".gz", ".zip", ".xlsx", ".zst", ".bz2", ".xz"})


class NotABackup(MillraceError):
    """A file is no backup, or not a whole one."""

    slug = "not-a-backup"

    def __init__(self, path: Path, why: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"“{path.name}” is not a whole backup of Millrace: {why}. Nothing was restored. Take another.")


class BackupTooNew(MillraceError):
    """A backup was made by a later release, in a form that this one does not know."""

    slug = "backup-too-new"

    def __init__(self, path: Path, release: str) -> None:
        """Name the release that made it."""
        super().__init__(
            f"“{path.name}” was made by Millrace {release}, in a form that this release does not know. "
            "Install that release or a later one to restore it."
        )


class GoneMeanwhile(Exception):
    """A file that was to be kept is not there (any more)."""


class Entry(BaseModel):
    """A part of a backup: its length, and the digest that it is checked by."""

    model_config = ConfigDict(frozen=True)

    n_bytes: int
    sha256: str


class Manifest(BaseModel):
    """What a backup holds: `entries` by their names in the archive; `revision` of the tables; rows by table."""

    model_config = ConfigDict(frozen=True)

    format: Literal["millrace-backup"] = "millrace-backup"
    format_version: int = FORMAT_VERSION
    release: str
    revision: str
    made_at: datetime
    n_rows: dict[str, int]
    entries: dict[str, Entry]


class ArchiveWriter:
    """Entries that are being written into an archive, with their digests."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Write into `archive`."""
        self._archive = archive
        self.entries: dict[str, Entry] = {}

    def add(self, name: PurePosixPath, pieces: Iterable[bytes]) -> None:
        """Add an entry made of `pieces`; what is packed already is not packed again."""
        how = zipfile.ZIP_STORED if name.suffix in _PACKED_ALREADY else zipfile.ZIP_DEFLATED
        about = zipfile.ZipInfo(str(name))
        about.compress_type = how
        digest, n_bytes = hashlib.sha256(), 0
        with self._archive.open(about, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                n_bytes += len(piece)
        self.entries[str(name)] = Entry(n_bytes=n_bytes, sha256=digest.hexdigest())

    def add_file(self, name: PurePosixPath, path: Path) -> None:
        """Add a file as an entry. Raises GoneMeanwhile."""
        try:
            file = path.open("rb")
        except FileNotFoundError as error:
            raise GoneMeanwhile(str(path)) from error
        with file:
            self.add(name, _pieces(file))

    def end(self, manifest: Manifest) -> None:
        """Write the manifest, which only a whole archive has."""
        self._archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """An archive that takes its name when it is whole and on disk, and is gone where anything fails.

    Until then it is called `.NAME.XXXXXXXX.unfinished`, which only a killed process leaves behind. Raises
    OutputNotWritten.
    """
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:8]}.unfinished")
    try:
        try:
            with unfinished.open("xb") as file:
                unfinished.chmod(0o600)
                with zipfile.ZipFile(file, "w", compresslevel=3) as archive:
                    yield ArchiveWriter(archive)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise OutputNotWritten(path, error) from error


class Archive:
    """A backup that was opened, its manifest read."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        """Read from `archive`."""
        self.path, self.manifest = path, manifest
        self._archive = archive

    def lines(self, name: PurePosixPath) -> Iterator[bytes]:
        """The lines of an entry. Raises NotABackup where they are not what was written."""
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole

    def pieces(self, name: PurePosixPath) -> Iterator[bytes]:
        """The content of an entry, checked as it comes. Raises NotABackup."""
        wanted, digest = self.manifest.entries[str(name)], hashlib.sha256()
        try:
            with self._archive.open(str(name)) as entry:
                for piece in _pieces(entry):
                    digest.update(piece)
                    yield piece
        except (zipfile.BadZipFile, KeyError, EOFError, zlib.error) as error:
            raise NotABackup(self.path, f"“{name}” in it is damaged") from error
        if digest.hexdigest() != wanted.sha256:
            raise NotABackup(self.path, f"“{name}” in it is not what was written")

    def names(self, below: PurePosixPath) -> list[PurePosixPath]:
        """The entries below a folder of the archive. Raises NotABackup for one that would lead out of it."""
        found = [PurePosixPath(name) for name in self.manifest.entries]
        for name in found:
            if name.is_absolute() or ".." in name.parts or "\\" in str(name):
                raise NotABackup(self.path, f"“{name}” in it leads elsewhere")
        return [name for name in found if name.is_relative_to(below)]


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """A backup, open. Raises NotABackup, BackupTooNew."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise NotABackup(path, "it is not there") from error
    except (zipfile.BadZipFile, OSError) as error:
        raise NotABackup(path, "it cannot be read to its end") from error
    with archive:
        yield Archive(path, archive, _manifest(path, archive))


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    except (KeyError, zipfile.BadZipFile) as error:
        raise NotABackup(path, "it has no manifest") from error
    except ValidationError as error:
        raise NotABackup(path, "its manifest is not understood") from error
    if manifest.format_version > FORMAT_VERSION:
        raise BackupTooNew(path, manifest.release)
    return manifest


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
