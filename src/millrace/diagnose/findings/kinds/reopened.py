"""Reopened: items that were done, and had to be taken up again."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items, percent
from millrace.flow.spans import DONE
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_RATIO = 0.04
"""The lower end of the interval has to reach it."""
MOST = 0.85
"""The share of reopenings that the stated time covers."""

_NEVER_DONE = Absent("no status or activity of this log says that an item is done")


def reopened(evidence: Evidence) -> Examined | Absent:
    """Items that left “done” after they had entered it; the time from then on until they were delivered for good."""
    spans = evidence.spans
    is_done = spans.state == DONE
    if not is_done.any():
        return _NEVER_DONE
    done_items = np.unique(evidence.item_of_span[is_done])
    back = np.flatnonzero(evidence.items.n_reopened > 0)
    interval = interval_of_share(len(back), len(done_items))
    if interval is None or interval.low < LEAST_RATIO:
        return Examined()
    first_done = np.full(len(evidence.items.item), np.iinfo(np.int64).max)
    np.minimum.at(first_done, evidence.item_of_span[is_done], spans.began_at[is_done])
    after = (spans.began_at >= first_done[evidence.item_of_span]) & np.isin(evidence.item_of_span, back)
    within = _time_to_reopening(evidence, first_done, back)
    covered = float(np.quantile(within, MOST))
    ratio = len(back) / len(done_items)
    sentence = (
        f"{len(back):,} of {items(len(done_items))} that were done ({percent(ratio)}) were opened again, "
        f"{percent(MOST)} of them within {duration(covered / SECOND)}."
    )
    return Examined(
        (
            Candidate(
                sentence,
                whole_spans(evidence, after & (evidence.is_in_flow | is_done) & ~_after_value(evidence)),
                (
                    Figure("reopened", ratio, Unit.RATIO, "Items that left “done”, of all that reached it",
                           len(done_items)),
                    Figure("time to reopening", covered / SECOND, Unit.SECONDS,
                           "85th percentile of the time from first done to reopened", len(back)),
                ),
                items=evidence.items.item[back],
                interval=interval,
            ),
        )
    )  # fmt: skip


def _after_value(evidence: Evidence) -> np.ndarray:
    return np.asarray(evidence.is_delivered[evidence.item_of_span] & ~evidence.spans.is_before_value)


def _time_to_reopening(evidence: Evidence, first_done: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Of each item in `back`, from first done until the first span that is neither done nor after value."""
    spans, item = evidence.spans, evidence.item_of_span
    again = (spans.state != DONE) & (spans.began_at >= first_done[item]) & np.isin(item, back)
    opened = np.full(len(evidence.items.item), np.iinfo(np.int64).max)
    np.minimum.at(opened, item[again], spans.began_at[again])
    return np.asarray((opened - first_done)[back])


KIND = Kind(
    "reopened",
    "Reopened after it was done",
    "Items that left “done” after they had reached it: at least 4 %, by the lower end of the 95 % interval.",
    wastes=("defects",),
    specificity=Specificity.PATTERN,
    look=reopened,
)
