"""A stream proposed from a log: steps that people can read, in the order of the work."""

from pathlib import Path
from typing import Any

import pytest
from logs import ACTIVITIES, HOUR, MONDAY, STATUSES, Row, Written, write_log

from millrace.eventlog.engine import connect
from millrace.eventlog.schema import Shape
from millrace.flow.cut import cut
from millrace.flow.discover import discover
from millrace.flow.likely_activity import likely_activities
from millrace.flow.step_measures import step_measures
from millrace.flow.tiers import tier_patterns
from millrace.model.state import State
from millrace.model.value_stream import ValueStream


def discovered(rows: list[Row], folder: Path, about: Written) -> ValueStream:
    with connect() as connection:
        return discover(write_log(rows, folder, about), connection)


def item(name: str, *labels: str, teams: tuple[str | None, ...] = (), **more: Any) -> list[Row]:
    column = more.pop("column", "status")
    padded = (*teams, *[None] * len(labels))
    return [
        Row(name, MONDAY + at * HOUR, team=team, position=at, **{column: label})
        for at, (label, team) in enumerate(zip(labels, padded, strict=False))
    ]


def test_statuses_of_work_become_steps_and_waits_become_pauses(tmp_path: Path) -> None:
    rows = item("a", "New", "In progress", "Awaiting user", "In progress", "Fixing", "Resolved", "Closed")

    stream = discovered(rows, tmp_path, Written())

    assert [step.name for step in stream.steps] == ["New", "In progress", "Fixing"]
    assert {pattern for pause in stream.pauses for pattern in pause.status} >= {"Awaiting user", "Resolved", "Closed"}
    assert stream.value.rule.state is State.DONE
    assert stream.discovered


def test_tiers_of_teams_become_lines_of_support(tmp_path: Path) -> None:
    rows = item("a", "New", "In progress", "Fixing", "Resolved", teams=("Desk", "Net 2nd", "Core 3rd", "Net 2nd"))

    stream = discovered(rows, tmp_path, Written())

    assert [step.name for step in stream.steps] == ["1st line", "2nd line", "3rd line"]


def test_activities_become_steps_in_the_order_of_the_work(tmp_path: Path) -> None:
    rows = [*item("a", "Register", "Check", "Repair", "Resolve", column="activity")]

    stream = discovered(rows, tmp_path, Written(Shape.ACTIVITY_LOG_ENDS, ACTIVITIES))

    assert [step.name for step in stream.steps] == ["Register", "Check", "Repair", "Resolve"]


def test_rare_activities_are_folded_into_one_step(tmp_path: Path) -> None:
    names = [f"Activity {number:02}" for number in range(30)]
    rows = item("a", *names, *names[:5], column="activity")

    stream = discovered(rows, tmp_path, Written(Shape.ACTIVITY_LOG_ENDS, ()))

    assert len(stream.steps) == 13
    assert stream.steps[-1].name == "18 rarer activities"
    assert stream.value.rule.assumed


def test_every_event_of_a_discovered_stream_is_mapped(tmp_path: Path) -> None:
    names = ["100% done", "a_b", "it's", "!urgent", "*star*", "what?", "Ünïcode", "🙂 ok", "trailing ", "back\\slash"]
    log = write_log(
        item("a", *names, column="activity"), tmp_path, Written(Shape.ACTIVITY_LOG_ENDS, (), columns=frozenset())
    )
    with connect() as connection:
        flow = cut(log, discover(log, connection), tmp_path, connection)

    found = {measures.step: measures.n_visits for measures in step_measures(flow)}
    assert "unmapped" not in found
    assert sum(found.values()) == len(names)


def test_a_status_log_of_queues_alone_still_has_a_step(tmp_path: Path) -> None:
    stream = discovered(item("a", "New", "Resolved"), tmp_path, Written(classes=STATUSES))

    assert [step.name for step in stream.steps] == ["New"]


@pytest.mark.parametrize(
    ("teams", "tiers"),
    [
        (["V5 3rd", "G96", "N52 2nd"], {2: ("* 2nd",), 3: ("* 3rd",)}),
        (["Network L1", "Network L2"], {1: ("* l1",), 2: ("* l2",)}),
        (["Support Tier 1", "Support Tier 3"], {1: ("* tier 1",), 3: ("* tier 3",)}),
        (["Second line desk", "First line desk"], {1: ("first line *",), 2: ("second line *",)}),
        (["Netz Stufe 2", "Netz Stufe 1"], {1: ("* stufe 1",), 2: ("* stufe 2",)}),
        (["Group 70", "Group 24"], {}),
        (["N4", "L2"], {}),
        ([], {}),
    ],
)
def test_tiers_are_read_from_the_names_of_teams(teams: list[str], tiers: dict[int, tuple[str, ...]]) -> None:
    assert tier_patterns(teams) == tiers


@pytest.mark.parametrize(
    ("step", "activity"),
    [("1st line", "Engage"), ("Vendor order", "Obtain/build"), ("In progress", "Deliver & support"), ("Xyz", None)],
)
def test_a_step_suggests_its_value_chain_activity(step: str, activity: str | None) -> None:
    assert likely_activities(step) == ((activity,) if activity else ())
