"""Cumulative flow: how many items have been demanded, are in each step, and have been delivered, day by day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from millrace.flow.flow import Flow
from millrace.flow.lead_time import is_open, microseconds
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.spans import NOTHING

DELIVERED, LEFT = "delivered", "cancelled"
_DAY = 86_400_000_000
_MOST_DAYS = 400


@dataclass(frozen=True)
class CumulativeFlow:
    """Bands of a cumulative flow diagram.

    `band_names` lie from the bottom (delivered, then cancelled where any) to the top (the first step);
    `counts[band][day]` is the height of the band itself at the end of that day: items delivered so far, or items in
    that step then. Days are whole UTC days, or every second, third … one where the log is longer than 400 days.
    """

    days_at: tuple[datetime, ...]
    band_names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def cumulative_flow(flow: Flow, *, selection: Selection = EVERYTHING) -> CumulativeFlow:
    """Items per step and day: +1 when a visit begins, −1 when it ends, counted up over days."""
    import numpy as np

    items = selected(flow, selection, instant=None)
    first_day = flow.about.first_at // _DAY
    n_days = flow.about.last_at // _DAY - first_day + 1
    n_steps = len(flow.step_names)
    heights = np.zeros((n_steps + 2, n_days), np.int64)
    visits = flow.visits.filter(~flow.visits.is_after_value)
    visits = visits.join(items.select("item", "value_at", "last_state"), "item")
    ended_at = microseconds(visits.began_at) + visits.lead
    stays = visits.is_last & is_open(visits)
    _count(heights, visits.mutate(day=microseconds(visits.began_at) // _DAY - first_day), 1)
    _count(heights, visits.mutate(day=ended_at // _DAY - first_day).filter(~stays), -1)
    for row, instants in (
        (n_steps, items.filter(items.value_at.notnull()).value_at),
        (n_steps + 1, items.filter(items.value_at.isnull() & ~is_open(items)).ended_at),
    ):
        table = instants.as_table().mutate(day=microseconds(instants) // _DAY - first_day)
        for each in table.group_by("day").agg(n=table.count()).to_pyarrow().to_pylist():
            heights[row, each["day"]] += each["n"]
    bands = np.cumsum(heights, axis=1)
    kept = slice((n_days - 1) % (stride := -(-n_days // _MOST_DAYS)), None, stride)
    order = [n_steps, n_steps + 1, *range(n_steps - 1, NOTHING, -1)]
    names = (*flow.step_names, DELIVERED, LEFT)
    shown = [band for band in order if bands[band].any() or band == n_steps]
    began_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=int(first_day))
    days = tuple(began_at + timedelta(days=int(day)) for day in np.arange(n_days)[kept])
    return CumulativeFlow(
        days, tuple(names[band] for band in shown), tuple(tuple(bands[band][kept].tolist()) for band in shown)
    )


def _count(heights: Any, visits: Any, sign: int) -> None:
    for row in visits.group_by("step", "day").agg(n=visits.count()).to_pyarrow().to_pylist():
        heights[row["step"], row["day"]] += sign * row["n"]
