"""The records of one type, taken out of a log of several as a log of their own."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from millrace.eventlog.engine import names, text
from millrace.eventlog.event_log import EventLog, LogDescription, RecordType
from millrace.eventlog.schema import EVENT_COLUMNS

LOG_ROW = "__log_row"
"""Column of a part that tells which row of the whole log an event is."""


def described_part(log: EventLog, record_type: RecordType, folder: Path) -> EventLog:
    """The part as it will be in `folder`, without its events."""
    about = LogDescription(
        source_name=record_type.source_name,
        shape=record_type.shape,
        zone=log.about.zone,
        columns=record_type.columns,
        attributes=record_type.attributes,
        event_classes=record_type.event_classes,
        readiness=log.about.readiness,
        team_sides=log.about.team_sides,
    )
    return EventLog(folder / f"of-{log.about.record_types.index(record_type)}", about)


def write_part(
    log: EventLog,
    record_type: RecordType,
    part: EventLog,
    further: Iterable[str],
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Write the part's events: its canonical columns and `further` attributes."""
    part.folder.mkdir()
    wanted = [column for column in EVENT_COLUMNS if column in record_type.columns]
    wanted = list(dict.fromkeys((*wanted, *further, "position")))
    connection.execute(
        f"COPY (SELECT {names(wanted)}, file_row_number AS {LOG_ROW} "
        f"FROM read_parquet({text(log.events_path)}, file_row_number = true) "
        f"WHERE item_type = {text(record_type.name)}) TO {text(part.events_path)} (FORMAT parquet)"
    )
