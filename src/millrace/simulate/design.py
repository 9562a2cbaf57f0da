"""A simulated stream from the estimates of a designed one, with the uncertainty that estimates deserve.

Estimated waits are elapsed time: nights and weekends are in them. So people work around the clock here, and what their
queue does not explain of the estimated wait stays a wait that no capacity ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from millrace.errors import MillraceError
from millrace.model.designed_state import designed_state
from millrace.model.designed_step import hours, labour_per_visit
from millrace.model.routing import Way as DesignedWay
from millrace.model.routing import ways_on
from millrace.model.state import Side, WaitReason
from millrace.model.value_stream import Estimate, Step, ValueStream
from millrace.simulate.distribution import lognormal
from millrace.simulate.engine.demanded import random
from millrace.simulate.engine.run import UNENDED, Period, Run, run
from millrace.simulate.load import Load
from millrace.simulate.simulated_stream import (
    CANCELLED,
    HOURS_PER_WEEK,
    VALUE,
    Arrivals,
    Crew,
    Demand,
    Place,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Wait,
    Way,
    Work,
    WorkRule,
)

TIME_VARIATION, WAIT_VARIATION = 0.5, 1.0
"""How much single items vary about a mean that people estimate: assumed, since an estimate does not say."""
TIME_DOUBT, WAIT_DOUBT, VOLUME_DOUBT = 0.2, 0.3, 0.1
"""How far an estimated mean itself may be off (coefficient of variation): assumed, too."""
_MONTH_WEEKS = 365.25 / 12 / 7
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CALIBRATED_OVER = Period(datetime(2025, 1, 6, tzinfo=UTC), datetime(2025, 6, 30, tzinfo=UTC))


class EstimatesMissing(MillraceError):
    """A drawn stream does not say enough to be simulated."""

    slug = "estimates-missing"

    def __init__(self, stream: str, lacking: Iterable[str]) -> None:
        """Name all that is missing."""
        super().__init__(
            f"“{stream}” cannot be simulated from its drawing; what is missing: {'; '.join(lacking)}. Add it, or give "
            "a log to fit to with --log."
        )


class ParallelNotSimulated(MillraceError):
    """A drawn stream splits items into parallel branches."""

    slug = "parallel-not-simulated"

    def __init__(self, step: str) -> None:
        """Name the step."""
        super().__init__(
            f"After step “{step}” items go several ways at once, which cannot be simulated yet. Draw the branch that "
            "takes longest, or give a log to fit to with --log."
        )


@dataclass(frozen=True)
class Doubt:
    """Factors by which estimates are off: of the demand, and of each step's work and waits. 1 without an entry."""

    volume: float = 1.0
    work: Mapping[str, float] = field(default_factory=dict)
    waits: Mapping[str, float] = field(default_factory=dict)


def designed_loads(stream: ValueStream) -> tuple[Load, ...]:
    """The work that estimates bring to every step whose people and hours are known, and what these can do."""
    found = []
    for step, figures in zip(stream.steps, designed_state(stream).steps, strict=True):
        volume, capacity, labour = figures.volume_per_month, figures.capacity_per_month, hours(labour_per_visit(step))
        if isinstance(volume, float) and isinstance(capacity, float) and isinstance(labour, float):
            weekly = labour / _MONTH_WEEKS
            found.append(Load((step.team or step.name,), step.name, volume * weekly, capacity * weekly))
    return tuple(found)


def from_design(stream: ValueStream, doubt: Doubt | None = None) -> SimulatedStream:
    """The stream as its estimates have it, each off by the factors of `doubt`.

    Raises EstimatesMissing, ParallelNotSimulated, EndlessStream.
    """
    _refuse_gaps(stream)
    doubt = doubt or Doubt()
    teams = _teams(stream)
    drawn = SimulatedStream(
        name=stream.name,
        demand=Demand(_arrivals(stream, doubt.volume)),
        steps=tuple(_steps(stream, {team.name for team in teams if team.crews}, doubt)),
        teams=teams,
    )
    return _calibrated(drawn)


def doubts(stream: ValueStream, n: int, seed: int = 0) -> tuple[Doubt, ...]:
    """Draw how far the estimates may be off, `n` times: lognormal factors about 1."""

    def factors(purpose: str, variation: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        sigma = float(np.sqrt(np.log1p(variation**2)))
        return np.exp(random(seed, "doubt", purpose).normal(-(sigma**2) / 2, sigma, n))

    volume = factors("volume", VOLUME_DOUBT)
    work = {step.name: factors(f"work {step.name}", TIME_DOUBT) for step in stream.steps}
    waits = {step.name: factors(f"waits {step.name}", WAIT_DOUBT) for step in stream.steps}
    return tuple(
        Doubt(
            float(volume[nth]),
            {name: float(each[nth]) for name, each in work.items()},
            {name: float(each[nth]) for name, each in waits.items()},
        )
        for nth in range(n)
    )


def _refuse_gaps(stream: ValueStream) -> None:
    lacking = [] if stream.demand.volume_per_month else ["the volume of demand per month"]
    lacking += [f"the process time of “{step.name}”" for step in stream.steps if not _has_time(step)]
    if not stream.steps:
        lacking.append("steps")
    if lacking:
        raise EstimatesMissing(stream.name, lacking)
    for step in stream.steps:
        if any(route.in_parallel for route in step.routes):
            raise ParallelNotSimulated(step.name)


def _has_time(step: Step) -> bool:
    return step.estimate is not None and step.estimate.process_time is not None


def _arrivals(stream: ValueStream, factor: float) -> Arrivals:
    """The month's volume, spread over the stream's hours; over the whole week without a calendar."""
    per_week = (stream.demand.volume_per_month or 0.0) / _MONTH_WEEKS * factor
    worked = np.ones(HOURS_PER_WEEK)
    if stream.calendar is not None:
        worked = np.zeros(HOURS_PER_WEEK)
        for day, periods in stream.calendar.hours.items():
            for begin, end in periods:
                for hour in range(24):
                    inside = max(0, min(end, 60 * hour + 60) - max(begin, 60 * hour))
                    worked[24 * _WEEKDAYS.index(day) + hour] += inside / 60
    zone = stream.calendar.zone if stream.calendar else "UTC"
    return Arrivals(tuple((worked / worked.sum() * per_week).tolist()), zone)


def _teams(stream: ValueStream) -> tuple[SimulatedTeam, ...]:
    """Teams with as many people as are there at once for their steps; without limit where nobody said."""
    people: dict[str, float | None] = {}
    for step in stream.steps:
        if step.team is None or step.side is Side.REQUESTER:
            continue
        estimate = step.estimate or Estimate()
        if estimate.people is None:
            people.setdefault(step.team, None)
        else:
            share = 1.0 if estimate.availability_ratio is None else estimate.availability_ratio
            people[step.team] = (people.get(step.team) or 0.0) + estimate.people * share
    return tuple(
        SimulatedTeam(
            name,
            () if n is None else (Crew(max(1, round(n))),),
            rate_per_hour=stream.rates_per_hour.get(name),
        )
        for name, n in people.items()
    )


def _steps(stream: ValueStream, limited: set[str], doubt: Doubt) -> Iterable[SimulatedStep]:
    ways = ways_on(stream)
    names = [step.name for step in stream.steps]
    value_at = names.index(stream.value.after) if stream.value.after in names else len(names) - 1
    for place, step in enumerate(stream.steps):
        yield SimulatedStep(
            name=step.name,
            work=(_work(step, limited, doubt.work.get(step.name, 1.0)),),
            routes=(RouteRule(_ways(step, ways[step.name])),),
            waits=_waits(step, doubt.waits.get(step.name, 1.0)),
            side=step.side,
            value_class=step.value_class,
            is_after_value=place > value_at,
        )


def _work(step: Step, limited: set[str], factor: float) -> WorkRule:
    estimate = step.estimate or Estimate()
    assert estimate.process_time is not None, "gaps are refused before"
    time = lognormal(estimate.process_time.total_seconds() * factor, TIME_VARIATION)
    automated = estimate.automation_ratio or 0.0
    # The requester is no team that work is handed to.
    teams = () if step.team is None or step.side is Side.REQUESTER else (step.team,)
    ways = (Work(time, teams, 1 - automated), Work(time, teams, automated, is_automated=True))
    return WorkRule(tuple(way for way in ways if way.share_ratio > 0))


def _ways(step: Step, ways: Iterable[DesignedWay]) -> tuple[Way, ...]:
    """Where items go: what the routes and the end without value leave over goes to value."""
    listed = [Way(way.to, way.share_ratio) for way in ways]
    if step.leaves_ratio:
        listed.append(Way(CANCELLED, step.leaves_ratio))
    left = 1 - sum(way.share_ratio for way in listed)
    return tuple(listed) if left < 1e-3 else (*listed, Way(VALUE, left))


def _waits(step: Step, factor: float) -> tuple[Wait, ...]:
    estimate = step.estimate or Estimate()
    waits = []
    for place, time in ((Place.BEFORE_WORK, estimate.queue_time), (Place.AFTER_WORK, estimate.inside_wait_time)):
        if time:
            before = place is Place.BEFORE_WORK
            waits.append(
                Wait(
                    lognormal(time.total_seconds() * factor, WAIT_VARIATION),
                    WaitReason.QUEUE if before else WaitReason.UNSPECIFIED,
                    side=step.side,
                    place=place,
                    team=None if step.side is Side.REQUESTER else step.team,
                )
            )
    return tuple(waits)


def _calibrated(stream: SimulatedStream) -> SimulatedStream:
    """Take from each estimated queue what the people’s own queue brings about, so that it counts once."""
    unqueued = replace(stream, steps=tuple(replace(step, waits=_after_work(step)) for step in stream.steps))
    queued = _queued(run(unqueued, _CALIBRATED_OVER))
    return replace(
        stream,
        steps=tuple(
            replace(step, waits=tuple(_less(wait, queued.get(step.name, 0.0)) for wait in step.waits))
            for step in stream.steps
        ),
    )


def _after_work(step: SimulatedStep) -> tuple[Wait, ...]:
    return tuple(wait for wait in step.waits if wait.place is Place.AFTER_WORK)


def _queued(ran: Run) -> dict[str, float]:
    """Mean seconds for which people are waited for, per visit of each step."""
    waiting = np.array([label.wait_reason is WaitReason.QUEUE for label in ran.labels])
    working = np.array([label.is_work for label in ran.labels])
    ended = ran.phases[ran.phases["ended"] != UNENDED]
    seconds = np.bincount(ended["code"], (ended["ended"] - ended["began"]) / 1e6, len(ran.labels))
    visits = np.bincount(ended["code"], minlength=len(ran.labels))
    steps = np.array([label.activity for label in ran.labels])
    return {
        step: float(seconds[waiting & (steps == step)].sum() / max(visits[working & (steps == step)].sum(), 1))
        for step in set(steps.tolist())
    }


def _less(wait: Wait, queued_seconds: float) -> Wait:
    if wait.place is Place.AFTER_WORK:
        return wait
    mean = wait.time.mean_seconds
    return replace(wait, time=wait.time.scaled(max(0.0, 1 - queued_seconds / mean)))
