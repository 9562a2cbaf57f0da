"""A measurement: every measure of a flow, once, for whoever shows them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

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
    lives, p90 = life(flow)
    return Measurement(
        clock=clock,
        life=lives,
        life_p90_seconds=p90,
        lead_time=lead_time(flow, selection=selection),
        business_lead_time=lead_time(flow, clock=Clock.BUSINESS, selection=selection),
        time_to_close=time_to_close(flow, selection=selection),
        business_time_to_close=time_to_close(flow, clock=Clock.BUSINESS, selection=selection),
        survival=survival(flow, selection=selection),
        closing_tail=closing_tail(flow, selection=selection),
        time_by_state=time_by_state(flow, clock=clock, selection=selection),
        flow_efficiency=flow_efficiency(flow, clock=clock, selection=selection),
        steps=step_measures(flow, clock=clock, selection=selection),
        edges=edges(flow, clock=clock, selection=selection),
        handoffs=handoffs(flow, selection=selection),
        bounces=bounces(flow, selection=selection),
        rework=rework(flow, selection=selection),
        reopened_by_record=reopened_by_record(flow),
        ownership=ownership(flow, selection=selection),
        cost=cost(flow, selection=selection),
        cost_of_delay=cost_of_delay(flow, selection=selection),
        csat=csat(flow, selection=selection),
        variants=variants(flow, selection=selection),
        step_times=step_time(flow, clock=clock, selection=selection),
        weeks=throughput(flow, selection=selection),
    )
