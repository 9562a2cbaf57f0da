"""The past that a process is fitted to: items and their visits as arrays, each item with the weight it speaks with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from millrace.eventlog.engine import name, text
from millrace.flow.flow import Flow
from millrace.flow.spans import CANCELLED, DONE, NOTHING
from millrace.flow.summary import SECOND
from millrace.model.state import WaitReason
from millrace.simulate.fit.life_table import NOT_YET, departure_weights
from millrace.simulate.fit.past_visits import UNDER_WAY, PastStep, Stretches, Visits, instants, past_visits
from millrace.simulate.fit.recency import heard_from
from millrace.simulate.fit.under_way import under_way

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ENTRY_TEAM = "team_of_entry"
ENTRY_ATTRIBUTES = ("item_type", "service", "category", "priority", "channel")
"""What is known of an item when it comes in. Other columns may tell how it ended, and so would foretell the past."""


@dataclass(frozen=True)
class History:
    """Items in the order of their codes. Instants in microseconds since 1970 UTC; `left_at` is `NOT_YET` while open.

    `weight` is how many of the items that ever come in each departure stands for; 0 for those under way and for
    departures before `heard_from`, which no longer resemble the present. `work` and `waits` are what the visits hold.
    """

    flow: Flow
    demand_at: Ints
    left_at: Ints
    is_delivered: npt.NDArray[np.bool_]
    weight: Floats
    heard_from: int | None
    steps: tuple[PastStep, ...]
    visits: Visits
    work: Stretches
    waits: Mapping[WaitReason, Stretches]
    attributes: dict[str, npt.NDArray[np.str_]] = field(default_factory=dict)

    @property
    def queues(self) -> Stretches:
        """The waits in a queue."""
        return self.waits[WaitReason.QUEUE]

    @property
    def completed(self) -> npt.NDArray[np.bool_]:
        """The visits that are heard and were over when they led on."""
        return np.asarray((self.visits.to != UNDER_WAY) & (self.visit_weight > 0))

    @property
    def started_at(self) -> Ints:
        """When work began in each visit; `NOT_YET` where it did not."""
        return self._first(self.work)

    @property
    def ready_at(self) -> Ints:
        """When each visit began to queue for its work, or began it without."""
        return np.minimum(self._first(self.queues), self.started_at)

    def _first(self, stretches: Stretches) -> Ints:
        """The beginning of the first stretch in each visit."""
        first = np.full(len(self.visits.item), NOT_YET)
        np.minimum.at(first, stretches.visit, stretches.began_at)
        return first

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


def history(flow: Flow) -> History:
    """Read a flow's past; of departures those count that still resemble the present (see `recency`)."""
    rows = flow.items.order_by("item").select("item", "demand_at", "value_at", "ended_at", "last_state").to_pyarrow()
    codes = rows["item"].to_numpy()
    demand_at, value_at, ended_at = (instants(rows[column]) for column in ("demand_at", "value_at", "ended_at"))
    is_delivered = ~rows["value_at"].is_null().to_numpy()
    if flow.about.stream.value.rule.event == "last":
        visits = past_visits(flow, codes, np.where(is_delivered, value_at, NOT_YET), is_delivered).visits
        is_delivered &= ~under_way(visits, len(codes), flow.about.last_at)
    is_gone = is_delivered | np.isin(rows["last_state"].to_numpy(), (CANCELLED, DONE))
    left_at = np.where(is_delivered, value_at, np.where(is_gone, ended_at, NOT_YET))
    heard = heard_from(demand_at, left_at, flow.about.last_at)
    weight = departure_weights(demand_at, left_at, flow.about.last_at, heard)
    steps, visits, work, waits = past_visits(flow, codes, left_at, is_delivered)
    attributes = _attributes(flow, codes)
    if flow.about.teams:
        attributes[ENTRY_TEAM] = _entry_team(flow, visits, len(codes))
    return History(flow, demand_at, left_at, is_delivered, weight, heard, steps, visits, work, waits, attributes)


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
