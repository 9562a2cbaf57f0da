"""Demand peaks: on days that bring more than usual, everything waits longer."""

from typing import NamedTuple

import numpy as np

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.evidence import HOUR, Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Unit
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.queues import NEW
from millrace.diagnose.findings.saying import percent, times
from millrace.diagnose.findings.worked_time import WorkedTime, worked_time
from millrace.flow.spans import QUEUE, WAITING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

PEAK = 1.5
"""A day's demand over that of the typical working day."""
LEAST_DAYS = 6
"""Peak days, and days beside them."""
LEAST_OF_DAY = 5
"""Items of a day whose median wait counts."""
LEAST_FACTOR = 1.5
"""Wait of items from peak days over that of the others, medians of days."""
_REST = 0.25
"""Days with less than this share of the mean are days of rest."""

NO_QUEUES = Absent("this log tells of no waits in queues")


def demand_peaks(evidence: Evidence) -> Examined | Absent:
    """Whether items demanded on peak days wait longer, tested over days, and the time beyond the usual."""
    from scipy.stats import mannwhitneyu

    spans = evidence.spans
    waits = np.isin(spans.state, (NEW, WAITING)) & (spans.wait_reason == QUEUE) & evidence.is_in_flow
    if not waits.any():
        return NO_QUEUES
    wait_of_item = evidence.per_item(np.where(waits, evidence.derived(worked_time).of_span, 0))
    days, day_of_item, n = np.unique(evidence.items.demand_at // (24 * HOUR), return_inverse=True, return_counts=True)
    load = n / n[n >= _REST * n.mean()].mean()
    is_peak, is_usual = (load >= PEAK) & (n >= LEAST_OF_DAY), (load < PEAK) & (load >= _REST) & (n >= LEAST_OF_DAY)
    if min(is_peak.sum(), is_usual.sum()) < LEAST_DAYS:
        return Examined()
    median_of_day = _medians(day_of_item, wait_of_item, len(days))
    p = float(mannwhitneyu(median_of_day[is_peak], median_of_day[is_usual], alternative="greater").pvalue)
    peak, usual = float(np.median(median_of_day[is_peak])), float(np.median(median_of_day[is_usual]))
    if peak < LEAST_FACTOR * usual:
        return Examined((), (p,))
    found = _Peaks(load[is_peak], n[is_peak], int(is_usual.sum()), int(n.sum()), peak / SECOND, usual / SECOND, p)
    claim = _excess(evidence, waits, is_peak[day_of_item], 1 - usual / peak)
    return Examined((_candidate(evidence.derived(worked_time), found, claim),), (p,))


class _Peaks(NamedTuple):
    """Load and items of each peak day, how many days and items there are beside them, and the waits in seconds."""

    load: np.ndarray
    n: np.ndarray
    n_usual: int
    n_items: int
    wait: float
    usual: float
    p_value: float


def _candidate(worked: WorkedTime, found: _Peaks, claim: Claim) -> Candidate:
    n_days, typical = len(found.load), float(np.median(found.load))
    clock = "working time" if worked.is_by_calendar else "elapsed"
    return Candidate(
        f"On {n_days:,} days demand was {times(typical)} the usual (median), and what came in on them waited "
        f"{worked.in_words(found.wait)} in queues instead of {worked.in_words(found.usual)}. These days brought "
        f"{percent(found.n.sum() / found.n_items)} of all items.",
        claim,
        (
            Figure("wait after a peak", found.wait, Unit.SECONDS,
                   f"Median over peak days of the median wait in queues per item, {clock}", n_days, "days"),
            Figure("wait on other days", found.usual, Unit.SECONDS, "Likewise over the other working days",
                   found.n_usual, "days"),
            Figure("demand on peak days", typical, Unit.FACTOR,
                   "Median over peak days of the items demanded, over the mean of working days", n_days, "days"),
            Figure("items", int(found.n.sum()), Unit.COUNT, "Items demanded on peak days", found.n_items),
        ),
        p_value=found.p_value,
        picture=Bars(
            "Wait in queues, by the day of demand", Unit.SECONDS, f"median of days, {clock}",
            (Bar("peak days", found.wait, n_days, is_the_finding=True),
             Bar("other days", found.usual, found.n_usual)),
        ),
    )  # fmt: skip


def _medians(groups: Int64s, values: Int64s, n_groups: int) -> np.ndarray:
    order = np.lexsort((values, groups))
    edges = np.searchsorted(groups[order], np.arange(n_groups + 1))
    ordered = values[order]
    middle = (edges[:-1] + edges[1:]) // 2
    return np.asarray((ordered[middle] + ordered[np.maximum((edges[:-1] + edges[1:] - 1) // 2, edges[:-1])]) / 2)


def _excess(evidence: Evidence, waits: Bools, is_from_peak: Bools, ratio: float) -> Claim:
    """That share of the waits of items from peak days."""
    rows = np.flatnonzero(waits & is_from_peak[evidence.item_of_span])
    claimed = (evidence.spans.elapsed[rows] * ratio).astype(np.int64)
    return Claim(rows[claimed > 0], claimed[claimed > 0])


KIND = Kind(
    "demand_peaks",
    "Demand beyond capacity",
    "Items demanded on days with 1.5 times the usual demand wait 1.5 times as long or longer, tested over days.",
    wastes=("waiting", "inventory"),
    specificity=Specificity.GROUP,
    look=demand_peaks,
)
