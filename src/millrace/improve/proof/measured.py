"""A measure of single items, ready to be taken week by week: which items count, when, with which figure."""

from dataclasses import dataclass

import numpy as np

from millrace.flow.summary import SECOND
from millrace.improve.proof.hypothesis import DURATIONS, Hypothesis, Provable, Statistic
from millrace.improve.proof.observations import MICROSECONDS, Items, delay_costs, step_times, work_costs
from millrace.improve.proof.series import Bools, Floats, Int64s
from millrace.model.absent import Absent

SETTLED = 0.95
"""Of items, how many have to be over within the stretch at the log's end that is left out."""
_MOST_OF_LOG = 0.25
_BEGUN = 0.005
"""Of deliveries, those before which an export of what was closed since some day does not begin."""


@dataclass(frozen=True)
class Measured:
    """The items of a measure: their rows, the instant that gives each its week, and its figure (seconds, 0 or 1 …).

    `over_at` is when the figure was settled. Figures are known, and of one making, for items demanded (delivered, for
    throughput) in [`from_at`, `until_at`).
    """

    rows: Int64s
    at: Int64s
    over_at: Int64s
    figure: Floats
    from_at: int
    until_at: int
    is_median: bool
    is_log: bool
    is_count: bool
    horizon_seconds: float | None


def measured(items: Items, asked: Hypothesis) -> Measured | Absent:
    """The measure of a hypothesis for every item that it is about; Absent where the log cannot tell it."""
    about = items.those(asked.where)
    if asked.measure is Provable.THROUGHPUT:
        return _throughput(items, about)
    if asked.measure is Provable.SLA_COMPLIANCE:
        assert asked.within is not None
        return _within(items, about, asked.within.total_seconds())
    if asked.measure is Provable.LEAD_TIME:
        return _lead_time(items, about, asked.statistic is Statistic.MEDIAN)
    return _outcome(items, about, asked)


def _lead_time(items: Items, about: Bools, is_median: bool) -> Measured | Absent:
    """Lead times up to a horizon, so that all items have had as much time to be delivered.

    What ended without value within the horizon has none; what was still under way then counts as that long.
    """
    ends = _span(items, about & items.is_delivered, items["value_at"])
    if isinstance(ends, Absent):
        return ends
    from_at, until_at, horizon = ends
    lead = np.where(items.is_delivered, items["value_at"], items.log_ends_at) - items["demand_at"]
    is_left = ~items.is_delivered & items.is_over & (items["ended_at"] - items["demand_at"] <= horizon)
    rows = np.flatnonzero(about & ~is_left)
    at, lasted = items["demand_at"][rows], np.minimum(lead[rows], horizon)
    return Measured(rows, at, at + lasted, lasted / SECOND, from_at, until_at, is_median, True, False, horizon / SECOND)


def _within(items: Items, about: Bools, limit_seconds: float) -> Measured | Absent:
    """Whether an item was delivered within the limit: known of everything demanded that long before the log's end."""
    ends = _span(items, about & items.is_delivered, items["value_at"])
    if isinstance(ends, Absent):
        return ends
    limit = round(limit_seconds * MICROSECONDS)
    was_kept = items.is_delivered & (items["value_at"] - items["demand_at"] <= limit)
    is_left = ~items.is_delivered & items.is_over & (items["ended_at"] - items["demand_at"] <= limit)
    rows = np.flatnonzero(about & ~is_left)
    at, over_at = items["demand_at"][rows], np.minimum(items["value_at"][rows], items["demand_at"][rows] + limit)
    over_at = np.where(was_kept[rows], over_at, at + limit)
    until_at = min(items.log_ends_at - limit, items.steady[1])
    return Measured(rows, at, over_at, was_kept[rows].astype(float), ends[0], until_at, False, False, False, None)


def _throughput(items: Items, about: Bools) -> Measured | Absent:
    rows = np.flatnonzero(about & items.is_delivered)
    if not len(rows):
        return Absent("nothing is delivered")
    delivered_at = items["value_at"][rows]
    from_at = max(int(np.quantile(delivered_at, _BEGUN)), items.steady[0])
    until_at = min(items.log_ends_at, items.steady[1])
    return Measured(rows, delivered_at, delivered_at, np.ones(len(rows)), from_at, until_at, False, True, True, None)


def _outcome(items: Items, about: Bools, asked: Hypothesis) -> Measured | Absent:
    """What came of items that are over; those demanded shortly before the log's end are left out, of which only the
    quick ones are."""
    figures = _figures(items, asked)
    if isinstance(figures, Absent):
        return figures
    is_known = about & items.is_over & ~np.isnan(figures)
    if asked.measure not in (Provable.REWORK, Provable.REOPENED, Provable.HANDOFFS, Provable.PING_PONG):
        is_known &= items.is_delivered
    ends = _span(items, is_known, items["ended_at"])
    if isinstance(ends, Absent):
        return ends
    rows = np.flatnonzero(is_known)
    is_duration = asked.measure in DURATIONS
    is_median = is_duration and asked.statistic is Statistic.MEDIAN
    is_log = is_duration or asked.measure in (Provable.COST_PER_ITEM, Provable.COST_OF_DELAY_PER_ITEM)
    at, over_at = items["demand_at"][rows], items["ended_at"][rows]
    return Measured(rows, at, over_at, figures[rows], ends[0], ends[1], is_median, is_log, False, None)


def _figures(items: Items, asked: Hypothesis) -> Floats | Absent:
    """The figure of every item."""
    measure = asked.measure
    if measure in (Provable.WAIT_TIME, Provable.PROCESS_TIME):
        return step_times(items, asked.step, "wait" if measure is Provable.WAIT_TIME else "active")
    if measure is Provable.COST_PER_ITEM:
        return work_costs(items)
    if measure is Provable.COST_OF_DELAY_PER_ITEM:
        return delay_costs(items)
    has_rework = items["has_revisit"] | (items["n_reopened"] > 0)
    figures: Floats = {
        Provable.TIME_TO_CLOSE: (items["ended_at"] - items["demand_at"]) / SECOND,
        Provable.REWORK: has_rework,
        Provable.REOPENED: items["n_reopened"] > 0,
        Provable.FIRST_TIME_COMPLETION: ~has_rework & ~items["waited_after_first_step"],
        Provable.ENTRY_QUALITY: ~items["waited_in_first_step"] & ~items["returned_to_first_step"],
        Provable.HANDOFFS: items["n_handoffs"],
        Provable.PING_PONG: items["n_ping_pongs"],
    }[measure].astype(float)
    return figures


def _span(items: Items, is_over: Bools, over_at: Int64s) -> tuple[int, int, int] | Absent:
    """From when to when items are demanded of which the log holds slow and quick ones alike; the stretch left out."""
    if not is_over.any():
        return Absent("no item of it is over")
    lasted = (over_at - items["demand_at"])[is_over]
    about = items.flow.about
    stretch = int(min(float(np.quantile(lasted, SETTLED)), _MOST_OF_LOG * (about.last_at - about.first_at)))
    begins, ends = items.steady
    return max(int(np.quantile(over_at[is_over], _BEGUN)), begins), min(about.last_at - stretch, ends), stretch
