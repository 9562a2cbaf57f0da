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
    queues, begins = np.isin(spans["wait_reason"], QUEUES), _changes(spans["item"])
    is_work = spans["state"] == ACTIVE
    run = np.cumsum(queues & (begins | _changes(spans["wait_reason"]) | _changes(spans["team"]) | ~_before(queues))) - 1
    first, last = _ends_of_runs(run, queues)
    is_taken = np.append(is_work & ~begins, False)[last + 1]
    at = np.sort(np.concatenate((np.flatnonzero(is_work), last[~is_taken])))
    records = _records(spans, at, is_work[at])
    work_of_run = np.searchsorted(at, np.where(is_taken, last + 1, last))
    records["ready_at"][work_of_run] = spans["began_at"][first]
    waited = np.flatnonzero(queues & (spans["elapsed"] > 0))
    pieces = np.empty(len(waited), PIECE)
    pieces["work"], pieces["began_at"] = work_of_run[run[waited]], spans["began_at"][waited]
    pieces["ended_at"] = pieces["began_at"] + spans["elapsed"][waited]
    return Work(records, pieces, names)


def _records(spans: dict[str, Any], at: Int64s, is_done: Any) -> Records:
    """Works that are the spans `at`, or that come at their ends where nothing was done."""
    records = np.zeros(len(at), WORK)
    for column in ("item", "activity", "team"):
        records[column] = spans[column][at]
    records["person"] = np.where(is_done, spans["person"][at], NOTHING)
    records["ended_at"] = spans["began_at"][at] + spans["elapsed"][at]
    records["started_at"] = np.where(is_done, spans["began_at"][at], records["ended_at"])
    records["ready_at"] = records["started_at"]
    records["previous"] = np.where(_changes(records["item"]), NOTHING, np.arange(len(at)) - 1)
    return records


def _changes(values: Any) -> Any:
    """True where a value differs from the one before, and for the first."""
    changes = np.ones(len(values), bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _before(claims: Any) -> Any:
    """The claim of the one before; False for the first."""
    return np.concatenate(([False], claims[:-1]))


def _ends_of_runs(run: Any, queues: Any) -> tuple[Int64s, Int64s]:
    """The first and the last span of each run of queueing spans."""
    places = np.flatnonzero(queues)
    begins = np.flatnonzero(_changes(run[places]))
    return places[begins], places[np.append(begins, len(places))[1:] - 1]
