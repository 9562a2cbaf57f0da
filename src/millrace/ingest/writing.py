"""Putting a log on disk whole or not at all."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.event_log import ABOUT_FILE, EVENTS_FILE

RECOGNITION_FILE = "recognition.json"
_UNFINISHED = ".unfinished.parquet"
_INTERRUPTED = "Query interrupted"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("no space left", "disk quota", "file too large", "out of disk", "max_temp_directory_size")


class DiskFull(MillraceError):
    """There is no room for the log."""

    slug = "disk-full"

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(
            f"The disk is full: the log could not be written to “{folder}”. Free some space and try again."
        )


class CannotWrite(MillraceError):
    """The folder of the log cannot be written to."""

    slug = "cannot-write"

    def __init__(self, folder: Path, reason: str) -> None:
        """Name the folder and the reason that the system gives."""
        super().__init__(f"Nothing could be written to “{folder}” ({reason}). Choose a folder that you may write to.")


class OutOfMemory(MillraceError):
    """The engine had too little memory for the log."""

    slug = "out-of-memory"

    def __init__(self, source_name: str) -> None:
        """Name the source."""
        super().__init__(
            f"“{source_name}” needs more memory than the engine may use. Give it more, or a part of the log."
        )


class LogInPlace(MillraceError):
    """A folder already holds a log."""

    slug = "log-in-place"

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(f"“{folder}” already holds a log. Choose another folder: a log is never written over.")


@contextmanager
def new_log(folder: Path, source_name: str) -> Iterator[Path]:
    """Give the path to write the events to; on success they take their name, on any failure nothing is left.

    Failures of the disk become sentences. The folder is made if it is not there, and then removed on failure.
    """
    was_there = folder.exists()
    if (folder / EVENTS_FILE).exists():
        raise LogInPlace(folder)
    unfinished = folder / _UNFINISHED
    try:
        with _disk_failures_told(folder, source_name):
            folder.mkdir(parents=True, exist_ok=True)
            yield unfinished
    except BaseException:
        _remove(folder, was_there=was_there)
        raise


def finish(unfinished: Path) -> None:
    """Give the written events their name."""
    unfinished.replace(unfinished.with_name(EVENTS_FILE))


@contextmanager
def _disk_failures_told(folder: Path, source_name: str) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if failure.errno in _FULL:
            raise DiskFull(folder) from failure
        raise CannotWrite(folder, failure.strerror or str(failure)) from failure
    except RuntimeError as failure:
        # What the engine makes of Ctrl-C while it works.
        if str(failure) == _INTERRUPTED:
            raise KeyboardInterrupt from failure
        raise
    except duckdb.OutOfMemoryException as failure:
        if _speaks_of_a_full_disk(failure):
            raise DiskFull(folder) from failure
        raise OutOfMemory(source_name) from failure
    except duckdb.IOException as failure:
        if _speaks_of_a_full_disk(failure):
            raise DiskFull(folder) from failure
        raise CannotWrite(folder, str(failure).splitlines()[0]) from failure


def _speaks_of_a_full_disk(failure: Exception) -> bool:
    return any(words in str(failure).lower() for words in _FULL_WORDS)


def _remove(folder: Path, *, was_there: bool) -> None:
    if not folder.is_dir():
        return
    if not was_there:
        shutil.rmtree(folder)
        return
    for name in (_UNFINISHED, EVENTS_FILE, ABOUT_FILE, RECOGNITION_FILE):
        (folder / name).unlink(missing_ok=True)
    for left in folder.glob("ocel_*.parquet"):
        left.unlink()
