"""Breach by age: long before a promise is broken, the item's age tells that it will be."""

from typing import NamedTuple

import numpy as np

from millrace.diagnose.findings.claim import excess_of_items
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.promises import Promise, promise
from millrace.diagnose.findings.saying import count, duration, percent
from millrace.flow.spans import ACTIVE
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_BROKEN = 0.08
"""The lower end of the interval of broken promises has to reach it."""
LEAST_PRECISION = 0.7
"""Of the items with the sign, those that do break the promise."""
LEAST_COVERAGE = 0.4
"""Of the broken promises, those that had the sign."""
STILL_OPEN, NOT_BEGUN = "still open", "not begun"

NO_PROMISE = Absent(
    "neither the stream nor a field of the records says what lead time is promised; "
    "give the stream's measure “lead_time” a target"
)


class _Sign(NamedTuple):
    """Something to be seen at an age: which items show it."""

    age: int
    words: str
    shown: Bools


def breach_by_age(evidence: Evidence) -> Examined | Absent:
    """Whether broken promises show early: by age alone, or by age without any work begun."""
    made = promise(evidence)
    if made is None:
        return NO_PROMISE
    interval = interval_of_share(int(made.is_broken.sum()), int(made.is_known.sum()))
    if interval is None or interval.low < LEAST_BROKEN:
        return Examined()
    sign = _best_sign(evidence, made)
    return Examined() if sign is None else Examined((_candidate(evidence, made, sign),))


def _candidate(evidence: Evidence, made: Promise, sign: _Sign) -> Candidate:
    n, n_broken = int(made.is_known.sum()), int(made.is_broken.sum())
    shown = sign.shown & made.is_known
    rows, age = np.flatnonzero(made.is_broken & sign.shown), duration(sign.age / SECOND)
    precision, coverage = len(rows) / int(shown.sum()), len(rows) / n_broken
    at_risk = int((sign.shown & made.is_open).sum())
    since = sign.age if made.limit is None else made.limit
    return Candidate(
        f"{percent(n_broken / n)} of {n:,} items {made.broken_in_words}. "
        f"{_said(sign, age, precision, coverage)}{_open_now(at_risk)}",
        excess_of_items(evidence, rows, made.lead[rows] - since),
        (
            Figure("broken promises", n_broken / n, Unit.RATIO,
                   f"Items that {made.broken_in_words}, of those of which it is known", n),
            Figure("foreseen", coverage, Unit.RATIO, f"Broken promises of items {sign.words} after {age}", n_broken),
            Figure("right", precision, Unit.RATIO, f"Items {sign.words} after {age} that did break it",
                   int(shown.sum())),
        ),
        items=evidence.items.item[rows],
        interval=interval_of_share(n_broken, n),
        picture=_picture(sign, made, age),
        # Without a stated limit the time since the sign is claimed: of all claims on it the one that says least.
        specificity=Specificity.SHARE if made.limit is None else None,
    )  # fmt: skip


def _best_sign(evidence: Evidence, made: Promise) -> _Sign | None:
    """The sign that covers most broken promises, of those that are right often enough; the earlier among equals."""
    begun_after = _begun_after(evidence)
    best, most = None, LEAST_COVERAGE
    for age in made.ages:
        alive = made.lead > age
        for sign in (_Sign(age, NOT_BEGUN, alive & (begun_after > age)), _Sign(age, STILL_OPEN, alive)):
            shown = sign.shown & made.is_known
            right = int((shown & made.is_broken).sum())
            covered = right / int(made.is_broken.sum())
            if right and right >= LEAST_PRECISION * shown.sum() and covered > most:
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
        return f"What is still open after {age} does so in {percent(precision)} of the cases."
    return (
        f"{percent(coverage)} of them could be seen coming: what nobody has begun after {age} does so in "
        f"{percent(precision)} of the cases."
    )


def _open_now(n: int) -> str:
    return f" {count(n)} such item{' is' if n == 1 else 's are'} open now." if n else ""


def _picture(sign: _Sign, made: Promise, age: str) -> Bars:
    shown, rest = sign.shown & made.is_known, ~sign.shown & made.is_known
    broken_of_rest = float(made.is_broken[rest].mean()) if rest.any() else 0.0
    return Bars(
        "Who breaks the promise", Unit.RATIO, "broken promises",
        (
            Bar(f"{sign.words} after {age}", float(made.is_broken[shown].mean()), int(shown.sum()),
                is_the_finding=True),
            Bar("the others", broken_of_rest, int(rest.sum())),
        ),
    )  # fmt: skip


KIND = Kind(
    "breach_by_age",
    "Breaches that could be seen coming",
    "Items that break what was promised for them, 8 % or more by the lower end of the 95 % interval; and 40 % or "
    "more of them had a sign at an early age (still open, or not begun) that is right in 70 % of the cases or "
    "more.",
    wastes=("waiting", "inventory"),
    specificity=Specificity.GROUP,
    look=breach_by_age,
)
