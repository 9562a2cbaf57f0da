"""Record files told apart by a mapping, and each of them as events or as what it tells of its records."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventClass
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.eventlog.schema import EVENT_COLUMNS
from millrace.ingest.cleaning import identifier, trimmed
from millrace.ingest.events import Events
from millrace.ingest.importing import event_classes, write_events
from millrace.ingest.mapping import Mapping
from millrace.ingest.proposal import Sources
from millrace.ingest.raw import ROW, RawTable
from millrace.ingest.records_mapping import HANDLE_SECONDS, LinkFile, RecordMapping, RecordsMapping
from millrace.ingest.row_remarks import N_EXAMPLES, counted
from millrace.ingest.staging import UnknownColumn, stage

MILESTONE, HANDLE = "milestone", "handle_seconds"
"""Columns that a log of records has beside its attributes: which of its record's instants an event is, and how long
was worked on the record in all."""

_OF_EVENTS = ("at", "started_at", "position", "activity", "status")


class FileNotMapped(MillraceError):
    """A file is given of which the mapping says nothing."""

    slug = "file-not-mapped"

    def __init__(self, file_name: str, patterns: Sequence[str]) -> None:
        """Name the file and what the mapping lists."""
        listed = ", ".join(f"“{pattern}”" for pattern in patterns)
        super().__init__(
            f"The mapping says nothing of “{file_name}”; it lists {listed}. Add the file under `records` or `links`, "
            "or leave it out."
        )


class NoEvents(MillraceError):
    """Records of a type have no instants."""

    slug = "records-without-events"

    def __init__(self, item_type: str) -> None:
        """Name the type and what is missing."""
        super().__init__(
            f"No file that was given says when anything happened to records of type “{item_type}”. Name their "
            "`milestones` in the mapping, or give the file of their activities too."
        )


@dataclass(frozen=True)
class RecordFile:
    """A file of records or activities and what its columns mean."""

    table: RawTable
    mapping: RecordMapping


@dataclass(frozen=True)
class RecordPart:
    """A record file that was read: `path` holds its events, or one row per record where it tells none.

    Item ids in it are as written in the source, cleaned.
    """

    file: RecordFile
    path: Path
    events: Events
    classes: tuple[EventClass, ...]

    @property
    def relation(self) -> str:
        """The rows, for SQL."""
        return f"read_parquet({literal(self.path)})"

    @property
    def names(self) -> tuple[str, ...]:
        """Canonical columns and attributes that the file adds to what is known of its records."""
        canonical = [name for name in EVENT_COLUMNS if name in self.events.columns and name not in _OF_EVENTS]
        return (*canonical[canonical.index("item_id") + 1 :], *self.events.attributes)


def tell_files_apart(
    tables: Sequence[RawTable], mapping: RecordsMapping
) -> tuple[tuple[RecordFile, ...], tuple[tuple[RawTable, LinkFile], ...]]:
    """Which table is which: files of records and files of links. Raises FileNotMapped."""
    records, links = [], []
    for table in tables:
        of_records = next((each for each in mapping.records if each.fits(table.source_name)), None)
        of_links = next((each for each in mapping.links if each.fits(table.source_name)), None)
        if of_records is not None:
            records.append(RecordFile(table, of_records))
        elif of_links is not None:
            links.append((table, of_links))
        else:
            patterns = (*(each.file for each in mapping.records), *(each.file for each in mapping.links))
            raise FileNotMapped(table.source_name, patterns)
    for item_type in dict.fromkeys(file.mapping.item_type for file in records):
        if not any(file.mapping.tells_events for file in records if file.mapping.item_type == item_type):
            raise NoEvents(item_type)
    return tuple(records), tuple(links)


def read_record_file(file: RecordFile, path: Path, connection: duckdb.DuckDBPyConnection) -> RecordPart:
    """Write a file's events to `path`, or its records where it tells no events."""
    plain = plain_mapping(file.mapping)
    if not file.mapping.tells_events:
        return RecordPart(file, path, _write_records(file, path, connection), ())
    events = write_events(Sources(file.table, None, plain), path, connection)
    return RecordPart(file, path, events, event_classes(f"read_parquet({literal(path)})", plain, connection))


def plain_mapping(mapping: RecordMapping) -> Mapping:
    """What a file's columns mean, as if it came alone."""
    return Mapping.model_validate(
        {name: getattr(mapping, name) for name in Mapping.model_fields if name != "item_type"}
    )


def _write_records(file: RecordFile, path: Path, connection: duckdb.DuckDBPyConnection) -> Events:
    staged = stage(file.table, file.mapping, tells_events=False)
    columns = {name: source for name, source in staged.columns.items() if name not in _OF_EVENTS}
    names = ", ".join(quoted(name) for name in (*columns, *staged.attributes))
    n_rows, n_without_id = one_row(
        connection, f"SELECT count(*), count(*) FILTER (item_id IS NULL) FROM ({staged.sql})"
    )
    connection.execute(
        f"COPY (SELECT DISTINCT ON (item_id) {names} FROM ({staged.sql}) WHERE item_id IS NOT NULL "
        f"ORDER BY item_id, {ROW}) TO {literal(path)} (FORMAT parquet)"
    )
    without_id = RowRemark(
        kind="missing_id",
        verdict=Verdict.REFUSED,
        n_rows=n_without_id,
        sentence=f"No item id in {counted(n_without_id, file.table.unit)}: left out.",
    )
    remarks = (*file.table.remarks, *((without_id,) if n_without_id else ()))
    return Events("", columns, tuple(staged.attributes), remarks, n_rows, n_without_id)


def read_handle_times(
    file: RecordFile, connection: duckdb.DuckDBPyConnection
) -> tuple[str | None, tuple[RowRemark, ...]]:
    """A query of `item_id` and its handle time in seconds, and what could not be read; None where no column has it."""
    given = file.mapping.handle_time
    if given is None:
        return None, ()
    types = {column.name: column.type for column in file.table.columns}
    if given.column not in types:
        raise UnknownColumn(file.table.source_name, "the handle time", given.column, list(types))
    item = file.mapping.columns["item_id"]
    written = trimmed(quoted(given.column), types[given.column])
    number = f"TRY_CAST(replace({written}, ',', '.') AS DOUBLE)"
    rows = (
        f"SELECT {ROW}, {identifier(quoted(item), types[item], file.mapping.nulls)} AS item_id, {written} AS written, "
        f"CASE WHEN isfinite({number}) AND {number} >= 0 THEN {number} END AS n FROM {file.table.relation}"
    )
    n_unread, examples = one_row(
        connection,
        f"SELECT count(*), min(item_id || ': “' || written || '”', {N_EXAMPLES}) FROM ({rows}) "
        "WHERE n IS NULL AND written IS NOT NULL AND item_id IS NOT NULL",
    )
    remark = RowRemark(
        kind="unreadable_handle_time",
        verdict=Verdict.REPAIRED,
        n_rows=n_unread,
        sentence=f"The handle time in {counted(n_unread, file.table.unit)} is no length of time: read as unknown.",
        examples=tuple(examples or ()),
    )
    query = (
        f"SELECT item_id, max(n) * {HANDLE_SECONDS[given.unit]} AS {HANDLE} FROM ({rows}) "
        "WHERE n IS NOT NULL AND item_id IS NOT NULL GROUP BY item_id"
    )
    return query, (remark,) if n_unread else ()
