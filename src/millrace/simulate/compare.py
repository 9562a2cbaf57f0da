"""Current against future: what every measure becomes, how sure that is, where work waits then, and what it is worth."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import fmean, stdev
from tempfile import TemporaryDirectory

from millrace.model.absent import Absent
from millrace.model.move import AddCapacity, Move
from millrace.model.value_stream import ValueStream
from millrace.simulate.engine.run import Period, Run
from millrace.simulate.experiment import Experiment, replicate
from millrace.simulate.figures import FIGURES, Figure, ReplicationFigures, figures
from millrace.simulate.load import Load, hours_of, loads
from millrace.simulate.simulated_log import measured_stream
from millrace.simulate.simulated_stream import Crew, SimulatedStream

CONFIDENCE = 0.95
MONTH_WEEKS = 365.25 / 12 / 7

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its 95 % interval (Student's t)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class ComparedFigure:
    """One measure today, in future, and their difference, replication by replication on the same demand and chances.

    `better_ratio`: how likely the future is better in any one period like the simulated one (the share of replications
    in which it was, between the hopeful and the doubtful extreme); None where neither more nor less is better.
    """

    current: Estimate | Absent
    future: Estimate | Absent
    difference: Estimate | Absent
    better_ratio: float | None


@dataclass(frozen=True)
class Bottleneck:
    """Where most waiting is: the step, its wait per item in seconds, and the busiest team with its utilisation."""

    step: str
    wait_seconds: float
    busiest: Load | None


@dataclass(frozen=True)
class Worth:
    """Money a month and once, in the currency of the rates.

    `work_saved_per_month` is working time saved × its rate: it is gained only where that time is used for other work.
    """

    work_saved_per_month: float | Absent
    running_cost_per_month: float
    capacity_cost_per_month: float | Absent
    benefit_per_month: float | Absent
    one_off_cost: float
    pay_back_months: float | Absent


@dataclass(frozen=True)
class Comparison:
    """A future state beside the current one, over `n_replications` of a period, each after a warm-up."""

    period: Period
    warm_up: timedelta
    n_replications: int
    figures: dict[str, ComparedFigure]
    step_waits: dict[str, tuple[float, float]]
    current_bottleneck: Bottleneck
    future_bottleneck: Bottleneck
    worth: Worth


@dataclass(frozen=True)
class Scenario:
    """A stream, or variants of it that replications take in turn, and what stands for it when it is measured.

    `knows_hours`: people have the hours that they work; a drawn stream has them around the clock.
    """

    stream: ValueStream
    variants: tuple[SimulatedStream, ...]
    knows_hours: bool = True


@dataclass(frozen=True)
class Ran:
    """A scenario's replications and their figures."""

    runs: list[Run]
    replications: list[ReplicationFigures]


def compare(
    current: Scenario,
    future: Scenario,
    moves: Sequence[Move],
    experiment: Experiment,
    progress: Progress = lambda _: None,
) -> tuple[Comparison, Ran, Ran]:
    """Run both scenarios on the same random numbers and compare them; also what was run."""
    ran_current = ran_scenario(current, experiment, lambda share: progress(share / 2))
    ran_future = ran_scenario(future, experiment, lambda share: progress(0.5 + share / 2))
    today, then = ran_current.replications, ran_future.replications
    compared = {name: _compared(name, today, then) for name in FIGURES}
    waits = {
        step: (_mean_wait(today, step), _mean_wait(then, step))
        for step in dict.fromkeys(step for each in (*today, *then) for step in each.step_waits)
    }
    bottlenecks = [
        _bottleneck({step: wait[at] for step, wait in waits.items()}, scenario, experiment)
        for at, scenario in enumerate((current, future))
    ]
    comparison = Comparison(
        period=experiment.period,
        warm_up=experiment.warm_up,
        n_replications=experiment.n_replications,
        figures=compared,
        step_waits=waits,
        current_bottleneck=bottlenecks[0],
        future_bottleneck=bottlenecks[1],
        worth=worth(compared, current.stream, future, moves, experiment.period),
    )
    return comparison, ran_current, ran_future


def ran_scenario(scenario: Scenario, experiment: Experiment, progress: Progress = lambda _: None) -> Ran:
    """Replicate a scenario and measure every replication, side by side."""
    runs = replicate(scenario.variants, experiment)
    stream, done = measured_stream(scenario.stream), 0
    with TemporaryDirectory(prefix="millrace-") as folder, ThreadPoolExecutor(os.cpu_count()) as threads:

        def measure(run: Run) -> ReplicationFigures:
            nonlocal done
            found = figures(run, stream, experiment.period, Path(folder) / str(run.replication))
            done += 1
            progress(done / len(runs))
            return found

        return Ran(runs, list(threads.map(measure, runs)))


def estimate(values: Sequence[float]) -> Estimate:
    """The mean with its interval; without width where there is one value."""
    from scipy.stats import t

    mean = fmean(values)
    if len(values) < 2:
        return Estimate(mean, mean, mean)
    half = float(t.ppf((1 + CONFIDENCE) / 2, len(values) - 1)) * stdev(values) / len(values) ** 0.5
    return Estimate(mean, mean - half, mean + half)


def _compared(name: str, today: Sequence[ReplicationFigures], then: Sequence[ReplicationFigures]) -> ComparedFigure:
    before, after = ([each.figures[name] for each in replications] for replications in (today, then))
    differences = [
        a - b for b, a in zip(before, after, strict=True) if not isinstance(a, Absent) and not isinstance(b, Absent)
    ]
    return ComparedFigure(
        _estimate(before),
        _estimate(after),
        estimate(differences) if differences else Absent("it is not known on both sides"),
        odds_of_better(differences, FIGURES[name].less_is_better),
    )


def _estimate(values: Sequence[Figure]) -> Estimate | Absent:
    known = [value for value in values if not isinstance(value, Absent)]
    absent = next((value for value in values if isinstance(value, Absent)), None)
    if known:
        return estimate(known)
    return absent or Absent("nothing was run")


def odds_of_better(differences: Sequence[float], less_is_better: bool | None) -> float | None:
    """How likely the future is better, by the differences (future less today) of replications; None where neither is.

    Jeffreys’ estimate of a share: half a success and half a failure are added, since few runs prove nothing.
    """
    if less_is_better is None or not differences:
        return None
    wins = sum((d < 0) if less_is_better else (d > 0) for d in differences) + sum(d == 0 for d in differences) / 2
    return (wins + 0.5) / (len(differences) + 1)


def _mean_wait(replications: Sequence[ReplicationFigures], step: str) -> float:
    return fmean(each.step_waits.get(step, 0.0) for each in replications)


def _bottleneck(waits: dict[str, float], scenario: Scenario, experiment: Experiment) -> Bottleneck:
    most = max(waits, key=lambda step: waits[step])
    brought = loads(scenario.variants[0], experiment.period, seed=experiment.seed) if scenario.knows_hours else ()
    return Bottleneck(most, waits[most], brought[0] if brought else None)


def worth(
    compared: dict[str, ComparedFigure], stream: ValueStream, future: Scenario, moves: Sequence[Move], period: Period
) -> Worth:
    """What the future state costs and saves."""
    running, once = sum(move.running_cost_per_month for move in moves), sum(move.one_off_cost for move in moves)
    capacity = capacity_cost(moves, future, stream, period)
    saved = _work_saved(compared)
    benefit = saved
    if not isinstance(saved, Absent):
        benefit = capacity if isinstance(capacity, Absent) else saved - capacity - running
    return Worth(saved, running, capacity, benefit, once, _pay_back(once, benefit))


def _work_saved(compared: dict[str, ComparedFigure]) -> float | Absent:
    """Cost of work per month today less that in future, each on its own throughput."""
    monthly = []
    for side in ("current", "future"):
        cost, delivered = (getattr(compared[name], side) for name in ("cost_per_item", "throughput_per_week"))
        if isinstance(cost, Absent):
            return cost
        if isinstance(delivered, Absent):
            return delivered
        monthly.append(cost.mean * delivered.mean * MONTH_WEEKS)
    return float(monthly[0] - monthly[1])


def capacity_cost(moves: Sequence[Move], future: Scenario, stream: ValueStream, period: Period) -> float | Absent:
    """The paid hours of added people; a move that gives its own running cost has them in it."""
    added = [move for move in moves if isinstance(move, AddCapacity) and not move.running_cost_per_month]
    total = 0.0
    weeks = (period.ends_at - period.starts_at) / timedelta(weeks=1)
    for move in added:
        rate = stream.rates_per_hour.get(move.team)
        if rate is None:
            return Absent(f"no rate per hour is given for {move.team}, to which people are added")
        (team,) = (team for team in future.variants[0].teams if team.name == move.team)
        crew = Crew(move.people, move.hours or team.crews[0].calendar)
        total += move.people * hours_of(crew, period) / weeks * MONTH_WEEKS * rate
    return total


def _pay_back(once: float, benefit: float | Absent) -> float | Absent:
    if isinstance(benefit, Absent):
        return benefit
    if once == 0:
        return 0.0 if benefit >= 0 else Absent("it costs more every month than it saves")
    return once / benefit if benefit > 0 else Absent("it costs more every month than it saves, so it never pays back")
