"""The questions of the guided method, step by step, as a stream so far raises them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from millrace.model.frameworks.framework import Framework
from millrace.model.improvement import Improvement, ImprovementKind
from millrace.model.measure import MEASURE_TERMS, Measure, measure_label
from millrace.model.state import Side
from millrace.model.value_stream import Estimate, Step, ValueClass, ValueStream

Place = tuple[str | int, ...]


class AnswerKind(StrEnum):
    """What an answer looks like."""

    TEXT = "text"
    NUMBER = "number"
    RATIO = "ratio"
    DURATION = "duration"
    FIGURE = "figure"
    """A number, a share or a duration, as the measure demands."""
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    NAMES = "names"
    """A list of things that get further questions of their own: steps, improvements, measures."""
    PEOPLE = "people"
    """Who takes part; `(requester)` behind a name says whose side they are on."""


@dataclass(frozen=True)
class Question:
    """One thing to ask: where the answer goes in the stream's file, and whether it is there already.

    `id` stays the same while the names of steps do. `choices` are offered where the answer is one (or some) of them.
    """

    id: str
    step: int
    text: str
    kind: AnswerKind
    place: Place
    answered: bool
    example: str = ""
    choices: tuple[str, ...] = ()


def questions(stream: ValueStream, framework: Framework) -> Iterator[Question]:
    """Yield every question that the stream so far raises, answered or not, in the order of the method."""
    yield from _name(stream)
    yield from _trigger_and_outcome(stream)
    yield from _steps(stream)
    for at, step in enumerate(stream.steps):
        yield from _details(at, step, framework)
    for at, step in enumerate(stream.steps):
        yield _of_step(
            at, step, 5, "wastes", f"What goes wrong or takes needless time in “{step.name}”?", AnswerKind.LIST
        )
    yield from _improvements(stream)
    yield from _measures(stream)
    yield from _governance(stream)
    yield from _continual_improvement(stream)


def _name(stream: ValueStream) -> Iterator[Question]:
    text = AnswerKind.TEXT
    yield _plain(1, "title", "What is the stream called?", text, stream.title, "Access to the HR application")
    yield _plain(1, "service", "Which one service does it serve?", text, stream.service, "HR application")
    yield _plain(1, "scope", "What belongs to it, and what does not?", text, stream.scope, "Requests by employees")
    yield _plain(1, "owner", "Who answers for it from end to end?", text, stream.owner, "Service owner")


def _trigger_and_outcome(stream: ValueStream) -> Iterator[Question]:
    demand, value = stream.demand, stream.value
    text = AnswerKind.TEXT
    yield _at(
        2, ("demand", "description"), "What starts the stream?", text, demand.description, "An employee needs access"
    )
    yield _at(2, ("demand", "who"), "Who needs it?", text, demand.who, "Employees and their managers")
    yield _at(
        2,
        ("demand", "volume_per_month"),
        "How many come in a month?",
        AnswerKind.NUMBER,
        demand.volume_per_month,
        "350",
    )
    yield _at(
        2,
        ("demand", "complete_ratio"),
        "How many of them arrive complete?",
        AnswerKind.RATIO,
        demand.complete_ratio,
        "90 %",
    )
    yield _at(
        2,
        ("value", "description"),
        "What does the stakeholder have at the end?",
        text,
        value.description,
        "Access that works, and a satisfied employee",
    )
    yield _at(
        2, ("value", "confirmed_by"), "Who confirms that, and how?", text, value.confirmed_by, "The employee, by e-mail"
    )


def _steps(stream: ValueStream) -> Iterator[Question]:
    names = AnswerKind.NAMES
    example = "Submit request; Log and triage; Review and approve"
    yield _plain(3, "steps", "Which steps lead from the trigger to the outcome?", names, stream.steps, example)
    if stream.steps:
        choices = tuple(step.name for step in stream.steps)
        text = "After which step does the stakeholder have the value?"
        yield _at(3, ("value", "after"), text, AnswerKind.CHOICE, stream.value.after, choices[-1], choices)


def _details(at: int, step: Step, framework: Framework) -> Iterator[Question]:
    name, text = f"“{step.name}”", AnswerKind.TEXT
    estimate = step.estimate or Estimate()
    activities = tuple(activity.name for activity in framework.value_chain_activities)
    practices = tuple(practice.name for practice in framework.practices)
    classes = tuple(value_class.value for value_class in ValueClass)
    choices = AnswerKind.CHOICES
    yield _of_step(at, step, 4, "team", f"Who is responsible for {name}?", text, "Service Desk")
    yield _of_step(
        at, step, 4, "value_chain_activities", f"Which kind of activity is {name}?", choices, choices=activities
    )
    yield _of_step(at, step, 4, "practices", f"Which practices does {name} draw on?", choices, choices=practices)
    yield _of_step(
        at, step, 4, "tasks", f"What is done in {name}?", AnswerKind.LIST, "Check details; Categorise; Assign"
    )
    yield _of_step(at, step, 4, "input", f"What does {name} take in?", text, "Submitted request")
    yield _of_step(at, step, 4, "output", f"What does {name} hand on?", text, "Categorised request")
    yield _of_step(at, step, 4, "system", f"Which tool is used in {name}?", text, "ITSM tool")
    yield _of_step(
        at, step, 4, "value_class", f"What is {name} worth to the stakeholder?", AnswerKind.CHOICE, choices=classes
    )
    yield _of_step(at, step, 4, "benefit", f"What does the stakeholder get from {name}?", text)
    # The wait inside comes before the queue: beside a known queue, a wait inside that is left out means none.
    inside = (estimate.inside_wait_time, estimate.queue_time)
    for field, asked, given, example in (
        ("process_time", f"How long does somebody work on one item in {name}?", (estimate.process_time,), "10 min"),
        ("inside_wait_time", f"How long does an item wait within {name}, once it is begun?", inside, "0 min"),
        ("queue_time", f"How long do items wait before {name} begins?", (estimate.queue_time,), "2 h"),
    ):
        place = ("steps", at, "estimate", field)
        answered = any(duration is not None for duration in given)
        id_ = f"steps.{step.name}.estimate.{field}"
        yield Question(id_, 4, asked, AnswerKind.DURATION, place, answered, example)


def _improvements(stream: ValueStream) -> Iterator[Question]:
    example = "Provision standard roles automatically; Fill in forms beforehand"
    text = "What would make the stream better: eliminate, automate, shift left, shorten?"
    yield _plain(6, "improvements", text, AnswerKind.NAMES, stream.improvements, example)
    kinds = tuple(kind.value for kind in ImprovementKind)
    steps = tuple(step.name for step in stream.steps)
    for at, improvement in enumerate(stream.improvements):
        name = f"“{improvement.name}”"
        yield _of_improvement(at, improvement, "kind", f"How does {name} help?", AnswerKind.CHOICE, choices=kinds)
        yield _of_improvement(
            at, improvement, "steps", f"Which steps does {name} change?", AnswerKind.CHOICES, choices=steps
        )
        yield _of_improvement(at, improvement, "owner", f"Who looks after {name}?", AnswerKind.TEXT)


def _measures(stream: ValueStream) -> Iterator[Question]:
    text = "Which measures will you steer by?"
    known = tuple(MEASURE_TERMS)
    example = "lead_time; rework; throughput; csat"
    yield _plain(7, "measures", text, AnswerKind.NAMES, stream.measures, example, known)
    for at, measure in enumerate(stream.measures):
        label = _measure_label(measure)
        for field, asked in (("current", f"What is {label} today?"), ("target", f"Which {label} do you aim at?")):
            named = f"{measure.name}.{measure.step}" if measure.step else measure.name
            answered = getattr(measure, field) is not None
            place = ("measures", at, field)
            yield Question(f"measures.{named}.{field}", 7, asked, AnswerKind.FIGURE, place, answered)


def _governance(stream: ValueStream) -> Iterator[Question]:
    duration = AnswerKind.DURATION
    yield _plain(7, "review_every", "How often is the stream reviewed?", duration, stream.review_every, "30 d")
    has_receiver = any(reviewer.side is Side.REQUESTER for reviewer in stream.reviewers)
    text = "Who takes part in the review, also from the receiving side?"
    example = "Service owner; HR key user (requester)"
    yield _plain(7, "reviewers", text, AnswerKind.PEOPLE, has_receiver, example)


def _continual_improvement(stream: ValueStream) -> Iterator[Question]:
    text = "What is looked at afterwards, and where does it go?"
    example = "Satisfaction answers, every month, to the register of improvements"
    yield _plain(8, "feedback", text, AnswerKind.TEXT, stream.feedback, example)


def _measure_label(measure: Measure) -> str:
    label = measure_label(measure.name)
    return f"{label} of “{measure.step}”" if measure.step else label


def _plain(
    step: int, field: str, text: str, kind: AnswerKind, given: object, example: str = "", choices: tuple[str, ...] = ()
) -> Question:
    return Question(field, step, text, kind, (field,), bool(given), example, choices)


def _at(
    step: int,
    place: tuple[str, ...],
    text: str,
    kind: AnswerKind,
    given: object,
    example: str = "",
    choices: tuple[str, ...] = (),
) -> Question:
    return Question(".".join(place), step, text, kind, place, given not in (None, ""), example, choices)


def _of_step(
    at: int,
    step: Step,
    number: int,
    field: str,
    text: str,
    kind: AnswerKind,
    example: str = "",
    *,
    choices: tuple[str, ...] = (),
) -> Question:
    answered = bool(getattr(step, field))
    return Question(f"steps.{step.name}.{field}", number, text, kind, ("steps", at, field), answered, example, choices)


def _of_improvement(
    at: int, improvement: Improvement, field: str, text: str, kind: AnswerKind, *, choices: tuple[str, ...] = ()
) -> Question:
    answered = bool(getattr(improvement, field))
    place = ("improvements", at, field)
    return Question(f"improvements.{improvement.name}.{field}", 6, text, kind, place, answered, choices=choices)
