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
from millrace.flow.team_time import team_time
from millrace.flow.trend import lead_time_trend, throughput_trend
from millrace.flow.work_item_age import work_item_age
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.report.bursts import with_bursts
from millrace.report.content import LogFacts, MapDrawing, ReportContent
from millrace.report.current_map import current_map
from millrace.report.measure_rows import duration_measures, share_measures, targets
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
        title=about.stream.shown_name,
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
        durations=duration_measures(flow, measured),
        shares=share_measures(flow, measured),
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
        targets=targets(about.stream),
        made_at=made_at,
    )


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
