"""What a target's measure came to in a period: one figure with n, by the measure's one definition."""

from collections.abc import Callable
from dataclasses import dataclass

from millrace.flow.cost import Cost, cost
from millrace.flow.csat import csat
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import flow_efficiency
from millrace.flow.handoffs import bounces, handoffs
from millrace.flow.lead_time import delivered, with_lead
from millrace.flow.rework import Rework, rework
from millrace.flow.selection import MONTH, Selection, length, selected
from millrace.flow.step_measures import StepMeasures, step_measures
from millrace.flow.summaries import summaries
from millrace.flow.summary import Absent, Clock, DurationSummary, Share
from millrace.flow.time_to_close import time_to_close
from millrace.govern.known_columns import missing_columns, why_missing
from millrace.govern.lives import lives, microseconds
from millrace.govern.service_level_record import service_level_record
from millrace.model.target import Target
from millrace.model.value_stream import ValueStream

NOTHING_ENDED = Absent("nothing was delivered in it")
Answer = tuple[float, int] | Absent
"""A figure (durations in seconds) and how many items it rests on."""


@dataclass(frozen=True)
class Asked:
    """A target's question to a flow: its measure, of the items in `selection`. `stream` is what is promised now."""

    flow: Flow
    stream: ValueStream
    target: Target
    selection: Selection

    @property
    def clock(self) -> Clock:
        """The clock that the target is on."""
        return Clock(self.target.clock)


def target_figure(asked: Asked) -> Answer:
    """The figure of a target's measure; Absent where it cannot be known, or nothing happened in the period."""
    measure = asked.target.measure
    missing = missing_columns(asked.flow, asked.target.where)
    if missing:
        return Absent(why_missing(missing))
    if asked.target.step is not None:
        return _of_step(asked)
    if measure not in FIGURES:
        return Absent(f"no target can be set on {measure.replace('_', ' ')} of a whole stream")
    return FIGURES[measure](asked)


def _lead_time(asked: Asked) -> Answer:
    items = with_lead(delivered(asked.flow, asked.selection), asked.clock)
    found = summaries(items, None, "lead")
    return _statistic(found[""]["lead"] if found else None, asked.target.statistic)


def _time_to_close(asked: Asked) -> Answer:
    groups = time_to_close(asked.flow, clock=asked.clock, selection=asked.selection).groups
    return _statistic(groups.get(""), asked.target.statistic)


def _flow_efficiency(asked: Asked) -> Answer:
    # Seconds are no items: what it rests on is the items delivered.
    found = flow_efficiency(asked.flow, clock=asked.clock, selection=asked.selection)
    if isinstance(found, Absent) or found.ratio is None:
        return found if isinstance(found, Absent) else NOTHING_ENDED
    return found.ratio, _n_delivered(asked)


def _of_rework(share: Callable[[Rework], Share]) -> Callable[[Asked], Answer]:
    return lambda asked: _ratio(share(rework(asked.flow, selection=asked.selection)))


def _handoffs(asked: Asked) -> Answer:
    found, n = handoffs(asked.flow, selection=asked.selection), _n_delivered(asked)
    if isinstance(found, Absent):
        return found
    return (found.n / n, n) if n else NOTHING_ENDED


def _ping_pong(asked: Asked) -> Answer:
    found, n = bounces(asked.flow, selection=asked.selection), _n_delivered(asked)
    return found if isinstance(found, Absent) else (float(found.n), n)


def _throughput(asked: Asked) -> Answer:
    n, months = _n_delivered(asked), length(asked.flow, asked.selection) / MONTH
    return (n / months, n) if months else NOTHING_ENDED


def _demand(asked: Asked) -> Answer:
    items = selected(asked.flow, asked.selection, instant="demand_at")
    n, months = int(items.count().to_pyarrow().as_py()), length(asked.flow, asked.selection) / MONTH
    return (n / months, n) if months else Absent("the log does not reach into it")


def _work_in_progress(asked: Asked) -> Answer:
    """Items demanded and not yet delivered, or ended, at the period's end."""
    known = lives(asked.flow)
    until = known.at if asked.selection.until_at is None else microseconds(asked.selection.until_at)
    begun = known.among(asked.selection.where) & (known.demand_at < until)
    is_delivered = known.value_at > known.demand_at - 1
    ended_at = known.last_event_at.copy()
    ended_at[is_delivered] = known.value_at[is_delivered]
    n = int((begun & (known.is_open | (ended_at >= until))).sum())
    return float(n), n


def _csat(asked: Asked) -> Answer:
    found = csat(asked.flow, selection=asked.selection)
    if isinstance(found, Absent) or found.mean is None:
        return found if isinstance(found, Absent) else Absent("nobody answered in it")
    return found.mean, int(found.responses.part)


def _cost_per_item(asked: Asked) -> Answer:
    found: Cost | Absent = cost(asked.flow, selection=asked.selection)
    if isinstance(found, Absent) or found.per_item is None:
        return found if isinstance(found, Absent) else NOTHING_ENDED
    return found.per_item, found.n_items


def _sla_compliance(asked: Asked) -> Answer:
    """Met of met and breached, of the promises whose clock stopped in the period."""
    named = asked.target.service_level
    level = next((each for each in asked.stream.service_levels if each.name == named), None)
    if level is None:
        return Absent(f"there is no service level “{named}”")
    missing = missing_columns(asked.flow, level.where)
    if missing:
        return Absent(why_missing(missing))
    known, period = lives(asked.flow), asked.selection
    narrowed = level.model_copy(update={"where": {**level.where, **period.where}})
    since, until = (None if each is None else microseconds(each) for each in (period.since_at, period.until_at))
    return _ratio(service_level_record(known, narrowed).met_in(since, until))


FIGURES: dict[str, Callable[[Asked], Answer]] = {
    "lead_time": _lead_time,
    "time_to_close": _time_to_close,
    "flow_efficiency": _flow_efficiency,
    "throughput": _throughput,
    "demand": _demand,
    "work_in_progress": _work_in_progress,
    "rework": _of_rework(lambda found: found.items),
    "first_time_completion": _of_rework(lambda found: found.first_time_completion),
    "entry_quality": _of_rework(lambda found: found.entry_quality),
    "handoffs": _handoffs,
    "ping_pong": _ping_pong,
    "sla_compliance": _sla_compliance,
    "csat": _csat,
    "cost_per_item": _cost_per_item,
}
"""Measures of a stream that a target can be set on."""
_STEP_DURATIONS = ("lead_time", "process_time", "wait_time")
_STEP_SHARES: dict[str, Callable[[StepMeasures], Share | Absent]] = {
    "rework": lambda step: step.rework,
    "complete_and_accurate": lambda step: step.complete_and_accurate,
    "automation_share": lambda step: step.automation,
    "share_of_delay": lambda step: step.delay,
}
STEP_MEASURES = (*_STEP_DURATIONS, *_STEP_SHARES)
"""Measures of a step that a target can be set on."""


def _of_step(asked: Asked) -> Answer:
    measure, name = asked.target.measure, asked.target.step
    measured = step_measures(asked.flow, clock=asked.clock, selection=asked.selection)
    step = next((each for each in measured if each.step == name), None)
    if step is None or not step.n_visits:
        return Absent(f"nothing was in “{name}”")
    if measure in _STEP_DURATIONS:
        return _statistic(getattr(step, measure), asked.target.statistic)
    if measure not in _STEP_SHARES:
        return Absent(f"no target can be set on {measure.replace('_', ' ')} of a step")
    share = _STEP_SHARES[measure](step)
    if isinstance(share, Absent) or share.ratio is None:
        return share if isinstance(share, Absent) else Absent(f"nothing was in “{name}”")
    return share.ratio, step.n_items


def _statistic(summary: DurationSummary | Absent | None, statistic: str) -> Answer:
    if isinstance(summary, Absent):
        return summary
    if summary is None or not summary.n:
        return NOTHING_ENDED
    if statistic == "mean":
        assert summary.mean_seconds is not None
        return summary.mean_seconds, summary.n
    return getattr(summary, statistic).seconds, summary.n


def _ratio(share: Share) -> Answer:
    return NOTHING_ENDED if share.ratio is None else (share.ratio, int(share.whole))


def _n_delivered(asked: Asked) -> int:
    items = selected(asked.flow, asked.selection)
    return int(items.filter(items.value_at.notnull()).count().to_pyarrow().as_py())
