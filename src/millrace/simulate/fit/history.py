"""The past that a process is fitted to: items and their visits as arrays, each item with the weight it speaks with.

An item speaks by its departure. Items that are still open have not spoken yet, and those that left before the log began
never will; so departures are weighed by a life table of the period that the log observes (Kaplan–Meier with delayed
entry): at every age, departures stand against all the items that were under way at that age and seen. Finished items
alone would make work look quicker than it is.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from millrace.eventlog.engine import name, text
from millrace.flow.flow import Flow
from millrace.flow.spans import ACTIVE, CANCELLED, DONE, NOTHING, UNKNOWN
from millrace.flow.summary import SECOND
from millrace.model.state import WAIT_REASONS, WaitReason

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TO_VALUE, TO_CANCELLED, UNDER_WAY = -1, -2, -3
"""Where a visit leads if to no other step."""
NOT_YET = np.iinfo(np.int64).max
ENTRY_TEAM = "team_of_entry"
ENTRY_ATTRIBUTES = ("item_type", "service", "category", "priority", "channel")
"""What is known of an item when it comes in. Other columns may tell how it ended, and so would foretell the past."""
QUEUE, CLOSING, UNSPECIFIED = (
    WAIT_REASONS.index(reason) for reason in (WaitReason.QUEUE, WaitReason.CLOSING, WaitReason.UNSPECIFIED)
)


@dataclass(frozen=True)
class Visits:
    """Visits before value, in the order of their items and times; arrays of one length, times in seconds.

    `item` is a position in the history's items. `waits` has a column per wait reason (`closing`: an item that came back
    was thought done); `early_waits` is the part of each before any work of the visit.
    """

    item: Ints
    step: Ints
    nth: Ints
    team: Ints
    began_at: Ints
    ended_at: Ints
    to: Ints
    active: Floats
    waits: Floats
    early_waits: Floats

    def __getitem__(self, chosen: Any) -> "Visits":
        """The visits at these positions."""
        return Visits(*(getattr(self, column)[chosen] for column in self.__dataclass_fields__))


@dataclass(frozen=True)
class Stretches:
    """Parts of visits that have a length: of which visit, from when to when (microseconds since 1970 UTC), by whom."""

    visit: Ints
    began_at: Ints
    ended_at: Ints
    team: Ints
    person: Ints


@dataclass(frozen=True)
class History:
    """Items in the order of their codes. Instants in microseconds since 1970 UTC; `left_at` is `NOT_YET` while open.

    `weight` is how many of the items that ever come in each departure stands for; 0 for those under way. `work` and
    `queues` are what the visits hold of both.
    """

    flow: Flow
    demand_at: Ints
    left_at: Ints
    is_delivered: npt.NDArray[np.bool_]
    weight: Floats
    visits: Visits
    work: Stretches
    queues: Stretches
    attributes: dict[str, npt.NDArray[np.str_]] = field(default_factory=dict)

    @property
    def is_open(self) -> npt.NDArray[np.bool_]:
        """Items under way at the end."""
        return np.asarray(self.left_at == NOT_YET)

    @property
    def lead_seconds(self) -> Floats:
        """From demand to value or cancellation; no meaning for items under way."""
        return (self.left_at - self.demand_at) / SECOND

    @property
    def visit_weight(self) -> Floats:
        """The weight of each visit's item."""
        return self.weight[self.visits.item]


def history(flow: Flow, observed_from: int | None = None) -> History:
    """Read a flow's past. Departures before `observed_from` (microseconds since 1970 UTC) count for nothing."""
    rows = flow.items.order_by("item").select("item", "demand_at", "value_at", "ended_at", "last_state").to_pyarrow()
    demand_at, value_at, ended_at = (_instants(rows[column]) for column in ("demand_at", "value_at", "ended_at"))
    state = rows["last_state"].to_numpy()
    is_delivered = ~rows["value_at"].is_null().to_numpy()
    is_gone = is_delivered | np.isin(state, (CANCELLED, DONE))
    left_at = np.where(is_delivered, value_at, np.where(is_gone, ended_at, NOT_YET))
    weight = departure_weights(demand_at, left_at, flow.about.last_at, observed_from)
    codes = rows["item"].to_numpy()
    visits, work, queues = _visits(flow, codes, left_at, is_delivered)
    attributes = _attributes(flow, codes)
    if flow.about.teams:
        attributes[ENTRY_TEAM] = _entry_team(flow, visits, len(codes))
    return History(flow, demand_at, left_at, is_delivered, weight, visits, work, queues, attributes)


def departure_weights(demand_at: Ints, left_at: Ints, now_at: int, observed_from: int | None = None) -> Floats:
    """The weight of each departure in a life table of the period from `observed_from` (or the first departure) on.

    They add up to the number of items. What the table leaves open at its end (more items than departures were seen at
    great age) falls to the oldest departures of all.
    """
    n = len(demand_at)
    is_gone = left_at != NOT_YET
    if not is_gone.any():
        return np.zeros(n)
    since = max(int(left_at[is_gone].min()), observed_from or 0)
    entered = np.maximum(since - demand_at, 0)
    left = np.where(is_gone, left_at, now_at) - demand_at
    speaks = is_gone & (left_at >= since)
    seen = left >= entered
    order = np.argsort(left[speaks], kind="stable")
    ages = left[speaks][order]
    at_risk = np.searchsorted(np.sort(entered[seen]), ages, side="right") - np.searchsorted(
        np.sort(left[seen]), ages, side="left"
    )
    _, first, counts = np.unique(ages, return_index=True, return_counts=True)
    share = counts / np.maximum(at_risk[first], counts)
    surviving = np.concatenate(([1.0], np.cumprod(1 - share)))
    mass = np.repeat(surviving[:-1] * share / counts, counts)
    weight = np.zeros(n)
    weight[np.flatnonzero(speaks)[order]] = mass
    return _with_the_rest(weight, left, float(surviving[-1])) * n


def _with_the_rest(weight: Floats, left: Ints, rest: float) -> Floats:
    """Give what is left over to the oldest tenth of the departures."""
    if rest <= 0:
        return weight
    speaking = np.flatnonzero(weight)
    oldest = speaking[np.argsort(left[speaking])][-max(len(speaking) // 10, 1) :]
    weight[oldest] += rest / len(oldest)
    return weight


def _instants(column: Any) -> Ints:
    import pyarrow as pa

    return column.cast(pa.int64()).fill_null(0).to_numpy()  # type: ignore[no-any-return]


def _visits(flow: Flow, codes: Ints, left_at: Ints, is_delivered: Any) -> tuple[Visits, Stretches, Stretches]:
    """Gather the spans before value into visits."""
    import pyarrow.parquet as pq

    wanted = ["item", "began_at", "elapsed", "step", "state", "wait_reason", "team", "person"]
    table = pq.read_table(flow.folder / "spans.parquet", columns=wanted)
    item = np.searchsorted(codes, table["item"].to_numpy())
    began_at, elapsed = _instants(table["began_at"]), table["elapsed"].to_numpy()
    before = ~is_delivered[item] | (began_at + elapsed <= left_at[item])
    # What opens at value is the closing tail, also where it has no length.
    before &= ~(is_delivered[item] & (began_at == left_at[item]) & (table["state"].to_numpy() == DONE))
    order = np.flatnonzero(before)
    order = order[np.argsort(item[order], kind="stable")]
    item, began_at, elapsed = item[order], began_at[order], elapsed[order]
    step, state, reason, team, person = (
        table[column].to_numpy()[order].astype(np.int64)
        for column in ("step", "state", "wait_reason", "team", "person")
    )
    visits, visit = _gathered(item, began_at, elapsed, step, state, reason, team, left_at, is_delivered)
    has_length = elapsed > 0
    work, queues = (
        Stretches(visit[part], began_at[part], (began_at + elapsed)[part], team[part], person[part])
        for part in (has_length & (state == ACTIVE), has_length & (state != ACTIVE) & (reason == QUEUE))
    )
    return visits, work, queues


def _gathered(
    item: Ints, began_at: Ints, elapsed: Ints, step: Ints, state: Ints, reason: Ints, team: Ints, left_at: Ints,
    is_delivered: Any,
) -> tuple[Visits, Ints]:  # fmt: skip
    """The visits, and to which of them each span belongs."""
    is_first = np.ones(len(item), bool)
    is_first[1:] = (item[1:] != item[:-1]) | (step[1:] != step[:-1])
    visit, first = np.cumsum(is_first) - 1, np.flatnonzero(is_first)
    n = len(first)
    seconds = elapsed / SECOND
    is_active = state == ACTIVE
    active = _sums(visit[is_active], seconds[is_active], n)
    worked_before = np.cumsum(np.where(is_active, seconds, 0.0))
    is_early = worked_before - (worked_before[first] - np.where(is_active, seconds, 0.0)[first])[visit] <= 0
    reason = np.where(state == UNKNOWN, UNSPECIFIED, np.where(np.isin(state, (DONE, CANCELLED)), CLOSING, reason))
    is_wait, n_reasons = ~is_active, len(WAIT_REASONS)
    cell = visit * n_reasons + reason
    waits = _sums(cell[is_wait], seconds[is_wait], n * n_reasons).reshape(n, n_reasons)
    early = is_wait & is_early
    early_waits = _sums(cell[early], seconds[early], n * n_reasons).reshape(n, n_reasons)
    known = np.flatnonzero(team != NOTHING)
    teams = np.full(n, NOTHING, np.int64)
    teams[visit[known[::-1]]] = team[known[::-1]]
    last = np.append(first[1:], len(item)) - 1 if n else first
    to = np.full(n, UNDER_WAY, np.int64)
    goes_on = np.append(item[first][1:] == item[first][:-1], False) if n else np.zeros(0, bool)
    to[goes_on] = np.roll(step[first], -1)[goes_on]
    ends = ~goes_on & (left_at[item[first]] != NOT_YET)
    to[ends] = np.where(is_delivered[item[first]][ends], TO_VALUE, TO_CANCELLED)
    visits = Visits(
        item[first], step[first], _nth(item[first], step[first]), teams, began_at[first], (began_at + elapsed)[last],
        to, active, waits, early_waits,
    )  # fmt: skip
    return visits, visit


def _sums(keys: Ints, values: Floats, n: int) -> Floats:
    return np.bincount(keys, values, n).astype(np.float64)


def _nth(item: Ints, step: Ints) -> Ints:
    """The how-manyeth visit of its item and step each visit is, from 1."""
    order = np.lexsort((np.arange(len(item)), step, item))
    begins = np.ones(len(item), bool)
    begins[1:] = (np.diff(item[order]) != 0) | (np.diff(step[order]) != 0)
    run = np.arange(len(item)) - np.maximum.accumulate(np.where(begins, np.arange(len(item)), 0))
    nth = np.empty(len(item), np.int64)
    nth[order] = run + 1
    return nth


def _entry_team(flow: Flow, visits: Visits, n_items: int) -> npt.NDArray[np.str_]:
    names = np.array([*flow.about.teams, "unknown"])
    entry = np.full(n_items, NOTHING, np.int64)
    known = np.flatnonzero(visits.team != NOTHING)[::-1]
    entry[visits.item[known]] = visits.team[known]
    return names[entry]


def _attributes(flow: Flow, codes: Ints) -> dict[str, npt.NDArray[np.str_]]:
    """The first value that each item has of what is known at entry."""
    columns = [column for column in ENTRY_ATTRIBUTES if column in flow.about.columns]
    if not columns:
        return {}
    firsts = ", ".join(f'arg_min({name(c)}, "at") FILTER ({name(c)} IS NOT NULL) AS {name(c)}' for c in columns)
    events = f"read_parquet({text(flow.events_path)}, file_row_number = true)"
    table = flow.engine.con.sql(f"""
        WITH coded AS (SELECT e.item_id, i.item FROM items i JOIN {events} e ON e.file_row_number = i.last_row)
        SELECT item, {firsts} FROM {events} JOIN coded USING (item_id) GROUP BY item ORDER BY item
    """).to_arrow_table()
    assert table.num_rows == len(codes)
    return {c: np.array([label or "unknown" for label in table[c].to_pylist()]) for c in columns}
