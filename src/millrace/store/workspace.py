"""The workspace: a folder that keeps what was computed, by the contents it was computed from."""

import errno
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from millrace.errors import MillraceError

DEFAULT_FOLDER = Path(".millrace")
_SETTLED_NS = 2_000_000_000
"""A file changed within so many nanoseconds may change again without its time telling."""
_PART = 1 << 24
"""Bytes of a file that are digested at once, several parts side by side."""
_KEY_DIGITS = 32


class WorkspaceNotUsable(MillraceError):
    """The workspace's folder cannot be written to, or the disk is full."""

    slug = "workspace-not-usable"

    def __init__(self, folder: Path, error: OSError) -> None:
        """Name the folder, what failed, and the way out."""
        if error.errno == errno.ENOSPC:
            what, remedy = "the disk is full", "Free some space, or choose a folder elsewhere with --workspace."
        else:
            what = error.strerror or type(error).__name__
            remedy = "Choose a folder that you may write to with --workspace."
        super().__init__(f"The workspace “{folder}” cannot be used: {what}. Nothing was kept. {remedy}")


class WorkspaceLocked(MillraceError):
    """Somebody else uses the workspace, and this cannot be done beside them."""

    slug = "workspace-locked"

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(
            f"The workspace “{folder}” is in use by another process, and this cannot be done beside it. "
            "Stop the server that works on it, or wait until what is being done is over."
        )


class Workspace:
    """A folder of results, each in a folder of its own named for its key; written whole or not at all."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        """Use `folder`, which is made when something is kept."""
        self.folder = folder

    def kept(self, kind: str, key: str, make: Callable[[Path], None]) -> Path:
        """The folder of the result `key`: as it was kept, or made now by `make(folder)` and then kept.

        It is made under another name and moved into place when complete, so that an interruption leaves nothing
        that looks like a result. Raises WorkspaceNotUsable.
        """
        place = self.folder / kind / key
        if place.is_dir():
            return place
        unfinished = self.folder / "unfinished" / f"{os.getpid()}-{uuid4().hex}"
        try:
            self._clear_abandoned()
            unfinished.mkdir(parents=True)
            make(unfinished)
            place.parent.mkdir(parents=True, exist_ok=True)
            self._settle(unfinished, place)
        except OSError as error:
            raise WorkspaceNotUsable(self.folder, error) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return place

    def opened(self) -> BinaryIO:
        """Mark the folder as in use, by as many as like, until the file that this gives is closed.

        Raises WorkspaceLocked where somebody wants it alone, WorkspaceNotUsable.
        """
        return self._locked("open", fcntl.LOCK_SH)

    def opened_alone(self) -> BinaryIO:
        """Mark the folder as in use by nobody else, until the file that this gives is closed.

        Raises WorkspaceLocked where somebody uses it, WorkspaceNotUsable.
        """
        return self._locked("open", fcntl.LOCK_EX)

    @contextmanager
    def alone_at(self, work: str) -> Iterator[bool]:
        """True for the one who does `work` in this folder; the place is free again also when its process is killed."""
        try:
            lock = self._locked(work, fcntl.LOCK_EX)
        except WorkspaceLocked:
            yield False
            return
        with lock:
            yield True

    def _locked(self, work: str, how: int) -> BinaryIO:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / f"{work}.lock").open("ab")
        except OSError as error:
            raise WorkspaceNotUsable(self.folder, error) from error
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise WorkspaceLocked(self.folder) from error
        return lock

    @staticmethod
    def _settle(unfinished: Path, place: Path) -> None:
        """Move a result into place; where another run was first, its equal result stays."""
        try:
            unfinished.rename(place)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise

    def _clear_abandoned(self) -> None:
        """Remove what processes that are no more have left unfinished."""
        for left in (self.folder / "unfinished").glob("*-*"):
            owner = left.name.split("-")[0]
            if owner.isdigit() and not _is_running(int(owner)):
                shutil.rmtree(left, ignore_errors=True)


def on_disk(folder: Path) -> None:
    """Have all that lies in a folder, and its name, survive that the power fails."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def fingerprint(files: Sequence[Path], *texts: str) -> str:
    """A key made of the contents of files and texts: equal contents have equal keys, wherever they lie."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(_digest(file))
    for text in texts:
        digest.update(b"\0" + text.encode())
    return digest.hexdigest()[:_KEY_DIGITS]


def _digest(file: Path) -> bytes:
    """The digest of a file's contents, read once while it lies there unchanged."""
    found = file.stat()
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _SETTLED_NS:
        return _read_digest(file, found.st_size)
    return _known_digest(file.absolute(), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


@lru_cache(maxsize=256)
def _known_digest(file: Path, size: int, *_identity: int) -> bytes:
    return _read_digest(file, size)


def _read_digest(file: Path, size: int) -> bytes:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return b"".join(pool.map(partial(_digest_of_part, file), range(0, size, _PART)))


def _digest_of_part(file: Path, begin: int) -> bytes:
    """The digest of the part of a file from the byte `begin` on."""
    with file.open("rb") as source:
        source.seek(begin)
        return hashlib.sha256(source.read(_PART)).digest()
