"""Processes that work on a workspace until they are killed, and say of each deed when it begins and when it is done."""

from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from millrace.model.value_stream import ValueStream
from millrace.store.database import Database
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.restoring import restore

STREAM = "edited"
N_ITEMS = 400


def log_text(number: int) -> str:
    """A small export; each number has one of its own."""
    return "number,time,status,team\n" + "".join(
        f"INC{number}-{item},2025-{1 + item % 12:02}-{1 + item % 27:02} {hour}:00:00,{status},Desk {item % 5}\n"
        for item in range(N_ITEMS)
        for hour, status in (("08", "New"), ("09", "In Progress"), ("11", "Resolved"), ("15", "Closed"))
    )


def _import(folder: Path) -> Iterator[str]:
    bench = SharedWorkbench(folder)
    for number in count():
        export = folder / f"upload-{number}"
        export.write_text(log_text(number))
        yield f"given {number}"
        bench.add_source(HERE, f"Export {number}", [(f"{number}.csv", export)])
        yield f"brought in {number}"
        bench.bring_in_next()


def _edit(folder: Path) -> Iterator[str]:
    bench = SharedWorkbench(folder)
    for number in count(2):
        yield f"saved {number}"
        stream = ValueStream(name=STREAM, title=f"Revision {number} " + "–" * 2_000)
        bench.save_stream(HERE, STREAM, stream, based_on=number - 1)


def _migrate(folder: Path) -> Iterator[str]:
    yield "migrated 0"
    Database(folder).close()


def _back_up(folder: Path) -> Iterator[str]:
    bench = SharedWorkbench(folder)
    for number in count():
        yield f"backed up {number}"
        bench.back_up(HERE, folder.parent / "backup.zip")


def _restore(folder: Path) -> Iterator[str]:
    yield "restored 0"
    restore(folder.parent / "backup.zip", folder.parent / "restored")


DEEDS: dict[str, Callable[[Path], Iterator[str]]] = {
    "import": _import,
    "edit": _edit,
    "migration": _migrate,
    "backup": _back_up,
    "restore": _restore,
}


def work(kind: str, folder: Path, told: Connection) -> None:
    """Do deed after deed of a kind; `told` gets (False, deed) before each and (True, deed) after it."""
    begun = None
    for deed in DEEDS[kind](folder):
        if begun is not None:
            told.send((True, begun))
        told.send((False, deed))
        begun = deed
    told.send((True, begun))
