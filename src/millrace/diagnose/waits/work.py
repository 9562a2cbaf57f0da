"""Work and the waits before it, read from a flow: what was done by whom, and since when it could have been begun."""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from millrace.eventlog.engine import name, text
from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.spans import ACTIVE, NOTHING, QUEUE, Records
from millrace.model.state import WAIT_REASONS, WaitReason

WORK = np.dtype(
    [
        ("item", np.int32),
        ("activity", np.int32),
        ("person", np.int32),
        ("team", np.int32),
        ("ready_at", np.int64),
        ("started_at", np.int64),
        ("ended_at", np.int64),
        ("previous", np.int64),
    ]
)
"""A piece of work. `ready_at` is when it could have been begun: the end of all work on its item so far. `previous` is
the work that handed it over (`NOTHING` for an item's first). Codes are those of the flow; instants microseconds."""

PIECE = np.dtype([("work", np.int64), ("began_at", np.int64), ("ended_at", np.int64)])
"""A piece of a wait: the time before `work` that one span of the flow covers."""

Int64s = npt.NDArray[np.int64]
APPROVAL = WAIT_REASONS.index(WaitReason.APPROVAL)
QUEUES = (QUEUE, APPROVAL)
"""Reasons to wait for somebody to begin: work, or a decision."""


@dataclass(frozen=True)
class Work:
    """All work of a log in the order of items and time, and the pieces of the waits before it.

    `activities` are the names behind the codes: activities of an activity log, steps of a status log.
    """

    records: Records
    pieces: Records
    activities: tuple[str, ...]


def work(flow: Flow) -> Work:
    """Read the work of a log that tells when work starts."""
    if flow.about.shape is Shape.STATUS_LOG:
        return _of_spans(flow, "step", flow.step_names)
    # An event of one record may serve several journeys: their spans say to which it belongs.
    return _of_spans(flow, "activity", flow.about.activities) if flow.about.record_types else _of_events(flow)


def _of_events(flow: Flow) -> Work:
    """An event is work; what lies between it and the end of all work before is its wait."""
    import pyarrow.compute as pc

    events = f"read_parquet({text(flow.events_path)}, file_row_number = true)"
    label = "coalesce(e.activity, e.status)" if flow.has("activity") and flow.has("status") else None
    label = label or ("e.activity" if flow.has("activity") else "e.status")
    table = flow.engine.con.sql(f"""
        WITH known AS (SELECT i.item, i.demand_at, e.item_id FROM items i
                       JOIN {events} e ON e.file_row_number = i.last_row)
        SELECT k.item, {label} AS activity, {_or_null(flow, "person")} AS person, {_or_null(flow, "team")} AS team,
               epoch_us(least(coalesce(e.started_at, e."at"), e."at")) AS began, epoch_us(e."at") AS ended
        FROM {events} e JOIN known k ON k.item_id = e.item_id
        WHERE least(coalesce(e.started_at, e."at"), e."at") >= k.demand_at
        ORDER BY k.item, began, ended, e.position, e.file_row_number
    """).to_arrow_table()
    activities = tuple(sorted(set(pc.unique(table["activity"]).to_pylist()) - {None}))
    records = np.zeros(table.num_rows, WORK)
    records["item"] = table["item"].to_numpy()
    for column, names in (("activity", activities), ("person", flow.about.people), ("team", flow.about.teams)):
        records[column] = _codes(table[column], names)
    records["started_at"], records["ended_at"] = table["began"].to_numpy(), table["ended"].to_numpy()
    _link(records)
    return Work(records, _whole_waits(records), activities)


def _or_null(flow: Flow, column: str) -> str:
    return f"e.{name(column)}" if flow.has(column) else "NULL::VARCHAR"


def _codes(column: Any, names: tuple[str, ...]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.fill_null(pc.index_in(column, pa.array(names, pa.string())), NOTHING).to_numpy()


def _whole_waits(records: Records) -> Records:
    waited = np.flatnonzero(records["ready_at"] < records["started_at"])
    pieces = np.empty(len(waited), PIECE)
    pieces["work"] = waited
    pieces["began_at"], pieces["ended_at"] = records["ready_at"][waited], records["started_at"][waited]
    return pieces


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _link(works: Any) -> None:
    """When each work was ready and who handed it over: the work that ended last before it, of its item.

    Work that begins while other work on the item goes on has not waited; the last that had ended handed it over.
    """
    begin, total = 0, len(works)
    while begin < total:
        end = begin + 1
        while end < total and works[end].item == works[begin].item:
            end += 1
        reached, last = works[begin].started_at, NOTHING
        for i in range(begin, end):
            works[i].ready_at = min(reached, works[i].started_at)
            works[i].previous = last if reached <= works[i].started_at else _ended_last(works, begin, i)
            if last == NOTHING or works[i].ended_at >= reached:
                reached, last = works[i].ended_at, i
        begin = end


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _ended_last(works: Any, begin: int, i: int) -> int:
    """Of an item's works since `begin`, the last that had ended when work `i` began."""
    last = NOTHING
    for j in range(begin, i):
        if works[j].ended_at <= works[i].started_at and (last == NOTHING or works[j].ended_at >= works[last].ended_at):
            last = j
    return last


def _of_spans(flow: Flow, said: str, names: tuple[str, ...]) -> Work:
    """An active span is work; the spans that queue right before it are its wait. `said` is what names the work.

    A queue that no work follows, since the item goes to another team or status, ends in work of no length and by nobody
    known.
    """
    path = flow.folder / "spans.parquet"
    table = flow.engine.con.sql(f"""
        SELECT item, {said} AS activity, state, wait_reason, team, person, epoch_us(began_at) AS began_at, elapsed
        FROM read_parquet({text(path)}, file_row_number = true) ORDER BY file_row_number
    """).to_arrow_table()
    spans = {column: np.ascontiguousarray(table[column].to_numpy()) for column in table.column_names}
    records, pieces = np.zeros(table.num_rows, WORK), np.zeros(table.num_rows, PIECE)
    n, n_pieces = _gather(
        spans["item"], spans["activity"], spans["state"], spans["wait_reason"], spans["team"], spans["person"],
        spans["began_at"], spans["elapsed"], records, pieces,
    )  # fmt: skip
    return Work(records[:n].copy(), pieces[:n_pieces].copy(), names)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _gather(
    item: Any, activity: Any, state: Any, reason: Any, team: Any, person: Any, began_at: Any, elapsed: Any,
    works: Any, pieces: Any,
) -> tuple[int, int]:  # fmt: skip
    """Works, and the queueing spans before them as pieces; the numbers of both."""
    n, n_pieces, queued, last = 0, 0, 0, NOTHING
    for i in range(len(item)):
        is_first = i == 0 or item[i - 1] != item[i]
        queues = reason[i] == QUEUE or reason[i] == APPROVAL
        if is_first:
            last, queued = NOTHING, 0
        elif queued and (reason[i] != reason[i - 1] or team[i] != team[i - 1] or not queues) and state[i] != ACTIVE:
            works[n].team, works[n].activity = team[i - 1], activity[i - 1]
            n_pieces = _put(works, n, item[i], last, began_at, elapsed, i, queued, pieces, n_pieces)
            n, last, queued = n + 1, n, 0
        if queues:
            queued += 1
            if i + 1 == len(item) or item[i + 1] != item[i]:
                works[n].team, works[n].activity = team[i], activity[i]
                n_pieces = _put(works, n, item[i], last, began_at, elapsed, i + 1, queued, pieces, n_pieces)
                n += 1
        elif state[i] == ACTIVE:
            works[n].team, works[n].activity = team[i], activity[i]
            n_pieces = _put(works, n, item[i], last, began_at, elapsed, i, queued, pieces, n_pieces)
            works[n].person = person[i]
            works[n].started_at, works[n].ended_at = began_at[i], began_at[i] + elapsed[i]
            if not queued:
                works[n].ready_at = began_at[i]
            n, last, queued = n + 1, n, 0
    return n, n_pieces


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _put(
    works: Any, n: int, item: int, previous: int, began_at: Any, elapsed: Any, end: int, queued: int,
    pieces: Any, n_pieces: int,
) -> int:  # fmt: skip
    """Work of no length and by nobody after the `queued` spans before `end`, and these as its pieces; their number."""
    work = works[n]
    work.item, work.person, work.previous = item, NOTHING, previous
    if queued:
        work.ready_at = began_at[end - queued]
        work.started_at = work.ended_at = began_at[end - 1] + elapsed[end - 1]
    for j in range(end - queued, end):
        if elapsed[j] > 0:
            piece = pieces[n_pieces]
            piece.work, piece.began_at, piece.ended_at = n, began_at[j], began_at[j] + elapsed[j]
            n_pieces += 1
    return n_pieces
