"""An improvement of a stream’s file as a hypothesis: its expectation, from the day it came."""

from datetime import date, timedelta

from millrace.errors import MillraceError
from millrace.improve.proof.hypothesis import Hypothesis, Provable, Statistic, hypothesis_of
from millrace.model.improvement import Expectation, Improvement


class ImprovementWithoutDay(MillraceError):
    """Nobody said since when an improvement holds."""

    slug = "improvement-without-day"

    def __init__(self, name: str) -> None:
        """Say how to give it."""
        super().__init__(f"Nobody said since when “{name}” holds: give its day with --changed-on, or a due_on.")


class NotProvable(MillraceError):
    """An improvement expects something of a measure that a log cannot prove."""

    slug = "not-provable"

    def __init__(self, name: str, measure: str) -> None:
        """Name the measure and those that can."""
        super().__init__(
            f"“{name}” expects something of {measure}, which no verdict can be given on. "
            f"Measures that can be proved are {', '.join(Provable)}."
        )


def changed_on_of(improvement: Improvement) -> date:
    """The day an improvement was due. Raises ImprovementWithoutDay."""
    if improvement.due_on is None:
        raise ImprovementWithoutDay(improvement.name)
    return improvement.due_on


def stated(improvement: Improvement, changed_on: date) -> Hypothesis:
    """The first expectation of an improvement that can be proved; lead time where it has none. Raises NotProvable."""
    phases = ({"starts_on": changed_on},)
    if not improvement.expects:
        return hypothesis_of(phases=phases)
    known = [each for each in improvement.expects if each.measure in list(Provable)]
    if not known:
        raise NotProvable(improvement.name, improvement.expects[0].measure)
    expected = known[0]
    step = expected.step if expected.measure in (Provable.WAIT_TIME, Provable.PROCESS_TIME) else None
    # A plan tells means; so does a figure that people state.
    return hypothesis_of(
        measure=expected.measure,
        statistic=Statistic.MEAN,
        step=step,
        phases=phases,
        expected_ratio=expected_ratio(expected),
    )


def is_provable(improvement: Improvement) -> bool:
    """True where it expects something of a measure that can be proved."""
    return any(each.measure in list(Provable) for each in improvement.expects)


def expected_ratio(expected: Expectation) -> float | None:
    """The expected relative change: −0.3 is 30 % less; None where one of the two figures is missing."""
    before, after = (_number(each) for each in (expected.baseline, expected.target))
    return after / before - 1 if before and after is not None else None


def _number(figure: float | timedelta | None) -> float | None:
    return figure.total_seconds() if isinstance(figure, timedelta) else figure
