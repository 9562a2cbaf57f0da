"""Streams for tests: steps that a team works on, demand the same at any hour, periods that begin on a Monday."""

from datetime import UTC, datetime, timedelta

from millrace.simulate.distribution import Distribution
from millrace.simulate.engine.run import Period
from millrace.simulate.simulated_stream import (
    VALUE,
    Arrivals,
    Demand,
    ItemKind,
    RouteRule,
    SimulatedStep,
    Way,
    Work,
    WorkRule,
)

MONDAY = datetime(2025, 1, 6, tzinfo=UTC)


def weeks(n: int) -> Period:
    """So many weeks from that Monday on."""
    return Period(MONDAY, MONDAY + timedelta(weeks=n))


def steady(per_hour: float, *kinds: ItemKind) -> Demand:
    """Demand at random, day and night alike."""
    return Demand(Arrivals((per_hour,) * 168), kinds or (ItemKind(1.0),))


def step(name: str, team: str, time: Distribution, *ways: Way, **further: object) -> SimulatedStep:
    """A step that one person of a team works on; items go to value unless ways are given."""
    work = (WorkRule((Work(time, (team,)),)),)
    return SimulatedStep(name, work=work, routes=(RouteRule(ways or (Way(VALUE),)),), **further)  # type: ignore[arg-type]
