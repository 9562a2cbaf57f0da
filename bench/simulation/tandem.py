"""Six steps in a row with 5, 8, 10, 6, 4 and 3 people, busy four fifths of the time; alone, and with all that costs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.simulate.distribution import exponential
from millrace.simulate.engine.run import Period
from millrace.simulate.simulated_stream import (
    VALUE,
    Arrivals,
    Crew,
    Demand,
    Discipline,
    ItemKind,
    Rank,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Way,
    Work,
    WorkRule,
)

PEOPLE = (5, 8, 10, 6, 4, 3)
UTILISATION = 0.8
ITEMS_PER_SECOND = 0.01
STARTS_AT = datetime(2025, 1, 6, tzinfo=UTC)
DAYS = WorkCalendar(name="days", hours=dict.fromkeys(WEEKDAYS, "08:00-20:00"))  # type: ignore[arg-type]


def tandem() -> SimulatedStream:
    """Nothing but queues: the model of the comparison."""
    steps = tuple(
        SimulatedStep(
            f"step {nth}",
            work=(WorkRule((Work(exponential(UTILISATION * n / ITEMS_PER_SECOND), (f"team {nth}",)),)),),
            routes=(RouteRule((Way(f"step {nth + 1}" if nth + 1 < len(PEOPLE) else VALUE),)),),
        )
        for nth, n in enumerate(PEOPLE)
    )
    teams = tuple(SimulatedTeam(f"team {nth}", (Crew(n),)) for nth, n in enumerate(PEOPLE))
    return SimulatedStream("tandem", Demand(Arrivals((ITEMS_PER_SECOND * 3600,) * 168)), steps, teams)


def with_everything() -> SimulatedStream:
    """The same load with hours (twice the people, half the day), priorities, and items sent back on the way."""
    plain = tandem()
    shares = {True: (0.95, 0.05), False: (1.0, 0.0)}
    steps = tuple(
        replace(
            step,
            routes=(
                RouteRule((Way(step.routes[0].ways[0].to),), {"kind": ("urgent",)}),
                RouteRule(
                    tuple(
                        Way(to, share)
                        for to, share in zip(
                            (step.routes[0].ways[0].to, plain.steps[max(nth - 1, 0)].name), shares[nth > 0], strict=True
                        )
                    )
                ),
            ),
        )
        for nth, step in enumerate(plain.steps)
    )
    teams = tuple(
        SimulatedTeam(team.name, (Crew(round(2.4 * n), DAYS),), Discipline.PRIORITY)
        for team, n in zip(plain.teams, PEOPLE, strict=True)
    )
    kinds = (ItemKind(0.2, {"kind": "urgent"}), ItemKind(0.8, {"kind": "usual"}))
    return SimulatedStream(
        "everything", replace(plain.demand, kinds=kinds), steps, teams, (Rank(1, {"kind": ("urgent",)}),)
    )


def period(n_items: int) -> Period:
    """As long as it takes for so many to be demanded."""
    return Period(STARTS_AT, STARTS_AT + timedelta(seconds=n_items / ITEMS_PER_SECOND))
