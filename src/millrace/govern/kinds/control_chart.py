"""The process changed: the latest week breaks a rule of the control chart, or the level has shifted."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from statistics import fmean

import numpy as np

from millrace.flow.throughput import throughput
from millrace.flow.trend import Trend, lead_time_trend, throughput_trend
from millrace.govern.signal import Severity, Signal, Watched
from millrace.model.duration import show_duration

TITLE = "Unusual week"
BASELINE_WEEKS = 26
FEWEST_WEEKS = 12
"""Fewer weeks before the latest tell too little of what is usual."""
_PER_RANGE = 1.128
"""Mean moving range of normal figures, in standard deviations."""
_FEWEST_AFTER = 4
_LATELY = 8
_N_SHUFFLES = 499
_SURE = 0.01
_WEEK = timedelta(days=7)
RULES = {
    1: "it lies beyond the natural limits",
    2: "two of the last three weeks lie far out on this side",
    3: "four of the last five weeks lie out on this side",
    4: "it is the eighth week in a row on this side of the centre",
}
"""What a rule says of the latest week."""


def control_chart(watched: Watched) -> Iterator[Signal]:
    """Signals of the latest whole week, and shifts of the level in the last weeks, of lead time and throughput."""
    for trend in (lead_time_trend(watched.flow), throughput_trend(watched.flow, throughput(watched.flow))):
        if len(trend.points) > FEWEST_WEEKS:
            yield from _of_latest_week(trend)
            yield from _of_level(trend)


def _of_latest_week(trend: Trend) -> Iterator[Signal]:
    values = [point.value for point in trend.points[-BASELINE_WEEKS - 1 :]]
    rule, side = broken_rule(values)
    if rule is None:
        return
    latest, centre = trend.points[-1], fmean(values[:-1])
    yield Signal(
        "control_chart",
        f"{trend.measure}: {'high' if side > 0 else 'low'}",
        Severity.WARNING if rule == 1 else Severity.NOTICE,
        f"{trend.measure.capitalize()} was unusually {'high' if side > 0 else 'low'}",
        f"In the week from {latest.week_at:%Y-%m-%d} it was {_told(trend, latest.value)} (n = {latest.n}), against "
        f"{_told(trend, centre)} in the weeks before: {RULES[rule]}.",
        latest.week_at + _WEEK,
        occasion=f"{latest.week_at:%Y-%m-%d}",
    )


def broken_rule(values: list[float]) -> tuple[int | None, int]:
    """The first rule that the last value breaks, and on which side (1 above, -1 below); limits are of those before."""
    before, latest = values[:-1], values[-1]
    centre = fmean(before)
    sigma = fmean(abs(b - a) for a, b in pairwise(before)) / _PER_RANGE
    if not sigma:
        return None, 0
    side = 1 if latest > centre else -1
    out = [side * (value - centre) / sigma for value in values]
    if out[-1] > 3:
        return 1, side
    if out[-1] > 2 and sum(each > 2 for each in out[-3:]) >= 2:
        return 2, side
    if out[-1] > 1 and sum(each > 1 for each in out[-5:]) >= 4:
        return 3, side
    if len(out) >= 8 and all(each > 0 for each in out[-8:]):
        return 4, side
    return None, 0


def _of_level(trend: Trend) -> Iterator[Signal]:
    points = trend.points[-BASELINE_WEEKS:]
    change = shift([point.value for point in points])
    if change is None or len(points) - change > _LATELY:
        return
    before, after = (fmean(point.value for point in part) for part in (points[:change], points[change:]))
    yield Signal(
        "control_chart",
        f"{trend.measure}: {'rose' if after > before else 'fell'}",
        Severity.NOTICE,
        f"{trend.measure.capitalize()} {'rose' if after > before else 'fell'} to a new level",
        f"Since the week from {points[change].week_at:%Y-%m-%d} it is {_told(trend, after)} a week on average, "
        f"against {_told(trend, before)} before.",
        points[change].week_at,
        occasion=f"{points[change].week_at:%Y-%m-%d}",
    )


def shift(values: list[float]) -> int | None:
    """Where the level changed most, as the place of the first value after it; None where chance does as well.

    A test by shuffling with a fixed seed, so that looking again yields the same.
    """
    ranked = np.argsort(np.argsort(values)).astype(np.float64)
    strength, place = _strongest(ranked)
    chance = np.random.default_rng(len(values))
    n_as_strong = sum(_strongest(chance.permutation(ranked))[0] >= strength for _ in range(_N_SHUFFLES))
    return place if (n_as_strong + 1) / (_N_SHUFFLES + 1) <= _SURE else None


def _strongest(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, int]:
    """The largest standardised difference of means over all places to divide, and that place."""
    n = len(values)
    places = np.arange(_FEWEST_AFTER, n - _FEWEST_AFTER + 1)
    sums = np.cumsum(values - values.mean())[places - 1]
    strength = np.abs(sums) / np.sqrt(places * (n - places) / n)
    best = int(strength.argmax())
    return float(strength[best]), int(places[best])


def _told(trend: Trend, value: float) -> str:
    return show_duration(value) if trend.unit == "seconds" else f"{value:.0f}"
