"""Each move does what it says: to the items it concerns, and to nothing else."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from tests.simulate_engine.desks import steady, step, weeks

from millrace.model.move import AddCapacity, Eliminate, Prioritise
from millrace.model.state import Side, State, WaitReason
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.distribution import exponential
from millrace.simulate.engine.run import Run, run
from millrace.simulate.moves.apply import MOVES, apply
from millrace.simulate.moves.approvals import auto_approve, delegate_approval
from millrace.simulate.moves.demand import raise_entry_quality, reduce_demand
from millrace.simulate.moves.order import escalate_after, prioritise
from millrace.simulate.moves.segment import MoveMissesPart, MoveWithoutEffect
from millrace.simulate.moves.steps import automate, eliminate, end_batching, route_directly, shift_left
from millrace.simulate.moves.teams import add_capacity, change_hours, pool_teams
from millrace.simulate.simulated_stream import (
    CANCELLED,
    VALUE,
    Batch,
    Crew,
    ItemKind,
    SimulatedStream,
    SimulatedTeam,
    Wait,
    Way,
)

PERIOD = weeks(4)
EVERY_DAY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-24:00")


REQUESTS = SimulatedStream(
    "requests",
    steady(3.0, ItemKind(0.6, {"role": "standard"}), ItemKind(0.4, {"role": "special"})),
    (
        step("Submit", "Requester", exponential(60), Way("Triage"), side=Side.REQUESTER),
        step("Triage", "Desk", exponential(300), Way("Submit", 0.1), Way("Approve", 0.9)),
        step(
            "Approve",
            "Owner",
            exponential(600),
            Way("Configure", 0.95),
            Way(CANCELLED, 0.05),
            waits=(Wait(exponential(7200), WaitReason.APPROVAL),),
            batches=(Batch(size=4, at_most_seconds=3600),),
        ),
        step("Configure", "Access", exponential(1500), Way(VALUE)),
    ),
    (
        SimulatedTeam("Requester"),
        SimulatedTeam("Desk", (Crew(1),)),
        SimulatedTeam("Owner", (Crew(1),)),
        SimulatedTeam("Access", (Crew(2, WorkCalendar(hours=dict(EVERY_DAY))),)),  # type: ignore[arg-type]
    ),
)


@pytest.fixture(scope="module")
def today() -> Run:
    return run(REQUESTS, PERIOD)


def seconds(ran: Run, activity: str, *, state: State | None = None, role: str | None = None) -> float:
    """Time that items spend in a step, by state, per item."""
    chosen = np.array([label.activity == activity and state in (None, label.state) for label in ran.labels])
    rows = ran.phases[chosen[ran.phases["code"]] & (ran.phases["ended"] < 2**61)]
    of_role = np.ones(len(ran.items.uid), bool) if role is None else ran.items.attributes["role"].is_one_of((role,))
    return float((rows["ended"] - rows["began"])[of_role[rows["item"]]].sum()) / 1e6 / of_role.sum()


def teams_at_work(ran: Run, activity: str) -> set[str | None]:
    codes = set(ran.phases["code"].tolist())
    return {
        label.team
        for code, label in enumerate(ran.labels)
        if code in codes and label.is_work and label.activity == activity
    }


def n_ended(ran: Run, state: State) -> int:
    ends = np.array([label.state is state for label in ran.labels])
    return int(ends[ran.phases["code"]].sum())


def test_an_eliminated_step_takes_no_time_and_cancels_nothing(today: Run) -> None:
    future = run(eliminate(REQUESTS, "Approve"), PERIOD)
    assert seconds(future, "Approve") == 0
    assert n_ended(today, State.CANCELLED) > 0
    assert n_ended(future, State.CANCELLED) == 0


def test_only_the_segment_passes_an_eliminated_step(today: Run) -> None:
    future = run(eliminate(REQUESTS, "Approve", where={"role": ("standard",)}), PERIOD)
    assert seconds(future, "Approve", role="standard") == 0
    assert seconds(future, "Approve", role="special") > 7200


def test_a_share_of_the_segment_is_that_share() -> None:
    future = run(eliminate(REQUESTS, "Approve", share_ratio=0.25), PERIOD)
    mark = future.items.attributes["eliminate Approve"]
    assert mark.is_one_of(("yes",)).mean() == pytest.approx(0.25, abs=0.03)


def test_automated_work_waits_for_nobody_and_takes_the_time_said(today: Run) -> None:
    future = run(automate(REQUESTS, "Configure", process_time=timedelta(minutes=3), team="Script"), PERIOD)
    assert seconds(future, "Configure", state=State.WAITING) == 0
    assert seconds(future, "Configure", state=State.ACTIVE) == pytest.approx(
        seconds(today, "Configure", state=State.ACTIVE) * 3 / 25, rel=0.1
    )
    assert teams_at_work(future, "Configure") == {"Script"}


def test_work_shifted_left_is_done_by_the_other_team() -> None:
    assert teams_at_work(run(shift_left(REQUESTS, "Configure", "Desk"), PERIOD), "Configure") == {"Desk"}


def test_more_people_make_the_queue_shorter(today: Run) -> None:
    future = run(add_capacity(REQUESTS, "Access", 2), PERIOD)
    assert seconds(future, "Configure", state=State.WAITING) < 0.5 * seconds(today, "Configure", state=State.WAITING)


def test_pooled_teams_wait_less_together(today: Run) -> None:
    future = run(pool_teams(REQUESTS, ("Access", "Owner")), PERIOD)
    assert seconds(future, "Configure", state=State.WAITING) < seconds(today, "Configure", state=State.WAITING)


def test_direct_routing_leaves_out_what_lies_between() -> None:
    future = run(route_directly(REQUESTS, "Configure", after="Triage", where={"role": ("standard",)}), PERIOD)
    assert seconds(future, "Approve", role="standard") == 0
    assert seconds(future, "Triage", role="standard") > 0


def test_routing_from_the_beginning_skips_all_before() -> None:
    assert seconds(run(route_directly(REQUESTS, "Configure"), PERIOD), "Triage") == 0


def test_automatic_approval_takes_no_time_but_still_refuses(today: Run) -> None:
    future = run(auto_approve(REQUESTS, "Approve"), PERIOD)
    assert seconds(future, "Approve") == 0
    assert n_ended(future, State.CANCELLED) == pytest.approx(n_ended(today, State.CANCELLED), abs=2)


def test_a_delegated_approval_waits_for_the_other_team_only() -> None:
    future = run(delegate_approval(REQUESTS, "Approve", "Desk", process_time=timedelta(minutes=1)), PERIOD)
    assert teams_at_work(future, "Approve") == {"Desk"}
    assert seconds(future, "Approve") < 1200


def test_without_batches_nothing_gathers(today: Run) -> None:
    future = run(end_batching(REQUESTS, "Approve"), PERIOD)
    assert WaitReason.SCHEDULE in {label.wait_reason for label in today.labels}
    assert WaitReason.SCHEDULE not in {label.wait_reason for label in future.labels}


def test_what_is_prioritised_waits_less_and_the_rest_more(today: Run) -> None:
    future = run(prioritise(REQUESTS, {"role": ("special",)}), PERIOD)
    waits = {
        role: [seconds(each, "Configure", state=State.WAITING, role=role) for each in (today, future)]
        for role in ("special", "standard")
    }
    assert waits["special"][1] < waits["special"][0]
    assert waits["standard"][1] > waits["standard"][0]


def test_an_escalated_wait_ends_at_its_limit(today: Run) -> None:
    future = run(escalate_after(REQUESTS, "Approve", timedelta(hours=1), where={"role": ("special",)}), PERIOD)
    assert seconds(future, "Approve", role="special") < 0.8 * seconds(today, "Approve", role="special")
    assert seconds(future, "Approve", role="standard") == pytest.approx(
        seconds(today, "Approve", role="standard"), rel=0.1
    )


def test_complete_requests_are_not_sent_back() -> None:
    future = run(raise_entry_quality(REQUESTS), PERIOD)
    triaged = [code for code, label in enumerate(future.labels) if label.activity == "Submit" and label.is_work]
    n_submitted = int(np.isin(future.phases["code"], triaged).sum())
    assert n_submitted == pytest.approx(len(future.items.uid), abs=2)


def test_other_hours_replace_the_crews_hours(today: Run) -> None:
    future = run(change_hours(REQUESTS, "Access", WorkCalendar()), PERIOD)
    assert seconds(future, "Configure", state=State.WAITING) > 2 * seconds(today, "Configure", state=State.WAITING)


def test_reduced_demand_leaves_the_other_items_as_they_were(today: Run) -> None:
    future = run(reduce_demand(REQUESTS, where={"role": ("standard",)}, share_ratio=0.5), PERIOD)
    n_of = {
        role: [each.items.attributes["role"].is_one_of((role,)).sum() for each in (today, future)]
        for role in ("special", "standard")
    }
    assert n_of["special"][0] == n_of["special"][1]
    assert n_of["standard"][1] == pytest.approx(n_of["standard"][0] / 2, rel=0.1)
    assert set(future.items.uid) <= set(today.items.uid)


def test_what_a_move_does_not_touch_is_drawn_as_before(today: Run) -> None:
    """Common random numbers: the same items come at the same instants, and their triage takes as long."""
    future = run(auto_approve(REQUESTS, "Approve"), PERIOD)
    assert np.array_equal(today.items.arrive_at, future.items.arrive_at)
    assert seconds(future, "Triage", state=State.ACTIVE) == pytest.approx(
        seconds(today, "Triage", state=State.ACTIVE), rel=0.01
    )


def test_written_moves_are_made_one_after_the_other() -> None:
    moves = (Eliminate(step="Approve"), AddCapacity(team="Access", people=1), Prioritise(where={"role": ("special",)}))
    expected = prioritise(add_capacity(eliminate(REQUESTS, "Approve"), "Access", 1), {"role": ("special",)})
    assert apply(REQUESTS, moves) == expected


def test_every_move_that_can_be_written_can_be_made() -> None:
    from typing import get_args

    from millrace.model.move import Move

    assert {kind.model_fields["move"].default for kind in get_args(get_args(Move)[0])} == set(MOVES)


@pytest.mark.parametrize(
    ("move", "told"),
    [
        (lambda: eliminate(REQUESTS, "Aprove"), "names the step “Aprove”; there is .*; did you mean “Approve”"),
        (lambda: add_capacity(REQUESTS, "Acess", 1), "names the team “Acess”.*did you mean “Access”"),
        (lambda: prioritise(REQUESTS, {"rolle": ("x",)}), "names the attribute “rolle”.*did you mean “role”"),
        (lambda: end_batching(REQUESTS, "Triage"), "would change nothing: nothing gathers there"),
        (lambda: add_capacity(REQUESTS, "Requester", 1), "no limit to the team’s capacity is known"),
    ],
)
def test_a_move_that_misses_its_mark_says_so(move: Callable[[], SimulatedStream], told: str) -> None:
    with pytest.raises((MoveMissesPart, MoveWithoutEffect), match=told):
        move()
