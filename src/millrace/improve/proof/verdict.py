"""The verdict on a hypothesis: confirmed, refuted or not yet known, and why."""

from dataclasses import dataclass
from enum import StrEnum
from math import log

from millrace.improve.proof.effect import Estimated, more_weeks
from millrace.improve.proof.elsewhere import Elsewhere
from millrace.improve.proof.hypothesis import Hypothesis
from millrace.model.absent import Absent

NOT_WORTH_NAMING = 0.05
"""A relative change that is no change to anybody, where nobody said what was expected."""
_HALF = 0.5


class Outcome(StrEnum):
    """What a log says of a hypothesis."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NOT_YET_KNOWN = "not yet known"


class Reason(StrEnum):
    """Why the verdict is what it is."""

    BETTER = "better"
    BETTER_BY_LESS = "better by less"
    WORSE = "worse"
    NOT_AS_EXPECTED = "not as expected"
    NO_CHANGE = "no change"
    TOO_UNCERTAIN = "too uncertain"
    TOO_LITTLE = "too little"


@dataclass(frozen=True)
class Money:
    """What the effect is worth a month, with its interval; more than 0 is saved."""

    what: str
    per_month: float
    low: float
    high: float


@dataclass(frozen=True)
class Verdict:
    """What the log says of a hypothesis.

    `effect` is Absent, with its reason, where nothing could be reckoned. `n_before` and `n_after` count the items in
    the weeks used; `n_left_out` those near the log's ends, under way at the change, or of a kind the baseline lacks.
    `smallest_ratio`: the smallest relative effect that would have been seen in 80 of 100 cases. `weeks_to_wait`: how
    many more it takes for what was expected. `realised_ratio`: effect ÷ expected effect.
    """

    hypothesis: Hypothesis
    outcome: Outcome
    reason: Reason
    effect: Estimated | Absent
    n_before: int
    n_after: int
    n_left_out: int
    smallest_ratio: float | Absent
    weeks_to_wait: int | Absent
    realised_ratio: float | Absent
    horizon_seconds: float | None
    elsewhere: tuple[Elsewhere, ...]
    money: tuple[Money, ...] | Absent

    @property
    def worse(self) -> tuple[Elsewhere, ...]:
        """What surely got worse elsewhere."""
        return tuple(each for each in self.elsewhere if each.is_worse)


def judged(hypothesis: Hypothesis, found: Estimated) -> tuple[Outcome, Reason]:
    """Whether the effect bears the hypothesis out."""
    gains = sorted((_gain(hypothesis, found.low), _gain(hypothesis, found.high)))
    wanted = wanted_effect(hypothesis, found)
    expected = abs(wanted) if wanted is not None else None
    if gains[0] > 0:
        is_less = expected is not None and gains[1] < expected
        return Outcome.CONFIRMED, Reason.BETTER_BY_LESS if is_less else Reason.BETTER
    if gains[1] < 0:
        return Outcome.REFUTED, Reason.WORSE
    if expected is not None and gains[1] < _HALF * expected:
        return Outcome.REFUTED, Reason.NOT_AS_EXPECTED
    if expected is None and gains[1] < abs(_scaled(NOT_WORTH_NAMING, found)):
        return Outcome.REFUTED, Reason.NO_CHANGE
    return Outcome.NOT_YET_KNOWN, Reason.TOO_UNCERTAIN


def wanted_effect(hypothesis: Hypothesis, found: Estimated) -> float | None:
    """The expected effect on the scale of the regression."""
    ratio = hypothesis.expected_ratio
    return None if ratio is None else _scaled(ratio, found)


def realised(hypothesis: Hypothesis, found: Estimated) -> float | Absent:
    """How much of what was expected came: effect ÷ expected effect, as relative changes."""
    if not hypothesis.expected_ratio:
        return Absent("nobody said how large a change is expected")
    return found.relative(found.effect) / hypothesis.expected_ratio


def weeks_to_wait(hypothesis: Hypothesis, found: Estimated) -> int | Absent:
    """How many more weeks it takes until what is expected (or, unsaid, 20 %) would show."""
    wanted = wanted_effect(hypothesis, found)
    return more_weeks(found, wanted if wanted else _scaled(-0.2 if hypothesis.less_is_better else 0.2, found))


def _gain(hypothesis: Hypothesis, effect: float) -> float:
    return -effect if hypothesis.less_is_better else effect


def _scaled(ratio: float, found: Estimated) -> float:
    return log(max(1 + ratio, 1e-3)) if found.series.is_log else ratio * abs(found.level)
