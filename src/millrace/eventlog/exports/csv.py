"""Write a log as CSV: one row per event, under the canonical names that every import knows."""

from pathlib import Path

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.export import write_csv
from millrace.eventlog.exports.markup import instant


def write_events_csv(log: EventLog, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the events of `log` to `path`, item by item in order of time. Raises ExportNotWritten."""
    source = f"read_parquet({literal(log.events_path)})"
    types = connection.execute(f"DESCRIBE FROM {source}").fetchall()
    cells = ", ".join(
        f"{instant(f'e.{quoted(name)}')} AS {quoted(name)}" if kind == "TIMESTAMP" else f"e.{quoted(name)}"
        for name, kind, *_ in types
    )
    write_csv(connection.sql(f'SELECT {cells} FROM {source} e ORDER BY e.item_id, e."at", e.position'), path)
