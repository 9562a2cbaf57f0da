"""The report of a current state: every measure of a flow, with the words that go with it."""

from datetime import datetime

from millrace.diagnose.delay_tree import delay_tree
from millrace.diagnose.explanation.why_slow import why_slow
from millrace.diagnose.findings.finding import Findings
from millrace.diagnose.findings.findings import findings
from millrace.diagnose.recurring.recurring_issues import recurring_issues
from millrace.draw.charts.chart import TableTwin
from millrace.draw.map_table import map_table
from millrace.draw.value_stream_map import value_stream_map
from millrace.eventlog.readiness import Readiness
from millrace.flow.across_records import across_records
from millrace.flow.cumulative_flow import cumulative_flow
from millrace.flow.flow import Flow
from millrace.flow.handoffs import NO_TEAMS
from millrace.flow.lead_time import deliveries
from millrace.flow.measurement import Measurement, measurement
from millrace.flow.summary import NO_DURATIONS, Absent, DurationSummary, Share
from millrace.flow.team_time import team_time
from millrace.flow.trend import lead_time_trend, throughput_trend
from millrace.flow.work_item_age import work_item_age
from millrace.model.measure import show_figure
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.report.bursts import with_bursts
from millrace.report.content import DurationMeasure, LogFacts, MapDrawing, ReportContent, ShareMeasure
from millrace.report.current_map import current_map
from millrace.report.told_across_records import told_across_records
from millrace.report.told_journeys import told_journeys
from millrace.report.told_reasons import told_reasons
from millrace.report.wording import instant, noun_of

STEPS_PER_ROW_ON_PAPER = 4


def current_state(flow: Flow, readiness: Readiness, *, made_at: datetime | None = None) -> ReportContent:
    """Everything the report of `flow` says."""
    measured, found = measurement(flow), findings(flow)
    about = flow.about
    return ReportContent(
        title=about.stream.title or about.stream.name,
        log=LogFacts(
            about.source_name,
            about.shape,
            about.n_items,
            about.n_events,
            instant(about.first_at),
            instant(about.last_at),
        ),
        readiness=readiness,
        lead_times=measured.lead_time,
        noun=noun_of(flow),
        description=about.stream.description,
        business_lead_times=measured.business_lead_time,
        calendar_words=calendar_in_words(about.calendar),
        calendar_is_assumed=about.calendar.assumed,
        hours_per_day=about.calendar.hours_per_day,
        map=_map(flow, measured, found),
        findings=found,
        journeys=told_journeys(flow, noun_of(flow)),
        across=told_across_records(across_records(flow)),
        reasons=told_reasons(why_slow(flow), recurring_issues(flow)),
        durations=_durations(flow, measured),
        shares=_shares(flow, measured),
        flow_efficiency=measured.flow_efficiency,
        survival=measured.survival,
        delivered=tuple(deliveries(flow)),
        lead_time_trend=lead_time_trend(flow),
        throughput_trend=throughput_trend(flow, measured.weeks),
        cumulative_flow=cumulative_flow(flow),
        ageing=work_item_age(flow),
        time_by_state=measured.time_by_state,
        delay_tree=delay_tree(flow),
        team_time=team_time(flow) if about.teams else NO_TEAMS,
        handoffs=measured.handoffs,
        bounces=measured.bounces,
        steps=measured.steps,
        variants=measured.variants,
        closing_tail=measured.closing_tail,
        rework=measured.rework,
        cost=measured.cost,
        targets=_targets(about.stream),
        made_at=made_at,
    )


def _targets(stream: ValueStream) -> dict[str, str]:
    """What the stream aims at, by the name of the measure: `mean 45 min`."""
    return {
        measure.name: f"{measure.statistic or ''} {show_figure(measure.name, measure.target)}".strip()
        for measure in stream.measures
        if measure.target is not None and measure.step is None
    }


def calendar_in_words(calendar: WorkCalendar) -> str:
    """`Mon–Fri 09:00–17:00, Europe/Amsterdam, 8 holidays`."""
    runs: list[tuple[str, list[str]]] = []
    for day in WEEKDAYS:
        hours = " and ".join(
            f"{a // 60:02}:{a % 60:02}–{b // 60:02}:{b % 60:02}" for a, b in calendar.hours.get(day, ())
        )
        if runs and runs[-1][0] == hours:
            runs[-1][1].append(day.capitalize())
        else:
            runs.append((hours, [day.capitalize()]))
    worked = [
        f"{days[0]}–{days[-1]} {hours}" if len(days) > 1 else f"{days[0]} {hours}" for hours, days in runs if hours
    ]
    n_holidays = len(calendar.holidays)
    holidays = "no holidays" if not n_holidays else f"{n_holidays} holiday{'s' if n_holidays > 1 else ''}"
    return ", ".join([*worked, calendar.zone, holidays])


def _map(flow: Flow, measured: Measurement, found: Findings) -> MapDrawing:
    picture = with_bursts(current_map(flow, measured), found, href="#finding-{}")
    table = map_table(picture)
    paper = value_stream_map(picture, columns_per_row=STEPS_PER_ROW_ON_PAPER, id_prefix="paper-map")
    return MapDrawing(value_stream_map(picture), TableTwin(table.header, table.rows), paper)


def _durations(flow: Flow, measured: Measurement) -> tuple[DurationMeasure, ...]:
    noun = noun_of(flow).many
    start, stop = measured.lead_time.demand, measured.lead_time.value
    left_out = measured.lead_time.left_out
    rows = [
        DurationMeasure(
            "Lead time",
            "From demand until the stakeholder has the value",
            f"{noun} delivered",
            start,
            stop,
            _whole(measured.lead_time.groups),
            _whole(measured.business_lead_time.groups),
            left_out,
        ),
        DurationMeasure(
            "Time to close",
            "From demand to the last event, formal closure included",
            f"{noun} delivered",
            start,
            "last event",
            _whole(measured.time_to_close.groups),
            _whole(measured.business_time_to_close.groups),
            left_out,
        ),
    ]
    if isinstance(measured.ownership, Absent):
        owned: DurationSummary | Absent = measured.ownership
    else:
        owned = measured.ownership.time_to_own
    not_on_business = Absent("shown on the elapsed clock only")
    rows.append(
        DurationMeasure(
            "Time to own", "From demand until a person first holds the item", f"all {noun} that somebody held",
            start, "first event with a person", owned, owned if isinstance(owned, Absent) else not_on_business,
        )
    )  # fmt: skip
    rows.append(
        DurationMeasure(
            "Life", "From demand to the last event, delivered or not", f"all {noun}",
            start, "last event", measured.life, not_on_business,
        )
    )  # fmt: skip
    return tuple(rows)


def _whole(groups: dict[str, DurationSummary]) -> DurationSummary:
    return groups.get("", NO_DURATIONS)


def _shares(flow: Flow, measured: Measurement) -> tuple[ShareMeasure, ...]:
    noun = noun_of(flow).many
    rework, ownership = measured.rework, measured.ownership
    idle: Share | Absent = ownership if isinstance(ownership, Absent) else _hours(ownership.idle)
    efficiency = measured.flow_efficiency
    return (
        ShareMeasure(
            "Flow efficiency",
            "Time at work of all lead time, over delivered items, summed before dividing",
            "hours",
            efficiency if isinstance(efficiency, Absent) else _hours(efficiency),
        ),
        ShareMeasure("Rework", f"{noun} that saw a step again or were reopened", noun, rework.items),
        ShareMeasure(
            "Time in later visits",
            "Time in second and later visits of a step, of all time before value",
            "hours",
            _hours(rework.later_visits),
        ),
        ShareMeasure(
            "First-time completion",
            "Delivered with no rework and no wait for the requester after the first step",
            noun,
            rework.first_time_completion,
        ),
        ShareMeasure(
            "Entry quality",
            "Delivered without a wait for the requester in the first step and without a return to it",
            noun,
            rework.entry_quality,
        ),
        ShareMeasure("Idle", "Time in which a team holds the item and nobody in it does, before value", "hours", idle),
        ShareMeasure(
            "Closing tail", "Time after value, of all life", "hours", _hours(measured.closing_tail.share_of_life)
        ),
    )


def _hours(share: Share) -> Share:
    return Share(share.part / 3600, share.whole / 3600)
