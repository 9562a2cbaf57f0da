"""The figures of a stream as people drew it, from its estimates alone: what the map says before any log is measured.

Times are of the main path (the most frequent way forward), up to the step whose end is value; numerator and
denominator of every ratio use that same path. Per item and month, every step counts with its expected visits.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import prod

from millrace.model.absent import Absent, quotient, times, total
from millrace.model.designed_step import (
    NO_TIME,
    DesignedStep,
    complete_and_accurate_ratio,
    designed_step,
    hours,
    lead_time,
    process_time,
    volume_per_month,
    wait_time,
    working_hours_per_month,
)
from millrace.model.routing import expected_visits, main_path, rework_ratio
from millrace.model.state import Side
from millrace.model.value_stream import Step, ValueStream


@dataclass(frozen=True)
class DesignedState:
    """The whole stream.

    `main_path` are the steps up to value. `process_time_per_item` and `wait_time_per_item` are the mean over all
    routes, loops and branches included, up to value; parallel steps add up in them, so they make no lead time.
    `rework_ratio` is the share of items that any route takes back.
    `n_handoffs` counts changes of the responsible team between consecutive steps of the main path; the requester's
    own steps and those without a team are skipped, as unknown teams are in a log.
    `automation_ratio` is of the visits of `automation_steps`: the steps whose estimate says how much is automated.
    `takt_time` is the working time per item demanded.
    """

    main_path: tuple[str, ...]
    steps: tuple[DesignedStep, ...]
    lead_time: timedelta | Absent
    process_time: timedelta | Absent
    wait_time: timedelta | Absent
    flow_efficiency_ratio: float | Absent
    rolled_complete_and_accurate_ratio: float | Absent
    rework_ratio: float
    n_handoffs: int
    automation_ratio: float | Absent
    automation_steps: tuple[str, ...]
    process_time_per_item: timedelta | Absent
    wait_time_per_item: timedelta | Absent
    labour_per_item: timedelta | Absent
    labour_hours_per_month: float | Absent
    cost_per_item: float | Absent
    cost_per_month: float | Absent
    volume_per_month: float | Absent
    working_hours_per_month: float | Absent
    takt_time: timedelta | Absent


def designed_state(stream: ValueStream) -> DesignedState:
    """Compute what the stream's estimates say. Raises EndlessStream where items never get out of a loop."""
    visits = expected_visits(stream)
    path = path_to_value(stream)
    on_path = [step for step in stream.steps if step.name in path]
    wait = total(((step.name, wait_time(step)) for step in on_path), zero=NO_TIME)
    process = total(((step.name, process_time(step)) for step in on_path), zero=NO_TIME)
    lead = total(((step.name, lead_time(step)) for step in on_path), zero=NO_TIME)
    steps = tuple(
        designed_step(step, stream, visits=visits[step.name], path=path, path_wait=wait) for step in stream.steps
    )
    labour = total(((step.name, step.labour_per_item) for step in steps), zero=NO_TIME)
    cost = total(((step.name, step.cost_per_item) for step in steps), zero=0.0)
    volume, working_hours = volume_per_month(stream), working_hours_per_month(stream)
    automation, automation_steps = _automation(stream, visits)
    per_item = [(step.name, step, visits[step.name]) for step in _before_value(stream)]
    return DesignedState(
        main_path=path,
        steps=steps,
        lead_time=lead,
        process_time=process,
        wait_time=wait,
        flow_efficiency_ratio=quotient(process, lead),
        rolled_complete_and_accurate_ratio=_rolled(on_path),
        rework_ratio=rework_ratio(stream),
        n_handoffs=len(handoffs(stream, path)),
        automation_ratio=automation,
        automation_steps=automation_steps,
        process_time_per_item=total(((name, times(process_time(step), n)) for name, step, n in per_item), zero=NO_TIME),
        wait_time_per_item=total(((name, times(wait_time(step), n)) for name, step, n in per_item), zero=NO_TIME),
        labour_per_item=labour,
        labour_hours_per_month=times(hours(labour), volume),
        cost_per_item=cost,
        cost_per_month=times(cost, volume),
        volume_per_month=volume,
        working_hours_per_month=working_hours,
        takt_time=times(timedelta(hours=1), quotient(working_hours, volume)),
    )


def path_to_value(stream: ValueStream) -> tuple[str, ...]:
    """Return the main path up to the step whose end is value (all of it where the path does not meet that step)."""
    leads = {step.name: lead_time(step) for step in stream.steps}
    seconds = {name: lead.total_seconds() for name, lead in leads.items() if isinstance(lead, timedelta)}
    path = main_path(stream, seconds)
    end = stream.value.after
    return path[: path.index(end) + 1] if end in path else path


def handoffs(stream: ValueStream, path: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of teams between which work changes hands along a path."""
    by_name = {step.name: step for step in stream.steps}
    teams = [step.team for step in map(by_name.__getitem__, path) if step.team and step.side is not Side.REQUESTER]
    return tuple((before, after) for before, after in pairwise(teams) if before != after)


def _before_value(stream: ValueStream) -> tuple[Step, ...]:
    names = [step.name for step in stream.steps]
    return stream.steps[: names.index(stream.value.after) + 1] if stream.value.after else stream.steps


def _rolled(steps: list[Step]) -> float | Absent:
    """Multiply the steps' %C&A, or say which of them lack it."""
    ratios = {step.name: complete_and_accurate_ratio(step) for step in steps}
    known = [ratio for ratio in ratios.values() if not isinstance(ratio, Absent)]
    lacking = total(ratios.items(), zero=0.0)
    return lacking if isinstance(lacking, Absent) else prod(known)


def _automation(stream: ValueStream, visits: dict[str, float]) -> tuple[float | Absent, tuple[str, ...]]:
    said = {
        step.name: step.estimate.automation_ratio
        for step in stream.steps
        if step.estimate and step.estimate.automation_ratio is not None
    }
    if not said:
        return Absent("nobody said how much of any step is automated"), ()
    automated = sum(visits[name] * ratio for name, ratio in said.items())
    return quotient(automated, sum(visits[name] for name in said)), tuple(said)
