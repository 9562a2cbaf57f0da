"""A record that nothing is linked with has the very spans, visits and outcome that the ordinary pass gives it."""

from pathlib import Path

import duckdb
import pytest
from record_logs import CLASSES, WORK, Event, Record, stream_of, write_record_log

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.flow.cut import cut
from millrace.flow.flow import Flow
from millrace.flow.journeys import cut_journeys

STATUSES = (
    (0, "New", "A"), (0, "Noted", None), (2, "Working", "B"), (2, "Asked", "B"), (5, "Working", "A"),
    (6, "Done", None), (6, "Done", None), (7, "Working", "B"), (9, "Done", "B"), (9, "Noted", None),
)  # fmt: skip
ACTIVITIES = (
    (1, "Look", "A", 0), (1, "Look", "A", 1), (4, "Mend", "B", 2), (3, "Call", "A", 2), (5, "Solve", "B", 5),
    (7, "Reopen", "B", 6), (8, "Mend", "A", 7), (8, "Solve", "A", 8),
)  # fmt: skip


def table(flow: Flow, name: str) -> list[tuple[object, ...]]:
    """A table's rows by the item's key, without the codes that number things."""
    path = f"read_parquet('{flow.folder}/{name}.parquet', file_row_number = true)"
    columns = [row[0] for row in duckdb.execute(f"DESCRIBE FROM {path}").fetchall()]
    codes = ("item", "file_row_number", "record", "own_step", "variant", "activity", "last_row")
    compared = ", ".join(f't."{column}"' for column in columns if column not in codes)
    items, events = f"'{flow.folder}/items.parquet'", f"'{flow.events_path}'"
    return duckdb.execute(
        f"""SELECT e.key, {compared} FROM {path} t JOIN {items} i USING (item)
            JOIN read_parquet({events}, file_row_number = true) e ON e.file_row_number = i.last_row
            ORDER BY e.key, t.file_row_number"""
    ).fetchall()


@pytest.mark.parametrize("shape", list(Shape))
def test_a_record_alone_is_an_ordinary_item(tmp_path: Path, shape: Shape) -> None:
    is_status = shape is Shape.STATUS_LOG
    events = (
        tuple(Event(at, status, team) for at, status, team in STATUSES)
        if is_status
        else tuple(Event(at, what, team, began) for at, what, team, began in ACTIVITIES)
    )
    records = [Record("call", str(n), events[: len(events) - n]) for n in range(len(events))]
    log = write_record_log(records, [], tmp_path / "log", shapes={"call": shape})
    alone = log.about.model_copy(
        update={"shape": shape, "record_types": (), "event_classes": CLASSES if is_status else WORK}
    )
    for name in ("journeys", "ordinary"):
        (tmp_path / name).mkdir()

    with connect() as connection:
        journeys = cut_journeys(log, stream_of("call"), tmp_path / "journeys", connection)
        ordinary = cut(EventLog(log.folder, alone), stream_of("call"), tmp_path / "ordinary", connection)

    for name in ("spans", "visits", "items"):
        assert table(ordinary, name) == table(journeys, name)
    assert journeys.about.n_items == ordinary.about.n_items == len(records)
