"""The verdict of a back-test in words: what forecasts can be trusted for, and what not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from millrace.simulate.backtest.backtest import Backtest, Distance, Level


class Trust(StrEnum):
    """How far a fitted stream can be trusted for something."""

    TRUSTWORTHY = "trustworthy"
    ROUGH = "rough"
    NOT_TRUSTWORTHY = "not trustworthy"


NEAR_NOISE = 2.0
"""Up to so many times the distance of two simulated runs, the real one might be a third."""
SMALL_LEAD_RATIO, LARGE_LEAD_RATIO = 0.05, 0.35
"""Distances as a share of the mean lead time: small enough whatever the noise, and too large for anything."""
SMALL_ROUTES, LARGE_ROUTES = 0.05, 0.2
SMALL_HOURS, LARGE_HOURS = 0.5, 2.0
SMALL_ERROR, LARGE_ERROR = 0.1, 0.25


@dataclass(frozen=True)
class Verdict:
    """How far to trust the forecast of one subject, and why, in a sentence."""

    subject: str
    trust: Trust
    sentence: str


def verdicts(backtest: Backtest) -> tuple[Verdict, ...]:
    """One verdict for each subject."""
    return (
        _lead_time(backtest),
        _distance("routes", backtest.routes, SMALL_ROUTES, LARGE_ROUTES, _percent, "of the runs of three steps differ"),
        _distance("time of day", backtest.time_of_day, SMALL_HOURS, LARGE_HOURS, _hours, "is how far events are off"),
        _level("demand", backtest.demand, "items were demanded"),
        _level("throughput", backtest.throughput, "items were delivered in a week"),
        _level("work in progress", backtest.work_in_progress, "items were under way at the end of a day"),
    )


def _lead_time(backtest: Backtest) -> Verdict:
    found = backtest.lead_time
    best = min(backtest.baselines, key=lambda each: each.distance_ratio)
    beats = found.distance < best.distance_ratio
    trust = _trust(found, SMALL_LEAD_RATIO, LARGE_LEAD_RATIO)
    if not beats and trust is Trust.ROUGH:
        trust = Trust.NOT_TRUSTWORTHY
    against = "nearer than" if beats else "no nearer than"
    sentence = (
        f"The simulated lead times lie {_percent(found.distance)} of the mean away from the real ones; two simulated "
        f"runs lie {_percent(found.noise)} apart. That is {against} the best guess without a model "
        f"({best.name}: {_percent(best.distance_ratio)})."
    )
    return Verdict("lead time", trust, sentence)


def _trust(found: Distance, small: float, large: float) -> Trust:
    if found.distance <= max(NEAR_NOISE * found.noise, small):
        return Trust.TRUSTWORTHY
    return Trust.ROUGH if found.distance <= large else Trust.NOT_TRUSTWORTHY


def _distance(
    subject: str, found: Distance, small: float, large: float, show: Callable[[float], str], what: str
) -> Verdict:
    sentence = f"{show(found.distance)} {what}; between two simulated runs it is {show(found.noise)}."
    return Verdict(subject, _trust(found, small, large), sentence)


def _level(subject: str, level: Level, what: str) -> Verdict:
    error = abs(level.error_ratio)
    within = abs(level.simulated - level.real) <= NEAR_NOISE * level.deviation
    trust = Trust.NOT_TRUSTWORTHY
    if error <= SMALL_ERROR or (within and error <= LARGE_ERROR):
        trust = Trust.TRUSTWORTHY
    elif error <= LARGE_ERROR or within:
        trust = Trust.ROUGH
    return Verdict(subject, trust, f"{level.real:,.0f} {what}; simulated were {level.simulated:,.0f}.")


def _percent(ratio: float) -> str:
    return f"{100 * ratio:.1f} %"


def _hours(hours: float) -> str:
    return f"{hours:.1f} h"
