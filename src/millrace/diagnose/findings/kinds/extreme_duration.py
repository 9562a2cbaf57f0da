"""Extreme duration: a few items last so long that they hold a good part of all time."""

import numpy as np

from millrace.diagnose.findings.claim import excess_of_items
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import count, duration, items, percent
from millrace.flow.summary import SECOND

REACH = 10
"""An item is extreme so many interquartile ranges above the third quartile: far beyond a long tail."""
LEAST_SHARE, MOST_SHARE = 0.005, 0.05
"""Of the items; beyond, they are a second sort of items and no extremes."""
LEAST_TIME = 0.08
"""Of all time before value."""


def extreme_duration(evidence: Evidence) -> Examined:
    """Items far above all others, and the time by which they exceed the 95th percentile."""
    time = evidence.flow_time_of_item
    if not evidence.is_delivered.any():
        return Examined()
    fence = _fence(evidence, time)
    worked = evidence.per_item(np.where(evidence.is_in_flow, evidence.spans.business, 0))
    # On both clocks, so that a weekend makes nothing extreme.
    extreme = (time > fence) & (worked > _fence(evidence, worked))
    is_few = LEAST_SHARE <= extreme.mean() <= MOST_SHARE
    if not is_few or time[extreme].sum() < LEAST_TIME * evidence.flow_total:
        return Examined()
    return Examined((_candidate(evidence, extreme, fence),))


def _fence(evidence: Evidence, times: Int64s) -> float:
    """The time beyond which an item is extreme, from the delivered ones."""
    lower, upper = np.quantile(times[evidence.is_delivered], (0.25, 0.75))
    return float(upper + REACH * (upper - lower))


def _candidate(evidence: Evidence, extreme: Bools, fence: float) -> Candidate:
    time = evidence.flow_time_of_item
    p50, p95 = np.quantile(time[evidence.is_delivered], (0.5, 0.95))
    n, share = int(extreme.sum()), float(time[extreme].sum() / evidence.flow_total)
    rows = np.flatnonzero(extreme)
    n_open = int((extreme & ~evidence.is_delivered).sum())
    still = f"; {count(n_open)} of them {'is' if n_open == 1 else 'are'} still open" if n_open else ""
    shortest = float(time[extreme].min()) / SECOND
    sentence = (
        f"{items(n)} ({percent(n / len(extreme))}) last far longer than the others, with nights and without: "
        f"{duration(shortest)} or more. They hold {percent(share)} of all time; the median is "
        f"{duration(p50 / SECOND)}{still}."
    )
    return Candidate(
        sentence,
        excess_of_items(evidence, rows, time[rows] - int(p95)),
        (
            Figure("items", n / len(extreme), Unit.RATIO, f"Longer than {duration(fence / SECOND)}", len(extreme)),
            Figure("share of time", share, Unit.RATIO, "Their time before value, of all", n),
            Figure("median", float(p50 / SECOND), Unit.SECONDS, "Lead time of all", int(evidence.is_delivered.sum())),
        ),
        items=evidence.items.item[extreme],
        interval=interval_of_share(n, len(extreme)),
        picture=Bars(
            "How long items last",
            Unit.SECONDS,
            "time before value",
            (
                Bar("median of all", float(p50 / SECOND), len(extreme)),
                Bar("19 of 20 within", float(p95 / SECOND), len(extreme)),
                Bar("mean of the extreme", float(time[extreme].mean() / SECOND), n, is_the_finding=True),
            ),
        ),
    )


KIND = Kind(
    "extreme_duration",
    "Extreme durations",
    "Items that last longer than the third quartile and ten interquartile ranges more, on both clocks: at least 0.5 % "
    "and at most 5 % of the items, with at least 8 % of all time before value. At stake is what exceeds the 95th "
    "percentile.",
    wastes=("inventory", "waiting"),
    specificity=Specificity.SHARE,
    look=extreme_duration,
)
