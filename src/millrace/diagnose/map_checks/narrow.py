"""Mapped too narrowly: the drawing begins too late, ends too early, or sees only one team's part."""

from collections.abc import Iterator

from millrace.diagnose.map_checks.check import Found, Subject, error, note, warning
from millrace.model.state import Side

PITFALL = "mapped too narrowly"
FEWEST_STEPS = 3


def _no_demand(subject: Subject) -> Iterator[Found]:
    if not subject.stream.demand.description.strip():
        yield Found(
            "Nothing says what starts this stream.",
            "Write under demand who needs what, and which event starts it.",
            place=("demand",),
        )


def _no_value(subject: Subject) -> Iterator[Found]:
    if not subject.stream.value.description.strip():
        yield Found(
            "Nothing says what the stream ends in.",
            "Write under value what the stakeholder has at the end, in the stakeholder's words.",
            place=("value",),
        )


def _unconfirmed_value(subject: Subject) -> Iterator[Found]:
    if subject.stream.value.description and not subject.stream.value.confirmed_by:
        yield Found(
            "Nobody confirms that the value has arrived.",
            "Name under value: confirmed_by who says so, and how.",
            place=("value",),
        )


def _few_steps(subject: Subject) -> Iterator[Found]:
    count = len(subject.stream.steps)
    if count < FEWEST_STEPS:
        yield Found(
            f"The stream has {count or 'no'} step{'' if count == 1 else 's'}.",
            "Draw the way from the demand to the value across all teams, also what happens before and after your part.",
            evidence=(f"{count} steps",),
            place=("steps",),
        )


def _one_team(subject: Subject) -> Iterator[Found]:
    teams = {step.team for step in subject.stream.steps if step.team and step.side is not Side.REQUESTER}
    if len(teams) == 1 and len(subject.stream.steps) > 1:
        [team] = teams
        yield Found(
            f"All work of this stream is done by one team, “{team}”.",
            "Ask what happened before the work reached the team and after it left, and draw those steps, too.",
            evidence=(f"{len(subject.stream.steps)} steps, one team",),
            place=("steps",),
        )


def _no_feedback(subject: Subject) -> Iterator[Found]:
    improves = any("improve" in map(str.casefold, step.value_chain_activities) for step in subject.stream.steps)
    if not improves and not subject.stream.feedback:
        yield Found(
            "Nothing is learnt from this stream: no step improves, and no feedback is written down.",
            "Say under feedback what is looked at afterwards and where it goes.",
            place=("feedback",),
        )


def _no_volume(subject: Subject) -> Iterator[Found]:
    if subject.stream.demand.volume_per_month is None:
        yield Found(
            "The demand has no volume, so effort, cost and capacity per month cannot be told.",
            "Write under demand: volume_per_month how many come in a month.",
            place=("demand",),
        )


CHECKS = (
    error("no-demand", "A stream starts with a demand", _no_demand),
    error("no-value", "A stream ends in value", _no_value),
    warning("few-steps", "A stream spans more than a step or two", _few_steps),
    warning("one-team", "A stream crosses teams", _one_team),
    note("unconfirmed-value", "Somebody confirms the value", _unconfirmed_value),
    note("no-feedback", "A stream feeds back into improvement", _no_feedback),
    note("no-volume", "The demand has a volume", _no_volume),
)
