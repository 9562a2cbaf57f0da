"""Kaplan–Meier estimate of lead time over finished and unfinished items."""

from dataclasses import dataclass
from typing import Any

from millrace.flow.flow import Flow
from millrace.flow.lead_time import is_open, microseconds
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summary import PROBABILITIES, SECOND

NOTABLE_RATIO = 1.1
"""From which ratio on the two ways of counting are said to part."""


@dataclass(frozen=True)
class LeadTimeSurvival:
    """Quantiles over finished and unfinished items; None where fewer than that share has been delivered.

    `parts_from_finished` is a sentence where the finished-only figures flatter, else None.
    """

    n_finished: int
    n_unfinished: int
    p50_seconds: float | None
    p85_seconds: float | None
    p95_seconds: float | None
    parts_from_finished: str | None


def survival(flow: Flow, *, selection: Selection = EVERYTHING) -> LeadTimeSurvival:
    """Lead time quantiles that count open items as not delivered yet, and ended ones until they were."""
    import numpy as np

    items = selected(flow, selection, instant=None)
    left_at = microseconds(items.value_at.fill_null(items.ended_at))
    until = is_open(items).ifelse(flow.about.last_at, left_at)
    table = items.select(age=until - microseconds(items.demand_at), is_delivered=items.value_at.notnull()).to_pyarrow()
    ages = table["age"].to_numpy()
    is_delivered = table["is_delivered"].to_numpy()
    estimates = kaplan_meier(ages, is_delivered)
    finished = [float(x) for x in np.quantile(ages[is_delivered], PROBABILITIES)] if is_delivered.any() else None
    n_finished = int(is_delivered.sum())
    p50, p85, p95 = (None if estimate is None else estimate / SECOND for estimate in estimates)
    note = _parting(estimates, finished) if n_finished < len(ages) else None
    return LeadTimeSurvival(n_finished, len(ages) - n_finished, p50, p85, p95, note)


def kaplan_meier(ages: Any, is_delivered: Any) -> list[float | None]:
    """The ages by which the estimated share of `PROBABILITIES` is delivered; None where the curve ends before.

    Product-limit estimate (Kaplan and Meier, 1958): at each age with deliveries the share still waiting is multiplied
    by 1 − deliveries ÷ items at risk.
    """
    import numpy as np

    if not len(ages):
        return [None] * len(PROBABILITIES)
    # Sorted as one number each: the age, and beside it whether the item was not delivered then.
    coded = np.sort(ages * 2 + ~is_delivered)
    ages, is_delivered = coded >> 1, coded & 1 == 0
    first = np.flatnonzero(np.diff(ages, prepend=ages[0] - 1))
    at_risk = len(ages) - first
    deliveries = np.add.reduceat(is_delivered.astype(np.int64), first)
    delivered_share = 1 - np.cumprod(1 - deliveries / at_risk)
    reached = np.searchsorted(delivered_share, np.array(PROBABILITIES) - 1e-12)
    return [float(ages[first[k]]) if k < len(first) else None for k in reached]


def _parting(estimates: list[float | None], finished: list[float] | None) -> str | None:
    if finished is None:
        return None
    for probability, estimate, plain in zip(PROBABILITIES, estimates, finished, strict=True):
        share = f"{probability:.0%}".replace("%", " %")
        if estimate is None:
            return (
                f"Fewer than {share} of all items have been delivered so far, "
                "so finished items alone make lead time look shorter than it is."
            )
        if plain and estimate / plain >= NOTABLE_RATIO:
            return (
                f"Counting open items too, {share} are delivered within {estimate / plain:.1f} times "
                "the lead time that finished items alone suggest."
            )
    return None
