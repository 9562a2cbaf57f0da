"""Which step an event belongs to: patterns, exclusions, order, pauses."""

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import MONDAY, Row, Written, flow_of

from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.matching import STAYS, matches, step_number
from millrace.flow.points import demand_in_words, value_in_words
from millrace.flow.step_measures import step_measures
from millrace.model.value_stream import Demand, Match, Rule, Step, Value, ValueStream

MakeFlow = Callable[..., Flow]
TEXTS = st.text(alphabet="aB%_*?!\\' é", max_size=6)


def does_match(pattern: tuple[str, ...] | str, label: str | None) -> bool:
    """Whether an event with this status meets the pattern, as the engine sees it."""
    condition = matches(Match.model_validate({"status": pattern}), ["status"])
    ((is_met,),) = duckdb.execute(f"SELECT {condition} FROM (SELECT $1::VARCHAR AS status) k", [label]).fetchall()
    return bool(is_met)


@pytest.mark.parametrize(
    ("pattern", "label", "is_met"),
    [
        ("Closed", "closed", True),
        ("Closed", " Closed ", True),
        ("Closed", "Closed early", False),
        ("Clos*", "Closed early", True),
        ("*early", "Closed early", True),
        ("Clo?ed", "Closed", True),
        ("Clo?ed", "Cloed", False),
        ("*", "", True),
        ("*", None, False),
        ("100%", "100%", True),
        ("100%", "100 pieces", False),
        ("a_b", "a_b", True),
        ("a_b", "axb", False),
        ("c:\\new", "c:\\new", True),
        ("user’s “own” 'thing'", "user’s “own” 'thing'", True),
        ("!Closed", "Open", True),
        ("!Closed", "Closed", False),
        ("!Closed", None, True),
        (("Wait*", "!*vendor"), "Waiting for user", True),
        (("Wait*", "!*vendor"), "Waiting for vendor", False),
        (("Wait*", "!*vendor"), "Open", False),
        (("Open", "Closed"), "closed", True),
        ("ÉTAT", "état", True),
        ("Ünder Übergabe", "ünder übergabe", True),
        ("等待", "等待", True),
    ],
)
def test_a_pattern_meets_a_label(pattern: tuple[str, ...] | str, label: str | None, is_met: bool) -> None:
    assert does_match(pattern, label) is is_met


@given(TEXTS.filter(lambda text: not text.startswith("!")), TEXTS)
@settings(max_examples=150, deadline=None)
def test_patterns_are_wildcards_and_nothing_else(pattern: str, label: str) -> None:
    written = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)

    expected = re.fullmatch(written, label.strip(" "), re.IGNORECASE | re.DOTALL) is not None

    assert does_match(pattern, label) is expected


def steps_of(flow: Flow) -> dict[str, int]:
    return {measures.step: measures.n_items for measures in step_measures(flow) if measures.n_items}


def stream(*steps: Step, **more: object) -> ValueStream:
    return ValueStream(name="s", steps=steps).model_copy(update=more)


def labels(**columns: list[str | None]) -> list[Row]:
    n = max(len(values) for values in columns.values())
    return [
        Row(f"i{number}", MONDAY, **{name: values[number] for name, values in columns.items()})  # type: ignore[arg-type]
        for number in range(n)
    ]


def test_the_first_step_that_matches_wins(tmp_path: Path) -> None:
    rows = labels(status=["Fix now", "Fix later", "Rest"])
    narrow, wide = (
        Step(name="Now", match=(Match(status=("*now",)),)),
        Step(name="Fix", match=(Match(status=("Fix*",)),)),
    )

    assert steps_of(flow_of(rows, tmp_path, stream(narrow, wide))) == {"Now": 1, "Fix": 1, "unmapped": 1}
    assert steps_of(flow_of(rows, tmp_path, stream(wide, narrow))) == {"Fix": 2, "unmapped": 1}


def test_all_conditions_of_a_match_hold_and_any_match_does(tmp_path: Path) -> None:
    rows = labels(status=["Fix", "Fix", "Rest", "Rest"], team=["A", "B", "A", None])
    step = Step(name="S", match=(Match(status=("Fix",), team=("A",)), Match(status=("Rest",), team=("!A",))))

    assert steps_of(flow_of(rows, tmp_path, stream(step))) == {"S": 2, "unmapped": 2}


def test_conditions_may_ask_for_any_column(tmp_path: Path) -> None:
    rows = [
        Row("a", MONDAY, status="New", more=(("priority", "1 – high"), ('odd "name"', "x"))),
        Row("b", MONDAY, status="New", more=(("priority", "2"), ('odd "name"', "x"))),
    ]
    step = Step(name="Urgent", match=(Match(attributes={"priority": ("1*",), 'odd "name"': ("x",)}),))

    assert steps_of(flow_of(rows, tmp_path, stream(step))) == {"Urgent": 1, "unmapped": 1}


def test_a_column_that_the_log_lacks_matches_nothing(tmp_path: Path) -> None:
    steps = stream(
        Step(name="S", match=(Match(team=("*",)), Match(item_type=("incident",)), Match(attributes={"colour": ("*",)})))
    )

    assert steps_of(flow_of(labels(status=["New"]), tmp_path, steps)) == {"unmapped": 1}


def test_a_match_without_conditions_takes_every_event(tmp_path: Path) -> None:
    assert steps_of(flow_of(labels(status=["New", None]), tmp_path, stream(Step(name="S", match=(Match(),))))) == {
        "S": 2
    }


def test_a_step_without_matches_takes_none(tmp_path: Path) -> None:
    assert steps_of(flow_of(labels(status=["New"]), tmp_path, stream(Step(name="S")))) == {"unmapped": 1}


def test_a_pause_wins_over_any_step() -> None:
    steps = stream(Step(name="S", match=(Match(),)), pauses=(Match(status=("Hold",)),))
    number = step_number(steps, ["status"])

    found = duckdb.sql(f"SELECT {number} FROM (VALUES ('Hold'), ('New')) k(status)").fetchall()

    assert found == [(STAYS,), (0,)]


def test_a_pause_before_any_step_is_unmapped(desk: MakeFlow) -> None:
    flow = desk(a=[(0, "Awaiting user"), (3, "In progress"), (5, "Resolved")])

    found = {measures.step: measures.lead_time.total_seconds / 3600 for measures in step_measures(flow)}
    assert (found["unmapped"], found["Work"]) == (3, 2)


def test_points_are_told_in_words() -> None:
    when = (Match(status=("Solved", "Done"), team=("Desk",)), Match(activity=("Close",)))
    told = stream(demand=Demand(rule=Rule(when=when[1:])), value=Value(rule=Rule(when=when)))

    assert demand_in_words(stream()) == "first event"
    assert demand_in_words(told) == "first event with activity “Close”"
    assert value_in_words(stream()) == "start of the final run of done events"
    assert value_in_words(told) == "last event with status “Solved” or “Done” and team “Desk” or activity “Close”"


def test_labels_with_signs_of_the_engine_are_discovered_as_themselves(tmp_path: Path) -> None:
    names = ["100% done", "a_b", "it's", 'say "hi"', "back\\slash", "tab\there", "؟سلام", "🙂 ok"]
    rows = [Row(f"i{n}", MONDAY + n, activity=name) for n, name in enumerate(names)]
    steps = stream(*(Step(name=name, match=(Match(activity=(name,)),)) for name in names))

    assert steps_of(flow_of(rows, tmp_path, steps, Written(Shape.ACTIVITY_LOG_ENDS, ()))) == dict.fromkeys(names, 1)
