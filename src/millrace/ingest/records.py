"""The import of several record files and their links as one log: every record an item, its type beside it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventLog, LogDescription, RecordType
from millrace.eventlog.links import LINKS_FILE, record_id_sql
from millrace.eventlog.readiness import Readiness, RowRemark
from millrace.eventlog.schema import EVENT_COLUMNS, Shape
from millrace.ingest.event_remarks import event_remarks
from millrace.ingest.importing import Progress, UnsureMapping, engine_for, read_tables
from millrace.ingest.kept_recognition import keep_records_mapping
from millrace.ingest.mapping import Guess
from millrace.ingest.readiness import LogTraits, measure_readiness
from millrace.ingest.recognising_records import recognise_records
from millrace.ingest.record_files import (
    HANDLE,
    MILESTONE,
    RecordPart,
    read_handle_times,
    read_record_file,
    tell_files_apart,
)
from millrace.ingest.records_mapping import RecordsMapping
from millrace.ingest.resolving_links import resolve_links
from millrace.ingest.staging import time_format
from millrace.ingest.stated_links import state_links
from millrace.ingest.writing import finish, new_log

_FIRST, _BETWEEN, _LAST = 0, 1, 2
"""Of one instant, what a record opens with comes first and what it closes with comes last."""


def import_records(
    sources: Sequence[Path],
    folder: Path,
    *,
    mapping: RecordsMapping | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> EventLog:
    """Bring record files, files of their activities and files of links in as the log in `folder`.

    Without a `mapping` it is recognised; `strict` then refuses where recognition is unsure. On any failure nothing is
    left in `folder`. Raises `MillraceError`.
    """
    told = progress or (lambda _: None)
    source_name = listed(source.name for source in sources)
    with new_log(folder, source_name) as unfinished, engine_for(connection, folder) as engine:
        tables, guesses = read_tables(sources, engine, told), tuple[Guess, ...]()
        if mapping is None:
            proposed = recognise_records(tables, engine)
            if strict and proposed.unsure:
                raise UnsureMapping(source_name, proposed.unsure)
            mapping, guesses = proposed.mapping, proposed.guesses
        files, link_files = tell_files_apart(tables, mapping)
        parts = [
            read_record_file(file, unfinished.with_name(f".part-{place}.parquet"), engine)
            for place, file in enumerate(files)
        ]
        told(0.6)
        stated = state_links(files, link_files, engine)
        types, handle_remarks = _write(parts, unfinished, engine)
        told(0.8)
        remarks = resolve_links(unfinished, folder / LINKS_FILE, engine)
        log = EventLog(
            folder,
            _describe(source_name, parts, types, (*handle_remarks, *stated.remarks, *remarks), unfinished, engine),
        )
        keep_records_mapping(folder, mapping, guesses)
        for part in parts:
            part.path.unlink()
        finish(unfinished)
        log.save_description()
        told(1.0)
    return log


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them: “a, b and c”."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _write(
    parts: Sequence[RecordPart], unfinished: Path, connection: duckdb.DuckDBPyConnection
) -> tuple[tuple[RecordType, ...], tuple[RowRemark, ...]]:
    """Write the events of all types into one file, type by type; the types, and what became of handle times."""
    ordered = sorted(parts, key=_type_of)
    queries, types, remarks = [], [], list[RowRemark]()
    for item_type, group in groupby(ordered, key=_type_of):
        of_type = list(group)
        handle, unread = _handle_times(of_type, connection)
        remarks += unread
        queries.append(_events_of_type(item_type, of_type, handle))
        types.append((item_type, of_type, handle is not None))
    union = " UNION ALL BY NAME ".join(f"({query})" for query in queries)
    connection.execute(f"COPY ({union}) TO {literal(unfinished)} (FORMAT parquet, COMPRESSION snappy)")
    counts = dict(
        connection.execute(
            f"SELECT item_type, count(DISTINCT item_id) FROM read_parquet({literal(unfinished)}) GROUP BY 1"
        ).fetchall()
    )
    made = tuple(_record_type(name, of_type, has_handle, counts[name]) for name, of_type, has_handle in types)
    return made, tuple(remarks)


def _type_of(part: RecordPart) -> str:
    return part.file.mapping.item_type


def _handle_times(
    parts: Sequence[RecordPart], connection: duckdb.DuckDBPyConnection
) -> tuple[str | None, list[RowRemark]]:
    remarks = list[RowRemark]()
    for part in parts:
        query, unread = read_handle_times(part.file, connection)
        remarks += unread
        if query is not None:
            return query, remarks
    return None, remarks


def _events_of_type(item_type: str, parts: Sequence[RecordPart], handle: str | None) -> str:
    """The events of all files of a type: each with what any of the files tells of its record.

    Where an event and its record both have a value under one name, the event's own is taken.
    """
    telling = [(place, part) for place, part in enumerate(parts) if part.file.mapping.tells_events]
    events = " UNION ALL BY NAME ".join(_events_of_file(place, part) for place, part in telling)
    own = {name for _, part in telling for name in part.names}
    query, aliases = f"({events}) e", list[str]()
    for place, part in enumerate(parts):
        if len(parts) > 1 and part.names and (part.file.mapping.milestones or not part.file.mapping.tells_events):
            alias = f"r{place}"
            names = ", ".join(quoted(name) for name in ("item_id", *part.names))
            rows = f"SELECT DISTINCT ON (item_id) {names} FROM {part.relation} ORDER BY item_id"
            query += f" LEFT JOIN ({rows}) {alias} ON {alias}.item_id = e.item_id"
            aliases += [f"{alias}.{quoted(name)}" for name in part.names]
    told: dict[str, list[str]] = {quoted(name): [f"e.{quoted(name)}"] for name in own}
    for cell in aliases:
        told.setdefault(cell.partition(".")[2], []).append(cell)
    key = told.pop('"key"', None)
    cells = [f"{_first_of(places)} AS {_free(name)}" for name, places in told.items() if name != '"item_type"']
    if handle is not None:
        query += f" LEFT JOIN ({handle}) h ON h.item_id = e.item_id"
        cells.append(f"h.{HANDLE} AS {HANDLE}")
    of_event = [name for name in EVENT_COLUMNS if name in _event_columns(parts)]
    return f"""
        SELECT {record_id_sql(item_type, "e.item_id")} AS item_id,
            {", ".join(f'e."{name}"' for name in of_event)},
            row_number() OVER (ORDER BY e.rank, e.file, e.position) AS position,
            coalesce({", ".join([*(key or []), "e.item_id"])}) AS key, {literal(item_type)} AS item_type,
            e.{MILESTONE}{"".join(f", {cell}" for cell in cells)}
        FROM {query}"""


def _first_of(places: Sequence[str]) -> str:
    return places[0] if len(places) == 1 else f"coalesce({', '.join(f'{place}::VARCHAR' for place in places)})"


def _free(name: str) -> str:
    """A source's own column steps aside where it bears the name of one that every log of records has."""
    return f'{name[:-1]} (source)"' if name.strip('"') in (MILESTONE, HANDLE) else name


def _event_columns(parts: Sequence[RecordPart]) -> set[str]:
    """Columns that are an event's own, in any file of a type."""
    return {
        name
        for part in parts
        if part.file.mapping.tells_events
        for name in ("at", "started_at", "activity", "status")
        if name in part.events.columns
    }


def _events_of_file(place: int, part: RecordPart) -> str:
    labels = list(part.file.mapping.milestones)
    if not labels:
        return f"SELECT *, NULL::VARCHAR AS {MILESTONE}, {_BETWEEN} AS rank, {place} AS file FROM {part.relation}"
    rank = (
        f"CASE activity WHEN {literal(labels[0])} THEN {_FIRST} WHEN {literal(labels[-1])} THEN {_LAST} "
        f"ELSE {_BETWEEN} END"
    )
    return f"SELECT *, activity AS {MILESTONE}, {rank} AS rank, {place} AS file FROM {part.relation}"


def _record_type(item_type: str, parts: Sequence[RecordPart], has_handle: bool, n_records: int) -> RecordType:
    columns: dict[str, str] = {}
    for part in parts:
        columns |= {name: source for name, source in part.events.columns.items() if name not in columns}
    attributes = dict.fromkeys(_free(quoted(name)).strip('"') for part in parts for name in part.events.attributes)
    shapes = [part.file.mapping.shape for part in parts if part.file.mapping.tells_events]
    activities = [
        part.file.mapping.shape for part in parts if part.file.mapping.tells_events and not part.file.mapping.milestones
    ]
    with_milestones = next((part.file.mapping.milestones for part in parts if part.file.mapping.milestones), {})
    classes = {(each.activity, each.status): each for part in parts for each in part.classes}
    return RecordType(
        name=item_type,
        source_name=listed(part.file.table.source_name for part in parts),
        shape=(activities or shapes)[0],
        columns={**columns, "key": columns.get("key", columns["item_id"]), "item_type": item_type},
        attributes=(*attributes, MILESTONE, *([HANDLE] if has_handle else [])),
        event_classes=tuple(classes.values()),
        milestones=tuple(with_milestones),
        has_handle_time=has_handle,
        n_records=n_records,
    )


def _describe(
    source_name: str,
    parts: Sequence[RecordPart],
    types: tuple[RecordType, ...],
    link_remarks: tuple[RowRemark, ...],
    unfinished: Path,
    connection: duckdb.DuckDBPyConnection,
) -> LogDescription:
    columns: dict[str, str] = {}
    for each in types:
        columns |= {name: source for name, source in each.columns.items() if name not in columns}
    in_file = [row[0] for row in connection.execute(f"DESCRIBE FROM read_parquet({literal(unfinished)})").fetchall()]
    attributes = tuple(name for name in in_file if name not in EVENT_COLUMNS)
    of_files = tuple(_told_of_file(part, remark) for part in parts for remark in part.events.remarks)
    of_events = event_remarks(unfinished, connection, tie_break="the order in their file")
    shape = _common_shape(types)
    traits = LogTraits(
        shape=shape,
        columns=columns,
        attributes=attributes,
        classes=[event_class for each in types for event_class in each.event_classes],
        has_only_milestones=all(part.file.mapping.milestones for part in parts if part.file.mapping.tells_events),
        has_equal_times=any(remark.kind == "equal_times" for remark in of_events),
    )
    n_rows, n_refused = (sum(getattr(part.events, name) for part in parts) for name in ("n_rows", "n_refused"))
    readiness = Readiness(
        n_rows_read=n_rows,
        n_rows_kept=n_rows - n_refused,
        n_rows_repaired=sum(part.events.n_repaired for part in parts),
        n_rows_refused=n_refused,
        remarks=(*of_files, *of_events, *link_remarks),
        measures=measure_readiness(traits),
    )
    mapping = parts[0].file.mapping
    return LogDescription(
        source_name=source_name,
        shape=shape,
        zone=time_format(mapping, "at", *mapping.milestones).zone,
        columns=columns,
        attributes=attributes,
        event_classes=tuple(traits.classes),
        readiness=readiness,
        record_types=types,
    )


def _told_of_file(part: RecordPart, remark: RowRemark) -> RowRemark:
    return remark.model_copy(update={"sentence": f"{part.file.table.source_name}: {remark.sentence}"})


def _common_shape(types: Sequence[RecordType]) -> Shape:
    """The shape of the whole: ends of work alone where any type knows no more, else that of the first."""
    shapes = [each.shape for each in types]
    return Shape.ACTIVITY_LOG_ENDS if Shape.ACTIVITY_LOG_ENDS in shapes else shapes[0]
