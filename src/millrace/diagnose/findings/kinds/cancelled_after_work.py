"""Cancelled after work: items that were given up when much of the work was done."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items, percent
from millrace.flow.spans import CANCELLED
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_RATIO = 0.04
"""The lower end of the interval has to reach it."""
LEAST_WORK = 0.5
"""Of the median work on an item that is delivered: less is finding out that nothing has to be done."""

NO_WORK = Absent("this log cannot tell working from waiting")
NO_CANCELLED = Absent("no status or activity of this log says that an item was cancelled")


def cancelled_after_work(evidence: Evidence) -> Examined | Absent:
    """Items that ended cancelled with half the usual work or more done, and all their time."""
    if not evidence.flow.knows_work:
        return NO_WORK
    cancelled = ~evidence.is_delivered & (evidence.items.last_state == CANCELLED)
    if not cancelled.any():
        return NO_CANCELLED
    work = evidence.items.active
    delivered_work = work[evidence.is_delivered & (work > 0)]
    usual = float(np.median(delivered_work)) if len(delivered_work) else 0.0
    late = cancelled & (work > 0) & (work >= LEAST_WORK * usual)
    ended = int((evidence.is_delivered | cancelled).sum())
    n = int(late.sum())
    interval = interval_of_share(n, ended)
    if interval is None or interval.low < LEAST_RATIO:
        return Examined()
    spent, each = float(work[late].sum()) / SECOND, float(np.median(work[late])) / SECOND
    return Examined(
        (
            Candidate(
                f"{n:,} of {items(ended)} that ended ({percent(n / ended)}) were cancelled when half the usual work or "
                f"more was done; {duration(spent)} of work went into them, {duration(each)} each (median).",
                whole_spans(evidence, late[evidence.item_of_span] & evidence.is_in_flow),
                (
                    Figure("cancelled after work", n / ended, Unit.RATIO,
                           "Cancelled items with half the median work of a delivered one or more, of all that ended",
                           ended),
                    Figure("work done in vain", spent, Unit.SECONDS, "All work on them", n),
                    Figure("cancelled", int(cancelled.sum()) / ended, Unit.RATIO, "All cancelled, of all that ended",
                           ended),
                ),
                items=evidence.items.item[late],
                interval=interval,
            ),
        )
    )  # fmt: skip


KIND = Kind(
    "cancelled_after_work",
    "Cancelled after work",
    "Items that were cancelled with half the usual work done or more: at least 4 % of those that ended, by the "
    "lower end of the 95 % interval.",
    wastes=("overproduction",),
    specificity=Specificity.PATTERN,
    look=cancelled_after_work,
)
