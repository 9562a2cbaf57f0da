"""Closing tail: value has been delivered, and the item stays open for days more."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import HOUR, Evidence
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_median
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, percent
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_ITEMS = 50
LEAST_MEDIAN = 24 * HOUR
LEAST_SHARE = 0.1
"""Of the whole life of all items."""
LEAST_TIMED = 0.3
"""Share of items that close at nearly the same age, from which on a timer is behind it."""
_SAME = 0.02

_NOTHING_LATER = Absent("value is each item's last event here, so nothing can follow it")


def closing_tail(evidence: Evidence) -> Examined | Absent:
    """The time from value to the last event of delivered items."""
    if evidence.flow.about.stream.value.rule.event:
        return _NOTHING_LATER
    delivered = evidence.is_delivered
    tails = (evidence.items.ended_at - evidence.items.value_at)[delivered]
    if len(tails) < LEAST_ITEMS:
        return Examined()
    median, life = float(np.median(tails)), int(evidence.life_of_item.sum())
    share = float(tails.sum()) / life if life else 0.0
    if median < LEAST_MEDIAN or share < LEAST_SHARE:
        return Examined()
    timed = float(np.mean(np.abs(tails - median) <= max(_SAME * median, HOUR / 4)))
    return Examined((_candidate(evidence, len(tails), median, share, timed, tails),))


def _candidate(evidence: Evidence, n: int, median: float, share: float, timed: float, tails: object) -> Candidate:
    long = duration(median / SECOND)
    sentence = (
        f"Once the work is done, an item stays open for another {long} (median of {n:,}); "
        f"that is {percent(share)} of the whole life of all items."
    )
    if timed >= LEAST_TIMED:
        sentence += f" {percent(timed)} of them close at almost exactly that age: a timer closes them, not a person."
    spans = evidence.spans
    after = evidence.is_delivered[evidence.item_of_span] & ~spans.is_before_value
    return Candidate(
        sentence,
        whole_spans(evidence, after),
        (
            Figure("closing tail", median / SECOND, Unit.SECONDS, "Median time from value to the last event", n),
            Figure("share of life", share, Unit.RATIO, "Closing tails of all time from demand to last event", n),
            Figure("closed by a timer", timed, Unit.RATIO, "Closing tails within 2 % of the median", n),
        ),
        interval=interval_of_median(tails),
    )


KIND = Kind(
    "closing_tail",
    "Done, but not closed",
    "Half of all delivered items stay open for a day or more after value, and that makes a tenth or more of all time.",
    wastes=("inventory", "waiting"),
    specificity=Specificity.CAUSE,
    look=closing_tail,
)
