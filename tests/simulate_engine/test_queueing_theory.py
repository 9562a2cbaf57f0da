"""The engine against what queueing theory says, within confidence intervals over replications."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import factorial

import numpy as np
import pytest
from scipy import stats
from tests.simulate_engine import desks

from millrace.model.state import State
from millrace.simulate.distribution import Distribution, constant, exponential, gamma
from millrace.simulate.engine.run import Period, Run, run
from millrace.simulate.simulated_stream import (
    VALUE,
    Crew,
    Discipline,
    ItemKind,
    Rank,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Way,
)

N_ITEMS, N_RUNS = 12_000, 12
RATE = 1 / 60
"""Items per second."""


def step(name: str, time: Distribution, *ways: Way) -> SimulatedStep:
    return desks.step(name, f"team {name}", time, *ways)


def stream(
    *steps: SimulatedStep,
    people: dict[str, int] | None = None,
    discipline: Discipline = Discipline.FIFO,
    demand: tuple[ItemKind, ...] = (ItemKind(1.0),),
    ranks: tuple[Rank, ...] = (),
) -> SimulatedStream:
    teams = tuple(
        SimulatedTeam(f"team {each.name}", (Crew((people or {}).get(each.name, 1)),), discipline) for each in steps
    )
    return SimulatedStream("theory", desks.steady(RATE * 3600, *demand), steps, teams, ranks)


def runs(simulated: SimulatedStream) -> list[Run]:
    period = Period(desks.MONDAY, desks.MONDAY + timedelta(seconds=N_ITEMS / RATE))
    return [run(simulated, period, seed=1, replication=number) for number in range(N_RUNS)]


def mean_lead(ran: Run, chosen: np.ndarray | None = None) -> float:
    """Mean time from arrival to value of the items that were delivered, less the first tenth."""
    done = np.array([label.state is State.DONE for label in ran.labels])
    ends = ran.phases[done[ran.phases["code"]]]
    kept = ends["item"] >= len(ran.items.uid) // 10
    if chosen is not None:
        kept &= chosen[ends["item"]]
    lead = ends["began"] - ran.items.arrive_at[ends["item"]]
    return float(lead[kept].mean()) / 1e6


def assert_agrees(expected: float, ran: list[Run], figure: Callable[[Run], float] = mean_lead) -> None:
    found = np.array([figure(each) for each in ran])
    half_width = stats.t.ppf(0.9995, N_RUNS - 1) * found.std(ddof=1) / np.sqrt(N_RUNS)
    assert abs(found.mean() - expected) < half_width
    assert half_width < 0.12 * expected


def erlang_wait(n_people: int, load: float, mean_work: float) -> float:
    """Mean wait in M/M/c by Erlang's formula."""
    last = load**n_people / factorial(n_people) * n_people / (n_people - load)
    waits = last / (sum(load**k / factorial(k) for k in range(n_people)) + last)
    return waits * mean_work / (n_people - load)


def test_one_person_with_random_work_takes_as_long_as_theory_says() -> None:
    work = 0.7 / RATE
    assert_agrees(work / (1 - 0.7), runs(stream(step("desk", exponential(work)))))


@pytest.mark.parametrize("n_people", [2, 5])
def test_several_people_wait_as_erlang_says(n_people: int) -> None:
    work = 0.75 * n_people / RATE
    ran = runs(stream(step("desk", exponential(work)), people={"desk": n_people}))
    assert_agrees(erlang_wait(n_people, 0.75 * n_people, work) + work, ran)


@pytest.mark.parametrize("law", [constant(0.7 / RATE), gamma(0.7 / RATE, 1.5), gamma(0.7 / RATE, 0.5)])
def test_any_work_time_waits_as_pollaczek_and_khinchine_say(law: Distribution) -> None:
    variation = 0.0 if len(law.parameters) == 1 else law.parameters[0] ** -0.5
    wait = 0.7 * law.mean_seconds * (1 + variation**2) / 2 / (1 - 0.7)
    assert_agrees(wait + law.mean_seconds, runs(stream(step("desk", law))))


@pytest.mark.parametrize(("urgency", "factor"), [("high", 1 / (1 - 0.2)), ("low", 1 / (1 - 0.2) / (1 - 0.7))])
def test_urgent_items_wait_less_as_cobham_says(urgency: str, factor: float) -> None:
    work = 0.7 / RATE
    kinds = (ItemKind(2 / 7, {"priority": "high"}), ItemKind(5 / 7, {"priority": "low"}))
    ran = runs(
        stream(
            step("desk", exponential(work)),
            discipline=Discipline.PRIORITY,
            demand=kinds,
            ranks=(Rank(1, {"priority": ("high",)}),),
        )
    )

    def lead(each: Run) -> float:
        return mean_lead(each, each.items.attributes["priority"].is_one_of((urgency,)))

    assert_agrees(0.7 * work * factor + work, ran, lead)


@pytest.mark.parametrize("discipline", [Discipline.LIFO, Discipline.RANDOM])
def test_the_order_of_service_leaves_the_mean_as_it_is(discipline: Discipline) -> None:
    work = 0.7 / RATE
    assert_agrees(work / (1 - 0.7), runs(stream(step("desk", exponential(work)), discipline=discipline)))


def test_steps_in_a_row_behave_like_each_on_its_own() -> None:
    one, two = 0.6 / RATE, 0.75 * 3 / RATE
    ran = runs(stream(step("one", exponential(one), Way("two")), step("two", exponential(two)), people={"two": 3}))
    assert_agrees(one / (1 - 0.6) + erlang_wait(3, 0.75 * 3, two) + two, ran)


def test_a_network_with_loops_behaves_as_jackson_says() -> None:
    """Visits: v1 = 1 + 0.3 v2, v2 = 0.5 v1 (so v1 = 1 ÷ 0.85); each step is an M/M/1 queue of its own rate."""
    first, second = 1 / 0.85, 0.5 / 0.85
    one, two = 0.7 / RATE / first, 0.5 / RATE / second
    ran = runs(
        stream(
            step("one", exponential(one), Way("two", 0.5), Way(VALUE, 0.5)),
            step("two", exponential(two), Way("one", 0.3), Way(VALUE, 0.7)),
        )
    )
    in_progress = 0.7 / (1 - 0.7) + 0.5 / (1 - 0.5)
    assert_agrees(in_progress / RATE, ran)


def test_work_in_progress_is_rate_times_lead_time() -> None:
    """Little's law, exact: all time that items spend in the stream, told twice."""
    (ran,) = runs(stream(step("desk", exponential(0.7 / RATE))))[:1]
    ends_at = (ran.period.ends_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    spent = int((np.minimum(ran.phases["ended"], ends_at) - ran.phases["began"]).sum())

    changes = np.concatenate([ran.items.arrive_at, last_instants(ran, ends_at)])
    by = np.concatenate([np.ones(len(ran.items.uid), int), -np.ones(len(ran.items.uid), int)])
    order = np.argsort(changes, kind="stable")
    in_progress = np.cumsum(by[order])[:-1]
    assert int((in_progress * np.diff(changes[order])).sum()) == spent


def last_instants(ran: Run, ends_at: int) -> np.ndarray:
    last = np.zeros(len(ran.items.uid), np.int64)
    np.maximum.at(last, ran.phases["item"], np.minimum(ran.phases["ended"], ends_at))
    return last
