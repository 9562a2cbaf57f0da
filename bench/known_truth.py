"""Known truth: streams drawn at random are simulated, fitted back, changed, and the change foretold: `bench fit`.

The truth of a change is what the true stream, changed, does in the next half-year; the forecast is the range of 95 % of
the runs of the fitted stream, changed alike. At least 90 % of the truths should lie within.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from bench.measured import limit
from millrace.eventlog.engine import connect
from millrace.eventlog.schema import Shape
from millrace.flow.cut import cut
from millrace.flow.flow import Flow
from millrace.model.state import WaitReason
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.distribution import gamma, lognormal
from millrace.simulate.engine.run import Period, Run, run
from millrace.simulate.fit.fit import Fit, fit
from millrace.simulate.fit.redrawn import foretold_range, redrawn
from millrace.simulate.simulated_log import simulated_log, stream_of
from millrace.simulate.simulated_stream import (
    VALUE,
    Arrivals,
    Crew,
    Demand,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Wait,
    Way,
    Work,
    WorkRule,
)

STARTS_AT = datetime(2025, 1, 6, tzinfo=UTC)
HALF_YEAR = timedelta(weeks=26)
N_RUNS = 40
N_MODELS = 100
REPORTED_EVERY = 10
MOST_MISSED_RATIO = 0.1
OFFICE = WorkCalendar(name="office", zone="UTC")
Change = Callable[[SimulatedStream], SimulatedStream]


def drawn_stream(seed: int) -> SimulatedStream:
    """Two to four steps with a team each: busy to 55–85 %, some work going back, some held up from outside."""
    rng = np.random.default_rng(seed)
    n_steps = int(rng.integers(2, 5))
    calendar = OFFICE if rng.random() < 0.5 else None
    hours = np.zeros((7, 24))
    hours[:5, 9:17] = 1.0
    per_week = float(rng.uniform(40, 90))
    rate = hours / hours.sum() * per_week if calendar else np.full((7, 24), per_week / 168)
    names = [f"step {number}" for number in range(1, n_steps + 1)]
    steps, teams = [], []
    for number, name in enumerate(names):
        n_people, busy = int(rng.integers(2, 6)), float(rng.uniform(0.55, 0.85))
        back = float(rng.uniform(0.05, 0.2)) if number else 0.0
        visits = 1.35 if number + 1 < n_steps else 1.15
        week_hours = 40.0 if calendar else 168.0
        mean = 3600 * busy * n_people * week_hours / (per_week * visits)
        variation = float(rng.uniform(0.4, 1.2))
        time = lognormal(mean, variation) if rng.random() < 0.5 else gamma(mean, variation)
        onward = names[number + 1] if number + 1 < n_steps else VALUE
        ways = (Way(onward, 1 - back), Way(names[number - 1], back)) if back else (Way(onward),)
        held = Wait(gamma(float(rng.uniform(2, 10)) * 3600, 1.0), WaitReason.UNSPECIFIED, float(rng.uniform(0.1, 0.4)))
        waits = (held,) if number and rng.random() < 0.5 else ()
        steps.append(
            SimulatedStep(name, (WorkRule((Work(time, (f"team {number + 1}",)),)),), (RouteRule(ways),), waits)
        )
        teams.append(SimulatedTeam(f"team {number + 1}", (Crew(n_people, calendar),)))
    return SimulatedStream(f"model {seed}", Demand(Arrivals(tuple(rate.ravel().tolist()))), tuple(steps), tuple(teams))


def recorded(stream: SimulatedStream, folder: Path, seed: int) -> Flow:
    """Half a year of the stream, as a log of work with starts, cut into a flow."""
    done = run(stream, Period(STARTS_AT, STARTS_AT + HALF_YEAR), seed=seed)
    log = simulated_log([done], folder / "log", shape=Shape.ACTIVITY_LOG)
    (folder / "flow").mkdir()
    with connect(folder) as connection:
        return cut(log, stream_of(stream), folder / "flow", connection)


def one_more_person(stream: SimulatedStream) -> SimulatedStream:
    """The second team has one person more."""
    return _with_team(stream, 1)


def quicker_work(stream: SimulatedStream) -> SimulatedStream:
    """Work in the last step takes three quarters of its time."""
    last = max(step.name for step in stream.steps if step.name.startswith("step "))
    steps = tuple(
        replace(
            step,
            work=tuple(
                replace(rule, ways=tuple(replace(way, time=way.time.scaled(0.75)) for way in rule.ways))
                for rule in step.work
            ),
        )
        if step.name == last
        else step
        for step in stream.steps
    )
    return replace(stream, steps=steps)


def less_demand(stream: SimulatedStream) -> SimulatedStream:
    """A fifth of the demand stays away."""
    arrivals = stream.demand.arrivals
    assert isinstance(arrivals, Arrivals)
    thinner = replace(arrivals, per_hour=tuple(0.8 * rate for rate in arrivals.per_hour))
    return replace(stream, demand=replace(stream.demand, arrivals=thinner))


CHANGES: tuple[Change, ...] = (one_more_person, quicker_work, less_demand)


def _with_team(stream: SimulatedStream, number: int) -> SimulatedStream:
    teams = tuple(
        replace(team, crews=(replace(team.crews[0], n_people=team.crews[0].n_people + 1),))
        if team.name == f"team {number + 1}" and team.crews
        else team
        for team in stream.teams
    )
    return replace(stream, teams=teams)


@dataclass(frozen=True)
class Foretold:
    """The mean lead time of half a year after a change, in hours: the truth, and the range that was foretold."""

    seed: int
    change: str
    truth: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """True where the truth lies in the range."""
        return self.low <= self.truth <= self.high


def foretold(seed: int, *, n_runs: int = N_RUNS) -> Foretold:
    """Draw a stream, fit what it did, change both alike, and compare."""
    stream, change = drawn_stream(seed), CHANGES[seed % len(CHANGES)]
    with TemporaryDirectory(prefix="millrace-") as place:
        fitted = fit(recorded(stream, Path(place), seed))
        truth = _mean_lead(run(change(stream), _future(), seed=10_000 + seed))
        generator = np.random.default_rng(seed)
        means = [
            _mean_lead(run(change(redrawn(fitted, generator)), _future(), seed=20_000 + seed, replication=k))
            for k in range(n_runs)
        ]
    return Foretold(seed, change.__name__, truth, *foretold_range(np.array(means)))


def fitted_to(seed: int, folder: Path) -> tuple[SimulatedStream, Fit]:
    """A drawn stream, and what is fitted to half a year of it."""
    stream = drawn_stream(seed)
    return stream, fit(recorded(stream, folder, seed))


def _future() -> Period:
    return Period(STARTS_AT + HALF_YEAR, STARTS_AT + 2 * HALF_YEAR)


def _mean_lead(done: Run) -> float:
    """Mean lead time in hours of the items delivered in a run."""
    is_end = np.array([label.status == done.stream.delivered_status and not label.is_work for label in done.labels])
    ends = done.phases[is_end[done.phases["code"]]]
    return float((ends["began"] - done.items.demand_at[ends["item"]]).mean() / 3.6e9)


def mean_lead_hours(stream: SimulatedStream, n_runs: int = 4) -> float:
    """Mean lead time of a few half-years of a stream, in hours."""
    return float(np.mean([_mean_lead(run(stream, _future(), seed=1, replication=k)) for k in range(n_runs)]))


def run_fit() -> None:
    """Print the share of truths that were foretold, those that were not, and what it cost so far."""
    began, n_held = process_time(), 0
    for seed in range(N_MODELS):
        found = foretold(seed)
        n_held += found.holds
        if not found.holds:
            told = f"{found.truth:.1f} h, foretold {found.low:.1f} to {found.high:.1f} h"
            print(f"model {seed}, {found.change}: {told}", flush=True)
        if (seed + 1) % REPORTED_EVERY == 0:
            print(f"    {n_held} of {seed + 1} so far, {process_time() - began:,.0f} s of CPU time", flush=True)
    print(f"{n_held} of {N_MODELS} truths lie within the 95 % range of their forecast")
    limit(1 - n_held / N_MODELS, MOST_MISSED_RATIO, "of all truths", "missed")
