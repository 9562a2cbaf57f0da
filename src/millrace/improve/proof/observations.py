"""What became of each item of a measure: when it was demanded, its figure, what kind of work it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from millrace.eventlog.engine import name, text
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import ENDS_ONLY, NO_ACTIVE_STATUS, knows_active
from millrace.flow.selection import UnknownColumn
from millrace.flow.spans import ACTIVE, CANCELLED, DONE, NEVER
from millrace.improve.proof.series import Bools, Floats
from millrace.model.absent import Absent

MIX_COLUMNS = ("item_type", "priority", "category")
"""Columns that tell kinds of work apart, as they were at demand."""
MICROSECONDS = 1_000_000
HOUR = 3600 * MICROSECONDS
_WEEK = 7 * 24 * HOUR
_STEADY_RATIO = 0.25


@dataclass(frozen=True)
class Items:
    """All items of a flow, column by column; instants and durations in microseconds, `NEVER` where there is none.

    `labels` holds columns of the log by name, each item's value when it was demanded.
    """

    flow: Flow
    columns: dict[str, Any]
    labels: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        """A column of the items."""
        return self.columns[column]

    @property
    def is_delivered(self) -> Bools:
        """Items that have reached value."""
        delivered: Bools = self["value_at"] != NEVER
        return delivered

    @property
    def is_over(self) -> Bools:
        """Items that nothing more is expected of."""
        over: Bools = self.is_delivered | np.isin(self["last_state"], (DONE, CANCELLED))
        return over

    @property
    def log_ends_at(self) -> int:
        """The log's last instant."""
        return self.flow.about.last_at

    @cached_property
    def steady(self) -> tuple[int, int]:
        """From when to when demand comes in as usual: many an export thins out towards its ends.

        The usual is what half of all items came in weeks of; from the first to the last week with a quarter of it.
        """
        week = self["demand_at"] // _WEEK
        weeks, place, counts = np.unique(week, return_inverse=True, return_counts=True)
        usual = weeks[counts >= _STEADY_RATIO * float(np.median(counts[place]))]
        return int(usual.min()) * _WEEK, (int(usual.max()) + 1) * _WEEK

    def those(self, where: Mapping[str, tuple[str, ...]]) -> Bools:
        """Items of one of the values of each column."""
        chosen = np.ones(len(self["demand_at"]), bool)
        for column, values in where.items():
            chosen &= np.isin(self.labels[column], values)
        return chosen


_COLUMNS = (
    "item", "demand_at", "value_at", "ended_at", "last_state", "active", "wait", "n_handoffs", "n_ping_pongs",
    "n_reopened", "has_revisit", "returned_to_first_step", "waited_in_first_step", "waited_after_first_step",
)  # fmt: skip


def items_of(flow: Flow, columns: frozenset[str]) -> Items:
    """The items of a flow, with these columns of its log and those that tell kinds of work. Raises UnknownColumn."""
    for column in columns:
        if not flow.has(column):
            raise UnknownColumn(column, flow)
    wanted = sorted(columns | {column for column in MIX_COLUMNS if flow.has(column)})
    instants = {"demand_at", "value_at", "ended_at"}
    own = ", ".join(
        f"coalesce(epoch_us({column}), {NEVER}) AS {column}" if column in instants else column for column in _COLUMNS
    )
    table = flow.engine.con.sql(f"SELECT {own} FROM items ORDER BY item").to_arrow_table()
    found = {each: table[each].combine_chunks().to_numpy(zero_copy_only=False) for each in _COLUMNS}
    return Items(flow, found, _at_demand(flow, wanted, len(table)) if wanted else {})


def _at_demand(flow: Flow, columns: list[str], n_items: int) -> dict[str, Any]:
    """Columns as the first event of each item has them: later ones may already tell what came of it."""
    listed = ", ".join(name(column) for column in columns)
    firsts = ", ".join(f'arg_min({name(column)}::VARCHAR, ("at", position)) AS {name(column)}' for column in columns)
    rows = flow.engine.con.sql(
        f"""
        WITH events AS (SELECT file_row_number AS row_number, item_id, "at", position, {listed}
                        FROM read_parquet({text(flow.events_path)}, file_row_number = true)),
             firsts AS (SELECT item_id, {firsts} FROM events GROUP BY item_id)
        SELECT {", ".join(f"firsts.{name(column)}" for column in columns)}
        FROM items JOIN events ON events.row_number = items.last_row JOIN firsts USING (item_id) ORDER BY items.item
        """
    ).to_arrow_table()
    assert len(rows) == n_items, "every item has a last event"
    return {each: _texts(rows[each]) for each in columns}


def _texts(column: pa.ChunkedArray) -> Any:
    return pc.fill_null(column, "unknown").to_numpy(zero_copy_only=False).astype(str)


def midnight(day: date) -> int:
    """The beginning of a day (UTC) in microseconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * MICROSECONDS


def step_times(items: Items, step: str | None, column: str) -> Floats | Absent:
    """Seconds of wait or work (`column`) of each item, in one step or in all; NaN where it did not come there."""
    flow = items.flow
    if not flow.knows_work or not knows_active(flow):
        return Absent(ENDS_ONLY if not flow.knows_work else NO_ACTIVE_STATUS)
    if step is None:
        seconds: Floats = items[column] / MICROSECONDS
        return seconds
    visits = flow.visits.filter((flow.visits.step == flow.step_names.index(step)) & ~flow.visits.is_after_value)
    rows = visits.group_by("item").agg(time=visits[column].sum().cast("int64")).to_pyarrow()
    times = np.full(len(items["item"]), np.nan)
    times[np.searchsorted(items["item"], rows["item"].to_numpy())] = rows["time"].to_numpy() / MICROSECONDS
    return times


def work_costs(items: Items) -> Floats | Absent:
    """Cost of the work on each item before value, at the rates of the teams that did it."""
    flow = items.flow
    rates = flow.about.stream.rates_per_hour
    if not rates:
        return Absent("no rates are given; add rates_per_hour per team to the stream")
    if not flow.knows_work or not knows_active(flow):
        return Absent(ENDS_ONLY if not flow.knows_work else NO_ACTIVE_STATUS)
    spans = flow.spans.filter(flow.spans.is_before_value & (flow.spans.state == ACTIVE))
    rows = spans.group_by("item", "team").agg(time=spans.elapsed.sum().cast("int64")).to_pyarrow()
    of_team = np.array([rates.get(team, 0.0) for team in flow.about.teams] + [0.0])
    costs: Floats = np.bincount(
        np.searchsorted(items["item"], rows["item"].to_numpy()),
        rows["time"].to_numpy() / HOUR * of_team[rows["team"].to_numpy()],
        len(items["item"]),
    ).astype(float)
    return costs


def delay_costs(items: Items) -> Floats | Absent:
    """Cost of the waiting of each item before value, at the rate of its priority."""
    rates = items.flow.about.stream.delay_rates_per_hour
    if not rates:
        return Absent("no rates of delay are given; add delay_rates_per_hour per priority to the stream")
    if "priority" not in items.labels:
        return Absent("the log has no column “priority” that the rates of delay are given for")
    waits = step_times(items, None, "wait")
    if isinstance(waits, Absent):
        return waits
    priorities, codes = np.unique(items.labels["priority"], return_inverse=True)
    of_priority = np.array([rates.get(str(priority), 0.0) for priority in priorities])
    costs: Floats = waits / 3600 * of_priority[codes]
    return costs
