"""How demand arrives: the rhythm of the week, its growth, its bursts."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.holidays import holidays, is_on
from millrace.simulate.fit.hours_of_week import hours_of_week
from millrace.simulate.simulated_stream import HOURS_PER_WEEK, Arrivals

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEK = 7 * DAY
SCARCE_RATIO = 0.25
"""A week with less than this share of the usual demand is not part of the steady period."""
SMOOTHED_WEEKS = 5
PSEUDO_WEEKS = 1.0
"""How many weeks the expected rhythm counts beside those observed in an hour of the week."""
SURE_GROWTH = 3.0
"""Standard errors from which on growth is believed."""
MOST_GROWTH = 0.03
"""Growth per week beyond which no fit extrapolates."""
LEAST_WEEKS_OF_GROWTH = 8
EVEN_RATIO = 0.5
"""Demand is called even if its days vary by less than this share of what chance makes of them."""
LEAST_FREE_DAYS = 4
"""Days beyond a week that it takes to tell."""


@dataclass(frozen=True)
class SteadyPeriod:
    """The stretch of time in which demand came as usual, [since_at, until_at) in microseconds since 1970 UTC.

    Exports often hold few items from long before and long after the time they cover well. `days_off` do not tell the
    demand of ordinary days.
    """

    since_at: int
    until_at: int
    n_items: int
    n_left_out: int
    days_off: tuple[date, ...] = ()


def steady_period(demand_at: Ints) -> SteadyPeriod:
    """The longest run of weeks that each have at least a quarter of the demand of an item's usual week.

    Where that holds less than half of all items, lean weeks are no end of it: then means of several weeks are compared.
    """
    ordered = np.sort(demand_at)
    week = (ordered - int(ordered[0]) // DAY * DAY) // WEEK
    counts = np.bincount(week).astype(np.float64)
    chosen = _fullest_run(counts, week)
    if chosen.sum() < len(ordered) / 2:
        chosen = _fullest_run(np.convolve(counts, np.full(SMOOTHED_WEEKS, 1 / SMOOTHED_WEEKS), "same"), week)
    inside = ordered[chosen]
    # The demand of the steady weeks tells where exactly the first begins and the last ends.
    return SteadyPeriod(int(inside[0]), int(inside[-1]) + 1, len(inside), len(ordered) - len(inside))


def _fullest_run(level: Floats, week: Ints) -> npt.NDArray[np.bool_]:
    """The items of the run of weeks at a usual level that holds most of them."""
    usual = float(np.median(level[week]))
    steady = np.concatenate(([False], level >= SCARCE_RATIO * usual, [False]))
    edges = np.flatnonzero(steady[1:] != steady[:-1]).reshape(-1, 2)
    n_before = np.searchsorted(week, np.arange(len(level) + 1))
    first, last = max(edges.tolist(), key=lambda run: int(n_before[run[1]] - n_before[run[0]]))
    return np.asarray((week >= first) & (week < last), np.bool_)


def arrivals(demand_at: Ints, period: SteadyPeriod, zone: str) -> Arrivals:
    """The process by which items arrive, fitted to those of the steady period."""
    every = np.sort(demand_at[(demand_at >= period.since_at) & (demand_at < period.until_at)])
    period = replace(period, days_off=holidays(every, zone))
    at = every[~is_on(every, period.days_off, zone)]
    instants, counts = np.unique(at, return_counts=True)
    per_hour = _rhythm(instants, period, zone)
    together = float(counts.mean())
    growth, anchor = _growth(at, period, per_hour * together, zone)
    return Arrivals(
        per_hour=tuple((per_hour * together).tolist()),
        zone=zone,
        growth_per_week_ratio=growth,
        anchor_at=anchor,
        day_variation=_day_variation(at, period, per_hour * together, zone, together),
        n_per_arrival=together,
        gap_variation=_gap_variation(instants, period, per_hour, zone),
        holidays=period.days_off,
        holiday_ratio=_holiday_ratio(len(every) - len(at), period.days_off, per_hour * together),
    )


def _holiday_ratio(n_found: int, days_off: tuple[date, ...], per_hour: Floats) -> float:
    """Demand on days off as a share of that of ordinary such days."""
    expected = sum(float(per_hour.reshape(7, 24)[day.weekday()].sum()) for day in days_off)
    return n_found / expected if expected else 1.0


def _rhythm(at: Ints, period: SteadyPeriod, zone: str) -> Floats:
    """Mean arrivals per hour of the week; hours seen seldom lean on what their weekday and hour of day suggest."""
    counts = np.bincount(hours_of_week(at, zone), minlength=HOURS_PER_WEEK).astype(np.float64)
    exposure = _exposure(period, zone)
    expected = _expected(counts, exposure)
    return np.asarray((counts + PSEUDO_WEEKS * expected) / (exposure + PSEUDO_WEEKS))


def _exposure(period: SteadyPeriod, zone: str) -> Floats:
    """How often each hour of the week came, in hours."""
    quarters = np.arange(period.since_at, period.until_at, HOUR // 4, dtype=np.int64)
    quarters = quarters[~is_on(quarters, period.days_off, zone)]
    return np.bincount(hours_of_week(quarters, zone), minlength=HOURS_PER_WEEK) / 4


def _expected(counts: Floats, exposure: Floats) -> Floats:
    """The rate of an hour of the week as a product of its weekday's and its hour's share."""
    per_day, seen_per_day = (figures.reshape(7, 24).sum(axis=1) for figures in (counts, exposure))
    per_hour, seen_per_hour = (figures.reshape(7, 24).sum(axis=0) for figures in (counts, exposure))
    mean = counts.sum() / exposure.sum()
    day_rate = np.where(seen_per_day > 0, per_day / np.maximum(seen_per_day, 1e-9), mean)
    hour_rate = np.where(seen_per_hour > 0, per_hour / np.maximum(seen_per_hour, 1e-9), mean)
    return np.asarray((day_rate[:, None] * hour_rate[None, :] / mean).ravel())


def _daily(at: Ints, period: SteadyPeriod, per_hour: Floats, zone: str) -> tuple[Floats, Floats]:
    """Demand of each whole day since the period began, and what the rhythm expects of it."""
    n_days = (period.until_at - period.since_at) // DAY
    day = (at - period.since_at) // DAY
    found = np.bincount(day[day < n_days], minlength=n_days).astype(np.float64)
    hours = period.since_at + HOUR // 2 + HOUR * np.arange(n_days * 24, dtype=np.int64)
    rates = np.where(is_on(hours, period.days_off, zone), 0.0, per_hour[hours_of_week(hours, zone)])
    return found, rates.reshape(n_days, 24).sum(axis=1)


def _growth(at: Ints, period: SteadyPeriod, per_hour: Floats, zone: str) -> tuple[float, datetime | None]:
    """Growth per week, if it is beyond doubt, and the instant at which the rhythm is the mean one.

    A line through the logarithms of what each week had beside what the rhythm expects of it, weighed by that; its
    standard error comes from how the weeks scatter, not from the Poisson distribution.
    """
    found, expected = _daily(at, period, per_hour, zone)
    n_weeks = len(found) // 7
    if n_weeks < LEAST_WEEKS_OF_GROWTH:
        return 0.0, None
    weekly, usual = (figures[: n_weeks * 7].reshape(n_weeks, 7).sum(axis=1) for figures in (found, expected))
    if not weekly.all():
        return 0.0, None
    x = np.arange(n_weeks) + 0.5
    middle = float(np.average(x, weights=usual))
    y = np.log(weekly / usual)
    spread = float((usual * (x - middle) ** 2).sum())
    slope = float((usual * (x - middle) * y).sum()) / spread
    off = y - np.average(y, weights=usual) - slope * (x - middle)
    error = float(np.sqrt((usual * off**2).sum() / (n_weeks - 2) / spread))
    if abs(slope) < SURE_GROWTH * error:
        return 0.0, None
    anchor = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(period.since_at + middle * WEEK))
    return float(np.clip(np.expm1(slope), -MOST_GROWTH, MOST_GROWTH)), anchor


def _day_variation(at: Ints, period: SteadyPeriod, per_hour: Floats, zone: str, together: float) -> float:
    """By how much days vary beyond what chance explains, as a coefficient of variation."""
    found, expected = _daily(at, period, per_hour, zone)
    if not expected.any():
        return 0.0
    by_chance = expected * (2 * together - 1)
    excess = float((((found - expected) ** 2) - by_chance).sum() / (expected**2).sum())
    return float(np.sqrt(max(excess, 0.0)))


def _gap_variation(at: Ints, period: SteadyPeriod, per_hour: Floats, zone: str) -> float:
    """The variation of gaps where days vary much less than chance would have it, else 1.

    Over many gaps the variance of a count is its mean times the squared variation of a gap.
    """
    found, expected = _daily(at, period, per_hour, zone)
    usual = np.flatnonzero(expected > 1)
    n_free = len(usual) - len(np.unique(usual % 7))
    if n_free < LEAST_FREE_DAYS:
        return 1.0
    dispersion = float((((found - expected) ** 2)[usual] / expected[usual]).sum()) / n_free
    return float(np.sqrt(dispersion)) if dispersion < EVEN_RATIO else 1.0
