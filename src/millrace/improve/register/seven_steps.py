"""The seven steps of continual improvement, and what each has to have before it is left."""

from dataclasses import dataclass
from datetime import date

from millrace.errors import MillraceError
from millrace.improve.register.state import ImprovementState

STEPS = (
    "What is the vision?",
    "Where are we now?",
    "Where do we want to be?",
    "How do we get there?",
    "Take action",
    "Did we get there?",
    "How do we keep the momentum going?",
)
"""The questions of the steps, numbered from 1."""
LAST = len(STEPS)
_BASELINE_LEFT, _VERDICT_LEFT = 3, 7
"""The first steps that have a measured baseline, and a measurement after the change, behind them."""


@dataclass(frozen=True)
class Known:
    """What is known of an improvement, as far as the steps ask for it."""

    benefit: str | None
    owner: str | None
    has_baseline: bool
    has_aim: bool
    changed_on: date | None
    n_actions: int
    n_open_actions: int
    has_verdict: bool
    review_on: date | None


class StepNotLeft(MillraceError):
    """A step of the improvement model lacks what has to be there before it is left."""

    slug = "step-not-left"

    def __init__(self, step: int, lacking: str) -> None:
        """Name the step and what it lacks."""
        super().__init__(f"Step {step}, “{STEPS[step - 1]}”, cannot be left yet: {lacking}.")


class StateTooEarly(MillraceError):
    """A state is asked for that the step of the improvement does not allow yet."""

    slug = "state-too-early"

    def __init__(self, state: ImprovementState, step: int, needed: int, lacking: str) -> None:
        """Name the state and what has to come first."""
        super().__init__(
            f"It cannot be “{state}” yet: it stands in step {step}, and “{state}” needs step {needed}, "
            f"“{STEPS[needed - 1]}”. {lacking}"
        )


def lacking(step: int, known: Known, today: date) -> str | None:
    """What a step lacks before it can be left; None where nothing is missing."""
    return {
        1: _said(known.benefit, "nobody said what the stakeholders gain by it; fill in the benefit"),
        2: None if known.has_baseline else "it has no measured baseline; state the hypothesis, and it is measured",
        3: None if known.has_aim else "nobody said how much is expected; give an expected change or a target",
        4: _planned(known),
        5: _acted(known, today),
        6: None if known.has_verdict else "nothing was measured after the change; prove it, and the verdict is kept",
        7: None,
    }[step]


def refuse_leaving(step: int, known: Known, today: date) -> None:
    """Raise StepNotLeft where the step lacks something."""
    why = lacking(step, known, today) if step < LAST else "it is the last one"
    if why is not None:
        raise StepNotLeft(step, why)


def refuse_too_early(state: ImprovementState, step: int, known: Known, today: date) -> None:
    """Raise StateTooEarly where work begins without a baseline, or ends without a measurement after the change."""
    needed = {ImprovementState.IN_PROGRESS: _BASELINE_LEFT, ImprovementState.CLOSED: _VERDICT_LEFT}.get(state, 1)
    if step < needed:
        why = lacking(step, known, today)
        told = f"First: {why}." if why else "Nothing is missing: go on to the next step first."
        raise StateTooEarly(state, step, needed, told)


def _said(given: str | None, otherwise: str) -> str | None:
    return None if given else otherwise


def _planned(known: Known) -> str | None:
    if not known.owner:
        return "it has no owner"
    return None if known.n_actions else "it has no actions"


def _acted(known: Known, today: date) -> str | None:
    if known.n_open_actions:
        return f"{known.n_open_actions} of its actions are still open"
    if known.changed_on is None or known.changed_on > today:
        return "the day of the change has not come"
    return None
