"""How much work a stream brings its teams, and whether they can ever do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from millrace.errors import MillraceError
from millrace.model.ratio import show_ratio
from millrace.simulate.engine.demanded import microseconds
from millrace.simulate.engine.run import Period, run
from millrace.simulate.simulated_stream import Crew, SimulatedStream

WEEK_HOURS = 168.0
_HOUR = 3_600_000_000


@dataclass(frozen=True)
class Load:
    """Work that comes to a pool of teams, and what they can do, in hours a week; and the step that brings most."""

    teams: tuple[str, ...]
    step: str
    work_hours_per_week: float
    capacity_hours_per_week: float

    @property
    def utilisation_ratio(self) -> float:
        """Work of capacity; 1 or more piles up without end."""
        return self.work_hours_per_week / self.capacity_hours_per_week if self.capacity_hours_per_week else float("inf")


class Overloaded(MillraceError):
    """More work comes to a team than it can ever do."""

    slug = "overloaded"

    def __init__(self, loads: Sequence[Load]) -> None:
        """Name every team, the step that brings it most, and what is missing."""
        self.loads = tuple(loads)
        told = " ".join(told_overload(load) for load in loads)
        super().__init__(
            f"{told} What waits would grow without end, so no lead time can be told. Add capacity or take work away."
        )


def told_overload(load: Load) -> str:
    """One overloaded team in a sentence."""
    teams = " and ".join(f"“{team}”" for team in load.teams)
    missing = load.work_hours_per_week - load.capacity_hours_per_week
    return (
        f"{teams} would need {load.work_hours_per_week:,.1f} hours a week, most for step “{load.step}”, and has "
        f"{load.capacity_hours_per_week:,.1f} ({show_ratio(load.utilisation_ratio)}); {missing:,.1f} hours are missing."
    )


def loads(stream: SimulatedStream, period: Period, *, seed: int = 0) -> tuple[Load, ...]:
    """The load of every team, and of teams that share their queues, from the items of a period; the highest first.

    The work is that of a run in which nobody waits for anybody, so it does not depend on how long queues are.
    """
    brought = _work_hours(stream, period, seed)
    weeks = (period.ends_at - period.starts_at) / timedelta(weeks=1)
    pools: set[tuple[str, ...]] = {(team.name,) for team in stream.teams if team.crews}
    pools |= {teams for teams in brought if len(teams) > 1}
    found = []
    for pool in sorted(pools):
        # Of all that only these teams can do.
        theirs = {
            key: hours for teams, steps in brought.items() if set(teams) <= set(pool) for key, hours in steps.items()
        }
        if theirs:
            capacity = sum(_capacity_hours(stream, team, period) for team in pool)
            most = max(theirs, key=lambda step: theirs[step])
            found.append(Load(pool, most, sum(theirs.values()) / weeks, capacity / weeks))
    return tuple(sorted(found, key=lambda load: -load.utilisation_ratio))


def refuse_overload(stream: SimulatedStream, period: Period, *, seed: int = 0) -> None:
    """Raise Overloaded where a team has more work than hours."""
    over = [load for load in loads(stream, period, seed=seed) if load.utilisation_ratio >= 1]
    if over:
        raise Overloaded(over)


def _work_hours(stream: SimulatedStream, period: Period, seed: int) -> dict[tuple[str, ...], dict[str, float]]:
    """Hours of work per pool of teams and step."""
    endless = replace(stream, teams=tuple(replace(team, crews=()) for team in stream.teams))
    ran = run(endless, period, seed=seed)
    spent = np.minimum(ran.phases["ended"], microseconds(period.ends_at)) - ran.phases["began"]
    per_code = np.bincount(ran.phases["code"], spent / _HOUR, len(ran.labels))
    pool_of = _pools(stream)
    brought: dict[tuple[str, ...], dict[str, float]] = {}
    for label, hours in zip(ran.labels, per_code.tolist(), strict=True):
        pool = pool_of.get((label.activity, label.team or ""))
        if pool and label.is_work and not label.is_automated:
            steps = brought.setdefault(pool, {})
            steps[label.activity] = steps.get(label.activity, 0.0) + hours
    return brought


def _pools(stream: SimulatedStream) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The teams that can do a step's work, by the step and the team that the log names."""
    limited = {team.name for team in stream.teams if team.crews}
    return {
        (step.step or step.name, way.teams[0]): way.teams
        for step in stream.steps
        for rule in step.work
        for way in rule.ways
        if way.teams and not way.is_automated and set(way.teams) <= limited
    }


def _capacity_hours(stream: SimulatedStream, name: str, period: Period) -> float:
    (team,) = (team for team in stream.teams if team.name == name)
    return sum(crew.n_places * hours_of(crew, period) for crew in team.crews)


def hours_of(crew: Crew, period: Period) -> float:
    """Hours that one person of a crew works in a period."""
    if crew.calendar is None:
        return (period.ends_at - period.starts_at) / timedelta(hours=1)
    worked = crew.calendar.periods_of_work(period.starts_at, period.ends_at)
    kept = (min(ended, period.ends_at) - max(began, period.starts_at) for began, ended in worked)
    return sum(max(each, timedelta()) / timedelta(hours=1) for each in kept)
