"""Cut a log into a flow: spans, visits and items on disk, computed once for a log and a stream."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from millrace.eventlog.engine import one_row, text
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.flow.coding import Coding, code
from millrace.flow.flow import Flow, FlowDescription, LabelTime
from millrace.flow.spans import ACTIVITY_LOG, ACTIVITY_LOG_ENDS, SPAN, STATUS_LOG, Events, Records, spans
from millrace.flow.visits import (
    BY_ENTRY,
    BY_LAST_EVENT,
    BY_STATE,
    BY_WORK_DONE,
    OUTCOME,
    VISIT,
    visits_and_outcomes,
)
from millrace.flow.work_time import WorkClock, business_durations, work_clock
from millrace.model.state import STATES, State
from millrace.model.value_stream import Rule, ValueStream
from millrace.model.work_calendar import WorkCalendar

BATCH_ROWS = 122_880
"""Rows that the engine hands over at once."""
PORTION_ROWS = 32_768
"""Rows that are cut at once: their records stay in the processor's cache."""
GROUP_ROWS = 500_000
"""Rows of a row group on disk."""
_WIDE = (pa.int32(), pa.int64(), pa.timestamp("us"))
"""Types of columns whose neighbours are near each other: their differences are written."""
_SHAPES = {
    Shape.STATUS_LOG: STATUS_LOG,
    Shape.ACTIVITY_LOG: ACTIVITY_LOG,
    Shape.ACTIVITY_LOG_ENDS: ACTIVITY_LOG_ENDS,
}
_INSTANTS = {"began_at", "ended_at", "demand_at", "value_at", "first_owned_at"}

TABLES = repr((SPAN.descr, VISIT.descr, OUTCOME.descr))
"""The make of the tables: one with other columns cannot be read as this one."""

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1."""


def cut(
    log: EventLog,
    stream: ValueStream,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    progress: Progress = lambda _: None,
) -> Flow:
    """Cut `log` by `stream` and write `spans.parquet`, `visits.parquet`, `items.parquet`, `flow.json` into `folder`."""
    coding = code(log, stream, connection)
    calendar = stream.calendar or WorkCalendar(assumed=True, zone=log.about.zone)
    n_events, first_at, last_at = _extent(log, connection)
    clock = work_clock([calendar, *stream.team_calendars.values()], first_at, last_at)
    calendar_of_team = _calendar_of_team(coding, stream)
    done, time_of_kind = 0, np.zeros(len(coding.kinds), np.int64)
    with _Tables(folder) as tables:
        for events in _whole_items(connection):
            time_of_kind += _cut_events(events, log, stream, coding, clock, calendar_of_team, tables)
            done += len(events.item)
            progress(done / n_events)
    about = FlowDescription(
        stream=stream,
        shape=log.about.shape,
        source_name=log.about.source_name,
        calendar=calendar,
        teams=coding.teams,
        systems=coding.systems,
        people=coding.people,
        n_items=coding.n_items,
        n_events=n_events,
        first_at=first_at,
        last_at=last_at,
        id_column=log.about.columns["item_id"],
        columns=tuple(log.about.columns),
        attributes=log.about.attributes,
        label_times=_label_times(coding, time_of_kind),
    )
    flow = Flow(folder, log.events_path, about)
    flow.save_description()
    return flow


def _extent(log: EventLog, connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    begins = 'least(min("at"), min(started_at))' if log.about.shape is Shape.ACTIVITY_LOG else 'min("at")'
    n_events, first_at, last_at = one_row(
        connection,
        f'SELECT count(*), epoch_us({begins}), epoch_us(max("at")) FROM read_parquet({text(log.events_path)})',
    )
    return n_events, first_at, last_at


def _calendar_of_team(coding: Coding, stream: ValueStream) -> Any:
    """Number of each team's calendar; the last entry stands for the unknown team. 0 is the stream's own."""
    own = {team: number for number, team in enumerate(stream.team_calendars, start=1)}
    return np.array([*(own.get(team, 0) for team in coding.teams), 0], dtype=np.int64)


def _whole_items(connection: duckdb.DuckDBPyConnection) -> Iterator[Events]:
    """The sorted events in portions of about `PORTION_ROWS` that end where an item ends."""
    held: list[Events] = []
    for batch in connection.sql("SELECT * FROM sorted_events").to_arrow_reader(BATCH_ROWS):
        events = _as_events([column.to_numpy() for column in batch.columns])
        if not len(events.item):
            continue
        begin = 0
        if held:
            begin = int(np.searchsorted(events.item, held[-1].item[0], side="right"))
            held.append(_part(events, 0, begin))
            if begin == len(events.item):
                continue
            yield _joined(held)
        last = int(np.searchsorted(events.item, events.item[-1]))
        while begin < last:
            end = _end_of_portion(events.item, begin, last)
            yield _part(events, begin, end)
            begin = end
        held = [_part(events, last, len(events.item))]
    if held:
        yield _joined(held)


def _end_of_portion(item: Any, begin: int, last: int) -> int:
    """Where a portion ends: before the item that would pass its size, or after it where it is the only one."""
    if last - begin <= PORTION_ROWS:
        return last
    beyond = item[begin + PORTION_ROWS]
    end = int(np.searchsorted(item, beyond))
    return end if end > begin else int(np.searchsorted(item, beyond, side="right"))


def _part(events: Events, begin: int, end: int) -> Events:
    return _as_events([column[begin:end] for column in events])


def _joined(parts: list[Events]) -> Events:
    return (
        parts[0] if len(parts) == 1 else _as_events([np.concatenate(columns) for columns in zip(*parts, strict=True)])
    )


def _as_events(columns: list[Any]) -> Events:
    return Events(*columns)


def _cut_events(
    events: Events,
    log: EventLog,
    stream: ValueStream,
    coding: Coding,
    clock: WorkClock,
    calendar_of_team: Any,
    tables: "_Tables",
) -> Any:
    """Cut one portion and queue its tables for writing; the time that each kind carries, in microseconds."""
    shape, kinds, unmapped = _SHAPES[log.about.shape], coding.kinds, len(stream.steps)
    cut_spans = spans(events, kinds, unmapped, shape, _is_rule(stream.demand.rule))
    teams = kinds["team"][cut_spans["kind"]]
    began_at, ended_at = (np.ascontiguousarray(cut_spans[edge]) for edge in ("began_at", "ended_at"))
    business = business_durations(clock, calendar_of_team[teams], began_at, ended_at)
    value_state = STATES.index(stream.value.rule.state or State.DONE)
    visits, outcomes, from_team = visits_and_outcomes(
        cut_spans, business, kinds, unmapped, _value_by(stream.value.rule, shape), value_state, len(coding.teams)
    )
    tables.spans.write(
        {
            **_columns(cut_spans, leave_out=("kind", "row", "ended_at")),
            "team": teams,
            "system": kinds["system"][cut_spans["kind"]],
            "from_team": from_team,
            "is_automated": kinds["is_automated"][cut_spans["kind"]],
            "elapsed": ended_at - began_at,
            "business": business,
            "is_before_value": _is_before_value(cut_spans, ended_at, outcomes),
        }
    )
    tables.visits.write(_columns(visits, leave_out=("asks_requester",)))
    tables.items.write(_columns(outcomes))
    return _sums(cut_spans["kind"], ended_at - began_at, len(kinds))


def _sums(kinds: Any, durations: Any, n_kinds: int) -> Any:
    """Durations added up per kind. Sums of floats are exact below 2⁵³, so seconds and microseconds go apart."""
    seconds, rest = np.divmod(durations, 1_000_000)
    return np.bincount(kinds, seconds, n_kinds).astype(np.int64) * 1_000_000 + np.bincount(kinds, rest, n_kinds).astype(
        np.int64
    )


def _label_times(coding: Coding, time_of_kind: Any) -> tuple[LabelTime, ...]:
    """Time per activity and status, most first."""
    times: dict[tuple[str | None, str | None], int] = {}
    for label, time in zip(coding.labels, time_of_kind.tolist(), strict=True):
        times[label] = times.get(label, 0) + time
    ordered = sorted(times.items(), key=lambda each: -each[1])
    return tuple(LabelTime(activity=a, status=s, microseconds=time) for (a, s), time in ordered)


def _is_rule(demand: Rule) -> bool:
    """Whether demand is a certain event, and not simply the first."""
    return bool(demand.when or demand.state)


def _value_by(value: Rule, shape: int) -> int:
    if value.when:
        return BY_ENTRY if shape == STATUS_LOG else BY_WORK_DONE
    return BY_LAST_EVENT if value.event else BY_STATE


def _is_before_value(cut_spans: Records, ended_at: Any, outcomes: Records) -> Any:
    """Spans of delivered items that end by their value."""
    item_no = np.cumsum(np.diff(cut_spans["item"], prepend=cut_spans["item"][:1]) != 0)
    return ended_at <= outcomes["value_at"][item_no]


def _columns(table: Records, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        column: np.ascontiguousarray(table[column]) for column in table.dtype.names or () if column not in leave_out
    }


class _Table:
    """A Parquet file that grows by row groups, written behind the caller's back by one thread."""

    def __init__(self, path: Path, writer_thread: ThreadPoolExecutor) -> None:
        self._path = path
        self._thread = writer_thread
        self._held: list[dict[str, Any]] = []
        self._n_held = 0
        self._pending: Future[None] | None = None
        self._writer: pq.ParquetWriter | None = None

    def write(self, columns: dict[str, Any]) -> None:
        """Take more rows; once they make a row group, have it written, after the one before."""
        self._held.append(columns)
        self._n_held += len(next(iter(columns.values())))
        if self._n_held >= GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._pending is not None:
            self._pending.result()
        if self._held:
            self._pending = self._thread.submit(self._append, self._held)
        self._held, self._n_held = [], 0

    def _append(self, portions: list[dict[str, Any]]) -> None:
        table = pa.table({column: _chunks(column, [portion[column] for portion in portions]) for column in portions[0]})
        if self._writer is None:
            wide = [field.name for field in table.schema if field.type in _WIDE]
            self._writer = pq.ParquetWriter(
                self._path,
                table.schema,
                compression="lz4",
                use_dictionary=False,
                write_statistics=False,
                column_encoding=dict.fromkeys(wide, "DELTA_BINARY_PACKED"),
            )
        self._writer.write_table(table, row_group_size=GROUP_ROWS)

    def close(self) -> None:
        """Write what is left and end the file."""
        self._flush()
        if self._pending is not None:
            self._pending.result()
        if self._writer is not None:
            self._writer.close()


def _chunks(column: str, arrays: list[Any]) -> pa.ChunkedArray:
    if column in _INSTANTS:
        arrays = [array.view("datetime64[us]") for array in arrays]
    return pa.chunked_array([pa.array(array) for array in arrays])


class _Tables:
    """The three tables of a flow while they are written."""

    def __init__(self, folder: Path) -> None:
        self._thread = ThreadPoolExecutor(1)
        self.spans = _Table(folder / "spans.parquet", self._thread)
        self.visits = _Table(folder / "visits.parquet", self._thread)
        self.items = _Table(folder / "items.parquet", self._thread)

    def __enter__(self) -> "_Tables":
        return self

    def __exit__(self, *_: object) -> None:
        with self._thread:
            for table in (self.spans, self.visits, self.items):
                table.close()
