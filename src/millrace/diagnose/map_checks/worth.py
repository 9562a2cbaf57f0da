"""Not linked to value: steps of which nobody can say what they are worth to the stakeholder."""

from collections.abc import Iterator
from datetime import timedelta

from millrace.diagnose.map_checks.check import Found, Subject, note, warning
from millrace.model.ratio import show_ratio
from millrace.model.value_stream import ValueClass

PITFALL = "not linked to value"
MOST_OUTSIDE_RATIO = 0.5


def _unclassed(subject: Subject) -> Iterator[Found]:
    for place, step in subject.steps():
        if step.value_class is None:
            yield Found(
                f"Nobody said what “{step.name}” is worth to the stakeholder.",
                "Class it as value-adding, necessary or waste, from the stakeholder's point of view.",
                place=place,
            )


def _no_benefit(subject: Subject) -> Iterator[Found]:
    for place, step in subject.steps():
        if not step.benefit and step.value_class is not ValueClass.WASTE:
            yield Found(
                f"“{step.name}” names no benefit.",
                "Write in a sentence what the stakeholder gets from the step; if there is nothing, it is waste.",
                place=place,
            )


def _nothing_adds_value(subject: Subject) -> Iterator[Found]:
    classes = [step.value_class for step in subject.stream.steps]
    if classes and None not in classes and ValueClass.VALUE_ADDING not in classes:
        yield Found(
            "No step of this stream adds value.",
            "Find the step in which the stakeholder gets something; without one the stream has no reason to be.",
            evidence=(f"{len(classes)} steps, none classed as value-adding",),
            place=("steps",),
        )


def _waste_kept(subject: Subject) -> Iterator[Found]:
    improved = {name for improvement in subject.stream.improvements for name in improvement.steps}
    for place, step in subject.steps():
        if step.value_class is ValueClass.WASTE and step.name not in improved:
            yield Found(
                f"“{step.name}” is classed as waste, and no improvement addresses it.",
                "Add an improvement that eliminates or shortens it.",
                place=place,
            )


def _time_outside_value(subject: Subject) -> Iterator[Found]:
    designed = subject.designed
    if designed is None or not isinstance(designed.lead_time, timedelta) or not designed.lead_time:
        return
    outside = timedelta()
    for (_, step), figures in zip(subject.steps(), designed.steps, strict=True):
        if figures.on_main_path and step.value_class is not ValueClass.VALUE_ADDING:
            outside += figures.lead_time if isinstance(figures.lead_time, timedelta) else timedelta()
    share = outside / designed.lead_time
    if share > MOST_OUTSIDE_RATIO:
        yield Found(
            f"{show_ratio(share)} of the lead time passes in steps that nobody classed as value-adding.",
            "Look there first for what to eliminate, automate or shorten.",
            evidence=("time of main-path steps not classed as value-adding ÷ lead time",),
            place=("steps",),
        )


CHECKS = (
    warning("unclassed-step", "Every step has a value class", _unclassed),
    warning("no-benefit", "Every step names its benefit", _no_benefit),
    warning("nothing-adds-value", "Some step adds value", _nothing_adds_value),
    note("waste-kept", "Waste is addressed", _waste_kept),
    note("time-outside-value", "Time goes into value", _time_outside_value),
)
