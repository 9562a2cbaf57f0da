"""A measurement put into its JSON form."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from millrace.eventlog.readiness import Readiness
from millrace.flow.across_records import AcrossRecords
from millrace.flow.flow import Flow
from millrace.flow.item_step_time import ItemStepTime
from millrace.flow.lead_time import LeadTimes
from millrace.flow.measurement import Measurement
from millrace.flow.step_measures import StepMeasures
from millrace.flow.summary import NO_DURATIONS, Absent, DurationSummary, Quantile
from millrace.model.state import State
from millrace.report.across_records_form import AcrossRecordsJson
from millrace.report.measures_json import (
    DurationsJson,
    FiguresJson,
    IntervalJson,
    ItemStepJson,
    LeadTimeJson,
    LeftOutJson,
    LifeJson,
    LogJson,
    MeasuresJson,
    StepJson,
    SurvivalJson,
    TailJson,
)
from millrace.report.wording import instant

T = TypeVar("T")


def measures_json(
    flow: Flow,
    measured: Measurement,
    readiness: Readiness,
    *,
    per_item: Sequence[ItemStepTime] = (),
    groups: Mapping[str, Measurement] | None = None,
    sla: Any = None,
    across: AcrossRecords | None = None,
) -> MeasuresJson:
    """The JSON form of a measurement.

    `per_item` are the times in each step per item; `groups` adds the same per group, `sla` compliance with a limit,
    `across` the figures across records.
    """
    figures = _figures(measured)
    return MeasuresJson(
        **dict(figures),
        log=_log(flow, measured),
        steps_per_item=tuple(map(_item_step, per_item)),
        sla=sla,
        across_records=None if across is None else AcrossRecordsJson.of(across),
        groups=None if groups is None else {label: _figures(group) for label, group in groups.items()},
        readiness=readiness,
    )


def _figures(measured: Measurement) -> FiguresJson:
    absent: dict[str, str] = {}
    efficiency = _known(measured.flow_efficiency, absent, "flow_efficiency_ratio")
    handoffs = _known(measured.handoffs, absent, "handoffs")
    bounces = _known(measured.bounces, absent, "ping_pong", "returns")
    ownership = _known(measured.ownership, absent, "time_to_own", "idle_ratio")
    cost = _known(measured.cost, absent, "cost_per_item")
    delay = _known(measured.cost_of_delay, absent, "cost_of_delay_per_item")
    csat = _known(measured.csat, absent, "csat_mean")
    return FiguresJson(
        clock=measured.clock,
        lead_time=_lead_time(measured.lead_time),
        business_lead_time=_lead_time(measured.business_lead_time),
        time_to_close=_durations(measured.time_to_close.groups.get("", NO_DURATIONS)),
        survival=_survival(measured),
        closing_tail=TailJson(
            total_seconds=measured.closing_tail.tail.total_seconds,
            share_of_life_ratio=measured.closing_tail.share_of_life.ratio,
            p50_seconds=_seconds(measured.closing_tail.tail.p50),
        ),
        time_by_state={str(state): measured.time_by_state.seconds(state) for state in State},
        time_by_state_before_value={
            str(state): measured.time_by_state.seconds(state, before_value=True) for state in State
        },
        handoffs={"n": handoffs.n if handoffs else None, "n_items": handoffs.n_items if handoffs else None},
        ping_pong={"n": bounces.n if bounces else None, "n_items": bounces.n_items if bounces else None},
        returns={"n_items": bounces.n_items_returned if bounces else None},
        reopened=_reopened(measured),
        rework={
            "n_items": int(measured.rework.items.part),
            "ratio": measured.rework.items.ratio,
            "later_visits_ratio": measured.rework.later_visits.ratio,
        },
        first_time_completion_ratio=measured.rework.first_time_completion.ratio,
        entry_quality_ratio=measured.rework.entry_quality.ratio,
        flow_efficiency_ratio=efficiency.ratio if efficiency else None,
        time_to_own=_durations(ownership.time_to_own) if ownership else None,
        idle_ratio=ownership.idle.ratio if ownership else None,
        cost_per_item=cost.per_item if cost else None,
        cost_of_delay_per_item=delay.per_item if delay else None,
        csat_mean=csat.mean if csat else None,
        variants={
            "n": measured.variants.n,
            "top": [
                {"sequence": list(v.sequence), "n_items": v.n_items, "p50_seconds": v.p50_seconds}
                for v in measured.variants.top
            ],
        },
        throughput=tuple(
            {
                "week": week.began_at.date().isoformat(),
                "n_demanded": week.n_demanded,
                "n_delivered": week.n_delivered,
                "n_cancelled": week.n_cancelled,
                "work_in_progress": week.work_in_progress,
            }
            for week in measured.weeks
        ),
        steps=tuple(_step(row, absent) for row in measured.steps),
        absent=absent,
    )


def _log(flow: Flow, measured: Measurement) -> LogJson:
    about, life = flow.about, measured.life
    return LogJson(
        source=about.source_name,
        shape=about.shape,
        n_items=about.n_items,
        n_events=about.n_events,
        first_at=instant(about.first_at).isoformat(),
        last_at=instant(about.last_at).isoformat(),
        life=LifeJson(
            n=life.n,
            mean_seconds=life.mean_seconds,
            p50_seconds=_seconds(life.p50),
            p90_seconds=measured.life_p90_seconds,
            max_seconds=life.max_seconds,
        ),
    )


def _lead_time(times: LeadTimes) -> LeadTimeJson:
    return LeadTimeJson(
        **_durations(times.groups.get("", NO_DURATIONS)).model_dump(),
        clock=times.clock,
        demand=times.demand,
        value=times.value,
        left_out=tuple(LeftOutJson(reason=each.reason, n_items=each.n_items) for each in times.left_out),
    )


def _durations(summary: DurationSummary) -> DurationsJson:
    quantiles = {"p50": summary.p50, "p85": summary.p85, "p95": summary.p95}
    return DurationsJson(
        n=summary.n,
        mean_seconds=summary.mean_seconds,
        p50_seconds=_seconds(summary.p50),
        p85_seconds=_seconds(summary.p85),
        p95_seconds=_seconds(summary.p95),
        intervals={
            name: IntervalJson(low_seconds=q.low_seconds, high_seconds=q.high_seconds)
            for name, q in quantiles.items()
            if q is not None
        },
    )


def _seconds(quantile: Quantile | None) -> float | None:
    return None if quantile is None else quantile.seconds


def _survival(measured: Measurement) -> SurvivalJson:
    estimate = measured.survival
    return SurvivalJson(
        n_finished=estimate.n_finished,
        n_unfinished=estimate.n_unfinished,
        p50_seconds=estimate.p50_seconds,
        p85_seconds=estimate.p85_seconds,
        p95_seconds=estimate.p95_seconds,
        note=estimate.parts_from_finished,
    )


def _reopened(measured: Measurement) -> dict[str, int | str]:
    reopened: dict[str, int | str] = {"n_items": measured.rework.n_items_reopened, "n": measured.rework.n_reopened}
    if measured.reopened_by_record is not None:
        reopened["n_items_by_record"] = measured.reopened_by_record.n_items
        reopened["record_field"] = measured.reopened_by_record.field
    return reopened


def _step(row: StepMeasures, absent: dict[str, str]) -> StepJson:
    def duration(summary: DurationSummary | Absent, figure: str) -> DurationsJson | None:
        known = _known(summary, absent, f"steps.{figure}")
        return _durations(known) if known else None

    delay = _known(row.delay, absent, "steps.share_of_delay_ratio")
    automation = _known(row.automation, absent, "steps.automation_ratio")
    return StepJson(
        name=row.step,
        n_visits=row.n_visits,
        n_items=row.n_items,
        visits_per_month=row.visits_per_month,
        lead_time=_durations(row.lead_time),
        process_time=duration(row.process_time, "process_time"),
        wait_time=duration(row.wait_time, "wait_time"),
        queue_time=duration(row.queue_time, "queue_time"),
        share_of_delay_ratio=delay.ratio if delay else None,
        rework_ratio=row.rework.ratio,
        complete_and_accurate_ratio=row.complete_and_accurate.ratio,
        automation_ratio=automation.ratio if automation else None,
        n_open=row.n_open,
        people=row.people,
        main_team=row.main_team,
        is_estimated=row.is_estimated,
    )


def _item_step(row: ItemStepTime) -> ItemStepJson:
    def duration(summary: DurationSummary | Absent) -> DurationsJson | None:
        return None if isinstance(summary, Absent) else _durations(summary)

    return ItemStepJson(
        name=row.step,
        lead_time=_durations(row.lead_time),
        process_time=duration(row.process_time),
        wait_time=duration(row.wait_time),
    )


def _known(measure: T | Absent, absent: dict[str, str], *figures: str) -> T | None:
    """The measure, or None with its reason noted under the figures that would have come from it."""
    if isinstance(measure, Absent):
        absent.update(dict.fromkeys(figures, measure.reason))
        return None
    return measure
