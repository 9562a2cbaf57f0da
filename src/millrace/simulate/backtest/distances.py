"""How far a simulated past lies from the real one, as distances that are 0 where both are the same."""

from typing import Any

import numpy as np
import numpy.typing as npt

from millrace.flow.flow import Flow
from millrace.flow.summary import SECOND
from millrace.simulate.fit.hours_of_week import hours_of_week

Seconds = npt.NDArray[np.float64]
HOURS_A_DAY, DAYS_A_WEEK = 24, 7


def wasserstein(some: Seconds, others: Seconds) -> float:
    """The mean distance that probability has to travel from one distribution to the other, in their unit."""
    from scipy.stats import wasserstein_distance

    return float(wasserstein_distance(some, others))


def relative_wasserstein(simulated: Seconds, real: Seconds) -> float:
    """The Wasserstein distance as a share of the mean of what is real: 0.1 is a tenth of the mean lead time."""
    return wasserstein(simulated, real) / float(real.mean())


def ngram_distance(simulated: Flow, real: Flow, n: int = 3) -> float:
    """How much the runs of `n` visited steps differ in frequency: 0 the same mix, 1 none in common.

    Ends count as steps, so that where items begin and end matters too. Frequencies, not counts, are compared: how
    much came in is told by throughput.
    """
    some, others = _ngrams(simulated, n), _ngrams(real, n)
    return 0.5 * sum(abs(some.get(gram, 0.0) - others.get(gram, 0.0)) for gram in some.keys() | others.keys())


def _ngrams(flow: Flow, n: int) -> dict[int, float]:
    visits = flow.visits.filter(~flow.visits.is_after_value)
    rows = visits.order_by("item", "began_at", "nth_visit").select("item", "step").to_pyarrow()
    return _grams(rows["item"].to_numpy(), rows["step"].to_numpy().astype(np.int64), len(flow.step_names), n)


def _grams(item: Any, step: Any, n_steps: int, n: int) -> dict[int, float]:
    """The share of each run of `n` steps; a run is coded as one number."""
    base = n_steps + 1
    padded = _padded(item, step, n_steps, n - 1)
    coded = np.zeros(len(padded) - n + 1, np.int64)
    for k in range(n):
        coded = coded * base + padded[k : len(padded) - n + 1 + k]
    grams, counts = np.unique(coded[_is_inside(padded, n_steps, n)], return_counts=True)
    return dict(zip(grams.tolist(), (counts / max(counts.sum(), 1)).tolist(), strict=True))


def _padded(item: Any, step: Any, end: int, width: int) -> Any:
    """The steps of all items in a row, with `width` ends before, between and after them."""
    breaks = np.flatnonzero(np.diff(item)) + 1
    place = np.arange(len(step)) + width * (1 + np.searchsorted(breaks, np.arange(len(step)), side="right"))
    padded = np.full(len(step) + width * (len(breaks) + 2), end, np.int64)
    padded[place] = step
    return padded


def _is_inside(padded: Any, end: int, n: int) -> Any:
    """Runs that hold at least one step."""
    windows = np.lib.stride_tricks.sliding_window_view(padded, n)
    return (windows != end).any(axis=1)


def circadian_distance(simulated: Flow, real: Flow) -> float:
    """How far apart in the day events happen, in hours, weekday by weekday and weighted by the real events of each.

    Hours are those of the stream's time zone. A weekday that only the real log has counts with a whole day.
    """
    some, others = _by_hour(simulated), _by_hour(real)
    weights = others.sum(axis=1) / others.sum()
    apart = [
        wasserstein_of_hours(some[day], others[day]) if some[day].sum() else float(HOURS_A_DAY)
        for day in range(DAYS_A_WEEK)
        if others[day].sum()
    ]
    return float(np.dot(apart, weights[others.sum(axis=1) > 0]))


def wasserstein_of_hours(some: Any, others: Any) -> float:
    """The Wasserstein distance of two histograms over the hours of a day, in hours."""
    return float(np.abs(np.cumsum(some / some.sum() - others / others.sum())).sum())


def _by_hour(flow: Flow) -> Any:
    """Beginnings of spans before value per weekday (Monday first) and hour."""
    spans = flow.spans.filter(flow.spans.is_before_value | (flow.spans.elapsed > 0))
    at = spans.select("began_at").to_pyarrow()["began_at"].to_numpy().astype("datetime64[us]").astype(np.int64)
    hour = hours_of_week(at, flow.about.calendar.zone)
    return np.bincount(hour, minlength=HOURS_A_DAY * DAYS_A_WEEK).reshape(DAYS_A_WEEK, HOURS_A_DAY).astype(np.float64)


def lead_seconds(flow: Flow) -> Seconds:
    """Lead times of the delivered items."""
    items = flow.items.filter(flow.items.value_at.notnull())
    rows = items.select("demand_at", "value_at").to_pyarrow()
    demand_at, value_at = (rows[column].to_numpy().astype("datetime64[us]") for column in ("demand_at", "value_at"))
    return np.asarray((value_at - demand_at).astype(np.int64) / SECOND, np.float64)
