"""Incomplete intake: what came in was not enough to work with, and the requester had to be asked."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items, percent
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND
from millrace.flow.visits import REQUESTER
from millrace.model.absent import Absent
from millrace.model.state import WaitReason

LEAST_RATIO = 0.1
"""The lower end of the interval has to reach it."""
HARDLY = 0.02
LEAST_IN_BAR = 30
MOST_BARS = 8
SEGMENTS = ("channel", "category", "service", "item_type")
"""Columns of which the one that tells most is drawn."""

_NOT_RECORDED = Absent("no status or activity of this log means a wait for the requester")


def incomplete_intake(evidence: Evidence) -> Examined | Absent:
    """Items that waited for their requester before value, and that wait."""
    spans = evidence.spans
    asks = (spans.wait_reason == REQUESTER) & evidence.is_in_flow
    if not asks.any():
        return _NOT_RECORDED
    asked = np.zeros(len(evidence.items.item), np.bool_)
    asked[evidence.item_of_span[asks]] = True
    n, n_items = int(asked.sum()), len(asked)
    interval = interval_of_share(n, n_items)
    if interval is None or interval.low < LEAST_RATIO:
        return Examined()
    waits = evidence.per_item(np.where(asks, spans.elapsed, 0))[asked]
    median = float(np.median(waits)) / SECOND
    share = float(waits.sum()) / max(evidence.flow_total, 1)
    at_once = float(np.mean(evidence.items.waited_in_first_step[asked]))
    sentence = (
        f"{n:,} of {items(n_items)} ({percent(n / n_items)}) went back to the requester before they could be "
        f"delivered, and waited {duration(median)} for the answer (median): {percent(share)} of all time before value. "
        f"{_when_stopped(at_once)}"
    )
    return Examined(
        (
            Candidate(
                sentence,
                whole_spans(evidence, asks),
                (
                    Figure("asked back", n / n_items, Unit.RATIO, "Items that waited for their requester before value",
                           n_items),
                    Figure("wait for the answer", median, Unit.SECONDS, "Median per item of all such waits", n),
                    Figure("share of time", share, Unit.RATIO, "These waits, of all time before value", n_items),
                    Figure("stopped at once", at_once, Unit.RATIO, "Of these, those that waited in the first step", n),
                ),
                place=Place(reason=WaitReason.REQUESTER),
                items=evidence.items.item[asked],
                interval=interval,
                picture=_picture(evidence, asked),
            ),
        )
    )  # fmt: skip


def _when_stopped(at_once: float) -> str:
    """Whether the gap shows at the door or only later."""
    if at_once < HARDLY:
        return "Hardly any of them was stopped in its first step: the gap shows once work has begun."
    return f"{percent(at_once)} of them were stopped in their first step already."


def _picture(evidence: Evidence, asked: np.ndarray) -> Bars | None:
    """Shares by the column whose values differ most."""
    drawn = [_bars(evidence, column, asked) for column in SEGMENTS if evidence.flow.has(column)]
    told = [rows for rows in drawn if len(rows.rows) > 1]
    return max(told, key=lambda bars: bars.rows[0].value - bars.rows[-1].value, default=None)


def _bars(evidence: Evidence, column: str, asked: np.ndarray) -> Bars:
    attribute = evidence.attribute(column)
    known = attribute.codes != NOTHING
    n = np.bincount(attribute.codes[known], minlength=len(attribute.labels))
    n_asked = np.bincount(attribute.codes[known & asked], minlength=len(attribute.labels))
    rows = [
        Bar(label, float(part) / float(whole), int(whole))
        for label, part, whole in zip(attribute.labels, n_asked, n, strict=True)
        if whole >= LEAST_IN_BAR
    ]
    ordered = tuple(sorted(rows, key=lambda bar: -bar.value))[:MOST_BARS]
    return Bars(f"By {column.replace('_', ' ')}", Unit.RATIO, "went back to the requester", ordered)


KIND = Kind(
    "incomplete_intake",
    "Incomplete intake",
    "Items that waited for their requester before value: at least 10 %, by the lower end of the 95 % interval.",
    wastes=("defects", "waiting"),
    specificity=Specificity.CAUSE,
    look=incomplete_intake,
)
