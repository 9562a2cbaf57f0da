"""Readying: load what cutting and measuring need, before there is anything to cut.

The libraries and the compiled code take a second to load, and several where nothing has been compiled yet. While a
log is being read, the engine works and the interpreter is idle: that is the time to do it.
"""

import gc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread, main_thread

from millrace.eventlog.event_log import EventClass, EventLog, LogDescription
from millrace.eventlog.readiness import Readiness
from millrace.eventlog.schema import Shape
from millrace.model.state import State
from millrace.model.value_stream import ValueStream


@cache
def start_readying() -> Thread:
    """Make ready beside whatever else goes on; once in a process."""
    thread = Thread(target=_make_ready_while_wanted, name="readying")
    thread.start()
    return thread


def _make_ready_while_wanted() -> None:
    """Make ready; once the process ends, say by an export that cannot be read, nobody waits for it any more."""
    try:
        with _nothing_collected():
            make_ready()
    except Exception:
        if main_thread().is_alive():
            raise


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What loading makes is no garbage; looking for some would take a quarter as long again."""
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_collecting:
            gc.enable()


def make_ready() -> None:
    """Cut and sum up a log of one event, which loads and compiles what any log needs."""
    from millrace.eventlog.engine import connect
    from millrace.flow.cut import cut
    from millrace.flow.lead_time import lead_time

    with TemporaryDirectory() as place, closing(connect()) as connection:
        folder = Path(place)
        lead_time(cut(_smallest_log(folder), ValueStream(name="nothing"), folder, connection))


def _smallest_log(folder: Path) -> EventLog:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"item_id": ["a"], "at": pa.array([0], pa.timestamp("us")), "position": [0], "status": ["done"]})
    described = LogDescription(
        source_name="nothing",
        shape=Shape.STATUS_LOG,
        columns={name: name for name in table.column_names},
        event_classes=(EventClass(status="done", state=State.DONE),),
        readiness=Readiness(n_rows_read=1, n_rows_kept=1, n_rows_repaired=0, n_rows_refused=0),
    )
    log = EventLog(folder, described)
    pq.write_table(table, log.events_path)
    return log
