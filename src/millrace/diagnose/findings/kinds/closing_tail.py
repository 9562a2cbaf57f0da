"""Closing tail: value has been delivered, and the item stays open for days more."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import HOUR, Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, percent
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_ITEMS = 50
LEAST_OPEN = 0.25
"""Of the delivered items, those that stay open for more than a working day."""
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
    items, delivered = evidence.items, evidence.is_delivered
    tails = (items.ended_at - items.value_at)[delivered]
    working_day = evidence.flow.about.calendar.hours_per_day * HOUR
    is_long = (items.business_close - items.business_lead)[delivered] > working_day
    life = int(evidence.life_of_item.sum())
    if len(tails) < LEAST_ITEMS or is_long.mean() < LEAST_OPEN or tails.sum() < LEAST_SHARE * life:
        return Examined()
    return Examined((_candidate(evidence, tails, is_long, float(tails.sum()) / life),))


def _candidate(evidence: Evidence, tails: Int64s, is_long: Bools, share: float) -> Candidate:
    n, n_long, long = len(tails), int(is_long.sum()), tails[is_long]
    median = float(np.median(long))
    timed = float(np.mean(np.abs(long - median) <= max(_SAME * median, HOUR / 4)))
    sentence = (
        f"{n_long:,} of {n:,} items ({percent(n_long / n)}) stay open for more than a working day after the work is "
        f"done, {duration(median / SECOND)} in the median: {percent(share)} of the whole life of all items."
    )
    if timed >= LEAST_TIMED:
        sentence += f" {percent(timed)} of them close at almost exactly that age: a timer closes them, not a person."
    spans = evidence.spans
    after = evidence.is_delivered[evidence.item_of_span] & ~spans.is_before_value
    return Candidate(
        sentence,
        whole_spans(evidence, after),
        (
            Figure("stay open", n_long / n, Unit.RATIO, "Open for over a working day after value, of the delivered", n),
            Figure("closing tail", median / SECOND, Unit.SECONDS, "Median of theirs, from value to the last event",
                   n_long),
            Figure("share of life", share, Unit.RATIO, "All closing tails, of all time from demand to last event", n),
            Figure("closed by a timer", timed, Unit.RATIO, "Tails within 2 % of the median, of the long ones", n_long),
        ),
        interval=interval_of_share(n_long, n),
    )  # fmt: skip


KIND = Kind(
    "closing_tail",
    "Done, but not closed",
    "A quarter or more of all delivered items stay open for more than a working day after value, and all such time "
    "makes a tenth or more of the whole.",
    wastes=("inventory", "waiting"),
    specificity=Specificity.CAUSE,
    look=closing_tail,
)
