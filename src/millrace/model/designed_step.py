"""The figures of one step as people drew it, from its estimate alone."""

from dataclasses import dataclass
from datetime import timedelta

from millrace.model.absent import Absent, given, quotient, times
from millrace.model.state import Side
from millrace.model.value_stream import Estimate, Step, ValueStream

WEEKS_PER_MONTH = 365.2425 / 12 / 7
NO_TIME = timedelta()


@dataclass(frozen=True)
class DesignedStep:
    """One step. Times are per visit; `visits` are per item, `volume_per_month` is of visits.

    Wait is the queue before and the wait inside. `share_of_delay` is of all waiting on the main path up to value.
    Labour is process time × people at work on one item × visits; the requester's own work is none of it, nor is a
    step that no person works on. Capacity is the number of visits that its people can work off in their hours.
    """

    name: str
    on_main_path: bool
    visits: float
    queue_time: timedelta | Absent
    process_time: timedelta | Absent
    wait_time: timedelta | Absent
    lead_time: timedelta | Absent
    share_of_delay: float | Absent
    complete_and_accurate_ratio: float | Absent
    automation_ratio: float | Absent
    labour_per_item: timedelta | Absent
    cost_per_item: float | Absent
    volume_per_month: float | Absent
    capacity_per_month: float | Absent
    utilisation_ratio: float | Absent


def designed_step(
    step: Step, stream: ValueStream, *, visits: float, path: tuple[str, ...], path_wait: timedelta | Absent
) -> DesignedStep:
    """Compute one step's figures, given its expected visits and the waiting on the stream's main path."""
    estimate = step.estimate or Estimate()
    on_path = step.name in path
    labour = times(labour_per_visit(step), visits)
    volume = times(volume_per_month(stream), visits)
    capacity = capacity_per_month(step, stream)
    return DesignedStep(
        name=step.name,
        on_main_path=on_path,
        visits=visits,
        queue_time=given(estimate.queue_time, "no queue is estimated"),
        process_time=process_time(step),
        wait_time=wait_time(step),
        lead_time=lead_time(step),
        share_of_delay=quotient(wait_time(step), path_wait) if on_path else Absent("it is not on the main path"),
        complete_and_accurate_ratio=complete_and_accurate_ratio(step),
        automation_ratio=given(estimate.automation_ratio, "nobody said how much is automated"),
        labour_per_item=labour,
        cost_per_item=_cost(labour, step, stream),
        volume_per_month=volume,
        capacity_per_month=capacity,
        utilisation_ratio=quotient(volume, capacity),
    )


def process_time(step: Step) -> timedelta | Absent:
    """Hands-on time of one visit."""
    return given(step.estimate.process_time if step.estimate else None, "no process time is estimated")


def wait_time(step: Step) -> timedelta | Absent:
    """Wait of one visit, before and inside; of the two, one left out beside the other means there is none."""
    estimate = step.estimate or Estimate()
    waits = [wait for wait in (estimate.queue_time, estimate.inside_wait_time) if wait is not None]
    return sum(waits, NO_TIME) if waits else Absent("no waiting is estimated")


def lead_time(step: Step) -> timedelta | Absent:
    """Time of one visit from available to handed on: wait and process time."""
    wait, process = wait_time(step), process_time(step)
    if isinstance(wait, Absent):
        return wait
    return process if isinstance(process, Absent) else wait + process


def complete_and_accurate_ratio(step: Step) -> float | Absent:
    """Share of visits whose result the next step can use as received."""
    return given(step.estimate.complete_and_accurate_ratio if step.estimate else None, "no %C&A is estimated")


def labour_per_visit(step: Step) -> timedelta | Absent:
    """Working time that one visit takes of the provider's (or supplier's) people."""
    estimate = step.estimate or Estimate()
    people = estimate.people_per_item
    if people is None:
        people = 0.0 if estimate.automation_ratio == 1 else 1.0
    return NO_TIME if step.side is Side.REQUESTER or not people else times(process_time(step), people)


def capacity_per_month(step: Step, stream: ValueStream) -> float | Absent:
    """Visits a month that the step's people can work off: their hours ÷ labour of a visit."""
    estimate = step.estimate or Estimate()
    labour = labour_per_visit(step)
    if labour == NO_TIME:
        return Absent("nobody's working time is needed")
    available = 1.0 if estimate.availability_ratio is None else estimate.availability_ratio
    people = times(given(estimate.people, "nobody said how many people work on it"), available)
    return quotient(times(people, working_hours_per_month(stream)), hours(labour))


def volume_per_month(stream: ValueStream) -> float | Absent:
    """Items demanded a month."""
    return given(stream.demand.volume_per_month, "no volume of demand is given")


def working_hours_per_month(stream: ValueStream) -> float | Absent:
    """Hours of the stream's calendar in a mean month, holidays not deducted."""
    if stream.calendar is None:
        return Absent("the stream has no calendar")
    minutes = sum(end - begin for periods in stream.calendar.hours.values() for begin, end in periods)
    return minutes / 60 * WEEKS_PER_MONTH


def hours(duration: timedelta | Absent) -> float | Absent:
    """Return a duration in hours."""
    return duration if isinstance(duration, Absent) else duration / timedelta(hours=1)


def _cost(labour: timedelta | Absent, step: Step, stream: ValueStream) -> float | Absent:
    if labour == NO_TIME:
        return 0.0
    rate = step.estimate.rate_per_hour if step.estimate else None
    if rate is None and step.team is not None:
        rate = stream.rates_per_hour.get(step.team)
    return times(given(rate, f"no rate per hour is given for {step.team or 'a step without a team'}"), hours(labour))
