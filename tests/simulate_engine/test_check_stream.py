"""What cannot be simulated is told in a sentence that names the place and the remedy."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.simulate_engine.desks import steady, weeks

from millrace.errors import MillraceError
from millrace.simulate.distribution import constant, empirical, exponential, lognormal, uniform
from millrace.simulate.engine.check import check_stream
from millrace.simulate.load import Overloaded, loads, refuse_overload
from millrace.simulate.simulated_stream import (
    VALUE,
    Arrivals,
    Batch,
    Crew,
    Demand,
    Discipline,
    Escalation,
    ItemKind,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Wait,
    Way,
    Work,
    WorkRule,
)

PERIOD = weeks(8)
STEP = SimulatedStep("Desk", work=(WorkRule((Work(exponential(3600), ("team",)),)),))
GOOD = SimulatedStream("good", steady(0.5), (STEP,), (SimulatedTeam("team", (Crew(1),)),))


def with_step(**changes: object) -> SimulatedStream:
    return replace(GOOD, steps=(replace(STEP, **changes),))  # type: ignore[arg-type]


def with_routes(*rules: RouteRule) -> SimulatedStream:
    return with_step(routes=rules)


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        (with_routes(RouteRule((Way("Desc"),))), "leads to “Desc”, which is no step of the stream; there is “Desk”"),
        (with_routes(RouteRule((Way(VALUE, 0.7),))), "add up to 70 %; shares of alternatives have to make 100 %"),
        (with_routes(RouteRule((Way("Desk"),))), "Items that come to “Desk” never get out"),
        (
            with_routes(RouteRule((Way("Desk"),), {"kind": ("a",)}), RouteRule((Way(VALUE),))),
            "Items with kind “a” that come to “Desk” never get out",
        ),
        (
            with_step(work=(WorkRule((Work(constant(1), ("Team",)),)),)),
            "“Desk” is worked on by “Team”, which is no team",
        ),
        (with_step(batches=(Batch(),)), "would never go on; give the batch a size, a longest wait or a calendar"),
        (with_step(batches=(Batch(size=0),)), "size of a batch before step “Desk” is 0"),
        (with_step(waits=(Wait(constant(1), share_ratio=1.2),)), "share that waits in step “Desk” is 1.2"),
        (with_step(escalations=(Escalation(-5),)), "time until escalation in step “Desk”.*time does not run backwards"),
        (replace(GOOD, teams=(SimulatedTeam("team", (Crew(0),)),)), "A crew of team “team” has 0 people"),
        (replace(GOOD, demand=Demand(Arrivals((1.0,) * 24))), "hourly rates of the demand is 24; it has to be 168"),
        (replace(GOOD, demand=Demand(Arrivals((-1.0,) * 168))), "An hourly rate of the demand is -1"),
        (
            replace(GOOD, demand=Demand(GOOD.demand.arrivals, (ItemKind(0.5), ItemKind(0.2)))),
            "The shares of the kinds of items add up to 70 %",
        ),
        (
            replace(
                with_step(work=(WorkRule((Work(constant(1), ("team", "b")),)),)),
                teams=(*GOOD.teams, SimulatedTeam("b", (Crew(1),), Discipline.LIFO)),
            ),
            "The teams “team”, “b” share the queue of step “Desk”, so they have to pick by the same rule",
        ),
        (replace(GOOD, steps=()), "number of steps is 0"),
        (replace(GOOD, steps=(STEP, STEP)), "number of steps called “Desk” is 2"),
    ],
)
def test_what_cannot_happen_is_refused(stream: SimulatedStream, told: str) -> None:
    check_stream(GOOD)
    with pytest.raises(MillraceError, match=told):
        check_stream(stream)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: constant(-1), "time does not run backwards"),
        (lambda: uniform(5, 2), "the least is more than the most"),
        (lambda: empirical((3.0,)), "at least two quantiles"),
        (lambda: empirical((3.0, 2.0)), "do not ascend"),
        (lambda: lognormal(float("nan"), 1), "not a finite number"),
    ],
)
def test_a_distribution_of_no_duration_is_refused(make: Callable[[], object], told: str) -> None:
    with pytest.raises(MillraceError, match=told):
        make()


def test_a_team_with_more_work_than_hours_is_named_with_what_is_missing() -> None:
    """Two items an hour of one hour each for one person: 336 hours of work in a week of 168."""
    over = replace(GOOD, demand=Demand(Arrivals((2.0,) * 168)))
    with pytest.raises(
        Overloaded, match=r"“team” would need 3\d\d\.\d hours a week, most for step “Desk”, and has 168"
    ):
        refuse_overload(over, PERIOD)
    refuse_overload(GOOD, PERIOD)


def test_load_counts_what_only_the_pool_can_do() -> None:
    shared = SimulatedStep("Shared", work=(WorkRule((Work(exponential(3600), ("team", "b")),)),))
    stream = replace(
        GOOD,
        steps=(replace(STEP, routes=(RouteRule((Way("Shared"),)),)), shared),
        teams=(*GOOD.teams, SimulatedTeam("b", (Crew(1),))),
    )
    found = {load.teams: load for load in loads(stream, PERIOD)}
    assert found["team",].utilisation_ratio == pytest.approx(0.5, rel=0.1)
    assert found["team", "b"].work_hours_per_week == pytest.approx(168, rel=0.1)
    assert found["team", "b"].capacity_hours_per_week == pytest.approx(336)
