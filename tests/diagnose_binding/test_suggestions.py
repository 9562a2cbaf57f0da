"""Suggested rules: words, teams, order and states speak for a step, and what is sure enough becomes a rule."""

from pathlib import Path

import pytest
from tests.flow.logs import Row, Written, hour, write_log

from millrace.diagnose.binding import PAUSE, bind
from millrace.diagnose.binding_suggestions import Suggestion, suggest_rules, with_rules
from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.flow.flow import UNMAPPED
from millrace.model.value_stream import Match, Step, ValueStream

STREAM = ValueStream(
    name="requests",
    steps=(
        Step(name="Submit request", team="Requester", side="requester"),
        Step(name="Log and triage", team="Service Desk", tasks=("Categorise the request",)),
        Step(name="Review and approve", team="Data Owner"),
        Step(name="Deliver", team="Service Desk"),
    ),
)
LIFE = (
    ("Submitted", None),
    ("Categorised", "Service Desk"),
    ("In review", "Data Owner"),
    ("Approval given", "Data Owner"),
    ("xyzzy", "Service Desk"),
)


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    rows = [
        Row(item, hour(at), status=status, team=team, position=at)
        for item in "abc"
        for at, (status, team) in enumerate(LIFE)
    ]
    return write_log(rows, tmp_path, Written())


def suggested(log: EventLog, stream: ValueStream = STREAM) -> dict[str, Suggestion]:
    with connect() as connection:
        return {each.label: each for each in suggest_rules(stream, log, connection)}


def test_words_of_a_label_speak_for_the_step_that_holds_them(log: EventLog) -> None:
    found = suggested(log)

    assert found["Submitted"].step == "Submit request"
    assert found["In review"].step == "Review and approve"
    assert found["Approval given"].step == "Review and approve"
    assert "its words" in found["In review"].why


def test_words_of_tasks_speak_too_but_less(log: EventLog) -> None:
    found = suggested(log)

    assert found["Categorised"].step == "Log and triage"
    assert found["Categorised"].confidence_ratio < found["In review"].confidence_ratio


def test_team_and_order_speak_where_words_do_not(log: EventLog) -> None:
    unknown = suggested(log)["xyzzy"]

    assert unknown.step == "Deliver"
    assert unknown.why == "its team, its place in time"
    assert unknown.confidence_ratio < 0.5


def test_a_stream_without_steps_gets_no_suggestion(log: EventLog) -> None:
    assert {each.step for each in suggested(log, ValueStream(name="empty")).values()} == {None}


def test_confidence_lies_between_nothing_and_certainty(log: EventLog) -> None:
    assert all(0 <= each.confidence_ratio <= 1 for each in suggested(log).values())


def test_sure_suggestions_become_rules_that_take_the_labels(log: EventLog) -> None:
    stream = with_rules(STREAM, suggested(log).values())
    with connect() as connection:
        binding = bind(stream, log, connection)

    assert {label.name: label.step for label in binding.labels} == {
        "Submitted": "Submit request",
        "Categorised": "Log and triage",
        "In review": "Review and approve",
        "Approval given": "Review and approve",
        "xyzzy": UNMAPPED,
    }


def test_rules_that_a_step_has_come_first() -> None:
    own = Match(status=("Old",))
    step = Step(name="a", match=(own,))
    stream = with_rules(ValueStream(name="s", steps=(step,)), [Suggestion("status", "!odd", "a", 0.9, "its words", 3)])

    assert stream.steps[0].match == (own, Match(status=("?odd",)))


def test_a_wait_that_no_step_claims_is_a_pause(tmp_path: Path) -> None:
    rows = [
        Row("a", hour(at), status=status, position=at) for at, status in enumerate(("In review", "Awaiting vendor"))
    ]
    log = write_log(rows, tmp_path, Written())
    classes = [each.model_copy(update={"sureness_ratio": 0.9}) for each in log.about.event_classes]
    known = EventLog(log.folder, log.about.model_copy(update={"event_classes": tuple(classes)}))
    found = suggested(known)["Awaiting vendor"]

    assert (found.step, found.confidence_ratio, found.why) == (PAUSE, 0.9, "a wait inside any step")
    assert with_rules(STREAM, [found]).pauses == (Match(status=("Awaiting vendor",)),)
