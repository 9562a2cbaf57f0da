"""What the slides of a stream say, gathered from what was measured and found."""

from dataclasses import dataclass

from millrace.diagnose.findings.finding import Findings
from millrace.draw.value_stream_map import value_stream_map
from millrace.flow.flow import Flow
from millrace.flow.group_figures import group_figures
from millrace.flow.measurement import Measurement
from millrace.flow.throughput import PeriodCounts
from millrace.flow.trend import Trend, lead_time_trend, throughput_trend, weekly_trends
from millrace.flow.work_item_age import work_item_age
from millrace.model.absent import Absent
from millrace.report.attention import Attention, attention
from millrace.report.bursts import with_bursts
from millrace.report.current_map import current_map
from millrace.report.told_findings import ToldFinding, told_finding
from millrace.report.told_measures import ToldMeasure, told_measures
from millrace.report.wording import noun_of, period_of

COLUMNS_PER_ROW = 6
"""Steps of the map beside each other, so that its print can be read on a wall."""
BIGGEST = 3


@dataclass(frozen=True)
class StepPart:
    """A step's part of the mean delivered item’s lead time, in seconds; `working_seconds` None where unknown."""

    step: str
    lead_seconds: float
    working_seconds: float | None


@dataclass(frozen=True)
class SlideContent:
    """What slides say of a stream. `weeks` are whole ones; `map_svg` is the map as measured."""

    title: str
    description: str
    subtitle: str
    demand: str
    value: str
    told: tuple[ToldMeasure, ...]
    map_svg: str
    map_alt: str
    steps: tuple[StepPart, ...]
    lead_time: Trend
    throughput: Trend
    weeks: tuple[PeriodCounts, ...]
    findings: tuple[ToldFinding, ...]
    attention: tuple[Attention, ...]


def slide_content(flow: Flow, measured: Measurement, found: Findings) -> SlideContent:
    """What the slides of `flow` say."""
    about = flow.about
    stream = about.stream
    picture = with_bursts(current_map(flow, measured), found)
    trend, throughput = lead_time_trend(flow), throughput_trend(flow, measured.weeks)
    trends = {
        "lead_time": trend,
        "throughput": throughput,
        **weekly_trends(flow, group_figures(flow, "week")),
    }
    shown = (("lead-time-trend", trend), ("throughput-trend", throughput))
    return SlideContent(
        title=stream.shown_name,
        description=stream.description,
        subtitle=f"{noun_of(flow).counted(about.n_items)} · {period_of(flow)} · {about.source_name}",
        demand=measured.lead_time.demand,
        value=measured.lead_time.value,
        told=told_measures(flow, measured, trends),
        map_svg=value_stream_map(picture, columns_per_row=COLUMNS_PER_ROW),
        map_alt=f"Value stream map of {stream.shown_name} with {len(picture.steps)} steps",
        steps=_steps(measured),
        lead_time=trend,
        throughput=throughput,
        weeks=tuple(measured.weeks[1:-1]),
        findings=tuple(told_finding(number, each) for number, each in enumerate(found.findings, 1)),
        attention=attention(flow, measured, work_item_age(flow), shown),
    )


def _steps(measured: Measurement) -> tuple[StepPart, ...]:
    times = measured.step_times
    knows_work = not isinstance(measured.flow_efficiency, Absent)
    return tuple(
        StepPart(
            time.step,
            time.lead_seconds / times.n_items,
            time.active_seconds / times.n_items if knows_work else None,
        )
        for time in times.steps
        if times.n_items
    )
