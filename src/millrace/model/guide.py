"""The guided method: eight steps from a name to continual improvement, asking only what is missing.

Logic only, for the terminal and the page alike. Progress is the stream itself: what is answered is in it, and what
was left open on purpose stands under `guide`.
"""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.frameworks.framework import Framework, load_framework
from millrace.model.guide_questions import AnswerKind, Place, Question, questions
from millrace.model.value_stream import GuideProgress, ValueStream
from millrace.model.yaml_problem import did_you_mean, problems_of

METHOD = (
    ("Name the stream", "One service, one scope."),
    ("Trigger and outcome", "What starts it, and what ends it."),
    ("High-level steps", "From trigger to outcome, across teams."),
    ("Detail each step", "Tasks, practices, input, output, tool, team, times."),
    ("Waste and bottlenecks", "Delays, rework, handoffs, waiting, manual work."),
    ("Improvement actions", "Eliminate, automate, shift left, shorten; each with an owner."),
    ("Measures and governance", "What you steer by, and who looks at it how often."),
    ("Continual improvement", "What is learnt, and where it goes."),
)
"""The eight steps of the method: title and what they are about."""


class AnswerRefused(MillraceError):
    """An answer does not fit its question."""

    slug = "answer-refused"


class UnknownQuestion(MillraceError):
    """The stream does not raise such a question."""

    slug = "unknown-question"

    def __init__(self, called: str, stream: ValueStream) -> None:
        """Name the stream."""
        super().__init__(f"“{stream.name}” raises no question “{called}”; ask for its open questions again.")


@dataclass(frozen=True)
class MethodStep:
    """How far one of the eight steps has come."""

    number: int
    title: str
    about: str
    n_answered: int
    n_left_open: int
    n_questions: int

    @property
    def is_done(self) -> bool:
        """True where every question of the step was answered or left open on purpose."""
        return self.n_questions > 0 and self.n_answered + self.n_left_open == self.n_questions


def progress(stream: ValueStream, *, framework: Framework | None = None) -> tuple[MethodStep, ...]:
    """Return how far each of the eight steps has come."""
    asked = _questions(stream, framework)
    left_open = set(stream.guide.left_open)
    steps = []
    for number, (title, about) in enumerate(METHOD, start=1):
        here = [question for question in asked if question.step == number]
        answered = sum(question.answered for question in here)
        left = sum(not question.answered and question.id in left_open for question in here)
        steps.append(MethodStep(number, title, about, answered, left, len(here)))
    return tuple(steps)


def open_questions(stream: ValueStream, *, framework: Framework | None = None) -> tuple[Question, ...]:
    """Return what is still to be asked, in order: neither answered nor left open on purpose."""
    left_open = set(stream.guide.left_open)
    asked = _questions(stream, framework)
    return tuple(question for question in asked if not question.answered and question.id not in left_open)


def next_question(stream: ValueStream, *, framework: Framework | None = None) -> Question | None:
    """Return the next question to ask; None where nothing is missing."""
    return next(iter(open_questions(stream, framework=framework)), None)


def answer(stream: ValueStream, question_id: str, given: str, *, framework: Framework | None = None) -> ValueStream:
    """Return the stream with an answer applied, as somebody typed it; lists are divided by `;` or by lines.

    Raises UnknownQuestion, or AnswerRefused with what would fit.
    """
    question = _question(stream, question_id, framework)
    if not given.strip():
        raise AnswerRefused("An empty answer says nothing; leave the question open instead.")
    changed = stream.model_dump(exclude_unset=True)
    _put(changed, question.place, _read(question, given))
    try:
        return ValueStream.model_validate(changed)
    except ValidationError as refused:
        told = "; ".join(problem.sentence for problem in problems_of(refused, changed, ValueStream))
        raise AnswerRefused(f"{told[0].upper()}{told[1:]}.") from refused


def leave_open(stream: ValueStream, question_id: str, *, framework: Framework | None = None) -> ValueStream:
    """Return the stream with a question left open on purpose; it is not asked again. Raises UnknownQuestion."""
    question = _question(stream, question_id, framework)
    left_open = tuple(dict.fromkeys((*stream.guide.left_open, question.id)))
    return stream.model_copy(update={"guide": GuideProgress(left_open=left_open)})


def _questions(stream: ValueStream, framework: Framework | None) -> tuple[Question, ...]:
    return tuple(questions(stream, framework or load_framework(stream.framework)))


def _question(stream: ValueStream, question_id: str, framework: Framework | None) -> Question:
    asked = _questions(stream, framework)
    found = next((question for question in asked if question.id == question_id), None)
    if found is None:
        raise UnknownQuestion(question_id, stream)
    return found


def _read(question: Question, given: str) -> Any:
    """Turn what was typed into what the stream's file would hold."""
    match question.kind:
        case AnswerKind.CHOICE:
            return _choice(given, question.choices)
        case AnswerKind.CHOICES:
            return [_choice(part, question.choices) for part in _parts(given)]
        case AnswerKind.LIST:
            return _parts(given)
        case AnswerKind.NAMES:
            return [{"name": part} for part in dict.fromkeys(_parts(given))]
        case AnswerKind.PEOPLE:
            return [_person(part) for part in _parts(given)]
    return given.strip()


def _parts(given: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", given) if part.strip()]


def _choice(given: str, choices: tuple[str, ...]) -> str:
    wanted = given.strip().casefold()
    by_number = {str(at): choice for at, choice in enumerate(choices, start=1)}
    chosen = by_number.get(wanted) or next((choice for choice in choices if choice.casefold() == wanted), None)
    if chosen is None:
        offered = did_you_mean(given.strip(), choices) or f"; choose from {', '.join(choices)}."
        raise AnswerRefused(f"“{given.strip()}” is none of the choices{offered}")
    return chosen


def _person(given: str) -> dict[str, str]:
    name, bracket, side = given.removesuffix(")").partition("(")
    return {"who": name.strip(), "side": side.strip().casefold()} if bracket else {"who": name.strip()}


def _put(tree: Any, place: Place, value: Any) -> None:
    """Set a value in plain nested dicts and lists, making the dicts that are not there yet."""
    *way, last = place
    for key in way:
        if isinstance(key, int):
            tree[key] = dict(tree[key])
        elif tree.get(key) is None:
            tree[key] = {}
        elif isinstance(tree[key], tuple):
            tree[key] = list(tree[key])
        tree = tree[key]
    tree[last] = value
