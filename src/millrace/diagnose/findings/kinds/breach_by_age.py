"""Breach by age: long before a promise is broken, the item's age tells that it will be."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np

from millrace.diagnose.findings.claim import excess_of_items
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import count, duration, percent
from millrace.flow.spans import ACTIVE, CANCELLED, DONE
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.value_stream import ValueStream

LEAST_BREACHED = 0.08
"""The lower end of the interval of breaches has to reach it."""
LEAST_PRECISION = 0.7
"""Of the items with the sign, those that do breach."""
LEAST_COVERAGE = 0.4
"""Of the breaches, those that had the sign."""
STILL_OPEN, NOT_BEGUN = "still open", "not begun"
AGES = (0.25, 0.33, 0.5, 0.67)
"""Ages at which the sign is looked for, as shares of the promise."""

NO_PROMISE = Absent("the stream promises no lead time; give its measure “lead_time” a target")


class _Sign(NamedTuple):
    """Something to be seen at an age: which items show it."""

    age_ratio: float
    words: str
    shown: Bools


def breach_by_age(evidence: Evidence) -> Examined | Absent:
    """Whether breaches of the promised lead time show early: by age alone, or by age without any work begun."""
    promise = promised_lead_time(evidence.flow.about.stream)
    if promise is None:
        return NO_PROMISE
    limit = promise // timedelta(microseconds=1)
    lead, is_known = _lead(evidence, limit)
    breached = is_known & (lead > limit)
    n, n_breached = int(is_known.sum()), int(breached.sum())
    interval = interval_of_share(n_breached, n)
    if interval is None or interval.low < LEAST_BREACHED:
        return Examined()
    sign = _best_sign(evidence, lead, is_known, breached, limit)
    if sign is None:
        return Examined()
    seen = breached & sign.shown
    precision, coverage = float(breached[sign.shown & is_known].mean()), float(seen.sum()) / n_breached
    age = duration(sign.age_ratio * limit / SECOND)
    rows = np.flatnonzero(seen)
    at_risk = int((sign.shown & _is_open(evidence)).sum())
    claim = excess_of_items(evidence, rows, lead[rows] - limit)
    return Examined(
        (
            Candidate(
                f"{percent(n_breached / n)} of {n:,} items took longer than the promised {duration(limit / SECOND)}. "
                f"{_said(sign, age, precision, coverage)} {count(at_risk)} such items are open now.",
                claim,
                (
                    Figure("breached", n_breached / n, Unit.RATIO,
                           "Items delivered or open beyond the promise, of those whose outcome is known", n),
                    Figure("foreseen", coverage, Unit.RATIO, f"Breaches that were {sign.words} after {age}",
                           n_breached),
                    Figure("right", precision, Unit.RATIO, f"Items {sign.words} after {age} that did breach",
                           int((sign.shown & is_known).sum())),
                ),
                place=Place(),
                items=evidence.items.item[rows],
                interval=interval,
                picture=_picture(sign, breached, is_known, age),
            ),
        )
    )  # fmt: skip


def promised_lead_time(stream: ValueStream) -> timedelta | None:
    """The target of the whole stream's lead time today; None where there is none."""
    targets = [
        measure.target
        for measure in stream.measures
        if measure.name == "lead_time" and measure.step is None and measure.future_state is None
    ]
    return next((target for target in targets if isinstance(target, timedelta)), None)


def _lead(evidence: Evidence, limit: int) -> tuple[Int64s, Bools]:
    """Lead time of every item, or its age so far; and whether its outcome is known: delivered, or past the limit."""
    delivered = evidence.is_delivered
    until = np.where(delivered, evidence.items.value_at, evidence.flow.about.last_at)
    lead = until - evidence.items.demand_at
    return lead, delivered | (_is_open(evidence) & (lead > limit))


def _is_open(evidence: Evidence) -> Bools:
    return np.asarray(~evidence.is_delivered & ~np.isin(evidence.items.last_state, (DONE, CANCELLED)))


def _best_sign(evidence: Evidence, lead: Int64s, is_known: Bools, breached: Bools, limit: int) -> _Sign | None:
    """The sign that covers most breaches, of those that are right often enough; the earlier one among equals."""
    begun_after = _begun_after(evidence)
    signs = []
    for ratio in AGES:
        alive = lead > ratio * limit
        signs.append(_Sign(ratio, NOT_BEGUN, alive & (begun_after > ratio * limit)))
        signs.append(_Sign(ratio, STILL_OPEN, alive))
    best, most = None, LEAST_COVERAGE
    for sign in signs:
        shown = sign.shown & is_known
        right, covered = int((shown & breached).sum()), float((shown & breached).sum()) / float(breached.sum())
        interval = interval_of_share(right, int(shown.sum()))
        if interval is not None and right >= LEAST_PRECISION * shown.sum() and covered > most:
            best, most = sign, covered
    return best


def _begun_after(evidence: Evidence) -> Int64s:
    """How long after its demand each item was first worked on; for ever where it was not."""
    spans = evidence.spans
    works = spans.state == ACTIVE
    begun_at = np.full(len(evidence.items.item), np.iinfo(np.int64).max)
    np.minimum.at(begun_at, evidence.item_of_span[works], spans.began_at[works])
    return np.asarray(begun_at - evidence.items.demand_at)


def _said(sign: _Sign, age: str, precision: float, coverage: float) -> str:
    if sign.words == STILL_OPEN:
        return f"What is still open after {age} breaks the promise in {percent(precision)} of the cases."
    return (
        f"{percent(coverage)} of them could be seen coming: what nobody has begun after {age} breaks the promise in "
        f"{percent(precision)} of the cases."
    )


def _picture(sign: _Sign, breached: Bools, is_known: Bools, age: str) -> Bars:
    shown, rest = sign.shown & is_known, ~sign.shown & is_known
    return Bars(
        "Who breaks the promise", Unit.RATIO, "breached",
        (
            Bar(f"{sign.words} after {age}", float(breached[shown].mean()), int(shown.sum()), is_the_finding=True),
            Bar("the others", float(breached[rest].mean()) if rest.any() else 0.0, int(rest.sum())),
        ),
    )  # fmt: skip


KIND = Kind(
    "breach_by_age",
    "Breaches that could be seen coming",
    "8 % or more (surely) of the items break the promised lead time, and 40 % or more of these had a sign by two "
    "thirds of it (still open, or not begun) that is right in 70 % of the cases or more.",
    wastes=("waiting", "inventory"),
    specificity=Specificity.PATTERN,
    look=breach_by_age,
)
