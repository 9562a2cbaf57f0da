"""Over-complex: more steps than anybody keeps in mind, or steps that hardly carry anything."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from millrace.diagnose.map_checks.check import Found, Subject, listed, note, warning
from millrace.model.designed_step import DesignedStep
from millrace.model.ratio import show_ratio
from millrace.model.state import Side
from millrace.model.value_stream import Step, ValueClass

PITFALL = "over-complex"
MOST_STEPS = 12
TINY_RATIO = 0.01


def _many_steps(subject: Subject) -> Iterator[Found]:
    steps = subject.stream.steps
    if len(steps) <= MOST_STEPS:
        return
    alike = [
        f"“{step.name}” and “{after.name}” (both {step.team})"
        for step, after in pairwise(steps)
        if step.team and step.team == after.team
    ]
    folding = f" Consecutive steps of one team are the first to fold: {'; '.join(alike)}." if alike else ""
    yield Found(
        f"The stream has {len(steps)} steps; with more than {MOST_STEPS}, nobody keeps the whole in mind.",
        f"Fold steps that always follow each other into one, and keep their details as its tasks.{folding}",
        evidence=(f"{len(steps)} steps",),
        place=("steps",),
    )


def _tiny_step(subject: Subject) -> Iterator[Found]:
    designed = subject.designed
    if designed is None or not isinstance(designed.lead_time, timedelta) or not designed.lead_time:
        return
    for (place, step), figures in zip(subject.steps(), designed.steps, strict=True):
        share = _share_of_time(figures, designed.lead_time)
        if _may_be_folded(step) and share is not None and share < TINY_RATIO:
            yield Found(
                f"“{step.name}” carries {show_ratio(share)} of the lead time.",
                "Fold it into a neighbour, unless it is a point where something is decided.",
                evidence=(f"less than {show_ratio(TINY_RATIO)} of the lead time",),
                place=place,
            )
        elif figures.visits < TINY_RATIO:
            yield Found(
                f"“{step.name}” is visited by {show_ratio(figures.visits)} of the items.",
                "Fold it into a neighbour, or give such items a stream of their own.",
                evidence=(f"less than {show_ratio(TINY_RATIO)} of the items",),
                place=place,
            )


def _may_be_folded(step: Step) -> bool:
    return step.side is not Side.REQUESTER and step.value_class is not ValueClass.VALUE_ADDING


def _share_of_time(figures: DesignedStep, whole: timedelta) -> float | None:
    lead = figures.lead_time
    return lead / whole if figures.on_main_path and isinstance(lead, timedelta) else None


def _unreached(subject: Subject) -> Iterator[Found]:
    if subject.designed is None:
        return
    unreached = [step.name for step in subject.designed.steps if step.visits == 0]
    if unreached:
        yield Found(
            f"No route leads to {listed(unreached)}.",
            "Let a step lead there, or take the step out.",
            evidence=("expected visits 0",),
            place=("steps",),
        )


CHECKS = (
    warning("many-steps", "A map is small enough to keep in mind", _many_steps),
    warning("unreached-step", "Every step is reached", _unreached),
    note("tiny-step", "Every step carries something", _tiny_step),
)
