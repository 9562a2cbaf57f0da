"""The map of the current state: what is measured of a stream, put where the map shows it.

Boxes and queues show a visit of the step (medians). The ladder and the totals show the mean delivered item, all visits
together, so that the rungs add up to the mean lead time exactly.
"""

from dataclasses import replace

from millrace.draw.map_picture import (
    Figure,
    MapPicture,
    MapState,
    MapStep,
    Outcome,
    Queue,
    Requester,
    ReworkRoute,
    Rung,
    SkipRoute,
    Stage,
    Totals,
)
from millrace.flow.flow import UNMAPPED, Flow
from millrace.flow.measurement import Measurement
from millrace.flow.step_measures import Edge, StepMeasures
from millrace.flow.step_time import StepTimes
from millrace.flow.summary import Absent, Clock, DurationSummary, Share
from millrace.model.ratio import show_ratio
from millrace.model.value_stream import Step
from millrace.report.wording import noun_of, period_of

FEWEST_REWORK_RATIO = 0.02
FEWEST_SKIP_RATIO = 0.05
MOST_ARCS = 8
AFTER_VALUE_RATIO = 0.2
"""With fewer visits before value than this share of those after it, a step lies behind value."""
HANDOFF_RATIO = 0.5
"""From this share of visits on that begin with a change of team, the way into a step is marked as a handoff."""


def current_map(flow: Flow, measured: Measurement) -> MapPicture:
    """The picture of `flow` as `measured`."""
    times = measured.step_times
    stream = flow.about.stream
    rows = {row.step: row for row in measured.steps}
    steps = [step for step in stream.steps if not _comes_after_value(rows[step.name])]
    ids = {step.name: f"step-{number}" for number, step in enumerate(steps, start=1)}
    stages = tuple(
        Stage((_step(number, step, rows[step.name], flow, is_first=number == 1),))
        for number, step in enumerate(steps, start=1)
    )
    noun = noun_of(flow)
    return MapPicture(
        title=stream.shown_name,
        stages=stages,
        state=MapState.CURRENT,
        subtitle=f"{flow.about.n_items:,} {noun.many} · {period_of(flow)} · {flow.about.source_name}",
        requester=Requester(stream.demand.description or "Demand", _volume(flow), noun.many),
        outcome=Outcome(stream.value.description or "Value delivered"),
        rework=_rework(measured.edges, rows, ids),
        skips=_skips(measured.edges, rows, ids, [step.name for step in steps]),
        rungs=_rungs(steps, measured, times),
        totals=_totals(measured, times),
        hours_per_day=flow.about.calendar.hours_per_day if measured.clock is Clock.BUSINESS else 24,
        clock_note=_clock_note(flow, measured.clock),
        footnotes=_footnotes(times, measured, [step.name for step in stream.steps if step not in steps]),
    )


def _clock_note(flow: Flow, clock: Clock) -> str:
    if clock is Clock.BUSINESS:
        return f"Business hours: 1 d is {flow.about.calendar.hours_per_day:g} h."
    return "Elapsed time: 1 d is 24 h."


def _comes_after_value(row: StepMeasures) -> bool:
    """True of a step that items hardly ever see before value, such as feedback: it is no part of the way there."""
    return row.n_visits < AFTER_VALUE_RATIO * row.n_visits_after_value


def _volume(flow: Flow) -> Figure:
    if flow.n_months < 1:
        return Figure(None, reason="the log is shorter than a month")
    return Figure(flow.about.n_items / flow.n_months, note=f"{flow.about.n_items:,} in {flow.n_months:.1f} months")


def _step(number: int, step: Step, row: StepMeasures, flow: Flow, *, is_first: bool) -> MapStep:
    return MapStep(
        id=f"step-{number}",
        number=str(number),
        name=step.name,
        practice=", ".join(step.practices[:1] or step.value_chain_activities[:1]),
        team=step.team or _main_team(row),
        system=step.system or "",
        value_class=step.value_class,
        queue=None if is_first and not _has_queue(row) else _queue(row, flow),
        lead_time=_median(row.lead_time) if isinstance(row.process_time, Absent) else None,
        process_time=replace(_median(row.process_time), is_estimated=row.is_estimated),
        wait_time=replace(_median(row.wait_time), is_estimated=row.is_estimated),
        complete_and_accurate=_share(
            row.complete_and_accurate, "items handed on", "no item was handed on to a later step"
        ),
        volume_per_month=Figure(row.visits_per_month, note=f"{row.n_visits:,} visits by {row.n_items:,} items"),
        people=None if row.people is None else _people(row.people),
        automation=_automation(row.automation),
    )


def _people(n: int) -> Figure:
    return Figure(n, note="different people seen") if n else Figure(None, reason="no person is named here")


def _automation(share: Share | Absent) -> Figure | None:
    return None if isinstance(share, Absent) or not share.whole else _share(share, "visits", "")


def _main_team(row: StepMeasures) -> str:
    if row.main_team is None or row.team_share is None:
        return ""
    share = row.team_share.ratio or 0
    return row.main_team if share > HANDOFF_RATIO else f"{row.main_team} and others"


def _has_queue(row: StepMeasures) -> bool:
    return isinstance(row.queue_time, DurationSummary) and row.queue_time.total_seconds > 0


def _queue(row: StepMeasures, flow: Flow) -> Queue:
    is_handoff = (row.handed_off.ratio or 0) >= HANDOFF_RATIO
    if isinstance(row.wait_time, Absent) or isinstance(row.queue_time, Absent):
        return Queue(is_handoff=is_handoff)
    length = (flow.about.last_at - flow.about.first_at) / 1_000_000
    waiting = row.wait_time.total_seconds / length if length else None
    return Queue(
        Figure(
            waiting, note="mean number of items waiting in the step, over the period", reason="the log has no length"
        ),
        _median(row.queue_time),
        is_handoff,
    )


def _median(summary: DurationSummary | Absent) -> Figure:
    if isinstance(summary, Absent):
        return Figure(None, reason=summary.reason)
    if summary.p50 is None:
        return Figure(None, reason="no item has been here before value")
    return Figure(summary.p50.seconds, note=f"median of {summary.n:,} visits")


def _share(share: Share, whole: str, reason: str) -> Figure:
    if share.ratio is None:
        return Figure(None, reason=reason)
    return Figure(share.ratio, note=f"{share.part:,.0f} of {share.whole:,.0f} {whole}")


def _rework(edges: tuple[Edge, ...], rows: dict[str, StepMeasures], ids: dict[str, str]) -> tuple[ReworkRoute, ...]:
    back = [
        (edge, edge.n / rows[edge.from_step].n_visits)
        for edge in edges
        if edge.is_rework and edge.from_step in ids and edge.to_step in ids and rows[edge.from_step].n_visits
    ]
    return tuple(
        ReworkRoute(ids[edge.from_step], ids[edge.to_step], share)
        for edge, share in back[:MOST_ARCS]
        if share >= FEWEST_REWORK_RATIO
    )


def _skips(
    edges: tuple[Edge, ...], rows: dict[str, StepMeasures], ids: dict[str, str], order: list[str]
) -> tuple[SkipRoute, ...]:
    forward = [edge for edge in edges if edge.from_step in ids and edge.to_step in ids]
    return tuple(
        SkipRoute(ids[edge.from_step], ids[edge.to_step], edge.n / rows[edge.from_step].n_visits)
        for edge in forward
        if order.index(edge.to_step) > order.index(edge.from_step) + 1
        and edge.n / rows[edge.from_step].n_visits >= FEWEST_SKIP_RATIO
    )[:MOST_ARCS]


def _rungs(steps: list[Step], measured: Measurement, times: StepTimes) -> tuple[Rung, ...]:
    by_step = {time.step: time for time in times.steps}
    rungs = []
    for step in steps:
        time = by_step.get(step.name)
        lead = time.lead_seconds / times.n_items if time and times.n_items else 0.0
        active = time.active_seconds / times.n_items if time and times.n_items else 0.0
        if isinstance(measured.flow_efficiency, Absent):
            rungs.append(Rung(undivided=Figure(lead)))
        else:
            rungs.append(Rung(Figure(lead - active), Figure(active)))
    return tuple(rungs)


def _totals(measured: Measurement, times: StepTimes) -> Totals:
    lead_times = measured.business_lead_time if measured.clock is Clock.BUSINESS else measured.lead_time
    lead = lead_times.groups.get("")
    efficiency = measured.flow_efficiency
    if isinstance(efficiency, Absent):
        process = shown_efficiency = Figure(None, reason=efficiency.reason)
    else:
        estimated = any(row.is_estimated for row in measured.steps)
        mean = efficiency.part / times.n_items if times.n_items else None
        process = Figure(mean, is_estimated=estimated, reason="nothing was delivered")
        shown_efficiency = Figure(efficiency.ratio, is_estimated=estimated, reason="nothing was delivered")
    rolled, known = 1.0, False
    for row in measured.steps:
        if row.step != UNMAPPED and row.complete_and_accurate.ratio is not None:
            rolled, known = rolled * row.complete_and_accurate.ratio, True
    handoffs = measured.handoffs
    if isinstance(handoffs, Absent):
        n_handoffs = Figure(None, reason=handoffs.reason)
    else:
        n_handoffs = Figure(handoffs.n / measured.life.n, note=f"mean of an item; {handoffs.n:,} in all")
    return Totals(
        Figure(lead.mean_seconds if lead else None, reason="nothing was delivered"),
        process,
        shown_efficiency,
        Figure(rolled if known else None, reason="no step hands items on to a later one"),
        n_handoffs,
        lead_time_label="Lead time, mean",
        process_time_label="Process time, mean",
    )


def _footnotes(times: StepTimes, measured: Measurement, after_value: list[str]) -> tuple[str, ...]:
    notes = [
        "Boxes and queues: median of a visit. Ladder and totals: mean of a delivered item, all its visits together."
    ]
    lead = sum(time.lead_seconds for time in times.steps)
    unmapped = sum(time.lead_seconds for time in times.steps if time.step == UNMAPPED)
    if unmapped and lead:
        notes.append(f"{show_ratio(unmapped / lead)} of lead time lies in events that no step matches.")
    if after_value:
        notes.append(f"After value, and so not on the way to it: {', '.join(after_value)}.")
    if any(row.is_estimated for row in measured.steps):
        notes.append("The log knows ends of work only: work and wait rest on the steps’ estimates.")
    return tuple(notes)
