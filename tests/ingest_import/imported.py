"""What came of an import: its events and its remarks."""

from typing import Any

import duckdb

from millrace.eventlog.event_log import EventLog
from millrace.eventlog.readiness import RowRemark


def rows(log: EventLog, columns: str) -> list[tuple[Any, ...]]:
    """The events in the order of the log, as tuples; instants as texts."""
    query = f"SELECT {columns} FROM read_parquet('{log.events_path}') ORDER BY item_id, \"at\", position"
    return duckdb.connect().execute(query).fetchall()


def remark(log: EventLog, kind: str) -> RowRemark:
    """The remark of this kind."""
    return next(found for found in log.about.readiness.remarks if found.kind == kind)


def kinds(log: EventLog) -> set[str]:
    """The kinds of all remarks."""
    return {found.kind for found in log.about.readiness.remarks}
