"""Names that the framework does not know, and steps that are only half described."""

from collections.abc import Iterator

from millrace.diagnose.map_checks.check import Found, Subject, error, listed, note
from millrace.model.crosswalk import Translation, crosswalk
from millrace.model.value_stream import Step
from millrace.model.yaml_problem import did_you_mean

PITFALL = "names and details"

_ORIGINS = {
    "practice": "a practice of ITIL 4",
    "v3 process": "a process of ITIL v3",
    "v3 function": "a function of ITIL v3",
    "old name": "an old name",
    "tool term": "a term of tools and teams",
}


def _unknown_practice(subject: Subject) -> Iterator[Found]:
    framework = subject.framework
    for place, step in subject.steps():
        for practice in step.practices:
            if framework.practice(practice):
                continue
            translation = crosswalk(practice)
            known = tuple(heir for heir in translation.practices if framework.practice(heir))
            near = did_you_mean(practice, (each.name for each in framework.practices))
            yield Found(
                f"“{practice}” of step “{step.name}” is no practice of {framework.title or framework.name}.",
                f"Use {listed(known)}." if known else f"Use a practice of the framework{near or '.'}",
                evidence=_origin(practice, translation) if known else (),
                place=(*place, "practices"),
            )


def _origin(practice: str, translation: Translation) -> tuple[str, ...]:
    told = f"“{practice}” is {_ORIGINS[translation.origin or 'practice']}"
    return (told, translation.judgement) if translation.judgement else (told,)


def _unknown_activity(subject: Subject) -> Iterator[Found]:
    framework = subject.framework
    for place, step in subject.steps():
        for activity in step.value_chain_activities:
            if not framework.activity(activity):
                names = [each.name for each in framework.value_chain_activities]
                yield Found(
                    f"“{activity}” of step “{step.name}” is no activity of {framework.title or framework.name}.",
                    f"Use one of {listed(names)}{did_you_mean(activity, names) or '.'}",
                    place=(*place, "value_chain_activities"),
                )


def _half_described(subject: Subject) -> Iterator[Found]:
    for place, step in subject.steps():
        lacking = _lacking(step)
        if lacking:
            yield Found(
                f"“{step.name}” says nothing about {', '.join(lacking)}.",
                "Ask those who do the work, and write it down.",
                evidence=(f"{len(lacking)} of 7 details are missing",),
                place=place,
            )


def _lacking(step: Step) -> list[str]:
    details = {
        "value chain activity": step.value_chain_activities,
        "practices": step.practices,
        "tasks": step.tasks,
        "input": step.input,
        "output": step.output,
        "tool": step.system,
        "times": step.estimate,
    }
    return [detail for detail, given in details.items() if not given]


CHECKS = (
    error("unknown-practice", "Practices are those of the framework", _unknown_practice),
    error("unknown-activity", "Activities are those of the framework", _unknown_activity),
    note("half-described", "Every step is described", _half_described),
)
