"""What got worse elsewhere: the same regression on other measures, and how many such could be chance."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from millrace.improve.proof.effect import Estimated
from millrace.improve.proof.hypothesis import Hypothesis, Provable, Statistic
from millrace.model.absent import Absent

LEVEL = 0.1
"""Of the measures told to have got worse, at most this share is expected to be chance."""
_COMPANIONS = (
    Provable.LEAD_TIME,
    Provable.REWORK,
    Provable.FIRST_TIME_COMPLETION,
    Provable.HANDOFFS,
    Provable.THROUGHPUT,
)
_MOST_STEPS = 8


@dataclass(frozen=True)
class Elsewhere:
    """A measure beside the one that was to change, by how much it changed for the worse, and how surely.

    `chance_ratio`: how often chance alone would show as much; `is_worse` allows for all that were looked at.
    """

    hypothesis: Hypothesis
    found: Estimated
    chance_ratio: float
    is_worse: bool


def companions(hypothesis: Hypothesis, step_names: tuple[str, ...]) -> tuple[Hypothesis, ...]:
    """Other measures of the same items and the same change: of the whole, and the wait of each step."""
    plain = hypothesis.model_copy(update={"step": None, "within": None})
    whole = [plain.model_copy(update={"measure": each}) for each in _COMPANIONS if each is not hypothesis.measure]
    steps = [
        plain.model_copy(update={"measure": Provable.WAIT_TIME, "step": step, "statistic": Statistic.MEAN})
        for step in step_names[:_MOST_STEPS]
        if not (hypothesis.measure is Provable.WAIT_TIME and hypothesis.step == step)
    ]
    return (*whole, *steps)


def elsewhere(
    others: tuple[Hypothesis, ...], estimate: Callable[[Hypothesis], Estimated | Absent]
) -> tuple[Elsewhere, ...]:
    """What became of other measures, those that got worse first; Benjamini and Hochberg over all of them."""
    found = [(each, estimate(each)) for each in others]
    told = [(each, one) for each, one in found if not isinstance(one, Absent) and one.error > 0]
    chances = np.array([_chance(each, one) for each, one in told])
    order = np.argsort(chances, kind="stable")
    passing = np.flatnonzero(chances[order] <= LEVEL * (np.arange(len(order)) + 1) / max(1, len(order)))
    n_worse = int(passing.max()) + 1 if len(passing) else 0
    return tuple(
        Elsewhere(told[at][0], told[at][1], float(chances[at]), rank < n_worse) for rank, at in enumerate(order)
    )


def _chance(hypothesis: Hypothesis, found: Estimated) -> float:
    """The probability of an estimate at least as bad, had nothing changed."""
    low = found.chance_of_less(0.0)
    return 1 - low if hypothesis.less_is_better else low
