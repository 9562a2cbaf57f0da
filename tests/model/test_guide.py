from datetime import timedelta

import pytest

from millrace.model.guide import (
    METHOD,
    AnswerRefused,
    UnknownQuestion,
    answer,
    leave_open,
    next_question,
    open_questions,
    progress,
)
from millrace.model.guide_questions import AnswerKind
from millrace.model.state import Side
from millrace.model.stream_file import parse_stream, stream_to_yaml
from millrace.model.templates.template import TEMPLATES, load_template
from millrace.model.value_stream import Step, ValueClass, ValueStream

NEW = ValueStream(name="new")

ANSWERS = {
    AnswerKind.TEXT: "something",
    AnswerKind.NUMBER: "12",
    AnswerKind.RATIO: "90 %",
    AnswerKind.DURATION: "2 h",
    AnswerKind.FIGURE: "2 h",
    AnswerKind.CHOICE: "1",
    AnswerKind.CHOICES: "1; 2",
    AnswerKind.LIST: "one; two",
    AnswerKind.PEOPLE: "Lead; Key user (requester)",
}


def test_the_method_has_eight_steps() -> None:
    assert len(METHOD) == 8


def test_a_new_stream_is_first_asked_for_its_title() -> None:
    question = next_question(NEW)

    assert question is not None
    assert (question.id, question.step) == ("title", 1)


def test_an_answered_question_is_not_asked_again() -> None:
    stream = answer(NEW, "title", "Access")

    assert stream.title == "Access"
    assert "title" not in [question.id for question in open_questions(stream)]


def test_a_question_left_open_on_purpose_is_not_asked_again() -> None:
    stream = leave_open(NEW, "title")

    assert "title" not in [question.id for question in open_questions(stream)]
    assert progress(stream)[0].n_left_open == 1


def test_progress_is_kept_in_the_file() -> None:
    stream = leave_open(answer(NEW, "owner", "Olga"), "title")

    assert progress(parse_stream(stream_to_yaml(stream))) == progress(stream)


def test_the_names_of_steps_raise_questions_about_each() -> None:
    stream = answer(NEW, "steps", "Ask; Approve\nDeliver")

    assert [step.name for step in stream.steps] == ["Ask", "Approve", "Deliver"]
    assert "steps.Approve.team" in [question.id for question in open_questions(stream)]


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        ("steps.Ask.team", "Desk", Step(name="Ask", team="Desk")),
        ("steps.Ask.value_class", "Waste", Step(name="Ask", value_class=ValueClass.WASTE)),
        ("steps.Ask.practices", "service desk; incident management", None),
        ("steps.Ask.tasks", "look; decide", Step(name="Ask", tasks=("look", "decide"))),
    ],
)
def test_an_answer_changes_its_step(question: str, given: str, expected: Step | None) -> None:
    [step] = answer(answer(NEW, "steps", "Ask"), question, given).steps

    assert step == (expected or Step(name="Ask", practices=("Service desk", "Incident management")))


def test_a_choice_may_be_given_by_its_number() -> None:
    [step] = answer(answer(NEW, "steps", "Ask"), "steps.Ask.value_class", "2").steps

    assert step.value_class is ValueClass.NECESSARY


def test_a_duration_makes_the_estimate_it_belongs_to() -> None:
    [step] = answer(answer(NEW, "steps", "Ask"), "steps.Ask.estimate.queue_time", "90 min").steps

    assert step.estimate is not None
    assert step.estimate.queue_time == timedelta(minutes=90)


def test_reviewers_may_say_whose_side_they_are_on() -> None:
    stream = answer(NEW, "reviewers", "Lead; Key user (requester)")

    assert [(reviewer.who, reviewer.side) for reviewer in stream.reviewers] == [
        ("Lead", Side.PROVIDER),
        ("Key user", Side.REQUESTER),
    ]


@pytest.mark.parametrize(
    ("question", "given", "told"),
    [
        ("demand.volume_per_month", "many", "must be a number"),
        ("demand.complete_ratio", "120 %", "out of range"),
        ("review_every", "now and then", "is not a duration"),
        ("title", "   ", "An empty answer says nothing"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_what_would(question: str, given: str, told: str) -> None:
    with pytest.raises(AnswerRefused, match=told):
        answer(NEW, question, given)


def test_a_choice_that_is_none_names_the_nearest() -> None:
    stream = answer(NEW, "steps", "Ask")

    with pytest.raises(AnswerRefused, match="did you mean “Engage”"):
        answer(stream, "steps.Ask.value_chain_activities", "engagge")


def test_a_figure_of_the_wrong_kind_is_refused() -> None:
    stream = answer(NEW, "measures", "rework")

    with pytest.raises(AnswerRefused, match="Rework is a number or a share"):
        answer(stream, "measures.rework.current", "4 h")


def test_a_question_that_the_stream_does_not_raise_is_refused() -> None:
    with pytest.raises(UnknownQuestion, match="raises no question “steps"):
        answer(NEW, "steps.Ask.team", "Desk")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_leaves_nothing_to_ask_but_which_service_it_is_for(name: str) -> None:
    stream = load_template(name).model_copy(update={"service": "Ours"})

    assert [question.id for question in open_questions(stream)] == []
    assert all(step.is_done for step in progress(stream))


def test_answering_whatever_is_asked_comes_to_an_end() -> None:
    stream = NEW
    names = {"steps": "Ask; Do", "improvements": "Automate", "measures": "lead_time"}
    for _ in range(200):
        question = next_question(stream)
        if question is None:
            break
        stream = answer(stream, question.id, names.get(question.id) or ANSWERS[question.kind])

    assert next_question(stream) is None
    assert all(step.is_done for step in progress(stream))
