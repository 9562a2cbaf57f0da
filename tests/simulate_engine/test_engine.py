"""What the engine does with hours, batches, patience, limits, pools and open items; hand-worked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millrace.model.state import State, WaitReason
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.distribution import constant, exponential
from millrace.simulate.engine.run import UNENDED, Period, Run, run
from millrace.simulate.simulated_stream import (
    CANCELLED,
    VALUE,
    Arrivals,
    Batch,
    Crew,
    Demand,
    Discipline,
    Escalation,
    ItemKind,
    KnownArrivals,
    OpenItem,
    Patience,
    Place,
    Rank,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Wait,
    Way,
    Work,
    WorkRule,
)

FRIDAY = datetime(2025, 1, 3, tzinfo=UTC)
PERIOD = Period(FRIDAY, FRIDAY + timedelta(days=10))
OFFICE = WorkCalendar(name="office")
"""Monday to Friday, 9:00 to 17:00."""
HOUR = timedelta(hours=1)


def stream(
    *arrive: float,
    hours: float = 1.0,
    crews: tuple[Crew, ...] = (Crew(1),),
    discipline: Discipline = Discipline.FIFO,
    ranks: tuple[Rank, ...] = (),
    kinds: tuple[str, ...] = (),
    **further: object,
) -> SimulatedStream:
    """One step; items arrive so many hours after Friday 0:00."""
    at = tuple(FRIDAY + HOUR * each for each in arrive)
    attributes = {"kind": kinds} if kinds else {}
    work = (WorkRule((Work(constant(hours * 3600), ("team",)),)),)
    return SimulatedStream(
        "one step",
        Demand(KnownArrivals(at, attributes)),
        (SimulatedStep("step", **{"work": work, **further}),),  # type: ignore[arg-type]
        (SimulatedTeam("team", crews, discipline),),
        ranks,
    )


def ended(ran: Run) -> list[float]:
    """When each item ended, in hours after Friday 0:00, in the order of arrival."""
    ends = np.array([label.state in (State.DONE, State.CANCELLED) for label in ran.labels])
    rows = ran.phases[ends[ran.phases["code"]]]
    start = (FRIDAY - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return [
        float(at - start) / 3.6e9 for _, at in sorted(zip(rows["item"].tolist(), rows["began"].tolist(), strict=True))
    ]


def test_people_take_one_item_after_the_other() -> None:
    assert ended(run(stream(0, 0.5, 4), PERIOD)) == [1, 2, 5]


def test_work_pauses_when_hours_end_and_goes_on_when_they_begin() -> None:
    """Friday 16:00 + 3 h: one hour on Friday, two on Monday from 9:00 on."""
    assert ended(run(stream(16, hours=3, crews=(Crew(1, OFFICE),)), PERIOD)) == [72 + 11]


def test_what_a_little_overtime_finishes_is_finished() -> None:
    crew = Crew(1, OFFICE, overtime_seconds=3600)
    assert ended(run(stream(16.5, crews=(crew,)), PERIOD)) == [17.5]
    assert ended(run(stream(16.5, hours=2, crews=(crew,)), PERIOD)) == [72 + 10.5]


def test_what_comes_at_night_waits_for_the_morning() -> None:
    assert ended(run(stream(2, crews=(Crew(1, OFFICE),)), PERIOD)) == [10]


def test_a_night_shift_stands_in_for_the_day() -> None:
    nights = WorkCalendar(name="nights", hours={"fri": "17:00-24:00"})  # type: ignore[dict-item]
    assert ended(run(stream(16.5, hours=0.25, crews=(Crew(1, OFFICE), Crew(1, nights))), PERIOD)) == [16.75]
    assert ended(run(stream(18, hours=1, crews=(Crew(1, OFFICE), Crew(1, nights))), PERIOD)) == [19]


@pytest.mark.parametrize(
    ("discipline", "expected"),
    [(Discipline.FIFO, [2, 3, 4]), (Discipline.LIFO, [2, 4, 3]), (Discipline.PRIORITY, [2, 4, 3])],
)
def test_disciplines_pick_the_next_item(discipline: Discipline, expected: list[float]) -> None:
    ran = run(
        stream(1, 1.2, 1.5, discipline=discipline, ranks=(Rank(1, {"kind": ("urgent",)}),), kinds=("a", "a", "urgent")),
        PERIOD,
    )
    assert ended(ran) == expected


def test_a_batch_goes_on_when_it_is_full() -> None:
    assert ended(run(stream(0, 2, 5, hours=0.5, batches=(Batch(size=3),)), PERIOD)) == [5.5, 6, 6.5]


def test_a_batch_goes_on_at_its_longest_wait() -> None:
    assert ended(run(stream(0, 2, 20, hours=0.5, batches=(Batch(size=9, at_most_seconds=4 * 3600),)), PERIOD)) == [
        4.5,
        5,
        24.5,
    ]


def test_a_meeting_releases_who_came_before_and_lets_pass_who_comes_during_it() -> None:
    meeting = WorkCalendar(name="meeting", hours={"fri": "14:00-15:00"})  # type: ignore[dict-item]
    ran = run(stream(3, 14.5, hours=0, crews=(Crew(9),), batches=(Batch(calendar=meeting),)), PERIOD)
    assert ended(ran) == pytest.approx([14, 14.5])


def test_who_has_no_patience_leaves_the_queue() -> None:
    ran = run(stream(0, 0.1, hours=5, patience=(Patience(constant(3600)),)), PERIOD)
    assert ended(ran) == [5, pytest.approx(1.1)]


def test_who_is_being_worked_on_does_not_give_up() -> None:
    assert ended(run(stream(0, hours=5, patience=(Patience(constant(3600)),)), PERIOD)) == [5]


def test_an_escalated_item_gets_ahead_of_the_others() -> None:
    """The third came last but is the only one to be escalated, two hours after it came."""
    ran = run(
        stream(0, 0.1, 0.2, hours=3, kinds=("a", "a", "b"), escalations=(Escalation(2 * 3600, {"kind": ("b",)}),)),
        PERIOD,
    )
    assert ended(ran) == [3, 9, 6]


def test_a_wait_in_office_hours_ends_within_them() -> None:
    wait = Wait(constant(3600), WaitReason.REQUESTER, calendar=OFFICE)
    assert ended(run(stream(16.5, hours=0, waits=(wait,)), PERIOD)) == [72 + 9.5]


def test_a_wait_after_work_holds_nobody_up() -> None:
    wait = Wait(constant(10 * 3600), place=Place.AFTER_WORK)
    assert ended(run(stream(0, 0, waits=(wait,)), PERIOD)) == [11, 12]


def test_a_limited_wait_ends_at_its_limit() -> None:
    wait = Wait(constant(10 * 3600), at_most_seconds=2 * 3600)
    assert ended(run(stream(0, waits=(wait,)), PERIOD)) == [3]


def test_a_second_visit_may_go_another_way() -> None:
    routes = (RouteRule((Way(VALUE),), from_visit=3), RouteRule((Way("step"),)))
    assert ended(run(stream(0, routes=routes), PERIOD)) == [3]


def test_open_items_begin_their_visit_anew_and_keep_their_demand() -> None:
    item = OpenItem("OLD1", FRIDAY - 5 * HOUR, "step", FRIDAY - 2 * HOUR)
    ran = run(stream(0.5), PERIOD, open_items=(item,))
    assert ended(ran) == [1, 2]
    assert ran.items.keys[0] == "OLD1"
    assert ran.items.demand_at[0] < ran.items.arrive_at[0]


def test_people_of_either_team_work_for_a_pool() -> None:
    work = (WorkRule((Work(constant(3600), ("team", "other")),)),)
    one = stream(0, 0, work=work)
    pooled = SimulatedStream(one.name, one.demand, one.steps, (*one.teams, SimulatedTeam("other", (Crew(1),))))
    assert ended(run(pooled, PERIOD)) == [1, 1]


def busy(seed_team: int = 2) -> SimulatedStream:
    """Everything at once: hours, loops, batches, patience, priorities, several kinds of items."""
    return SimulatedStream(
        "busy",
        Demand(
            Arrivals((4.0,) * 168, day_variation=0.4, n_per_arrival=1.5),
            (ItemKind(0.3, {"kind": "urgent"}), ItemKind(0.7, {"kind": "usual"})),
        ),
        (
            SimulatedStep(
                "one",
                work=(WorkRule((Work(exponential(900), ("a",), 0.5), Work(exponential(600), ("a", "b"), 0.5))),),
                routes=(RouteRule((Way("two", 0.8), Way("one", 0.15), Way(CANCELLED, 0.05))),),
                patience=(Patience(exponential(86_400), 0.3),),
                escalations=(Escalation(7200, {"kind": ("urgent",)}),),
            ),
            SimulatedStep(
                "two",
                work=(WorkRule((Work(exponential(1200), ("b",)),)),),
                routes=(RouteRule((Way(VALUE, 0.9), Way("one", 0.1))),),
                waits=(Wait(exponential(3600), WaitReason.SUPPLIER, 0.3, calendar=OFFICE),),
                batches=(Batch(size=5, at_most_seconds=7200),),
            ),
        ),
        (
            SimulatedTeam("a", (Crew(seed_team, OFFICE), Crew(2)), Discipline.PRIORITY),
            SimulatedTeam("b", (Crew(3),), Discipline.PRIORITY),
        ),
        (Rank(1, {"kind": ("urgent",)}),),
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_every_item_comes_out_or_is_in_progress_and_its_time_has_no_gap(seed: int, n_people: int) -> None:
    ran = run(busy(n_people), Period(FRIDAY, FRIDAY + timedelta(days=5)), seed=seed)
    order = np.lexsort((ran.phases["ended"], ran.phases["began"], ran.phases["item"]))
    phases = ran.phases[order]
    is_last = np.diff(phases["item"], append=-1) != 0
    is_end = np.array([label.state in (State.DONE, State.CANCELLED) for label in ran.labels])[phases["code"]]

    assert np.array_equal(np.unique(phases["item"]), np.arange(len(ran.items.uid)))
    assert np.array_equal(is_last, is_end | (phases["ended"] == UNENDED))
    assert np.array_equal(phases["ended"][:-1][~is_last[:-1]], phases["began"][1:][~is_last[:-1]])


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_nobody_works_on_two_items_at_once(seed: int) -> None:
    ran = run(busy(), Period(FRIDAY, FRIDAY + timedelta(days=3)), seed=seed)
    work = ran.phases[ran.phases["person"] >= 0]
    work = work[np.lexsort((work["began"], work["person"]))]
    same = work["person"][1:] == work["person"][:-1]
    assert (work["began"][1:][same] >= work["ended"][:-1][same]).all()


def test_the_same_seed_gives_the_same_run_beside_any_number_of_others() -> None:
    period = Period(FRIDAY, FRIDAY + timedelta(days=14))
    alone = [run(busy(), period, seed=3, replication=number) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        beside = list(threads.map(lambda number: run(busy(), period, seed=3, replication=number), range(4)))
    assert all(np.array_equal(one.phases, other.phases) for one, other in zip(alone, beside, strict=True))
    assert not np.array_equal(alone[0].items.arrive_at, alone[1].items.arrive_at)


def test_work_that_nobody_limits_keeps_the_hours_that_it_is_given() -> None:
    """Two hours begun on Friday at 16 go on at 9 on Monday, and last until 10."""
    free = stream(16)
    work = (WorkRule((Work(constant(2 * 3600), calendar=OFFICE),)),)

    assert ended(run(replace(free, steps=(replace(free.steps[0], work=work),)), PERIOD)) == [72 + 10]


def test_whoever_works_on_two_items_at_once_lets_the_third_wait() -> None:
    ran = run(stream(1, 1.25, 1.5, crews=(Crew(1, at_once=2),)), PERIOD)

    assert ended(ran) == [2, 2.25, 3]
    assert set(ran.phases["person"].tolist()) - {-1} == {0, 1}
