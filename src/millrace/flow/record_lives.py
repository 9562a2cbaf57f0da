"""The lives of records: every record of a log of several types, cut into its own spans by the ordinary pass.

Types may differ in shape, so each is cut apart from the others; then all share one set of codes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from millrace.eventlog.engine import text
from millrace.eventlog.event_log import EventLog
from millrace.flow.coded_events import CodedEvents, coded_events
from millrace.flow.coding import Coding, code, kind_columns
from millrace.flow.cut import SHAPES, is_rule, places
from millrace.flow.dealing import laid_out
from millrace.flow.handle_time import with_handle_time
from millrace.flow.hands import Hands
from millrace.flow.record_part import LOG_ROW, described_part, write_part
from millrace.flow.spans import CANCELLED, DONE, NOTHING, SPAN, Records, spans
from millrace.model.state import State
from millrace.model.value_stream import ValueStream

LATEST = 2**63 - 1
"""An instant after all others: that of a record which is not settled yet."""

HANDLE = "handle_seconds"

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]


class Labels(NamedTuple):
    """What a kind of event is called, and of which type of record."""

    item_type: str
    activity: str | None
    status: str | None


@dataclass(frozen=True)
class RecordLives:
    """All records of a log, numbered from 0, type by type; record r has the spans `first[r] : first[r + 1]`.

    `settled_at` is the start of a record's final run of done or cancelled, `LATEST` where there is none; a record of a
    type that never says so is settled by its last event. `keys` has a row per record: item_id, key, handle_seconds.
    `row` of a span is the event's row in the log. `n_cut_short` counts records whose handle time does not fit into
    their life.
    """

    spans: Records
    first: Int64s
    record_type: Int32s
    settled_at: Int64s
    last_row: Int64s
    keys: pa.Table
    kinds: Records
    labels: tuple[Labels, ...]
    activities: tuple[str, ...]
    teams: tuple[str, ...]
    systems: tuple[str, ...]
    people: tuple[str, ...]
    type_names: tuple[str, ...]
    shapes: tuple[int, ...]
    first_at: int
    last_at: int
    n_cut_short: int

    @property
    def n_records(self) -> int:
        """How many records there are."""
        return len(self.first) - 1

    @property
    def began_at(self) -> Int64s:
        """The first instant of each record."""
        return np.ascontiguousarray(self.spans["began_at"][self.first[:-1]])

    @property
    def ended_at(self) -> Int64s:
        """The last instant of each record."""
        return np.ascontiguousarray(self.spans["ended_at"][self.first[1:] - 1])


@dataclass(frozen=True)
class _TypeLives:
    """The records of one type, with codes of their own."""

    spans: Records
    coding: Coding
    people: tuple[str, ...]
    events: CodedEvents


def record_lives(
    log: EventLog, stream: ValueStream, root: str | None, folder: Path, connection: duckdb.DuckDBPyConnection
) -> RecordLives:
    """Cut every record of `log` by `stream`. Where a rule defines demand, it is asked of `root`'s records only."""
    parts = []
    for record_type in log.about.record_types:
        part = described_part(log, record_type, folder)
        write_part(log, record_type, part, kind_columns(part, stream), connection)
        demand_is_rule = is_rule(stream.demand.rule) and record_type.name == root
        parts.append(_cut(part, stream, demand_is_rule, folder, connection))
        part.events_path.unlink()
    return _joined(log, parts, connection)


def _cut(
    part: EventLog, stream: ValueStream, demand_is_rule: bool, folder: Path, connection: duckdb.DuckDBPyConnection
) -> _TypeLives:
    """The ordinary pass over one type, its spans in memory."""
    import pyarrow.parquet as pq

    rows = pq.read_table(part.events_path, columns=[LOG_ROW])[LOG_ROW].to_numpy()
    with Hands(len(rows), folder) as hands:
        events = coded_events(part, kind_columns(part, stream), hands)
        coding = code(part, stream, events.kinds, connection)
        person, found, n_items = places(events.people), [np.empty(0, SPAN)], 0
        for hand in range(hands.n_hands):
            laid, n_in_hand = laid_out(hands.take(hand), person)
            cut_spans = spans(laid, coding.kinds, len(stream.steps), SHAPES[part.about.shape], demand_is_rule)
            cut_spans["item"] += n_items
            found.append(cut_spans)
            n_items += n_in_hand
    cut_spans = np.concatenate(found)
    has_row = cut_spans["row"] != NOTHING
    cut_spans["row"][has_row] = rows[cut_spans["row"][has_row]]
    return _TypeLives(cut_spans, coding, tuple(sorted(events.people)), events)


def _joined(log: EventLog, parts: Sequence[_TypeLives], connection: duckdb.DuckDBPyConnection) -> RecordLives:
    teams, systems, people = (
        tuple(sorted({each for part in parts for each in named}))
        for named in (
            [each for part in parts for each in part.coding.teams],
            [each for part in parts for each in part.coding.systems],
            [each for part in parts for each in part.people],
        )
    )
    labels = [
        Labels(record_type.name, activity, status)
        for record_type, part in zip(log.about.record_types, parts, strict=True)
        for activity, status in part.coding.labels
    ]
    called = [each.activity or each.status or "" for each in labels]
    activities = tuple(sorted(set(called)))
    kinds = np.concatenate([part.coding.kinds for part in parts])
    kinds["activity"] = _codes(called, activities)
    kinds["team"] = np.concatenate([_recoded(part.coding.kinds["team"], part.coding.teams, teams) for part in parts])
    kinds["system"] = np.concatenate(
        [_recoded(part.coding.kinds["system"], part.coding.systems, systems) for part in parts]
    )
    of_type, n_kinds, n_records = list[Int32s](), 0, 0
    for number, part in enumerate(parts):
        part.spans["kind"] += n_kinds
        part.spans["person"] = _recoded(part.spans["person"], part.people, people)
        n_kinds += len(part.coding.kinds)
        numbers = _numbered(part.spans["item"])
        part.spans["item"] = numbers + n_records
        n_of_type = int(numbers[-1]) + 1 if len(numbers) else 0
        of_type.append(np.full(n_of_type, number, np.int32))
        n_records += n_of_type
    all_spans, record_type = np.concatenate([part.spans for part in parts]), np.concatenate(of_type)
    first = _first_of_each(all_spans["item"], n_records)
    last_row = last_rows(all_spans, first)
    keys = _keys(log, last_row, connection)
    handle = np.nan_to_num(keys[HANDLE].to_numpy(), nan=-1.0)
    all_spans, first, n_cut_short = with_handle_time(all_spans, first, (handle * 1e6).astype(np.int64))
    says_done = np.array(
        [any(each.state in (State.DONE, State.CANCELLED) for each in t.event_classes) for t in log.about.record_types]
    )
    return RecordLives(
        spans=all_spans,
        first=first,
        record_type=record_type,
        settled_at=settled(all_spans, first, says_done[record_type]),
        last_row=last_row,
        keys=keys,
        kinds=kinds,
        labels=tuple(labels),
        activities=activities,
        teams=teams,
        systems=systems,
        people=people,
        type_names=tuple(t.name for t in log.about.record_types),
        shapes=tuple(SHAPES[t.shape] for t in log.about.record_types),
        first_at=min(part.events.first_at for part in parts),
        last_at=max(part.events.last_at for part in parts),
        n_cut_short=n_cut_short,
    )


def _codes(texts: Iterable[str], names: Sequence[str]) -> Int32s:
    place = {each: number for number, each in enumerate(names)}
    return np.array([place[each] for each in texts], np.int32)


def _recoded(codes: Any, own: Sequence[str], shared: Sequence[str]) -> Int32s:
    """Codes of a type's own list as codes of the list that all types share."""
    of_own = np.append(_codes(own, shared), np.int32(NOTHING))
    recoded: Int32s = of_own[codes]
    return recoded


def _numbered(items: Any) -> Int32s:
    """Records without a gap between their numbers: one that has no span is no record."""
    return (np.cumsum(np.diff(items, prepend=items[:1]) != 0)).astype(np.int32)


def _first_of_each(items: Any, n_records: int) -> Int64s:
    return np.searchsorted(items, np.arange(n_records + 1)).astype(np.int64)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def last_rows(spans: Any, first: Any) -> Any:
    """The row of each record's last event."""
    rows = np.full(len(first) - 1, -1, np.int64)
    for record in range(len(rows)):
        for i in range(first[record], first[record + 1]):
            if spans[i].row >= 0:
                rows[record] = spans[i].row
    return rows


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def settled(spans: Any, first: Any, says_done: Any) -> Any:
    """When each record was done or cancelled for good (see `RecordLives`)."""
    instants = np.full(len(first) - 1, LATEST, np.int64)
    for record in range(len(instants)):
        i = first[record + 1]
        while i > first[record] and (spans[i - 1].state == DONE or spans[i - 1].state == CANCELLED):
            i -= 1
        if i < first[record + 1]:
            instants[record] = spans[i].began_at
        elif not says_done[record]:
            instants[record] = spans[i - 1].ended_at
    return instants


def _keys(log: EventLog, last_row: Int64s, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """What each record is called, and how long was worked on it, as its last event says."""
    handle = f"e.{HANDLE}" if log.has(HANDLE) else "NULL"
    wanted = pa.table({"record": np.arange(len(last_row)), "row": last_row})
    connection.register("wanted_rows", wanted)
    try:
        return connection.sql(
            f"""SELECT e.item_id, e.key, {handle}::DOUBLE AS {HANDLE}
                FROM wanted_rows w JOIN read_parquet({text(log.events_path)}, file_row_number = true) e
                ON e.file_row_number = w."row" ORDER BY w.record"""
        ).to_arrow_table()
    finally:
        connection.unregister("wanted_rows")
