"""Which assumption carries the result: each is changed by itself, and the gain in lead time told again."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from millrace.eventlog.engine import connect
from millrace.flow.cut import cut
from millrace.flow.lead_time import lead_time
from millrace.flow.selection import Selection
from millrace.model.move import Move
from millrace.model.ratio import show_ratio
from millrace.model.value_stream import ValueStream
from millrace.simulate.experiment import Experiment, replicate
from millrace.simulate.moves.apply import apply
from millrace.simulate.simulated_log import measured_stream, simulated_log
from millrace.simulate.simulated_stream import Arrivals, SimulatedStep, SimulatedStream, WorkRule

CHANGE = 0.25
"""By how much an assumption is changed."""
N_REPLICATIONS = 4
LEAST_SHARE = 0.03
"""Steps with less of the lead time are not asked about."""


@dataclass(frozen=True)
class Plan:
    """What a comparison stands on: the stream today, the one that the moves are made on, and the moves."""

    current: SimulatedStream
    base: SimulatedStream
    moves: tuple[Move, ...]
    stream: ValueStream
    future_stream: ValueStream


@dataclass(frozen=True)
class Assumption:
    """One assumption, changed: what was changed, and what mean lead time is gained then, in seconds."""

    told: str
    gain_seconds: float


@dataclass(frozen=True)
class Sensitivity:
    """The gain as assumed, and with each assumption changed; the one that matters most first."""

    gain_seconds: float
    assumptions: tuple[Assumption, ...]


def sensitivity(
    plan: Plan,
    step_shares: dict[str, float],
    experiment: Experiment,
    progress: Callable[[float], None] = lambda _: None,
) -> Sensitivity:
    """Change demand, work and waits of steps (with their share of the lead time), and moves, one by one.

    Few replications suffice: all share their random numbers, so what differs is the assumption.
    """
    few = replace(experiment, n_replications=min(N_REPLICATIONS, experiment.n_replications))
    asked = [step for step, share in step_shares.items() if share >= LEAST_SHARE]
    gain, changes = _gain(plan, few), [*_changes(plan, asked)]
    told: list[Assumption] = []
    for words, changed in changes:
        progress(len(told) / len(changes))
        told.append(Assumption(words, _gain(changed, few)))
    return Sensitivity(gain, tuple(sorted(told, key=lambda each: -abs(each.gain_seconds - gain))))


def _gain(plan: Plan, experiment: Experiment) -> float:
    now = _mean_lead(plan.current, plan.stream, experiment)
    return now - _mean_lead(apply(plan.base, plan.moves), plan.future_stream, experiment)


def _mean_lead(simulated: SimulatedStream, stream: ValueStream, experiment: Experiment) -> float:
    """Mean lead time in seconds over all replications; 0 where nothing was delivered."""
    since_at = experiment.period.starts_at
    with TemporaryDirectory(prefix="millrace-") as folder, closing(connect()) as connection:
        log = simulated_log(replicate((simulated,), experiment), Path(folder) / "log", since_at=since_at)
        (Path(folder) / "flow").mkdir()
        flow = cut(log, measured_stream(stream), Path(folder) / "flow", connection)
        groups = lead_time(flow, selection=Selection(since_at=since_at)).groups
    return (groups[""].mean_seconds or 0.0) if groups else 0.0


def _changes(plan: Plan, steps: Sequence[str]) -> Iterable[tuple[str, Plan]]:
    """Every assumption in words, and the plan in which it is changed."""
    more = show_ratio(CHANGE)

    def both(change: Callable[[SimulatedStream], SimulatedStream]) -> Plan:
        return replace(plan, current=change(plan.current), base=change(plan.base))

    if isinstance(plan.current.demand.arrivals, Arrivals):
        yield f"{more} more demand", both(_with_more_demand)
    for step in steps:
        for what, longer in (("work", _with_longer_work), ("waits", _with_longer_waits)):
            changed = both(lambda stream, step=step, longer=longer: _in_step(stream, step, longer))  # type: ignore[misc]
            if changed != plan:
                yield f"{more} longer {what} in “{step}”", changed
    for place, move in enumerate(plan.moves):
        share = getattr(move, "share_ratio", None)
        if share:
            less = move.model_copy(update={"share_ratio": share * (1 - CHANGE)})
            moves = (*plan.moves[:place], less, *plan.moves[place + 1 :])
            yield f"{more} fewer items reached by {_called(move)}", replace(plan, moves=moves)


def _called(move: Move) -> str:
    named = getattr(move, "step", None) or getattr(move, "team", None) or getattr(move, "to", None)
    return f"{move.move} “{named}”" if named else move.move


def _with_more_demand(stream: SimulatedStream) -> SimulatedStream:
    arrivals: Any = stream.demand.arrivals
    more = replace(arrivals, per_hour=tuple(rate * (1 + CHANGE) for rate in arrivals.per_hour))
    return replace(stream, demand=replace(stream.demand, arrivals=more))


def _in_step(stream: SimulatedStream, name: str, change: Callable[[SimulatedStep], SimulatedStep]) -> SimulatedStream:
    return replace(
        stream, steps=tuple(change(step) if name == (step.step or step.name) else step for step in stream.steps)
    )


def _with_longer_work(step: SimulatedStep) -> SimulatedStep:
    def longer(rule: WorkRule) -> WorkRule:
        return replace(rule, ways=tuple(replace(way, time=way.time.scaled(1 + CHANGE)) for way in rule.ways))

    return replace(step, work=tuple(longer(rule) for rule in step.work))


def _with_longer_waits(step: SimulatedStep) -> SimulatedStep:
    return replace(step, waits=tuple(replace(wait, time=wait.time.scaled(1 + CHANGE)) for wait in step.waits))
