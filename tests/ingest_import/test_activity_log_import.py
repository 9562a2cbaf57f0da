from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imported import remark, rows

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.readiness import Computability, Verdict
from millrace.eventlog.schema import Shape
from millrace.ingest.lifecycle import pair

Bring = Callable[..., EventLog]
WORK = {"item_id": "case", "at": "end", "started_at": "start", "activity": "task"}
PHASES = {"item_id": "case", "at": "time", "activity": "task", "lifecycle": "phase"}
SPAN = "activity, strftime(started_at, '%H:%M'), strftime(\"at\", '%H:%M')"


def test_an_event_keeps_its_start_and_its_end(bring_in: Bring) -> None:
    log = bring_in(
        "case,task,start,end",
        "1,Check,2024-01-01 10:00,2024-01-01 10:30",
        shape=Shape.ACTIVITY_LOG,
        columns=WORK,
    )
    assert rows(log, SPAN) == [("Check", "10:00", "10:30")]


def test_a_start_after_its_end_is_unknown(bring_in: Bring) -> None:
    log = bring_in(
        "case,task,start,end",
        "1,Check,2024-01-01 11:00,2024-01-01 10:30",
        shape=Shape.ACTIVITY_LOG,
        columns=WORK,
    )
    assert rows(log, SPAN) == [("Check", None, "10:30")]
    assert remark(log, "negative_duration").verdict is Verdict.REPAIRED


def test_work_that_has_not_ended_is_an_instant(bring_in: Bring) -> None:
    log = bring_in("case,task,start,end", "1,Check,2024-01-01 11:00,", shape=Shape.ACTIVITY_LOG, columns=WORK)
    assert rows(log, SPAN) == [("Check", "11:00", "11:00")]
    assert remark(log, "missing_end").n_rows == 1


def test_an_unreadable_start_is_unknown(bring_in: Bring) -> None:
    log = bring_in("case,task,start,end", "1,Check,early,2024-01-01 11:00", shape=Shape.ACTIVITY_LOG, columns=WORK)
    assert rows(log, SPAN) == [("Check", None, "11:00")]
    assert remark(log, "unreadable_cell").examples == ("line 2: start “early”",)


def test_starts_and_completions_become_one_event_each(bring_in: Bring) -> None:
    log = bring_in(
        "case,task,phase,time",
        "1,Check,START,2024-01-01 10:00",
        "1,Check,complete,2024-01-01 10:30",
        "1,Decide,start,2024-01-01 11:00",
        "1,Decide,complete,2024-01-01 12:00",
        shape=Shape.ACTIVITY_LOG,
        columns=PHASES,
    )
    assert rows(log, SPAN) == [("Check", "10:00", "10:30"), ("Decide", "11:00", "12:00")]
    assert log.has("started_at")


def test_rows_that_find_no_partner_are_kept_and_counted(bring_in: Bring) -> None:
    log = bring_in(
        "case,task,phase,time",
        "1,Check,complete,2024-01-01 09:00",
        "1,Check,start,2024-01-01 10:00",
        "1,Check,complete,2024-01-01 10:30",
        "1,Check,start,2024-01-01 11:00",
        "1,Check,schedule,2024-01-01 12:00",
        shape=Shape.ACTIVITY_LOG,
        columns=PHASES,
    )
    assert rows(log, SPAN) == [
        ("Check", None, "09:00"),
        ("Check", "10:00", "10:30"),
        ("Check", "11:00", "11:00"),
        ("Check", "12:00", "12:00"),
    ]
    assert remark(log, "lone_end").examples == ("line 2: Check",)
    assert remark(log, "lone_start").examples == ("line 5: Check",)
    assert remark(log, "other_transition").n_rows == 1


def test_two_people_at_one_activity_are_told_apart(bring_in: Bring) -> None:
    log = bring_in(
        "case,task,phase,time,who",
        "1,Check,start,2024-01-01 10:00,Ann",
        "1,Check,start,2024-01-01 10:10,Bob",
        "1,Check,complete,2024-01-01 10:20,Bob",
        "1,Check,complete,2024-01-01 10:40,Ann",
        shape=Shape.ACTIVITY_LOG,
        columns=PHASES | {"person": "who"},
    )
    assert rows(log, f"person, {SPAN}") == [("Bob", "Check", "10:10", "10:20"), ("Ann", "Check", "10:00", "10:40")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["start", "complete"]), max_size=12))
def test_pairs_are_first_in_first_out(phases: list[str]) -> None:
    waiting: list[int] = []
    expected = []
    for minute, phase in enumerate(phases):
        if phase == "start":
            waiting.append(minute)
        else:
            expected.append((minute, waiting.pop(0) if waiting else None))
    expected += [(minute, minute) for minute in waiting]
    connection = connect()
    connection.execute(
        "CREATE TABLE kept (__row BIGINT, position BIGINT, item_id VARCHAR, activity VARCHAR, "
        '"at" TIMESTAMP, lifecycle VARCHAR)'
    )
    for minute, phase in enumerate(phases):
        connection.execute(
            "INSERT INTO kept VALUES ($1, $1, 'A', 'x', make_timestamp($1 * 60000000), $2)", [minute, phase]
        )
    found = connection.execute(f"""
        SELECT epoch_us("at") // 60000000, epoch_us(started_at) // 60000000
        FROM ({pair("SELECT * FROM kept", by_person=False).events})
    """).fetchall()
    connection.close()
    assert sorted(found) == sorted(expected)


def test_a_log_of_ends_says_that_process_time_is_not_computable(bring_in: Bring) -> None:
    log = bring_in(
        "case,task,end",
        "1,Check,2024-01-01 10:30",
        shape=Shape.ACTIVITY_LOG_ENDS,
        columns={"item_id": "case", "at": "end", "activity": "task"},
    )
    judged = {measure.measure: measure for measure in log.about.readiness.measures}
    assert judged["flow_efficiency"].computability is Computability.NOT_COMPUTABLE
    assert judged["handoff"].missing == ("team",)
    assert judged["lead_time"].computability is Computability.WITH_CAVEAT


def test_a_record_per_item_becomes_an_event_per_milestone(bring_in: Bring) -> None:
    log = bring_in(
        "id,opened,resolved,closed,team",
        "A,2024-01-01 10:00,2024-01-01 10:00,2024-01-03 10:00,Desk",
        "B,2024-01-02 10:00,,,Desk",
        "C,,,,Desk",
        columns={"item_id": "id", "team": "team"},
        milestones={"Opened": "opened", "Resolved": "resolved", "Closed": "closed"},
    )
    assert rows(log, "item_id, activity, status") == [
        ("A", "Opened", "Opened"),
        ("A", "Resolved", "Resolved"),
        ("A", "Closed", "Closed"),
        ("B", "Opened", "Opened"),
    ]
    assert remark(log, "missing_time").examples == ("line 4: C",)
    judged = {measure.measure: measure for measure in log.about.readiness.measures}
    assert judged["handoff"].computability is Computability.NOT_COMPUTABLE


def test_rows_that_repeat_a_record_are_merged(bring_in: Bring) -> None:
    log = bring_in(
        "id,opened,closed,server",
        "A,2024-01-01,2024-01-03,one",
        "A,2024-01-01,2024-01-03,two",
        columns={"item_id": "id"},
        milestones={"Opened": "opened", "Closed": "closed"},
    )
    assert rows(log, "status, server") == [("Opened", "one"), ("Closed", "one")]
    assert remark(log, "repeated_item").n_rows == 1


def test_a_milestone_before_demand_is_kept_and_told(bring_in: Bring) -> None:
    log = bring_in(
        "id,opened,closed",
        "A,2024-01-03,2024-01-01",
        "B,2024-01-03,tomorrow",
        columns={"item_id": "id"},
        milestones={"Opened": "opened", "Closed": "closed"},
    )
    assert remark(log, "time_before_demand").examples == ("line 2: A",)
    assert remark(log, "unreadable_cell").examples == ("line 3: closed “tomorrow”",)


@pytest.mark.parametrize("shape", list(Shape))
def test_positions_order_events_within_an_item(bring_in: Bring, shape: Shape) -> None:
    columns = {"item_id": "case", "at": "end", "activity": "task"}
    log = bring_in("case,task,end", "1,A,2024-01-01", "1,B,2024-01-01", "1,C,2024-01-01", shape=shape, columns=columns)
    positions = [position for (position,) in rows(log, "position")]
    assert all(earlier < later for earlier, later in pairwise(positions))
