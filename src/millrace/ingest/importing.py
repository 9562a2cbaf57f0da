"""The import: sources in, an event log on disk out, whole or not at all, with its readiness."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.engine import connect, one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventClass, EventLog, LogDescription
from millrace.eventlog.label_positions import label_positions
from millrace.eventlog.readiness import Readiness, RowRemark, Verdict
from millrace.eventlog.schema import Shape
from millrace.ingest.canonical import copy_events, sample_as_it_is
from millrace.ingest.event_remarks import SAMPLE, Sample, event_remarks, goes_back_in_time
from millrace.ingest.events import Events, events_of, events_of_changes
from millrace.ingest.instants import check_times
from millrace.ingest.kept_recognition import keep_recognition
from millrace.ingest.mapping import Guess, Mapping
from millrace.ingest.proposal import Proposed, Sources, propose, tell_apart
from millrace.ingest.raw import RawTable
from millrace.ingest.readiness import LogTraits, measure_readiness
from millrace.ingest.reading import read_source
from millrace.ingest.recognition import classify_statuses
from millrace.ingest.row_remarks import counted
from millrace.ingest.staging import STAGED, time_format
from millrace.ingest.writing import finish, new_log

Progress = Callable[[float], None]
"""Told how far an import has come, from 0 to 1."""

_MOST_LABELS = 5_000


class UnsureMapping(MillraceError):
    """Recognition is not sure enough what the columns mean, and guessing was forbidden."""

    slug = "unsure-mapping"

    def __init__(self, source_name: str, unsure: Sequence[Guess]) -> None:
        """Say what is unsure and how to settle it."""
        doubts = "; ".join(
            f"{guess.about}: “{guess.answer}” is {100 * guess.sureness_ratio:.0f} % sure" for guess in unsure
        )
        super().__init__(
            f"It is not sure enough what “{source_name}” holds ({doubts}). "
            "Check the mapping that `millrace inspect` proposes, and give it back with `--mapping`."
        )


class NothingToImport(MillraceError):
    """No row of a source became an event."""

    slug = "nothing-to-import"

    def __init__(self, source_name: str, n_rows: int, reasons: Sequence[RowRemark]) -> None:
        """Say why, with an example of each reason."""
        told = " ".join(
            f"{remark.sentence} ({remark.examples[0]})" if remark.examples else remark.sentence for remark in reasons
        )
        found = f"none of its {counted(n_rows, 'row')} could be kept. {told}" if n_rows else "it holds no rows."
        super().__init__(f"There is nothing to import from “{source_name}”: {found}")


def import_log(
    sources: Sequence[Path],
    folder: Path,
    *,
    connection: duckdb.DuckDBPyConnection | None = None,
    mapping: Mapping | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> EventLog:
    """Bring one source, or records and their changes, in as the log in `folder`.

    Without a `mapping` it is recognised; `strict` then refuses where recognition is unsure. On any failure nothing
    is left in `folder`. Raises `MillraceError`.
    """
    told = progress or (lambda _: None)
    source_name = " and ".join(source.name for source in sources)
    with new_log(folder, source_name) as unfinished, engine_for(connection, folder) as engine:
        tables = read_tables(sources, engine, told)
        if sum(table.object_centric is not None for table in tables) > 1:
            from millrace.ingest.objects import refuse_several

            refuse_several(tables, engine)
        proposed = Proposed(tell_apart(tables, mapping, engine)) if mapping else propose(tables, engine)
        if strict and proposed.unsure:
            raise UnsureMapping(source_name, proposed.unsure)
        parts = proposed.sources
        events = write_events(parts, unfinished, engine)
        told(0.8)
        about = _describe(parts, events, unfinished, engine)
        if parts.main.object_centric is not None:
            from millrace.ingest.objects import keep_objects

            about = keep_objects(parts.main.object_centric, about, parts.mapping, unfinished, engine)
        log = EventLog(folder, about)
        keep_recognition(folder, proposed, engine)
        finish(unfinished)
        log.save_description()
        told(1.0)
    return log


@contextmanager
def engine_for(given: duckdb.DuckDBPyConnection | None, folder: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The engine that was given, or one of its own for the time of an import."""
    if given is not None:
        given.execute("SET TimeZone = 'UTC'")
        yield given
        return
    connection = connect(folder / ".spill" if folder else None)
    try:
        yield connection
    finally:
        connection.close()


def read_tables(
    sources: Sequence[Path], connection: duckdb.DuckDBPyConnection, progress: Progress
) -> tuple[RawTable, ...]:
    """Read files as they are, which is half of an import's progress."""
    share = 0.5 / max(1, len(sources))

    def told(nth: int) -> Progress:
        return lambda done: progress(share * (nth + done))

    return tuple(read_source(source, connection, progress=told(nth)) for nth, source in enumerate(sources))


def _events(parts: Sources, connection: duckdb.DuckDBPyConnection) -> Events:
    written = (*parts.mapping.times.values(), *((parts.mapping.changes.time,) if parts.mapping.changes else ()))
    check_times(written, connection)
    if parts.changes is not None:
        return events_of_changes(parts.changes, parts.log, parts.mapping, connection)
    return events_of(parts.main, parts.mapping, connection)


def write_events(parts: Sources, unfinished: Path, connection: duckdb.DuckDBPyConnection) -> Events:
    """Write the events: a clean file is copied, any other source is read through its mapping."""
    sample = sample_as_it_is(parts.main, parts.mapping, connection) if parts.changes is None else None
    if sample is not None:
        copy_events(parts.main, unfinished)
        columns = dict(parts.mapping.columns)
        attributes = tuple(column.name for column in parts.main.columns if column.name not in columns)
        return Events(
            "",
            columns,
            attributes,
            parts.main.remarks,
            parts.main.n_rows,
            0,
            tie_break="column “position”",
            sample=sample,
        )
    events = _events(parts, connection)
    _copy(events.sql, unfinished, connection)
    connection.execute(f"DROP TABLE IF EXISTS {STAGED}")
    (n_events,) = one_row(connection, f"SELECT count(*) FROM read_parquet({literal(unfinished)})")
    if n_events == 0:
        refused = [remark for remark in events.remarks if remark.verdict is Verdict.REFUSED]
        raise NothingToImport(parts.name, events.n_rows, refused)
    if events.tie_break is None and goes_back_in_time(unfinished, connection):
        _reverse(unfinished, connection)
        return replace(events, remarks=(*events.remarks, _stands_newest_first(n_events)))
    return events


def _stands_newest_first(n_events: int) -> RowRemark:
    return RowRemark(
        kind="newest_first",
        verdict=Verdict.KEPT,
        n_rows=n_events,
        sentence="The events of an item stand newest first: of equal times the lower row is the earlier one.",
    )


def _copy(query: str, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet, COMPRESSION snappy)")


def _reverse(unfinished: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """In a source that stands newest first, of equal times the lower row came first."""
    upside_down = unfinished.with_name(f"{unfinished.name}.upside-down")
    unfinished.rename(upside_down)
    query = f"SELECT * REPLACE (-position AS position) FROM read_parquet({literal(upside_down)})"
    try:
        _copy(query, unfinished, connection)
    finally:
        upside_down.unlink()


def _describe(
    parts: Sources, events: Events, unfinished: Path, connection: duckdb.DuckDBPyConnection
) -> LogDescription:
    mapping = parts.mapping
    classes = event_classes(f"read_parquet({literal(unfinished)})", mapping, connection)
    peculiar = event_remarks(unfinished, connection, tie_break=events.tie_break, sample=events.sample)
    remarks = (*events.remarks, *peculiar)
    traits = LogTraits(
        shape=mapping.shape,
        columns=events.columns,
        attributes=events.attributes,
        classes=classes,
        has_only_milestones=bool(mapping.milestones) and parts.changes is None,
        has_equal_times=any(remark.kind == "equal_times" for remark in remarks),
    )
    readiness = Readiness(
        n_rows_read=events.n_rows,
        n_rows_kept=events.n_rows - events.n_refused,
        n_rows_repaired=events.n_repaired,
        n_rows_refused=events.n_refused,
        remarks=remarks,
        measures=measure_readiness(traits),
    )
    written = mapping.changes.time if mapping.changes else time_format(mapping, "at", *mapping.milestones)
    return LogDescription(
        source_name=parts.name,
        shape=mapping.shape,
        zone=written.zone,
        columns=events.columns,
        attributes=events.attributes,
        event_classes=classes,
        label_positions=_positions(events.sample, connection),
        readiness=readiness,
    )


def _positions(sample: Sample | None, connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, float]]:
    """Where the labels stand, told from the sample while it is at hand."""
    return {} if sample is None else {column: label_positions(column, SAMPLE, connection) for column in sample.labels}


def event_classes(events: str, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> tuple[EventClass, ...]:
    """Class the distinct labels; in a log with very many, the rarest set nothing, as unknown words do."""
    columns = [column for column, *_ in connection.execute(f"DESCRIBE SELECT * FROM {events}").fetchall()]
    labels = ", ".join(name if name in columns else f"NULL::VARCHAR AS {name}" for name in ("activity", "status"))
    pairs = connection.execute(
        f"SELECT {labels}, count(*) AS n FROM {events} GROUP BY ALL ORDER BY n DESC, 1, 2 LIMIT {_MOST_LABELS}"
    ).fetchall()
    shape = Shape.STATUS_LOG if mapping.milestones else mapping.shape
    return classify_statuses(pairs, shape=shape, given=mapping.statuses)
