"""The forms of a stream and of a step: which fields they have."""

from functools import cache

from millrace.model.frameworks.framework import Framework, load_framework
from millrace.model.state import Side, State
from millrace.model.value_stream import ValueClass, ValueStream
from millrace.web.pages.editing_fields import Field, Kind

_SAY = "– not said –"


@cache
def step_fields(framework: str) -> tuple[Field, ...]:
    """What a step is asked first."""
    known = load_framework(framework)
    return (
        Field("name", "Name", hint="What is done, such as “Check and route”"),
        Field("team", "Team", hint="Who is responsible", topic="team"),
        Field("system", "System", hint="The tool it is done with"),
        Field("value_class", "Value class", Kind.CHOICE, choices=_choices(ValueClass), topic="value_class"),
        Field(
            "estimate.process_time", "Process time", hint="Hands-on time for one item, such as 15 min", topic="times"
        ),
        Field("estimate.queue_time", "Wait before", hint="Until somebody begins, such as 2 h or 1.5 d"),
        Field("estimate.complete_and_accurate_ratio", "%C&A", hint="Such as 90 %", topic="complete_and_accurate"),
        Field("estimate.people", "People", Kind.NUMBER, hint="Who can work on it"),
        _activities(known),
        _practices(known),
    )


STEP_DETAILS = (
    Field("side", "Whose time it takes", Kind.CHOICE, choices=tuple((side.value, side.value) for side in Side)),
    Field("benefit", "What the stakeholder gets from it", Kind.LINES),
    Field("tasks", "Tasks", Kind.LIST, hint="One per line"),
    Field("input", "Takes in"),
    Field("output", "Hands on"),
    Field("wastes", "What goes wrong or takes needless time", Kind.LIST, hint="One per line", topic="waste"),
    Field("estimate.inside_wait_time", "Wait inside", hint="After it was begun"),
    Field("target_time", "Longest it should take", hint="Wait included, such as 4 h"),
    Field("estimate.automation_ratio", "Automated", hint="Share that no person works on, such as 40 %"),
    Field("estimate.rate_per_hour", "Cost of an hour", Kind.NUMBER),
    Field("leaves_ratio", "Ends here without value", hint="Share of items that are refused or cancelled, such as 5 %"),
)
"""What a step may say beyond that."""

STEP_RULES = (Field("match", "Which events of the log belong to it", Kind.RULES, topic="match_rules"),)


def stream_fields(stream: ValueStream) -> dict[str, tuple[Field, ...]]:
    """What a stream is asked, by the heading of each part."""
    steps = tuple((step.name, step.name) for step in stream.steps)
    return {
        "The stream": (
            Field("title", "Title"),
            Field("description", "Description", Kind.LINES),
            Field("service", "Service", hint="The one service that it serves"),
            Field("scope", "Scope", Kind.LINES, hint="What belongs to it, and what does not"),
            Field("owner", "Owner", hint="The role that answers for it from end to end", topic="owner"),
        ),
        "Demand": (
            Field("demand.description", "What starts it", topic="demand"),
            Field("demand.who", "Who needs it"),
            Field("demand.volume_per_month", "Items a month", Kind.NUMBER),
            Field("demand.complete_ratio", "Arrive complete", hint="Such as 90 %"),
            Field("demand.rule.event", "In the log, it begins with", Kind.CHOICE,
                  choices=(("", "an event of the kind below"), ("first", "the first event"))),
            Field("demand.rule.state", "or with the state", Kind.CHOICE, choices=_states()),
            Field("demand.rule.when", "or with an event of this kind", Kind.RULES),
        ),
        "Value": (
            Field("value.description", "What the stakeholder has at the end", topic="value_point"),
            Field("value.after", "The step after which they have it", Kind.CHOICE, choices=(("", "the last"), *steps)),
            Field("value.confirmed_by", "Who confirms it, and how"),
            Field("value.rule.event", "In the log, it is there with", Kind.CHOICE,
                  choices=(("", "the state or the event below"), ("last", "the last event"))),
            Field("value.rule.state", "or with the state", Kind.CHOICE, choices=_states()),
            Field("value.rule.when", "or with an event of this kind", Kind.RULES),
        ),
        "Review": (
            Field("review_every", "Looked at again every", hint="Such as 30 d", topic="review"),
            Field("reviewed_on", "Last looked at on", hint="A day such as 2026-03-31"),
            Field("feedback", "What is looked at afterwards, and where it goes", Kind.LINES),
        ),
        "Pauses": (Field("pauses", "Events that leave an item in its step", Kind.RULES, topic="pauses"),),
    }  # fmt: skip


def _states() -> tuple[tuple[str, str], ...]:
    return (("", _SAY), *((state.value, state.value) for state in State))


def _choices(known: type[ValueClass]) -> tuple[tuple[str, str], ...]:
    return (("", _SAY), *((each.value, each.value) for each in known))


def _activities(framework: Framework) -> Field:
    names = tuple((each.name, each.name) for each in framework.value_chain_activities)
    return Field(
        "value_chain_activities", "Value chain activities", Kind.CHOICES, choices=names, topic="value_chain_activity"
    )


def _practices(framework: Framework) -> Field:
    names = tuple((each.name, each.name) for each in framework.practices)
    return Field("practices", "Practices", Kind.CHOICES, choices=names, topic="practice")
