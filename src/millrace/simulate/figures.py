"""The figures of one replication that scenarios are compared by: measures of its log, like those of any other."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.flow.cost import cost
from millrace.flow.cut import cut
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import flow_efficiency
from millrace.flow.handoffs import Handoffs, handoffs
from millrace.flow.lead_time import is_open, lead_time, microseconds
from millrace.flow.rework import rework
from millrace.flow.selection import Selection
from millrace.flow.step_measures import step_measures
from millrace.flow.step_time import StepTimes, step_time
from millrace.flow.summary import Quantile, Share
from millrace.model.absent import Absent
from millrace.model.value_stream import ValueStream
from millrace.simulate.engine.run import Period, Run
from millrace.simulate.simulated_log import simulated_log

Figure = float | Absent


class Unit(StrEnum):
    """What a figure is counted in."""

    SECONDS = "seconds"
    RATIO = "ratio"
    NUMBER = "number"
    MONEY = "money"


@dataclass(frozen=True)
class Measured:
    """One figure: its title, unit, and whether less is better (None: neither is)."""

    title: str
    unit: Unit
    less_is_better: bool | None


FIGURES: dict[str, Measured] = {
    "lead_time_mean": Measured("Lead time, mean", Unit.SECONDS, True),
    "lead_time_p50": Measured("Lead time, half within", Unit.SECONDS, True),
    "lead_time_p85": Measured("Lead time, 85 % within", Unit.SECONDS, True),
    "lead_time_p95": Measured("Lead time, 95 % within", Unit.SECONDS, True),
    "process_time_mean": Measured("Process time per item", Unit.SECONDS, True),
    "wait_time_mean": Measured("Wait time per item", Unit.SECONDS, True),
    "flow_efficiency": Measured("Flow efficiency", Unit.RATIO, False),
    "work_in_progress": Measured("Work in progress, mean", Unit.NUMBER, True),
    "throughput_per_week": Measured("Delivered a week", Unit.NUMBER, None),
    "handoffs_per_item": Measured("Handoffs per item", Unit.NUMBER, True),
    "rework": Measured("Items with rework", Unit.RATIO, True),
    "first_time_completion": Measured("First-time completion", Unit.RATIO, False),
    "entry_quality": Measured("Entry quality", Unit.RATIO, False),
    "automation_share": Measured("Automated visits", Unit.RATIO, False),
    "cost_per_item": Measured("Cost of work per item", Unit.MONEY, True),
}


@dataclass(frozen=True)
class ReplicationFigures:
    """The figures of one replication by their names, the wait per item of every step, and the items delivered."""

    figures: dict[str, Figure]
    step_waits: dict[str, float]
    n_delivered: int


def figures(run: Run, stream: ValueStream, counted: Period, folder: Path) -> ReplicationFigures:
    """Write the log of a run, cut and measure it; items delivered within `counted` are those that count.

    `stream` must find its steps in simulated logs (`measured_stream`).
    """
    flow = flow_of(simulated_log([run], folder / "log", since_at=counted.starts_at), stream, folder / "flow")
    selection = Selection(since_at=counted.starts_at)
    times = step_time(flow, selection=selection)
    lead = lead_time(flow, selection=selection).groups.get("")
    passed = handoffs(flow, selection=selection)
    done, spent = rework(flow, selection=selection), cost(flow, selection=selection)
    n = lead.n if lead else 0
    nothing = Absent("nothing was delivered")
    found: dict[str, Figure] = {
        "lead_time_mean": lead.mean_seconds if lead and lead.mean_seconds is not None else nothing,
        "lead_time_p50": _seconds(lead.p50 if lead else None),
        "lead_time_p85": _seconds(lead.p85 if lead else None),
        "lead_time_p95": _seconds(lead.p95 if lead else None),
        "process_time_mean": _per_item(times, lambda active, _: active),
        "wait_time_mean": _per_item(times, lambda active, whole: whole - active),
        "flow_efficiency": _ratio(flow_efficiency(flow, selection=selection)),
        "work_in_progress": _in_progress(flow, counted),
        "throughput_per_week": n / ((counted.ends_at - counted.starts_at) / timedelta(weeks=1)),
        "handoffs_per_item": passed.n / n if isinstance(passed, Handoffs) and n else _absent(passed, nothing),
        "rework": _ratio(done.items),
        "first_time_completion": _ratio(done.first_time_completion),
        "entry_quality": _ratio(done.entry_quality),
        "automation_share": _automation(flow, selection),
        "cost_per_item": spent if isinstance(spent, Absent) else _known(spent.per_item, nothing),
    }
    waits = {each.step: (each.lead_seconds - each.active_seconds) / max(times.n_items, 1) for each in times.steps}
    return ReplicationFigures(found, waits, n)


def flow_of(log: EventLog, stream: ValueStream, folder: Path) -> Flow:
    """Cut a simulated log."""
    folder.mkdir(parents=True)
    with closing(connect(folder)) as connection:
        return cut(log, stream, folder, connection)


def _per_item(times: StepTimes, part: Callable[[float, float], float]) -> Figure:
    if not times.n_items:
        return Absent("nothing was delivered")
    return sum(part(each.active_seconds, each.lead_seconds) for each in times.steps) / times.n_items


def _in_progress(flow: Flow, counted: Period) -> Figure:
    """Mean over the period: the time for which items were in progress in it ÷ its length."""
    import ibis

    items = flow.items
    since, until = (ibis.literal(edge.replace(tzinfo=None), "timestamp") for edge in counted)
    ended = items.value_at.fill_null(is_open(items).ifelse(until, items.ended_at))
    began, left = ibis.greatest(items.demand_at, since), ibis.least(ended, until)
    inside = ibis.greatest(microseconds(left) - microseconds(began), 0)
    spent = items.select(inside=inside.cast("float64")).inside.sum().to_pyarrow().as_py() or 0.0
    return float(spent) / ((counted.ends_at - counted.starts_at) / timedelta(microseconds=1))


def _automation(flow: Flow, selection: Selection) -> Figure:
    shares = [each.automation for each in step_measures(flow, selection=selection)]
    known = [share for share in shares if isinstance(share, Share)]
    whole = sum(share.whole for share in known)
    return sum(share.part for share in known) / whole if whole else Absent("no visit says whether it was automated")


def _seconds(quantile: Quantile | None) -> Figure:
    return Absent("nothing was delivered") if quantile is None else quantile.seconds


def _ratio(share: Share | Absent) -> Figure:
    if isinstance(share, Absent):
        return share
    return _known(share.ratio, Absent("there is nothing to divide by"))


def _known(value: float | None, absent: Absent) -> Figure:
    return absent if value is None else value


def _absent(found: Handoffs | Absent, otherwise: Absent) -> Absent:
    return found if isinstance(found, Absent) else otherwise
