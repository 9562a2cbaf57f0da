"""Extreme touchpoints: a few items come into far more hands than the others."""

import numpy as np

from millrace.diagnose.findings.claim import part_of_spans
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items, percent
from millrace.diagnose.findings.touches import is_standing, touches
from millrace.flow.handoffs import NO_TEAMS
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

REACH = 3
"""An item is extreme so many interquartile ranges above the third quartile …"""
LEAST_TOUCHES = 8
"""… and with so many touches at least."""
LEAST_FACTOR = 2
"""… and so many times the median."""
LEAST_SHARE = 0.005


def extreme_touchpoints(evidence: Evidence) -> Examined | Absent:
    """Items in far more hands than the others, and the part of their standing time that the surplus accounts for."""
    if not evidence.flow.about.people and not evidence.flow.about.teams:
        return NO_TEAMS
    n_touches = touches(evidence)
    delivered = n_touches[evidence.is_delivered]
    if not len(delivered):
        return Examined()
    lower, upper = np.quantile(delivered, (0.25, 0.75))
    fence = max(upper + REACH * (upper - lower), LEAST_FACTOR * float(np.median(delivered)), LEAST_TOUCHES - 1)
    extreme = n_touches > fence
    if extreme.sum() < max(LEAST_SHARE * len(extreme), 1):
        return Examined()
    return Examined((_candidate(evidence, extreme, n_touches),))


def _candidate(evidence: Evidence, extreme: Bools, n_touches: Int64s) -> Candidate:
    median = float(np.median(n_touches[evidence.is_delivered]))
    surplus = np.where(extreme, 1 - median / np.maximum(n_touches, 1), 0.0)
    life = evidence.flow_time_of_item / SECOND
    n, hands = int(extreme.sum()), "people" if evidence.flow.about.people else "teams"
    mean, mean_rest = float(n_touches[extreme].mean()), float(n_touches[~extreme].mean())
    sentence = (
        f"{items(n)} ({percent(n / len(extreme))}) pass through {int(n_touches[extreme].min())} and more hands, "
        f"{np.median(n_touches[extreme]):.0f} in the median, where {median:.0f} "
        f"{'is' if median == 1 else 'are'} usual ({hands}, counted each time they take it over). "
        f"They last {duration(float(np.median(life[extreme])))} in the median, the others "
        f"{duration(float(np.median(life[~extreme])))}."
    )
    definition = f"Times that other {hands} take the item over, mean"
    return Candidate(
        sentence,
        part_of_spans(evidence, is_standing(evidence), surplus[evidence.item_of_span]),
        (
            Figure("items", n / len(extreme), Unit.RATIO, "Items with extremely many touches", len(extreme)),
            Figure("touches", mean, Unit.COUNT, definition, n),
            Figure("touches of the others", mean_rest, Unit.COUNT, definition, len(extreme) - n),
        ),
        items=evidence.items.item[extreme],
        interval=interval_of_share(n, len(extreme)),
        picture=Bars(
            "Hands that an item passes through",
            Unit.COUNT,
            "mean",
            (Bar("these items", mean, n, is_the_finding=True), Bar("all others", mean_rest, len(extreme) - n)),
        ),
    )


KIND = Kind(
    "extreme_touchpoints",
    "Extremely many touchpoints",
    "At least 0.5 % of the items come into at least eight hands, more than twice the median and more than the "
    "third quartile and three interquartile ranges. At stake is the share of their standing time that exceeds the "
    "usual number of hands.",
    wastes=("motion", "transportation"),
    specificity=Specificity.PATTERN,
    look=extreme_touchpoints,
)
