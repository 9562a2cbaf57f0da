"""A measurement: every measure of a flow, once, for whoever shows them."""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from millrace.flow.closing_tail import ClosingTail, closing_tail
from millrace.flow.cost import Cost, cost
from millrace.flow.cost_of_delay import CostOfDelay, cost_of_delay
from millrace.flow.csat import Csat, csat
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import flow_efficiency
from millrace.flow.handoffs import Bounces, Handoffs, bounces, handoffs
from millrace.flow.lead_time import LeadTimes, lead_time
from millrace.flow.life import life
from millrace.flow.ownership import Ownership, ownership
from millrace.flow.record_fields import RecordCount, reopened_by_record
from millrace.flow.rework import Rework, rework
from millrace.flow.selection import EVERYTHING, PERIODS, Selection, following, labelled, selected
from millrace.flow.side_by_side import side_by_side
from millrace.flow.step_measures import Edge, StepMeasures, edges, step_measures
from millrace.flow.step_time import StepTimes, step_time
from millrace.flow.summary import Absent, Clock, DurationSummary, Share
from millrace.flow.survival import LeadTimeSurvival, survival
from millrace.flow.throughput import PeriodCounts, throughput
from millrace.flow.time_by_state import TimeByState, time_by_state
from millrace.flow.time_to_close import TimesToClose, time_to_close
from millrace.flow.variants import Variants, variants


@dataclass(frozen=True)
class Measurement:
    """The measures of one selection. Those on a clock are on `clock`; lead time and time to close are on both."""

    clock: Clock
    life: DurationSummary
    life_p90_seconds: float | None
    lead_time: LeadTimes
    business_lead_time: LeadTimes
    time_to_close: TimesToClose
    business_time_to_close: TimesToClose
    survival: LeadTimeSurvival
    closing_tail: ClosingTail
    time_by_state: TimeByState
    flow_efficiency: Share | Absent
    steps: tuple[StepMeasures, ...]
    edges: tuple[Edge, ...]
    handoffs: Handoffs | Absent
    bounces: Bounces | Absent
    rework: Rework
    reopened_by_record: RecordCount | None
    ownership: Ownership | Absent
    cost: Cost | Absent
    cost_of_delay: CostOfDelay | Absent
    csat: Csat | Absent
    variants: Variants
    step_times: StepTimes
    weeks: list[PeriodCounts]


def measurement_per(
    flow: Flow, per: str, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> dict[str, Measurement]:
    """Every measure per group: a period (`week`, `month` … of value), `team` (the last one), `step` or any attribute.

    The groups are those of the items that the selection covers. Raises UnknownColumn.
    """
    items = labelled(flow, selected(flow, selection), per)
    labels = items.select("label").distinct().to_pyarrow()["label"].to_pylist()
    return {
        label: measurement(flow, clock=clock, selection=_only(selection, per, label))
        for label in sorted(label for label in labels if label is not None)
    }


def _only(selection: Selection, per: str, label: str) -> Selection:
    if per not in PERIODS:
        return replace(selection, where={**selection.where, per: (label,)})
    began_at = datetime.fromisoformat(label).replace(tzinfo=UTC)
    return replace(selection, since_at=began_at, until_at=following(began_at, per))


def measurement(flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING) -> Measurement:
    """Every measure of the items that `selection` covers."""
    with side_by_side(flow) as ask:
        lives = ask(life)
        # What takes longest comes first.
        asked: dict[str, Future[Any]] = {
            "variants": ask(variants, selection=selection),
            "steps": ask(step_measures, clock=clock, selection=selection),
            "time_by_state": ask(time_by_state, clock=clock, selection=selection),
            "handoffs": ask(handoffs, selection=selection),
            "lead_time": ask(lead_time, selection=selection),
            "business_lead_time": ask(lead_time, clock=Clock.BUSINESS, selection=selection),
            "time_to_close": ask(time_to_close, selection=selection),
            "business_time_to_close": ask(time_to_close, clock=Clock.BUSINESS, selection=selection),
            "survival": ask(survival, selection=selection),
            "closing_tail": ask(closing_tail, selection=selection),
            "flow_efficiency": ask(flow_efficiency, clock=clock, selection=selection),
            "edges": ask(edges, clock=clock, selection=selection),
            "bounces": ask(bounces, selection=selection),
            "rework": ask(rework, selection=selection),
            "reopened_by_record": ask(reopened_by_record),
            "ownership": ask(ownership, selection=selection),
            "cost": ask(cost, selection=selection),
            "cost_of_delay": ask(cost_of_delay, selection=selection),
            "csat": ask(csat, selection=selection),
            "step_times": ask(step_time, clock=clock, selection=selection),
            "weeks": ask(throughput, selection=selection),
        }
    of_lives, p90 = lives.result()
    answers = {name: answer.result() for name, answer in asked.items()}
    return Measurement(clock=clock, life=of_lives, life_p90_seconds=p90, **answers)
