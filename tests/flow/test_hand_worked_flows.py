"""Small logs worked by hand, one rule each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from logs import DESK, SHOP

from millrace.flow import hands, tables
from millrace.flow.closing_tail import closing_tail
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import flow_efficiency
from millrace.flow.lead_time import lead_time
from millrace.flow.life import life
from millrace.flow.ownership import Ownership, ownership
from millrace.flow.rework import rework
from millrace.flow.selection import Selection
from millrace.flow.sla import sla_compliance
from millrace.flow.step_measures import StepMeasures, step_measures
from millrace.flow.summary import Absent, Share
from millrace.flow.throughput import throughput
from millrace.flow.time_by_state import time_by_state
from millrace.flow.variants import variants
from millrace.flow.work_item_age import work_item_age
from millrace.model.state import State
from millrace.model.value_stream import Demand, Match, Rule, Value

MakeFlow = Callable[..., Flow]


def lead_hours(flow: Flow) -> float | None:
    groups = lead_time(flow).groups
    return groups[""].total_seconds / 3600 if groups else None


def hours(flow: Flow, state: State, *, before_value: bool = False) -> float:
    return time_by_state(flow).seconds(state, before_value=before_value) / 3600


def step(flow: Flow, name: str) -> StepMeasures:
    return next(measures for measures in step_measures(flow) if measures.step == name)


def test_lead_time_of_work_begins_at_the_first_start(shop: MakeFlow) -> None:
    flow = shop(a=[(2, 5, "Register"), (6, 9, "Resolve")])

    assert lead_hours(flow) == 7


def test_work_that_ends_an_item_is_work_until_it_is_over(shop: MakeFlow) -> None:
    flow = shop(a=[(0, 1, "Register"), (3, 7, "Resolve"), (8, 9, "Check")])

    assert lead_hours(flow) == 7
    assert hours(flow, State.ACTIVE) == 5
    assert hours(flow, State.WAITING) == 2
    assert closing_tail(flow).tail.total_seconds == 2 * 3600


def test_work_that_overlaps_counts_once_and_belongs_to_what_started_first(shop: MakeFlow) -> None:
    flow = shop(a=[(0, 10, "Register"), (2, 4, "Check"), (8, 15, "Repair"), (16, 17, "Resolve")])

    assert hours(flow, State.ACTIVE) == 16
    assert lead_hours(flow) == 17
    assert step(flow, "Register").lead_time.total_seconds == 10 * 3600
    assert step(flow, "Check").lead_time.total_seconds == 0
    assert step(flow, "Repair").lead_time.total_seconds == (5 + 2) * 3600


def test_work_without_a_start_takes_no_time_and_is_waited_for(shop: MakeFlow) -> None:
    flow = shop(a=[(0, 1, "Register"), (None, 4, "Check"), (5, 6, "Resolve")])

    assert hours(flow, State.ACTIVE) == 2
    assert hours(flow, State.WAITING) == 4


@pytest.mark.parametrize("last", [[(20, "In progress")], [(20, "New"), (21, "Updated")]])
def test_an_item_reopened_at_the_end_is_not_delivered(desk: MakeFlow, last: list[Any]) -> None:
    flow = desk(a=[(0, "New"), (4, "Resolved"), *last])

    assert lead_hours(flow) is None
    assert rework(flow).n_items_reopened == 1


def test_work_reopened_by_its_last_event_is_not_delivered(shop: MakeFlow) -> None:
    flow = shop(a=[(0, 1, "Register"), (1, 2, "Resolve"), (2, 3, "Reopen")])

    assert lead_hours(flow) is None
    assert rework(flow).n_items_reopened == 1


def test_ends_of_work_reopened_by_the_last_one_are_not_delivered(ends: MakeFlow) -> None:
    flow = ends(a=[(0, "Register"), (2, "Resolve"), (3, "Reopen")])

    assert lead_hours(flow) is None
    assert rework(flow).n_items_reopened == 1


def test_value_is_the_start_of_the_final_run_of_done(desk: MakeFlow) -> None:
    flow = desk(a=[(0, "New"), (4, "Resolved"), (6, "In progress"), (9, "Resolved"), (12, "Updated"), (30, "Closed")])

    assert lead_hours(flow) == 9
    assert closing_tail(flow).tail.total_seconds == 21 * 3600
    assert closing_tail(flow).share_of_life == Share(21 * 3600, 30 * 3600)


def test_an_event_that_sets_nothing_leaves_what_held(desk: MakeFlow) -> None:
    flow = desk(a=[(0, "In progress"), (1, "Updated"), (5, "Awaiting user"), (6, "Updated"), (8, "Resolved")])

    assert hours(flow, State.ACTIVE) == 5
    assert hours(flow, State.WAITING) == 3


def test_what_held_before_demand_holds_after_it(desk: MakeFlow) -> None:
    stream = DESK.model_copy(update={"demand": Demand(rule=Rule(when=(Match(status=("Updated",)),)))})
    flow = desk(stream, a=[(0, "In progress"), (1, "Updated"), (5, "Resolved")], b=[(0, "New"), (5, "Resolved")])

    assert hours(flow, State.ACTIVE) == 4
    assert lead_hours(flow) == 4
    assert [(out.reason, out.n_items) for out in lead_time(flow).left_out] == [("without the stream’s demand", 1)]


def test_demand_may_be_the_entry_into_a_state(desk: MakeFlow) -> None:
    stream = DESK.model_copy(update={"demand": Demand(rule=Rule(state=State.ACTIVE))})
    flow = desk(stream, a=[(0, "New"), (3, "In progress"), (5, "Resolved")])

    assert lead_hours(flow) == 2
    assert lead_time(flow).demand == "first active event"


def test_a_demand_that_never_occurs_leaves_nothing_to_measure(desk: MakeFlow) -> None:
    stream = DESK.model_copy(update={"demand": Demand(rule=Rule(when=(Match(status=("Never",)),)))})
    flow = desk(stream, a=[(0, "New"), (5, "Resolved")])

    assert lead_time(flow).groups == {}
    assert life(flow)[0].n == 0
    assert step_measures(flow)[0].n_visits == 0


def test_value_may_be_the_last_event_of_items_that_were_not_cancelled(desk: MakeFlow) -> None:
    stream = DESK.model_copy(update={"value": Value(rule=Rule(event="last"))})
    flow = desk(stream, a=[(0, "New"), (5, "In progress")], b=[(0, "New"), (7, "Cancelled")])

    assert lead_hours(flow) == 5
    assert [(out.reason, out.n_items) for out in lead_time(flow).left_out] == [("cancelled", 1)]


def test_an_item_that_is_done_without_the_streams_value_is_no_work_in_progress(desk: MakeFlow) -> None:
    stream = DESK.model_copy(update={"value": Value(rule=Rule(when=(Match(status=("Resolved",)),)))})
    flow = desk(stream, a=[(0, "New"), (30, "Closed")], b=[(0, "New"), (40, "In progress")])

    assert [one.key for one in work_item_age(flow).items] == ["b"]
    assert throughput(flow, per="day")[-1].work_in_progress == 1
    assert sum(measures.n_open for measures in step_measures(flow)) == 1
    assert sla_compliance(flow, within=timedelta(hours=1)).n_open == 1
    assert {out.reason: out.n_items for out in lead_time(flow).left_out} == {
        "not delivered by the end of the log": 1, "done without the stream’s value": 1,
    }  # fmt: skip


def test_open_items_of_a_step_are_those_of_the_selection(desk: MakeFlow) -> None:
    flow = desk(a=[(0, "New", {"team": "A"})], b=[(0, "New", {"team": "B"}), (9, "Updated")])

    measures, *_ = step_measures(flow, selection=Selection(where={"team": ("A",)}))

    assert measures.n_open == 1


def test_an_item_of_one_event_lives_for_no_time(desk: MakeFlow) -> None:
    flow = desk(a=[(3, "Resolved")])

    assert lead_hours(flow) == 0
    assert life(flow)[0].total_seconds == 0


def test_process_time_of_ends_only_is_absent_with_its_reason(ends: MakeFlow) -> None:
    flow = ends(a=[(0, "Register"), (4, "Check"), (9, "Resolve")])
    check = step(flow, "Check")

    for unknown in (check.process_time, check.wait_time, check.queue_time, check.delay, flow_efficiency(flow)):
        assert isinstance(unknown, Absent)
        assert "ends of work only" in unknown.reason
    assert check.lead_time.total_seconds == 9 * 3600
    assert lead_hours(flow) == 9
    assert hours(flow, State.ACTIVE) == 0
    assert hours(flow, State.UNKNOWN) == 9


def test_process_time_of_a_status_log_without_work_is_absent_with_its_reason(desk: MakeFlow) -> None:
    flow = desk(a=[(0, "New"), (4, "Awaiting user"), (9, "Resolved")])

    for unknown in (step(flow, "Take in").process_time, flow_efficiency(flow)):
        assert isinstance(unknown, Absent)
        assert "active" in unknown.reason


def test_flow_efficiency_adds_before_it_divides(desk: MakeFlow) -> None:
    flow = desk(
        a=[(0, "New"), (9, "In progress"), (10, "Resolved")],
        b=[(0, "In progress"), (90, "Resolved")],
        still_open=[(0, "In progress"), (50, "New")],
    )

    assert flow_efficiency(flow) == Share(91 * 3600, 100 * 3600)


ADA = {"person": "Ada"}
OWNED = {
    "desk": [(0, "New"), (2, "In progress", ADA), (5, "Resolved")],
    "shop": [(0, 1, "Register"), (2, 4, "Check", ADA)],
    "ends": [(0, "Register"), (2, "Check", ADA), (4, "Resolve")],
}


@pytest.mark.parametrize("kind", OWNED)
def test_time_to_own_ends_at_the_first_event_with_a_person(request: pytest.FixtureRequest, kind: str) -> None:
    owned = ownership(request.getfixturevalue(kind)(a=OWNED[kind]))

    assert isinstance(owned, Ownership)
    assert owned.time_to_own.total_seconds == 2 * 3600


def test_idle_time_has_a_team_and_no_person(desk: MakeFlow) -> None:
    team, both = {"team": "Desk"}, {"team": "Desk", "person": "Ada"}
    flow = desk(a=[(0, "New"), (1, "New", team), (4, "In progress", both), (6, "Resolved", team), (9, "Closed", team)])

    owned = ownership(flow)

    assert isinstance(owned, Ownership)
    assert owned.idle == Share(3 * 3600, 6 * 3600)


def test_a_log_without_people_says_so(desk: MakeFlow) -> None:
    assert isinstance(ownership(desk(a=[(0, "New"), (4, "Resolved")])), Absent)


def test_pauses_leave_an_item_in_its_step(desk: MakeFlow) -> None:
    flow = desk(a=[(0, "In progress"), (2, "Awaiting user"), (5, "In progress"), (6, "Resolved")])
    work = step(flow, "Work")

    assert (work.n_visits, work.lead_time.total_seconds) == (1, 6 * 3600)
    assert rework(flow).items == Share(0, 1)


def test_a_step_visited_again_is_rework(desk: MakeFlow) -> None:
    flow = desk(
        a=[(0, "New"), (1, "In progress"), (2, "Fixing"), (5, "In progress"), (9, "Fixing"), (10, "Resolved")],
        b=[(0, "New"), (1, "In progress"), (2, "Resolved")],
    )
    found = rework(flow)

    assert found.items == Share(1, 2)
    assert found.later_visits == Share((4 + 1) * 3600, (10 + 2) * 3600)
    assert found.first_time_completion == Share(1, 2)
    assert step(flow, "Work").rework == Share(1, 3)
    assert step(flow, "Work").complete_and_accurate == Share(0, 1)


def test_entry_quality_falls_where_the_first_step_waits_for_the_requester(desk: MakeFlow) -> None:
    flow = desk(
        good=[(0, "New"), (1, "In progress"), (2, "Resolved")],
        asked=[(0, "New"), (1, "Awaiting user"), (2, "In progress"), (3, "Resolved")],
        back=[(0, "New"), (1, "In progress"), (2, "New"), (3, "Resolved")],
        asked_later=[(0, "New"), (1, "In progress"), (2, "Awaiting user"), (3, "Resolved")],
    )
    found = rework(flow)

    assert found.entry_quality == Share(2, 4)
    assert found.first_time_completion == Share(2, 4)


def test_what_the_next_step_has_to_ask_for_was_not_complete(desk: MakeFlow) -> None:
    flow = desk(
        asked=[(0, "New"), (1, "In progress"), (2, "Awaiting user"), (3, "Fixing"), (4, "Resolved")],
        whole=[(0, "New"), (1, "In progress"), (3, "Fixing"), (4, "Resolved")],
    )

    assert step(flow, "Take in").complete_and_accurate == Share(1, 2)
    assert step(flow, "Work").complete_and_accurate == Share(2, 2)


def test_the_queue_of_a_step_ends_when_work_begins(desk: MakeFlow) -> None:
    stream = DESK.model_copy(update={"steps": DESK.steps[1:2], "pauses": (*DESK.pauses, Match(status=("New",)))})
    flow = desk(stream, a=[(0, "In progress"), (2, "Awaiting user"), (5, "In progress"), (6, "Resolved")])
    work = step(flow, "Work")
    assert not isinstance(work.queue_time, Absent)
    assert not isinstance(work.wait_time, Absent)

    assert (work.queue_time.total_seconds, work.wait_time.total_seconds) == (0, 3 * 3600)


def test_work_is_queued_for_before_it_starts(shop: MakeFlow) -> None:
    flow = shop(a=[(0, 1, "Register"), (4, 6, "Check"), (7, 8, "Check"), (8, 9, "Resolve")])
    check = step(flow, "Check")
    assert not isinstance(check.queue_time, Absent)
    assert not isinstance(check.wait_time, Absent)

    assert (check.queue_time.total_seconds, check.wait_time.total_seconds) == (3 * 3600, 4 * 3600)


def test_a_visit_is_automated_where_the_log_says_so(desk: MakeFlow) -> None:
    flow = desk(
        a=[(0, "New", {"is_automated": True}), (1, "In progress", {"is_automated": False}), (2, "Resolved")],
        b=[(0, "New"), (1, "In progress", {"is_automated": False}), (2, "Resolved")],
    )

    assert step(flow, "Take in").automation == Share(1, 1)
    assert step(flow, "Work").automation == Share(0, 2)


def test_variants_are_told_by_their_sequence_in_the_order_of_the_source(shop: MakeFlow) -> None:
    flow = shop(
        a=[(0, 1, "Register"), (1, 2, "Check")],
        b=[(0, 1, "Register"), (1, 2, "Check")],
        c=[(0, 0, "Check"), (0, 0, "Register")],
        d=[(0, 5, "Register"), (1, 2, "Check"), (2, 3, "Check")],
        started_after_its_end=[(9, 1, "Register"), (1, 2, "Check")],
    )
    found = variants(flow)

    assert found.n == 3
    assert [(v.sequence, v.n_items) for v in found.top] == [
        (("Register", "Check"), 3), (("Check", "Register"), 1), (("Register", "Check", "Check"), 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("rows", "on_disk"), [(1, False), (7, False), (7, True), (1000, True)])
def test_a_log_dealt_in_hands_of_any_size_gives_the_same_flow(
    desk: MakeFlow, monkeypatch: pytest.MonkeyPatch, rows: int, on_disk: bool
) -> None:
    items = {
        f"i{n}": [(n, "New"), *((n + k, "In progress") for k in range(1, n % 5)), (n + 9, "Resolved")]
        for n in range(40)
    }
    expected = time_by_state(desk(**items)).pieces
    monkeypatch.setattr(hands, "HAND_ROWS", rows)
    monkeypatch.setattr(hands, "MOST_ROWS_IN_MEMORY", 0 if on_disk else 1000)
    monkeypatch.setattr(tables, "GROUP_ROWS", rows)

    flow = desk(**items)

    assert time_by_state(flow).pieces == expected
    assert lead_time(flow).groups[""].n == 40


def test_a_stream_without_steps_is_one_unmapped_step(desk: MakeFlow) -> None:
    flow = desk(DESK.model_copy(update={"steps": (), "pauses": ()}), a=[(0, "New"), (5, "Resolved")])

    assert [(measures.step, measures.n_visits) for measures in step_measures(flow)] == [("unmapped", 1)]


def test_events_no_step_matches_stay_visible_as_unmapped(shop: MakeFlow) -> None:
    flow = shop(SHOP, a=[(0, 1, "Register"), (2, 4, "Juggle"), (4, 5, "Resolve")])

    assert step(flow, "unmapped").lead_time.total_seconds == 4 * 3600
