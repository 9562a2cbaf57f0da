"""What a report is made of: measured results, pictures and texts. Nothing in here is computed any more, only said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from millrace.diagnose.delay_tree import DelayTree
from millrace.diagnose.findings.finding import Findings
from millrace.draw.charts.chart import TableTwin
from millrace.draw.charts.wording import ELAPSED, ITEMS, Noun, TimeScale
from millrace.eventlog.readiness import Readiness
from millrace.eventlog.schema import Shape
from millrace.flow.closing_tail import ClosingTail
from millrace.flow.cost import Cost
from millrace.flow.cumulative_flow import CumulativeFlow
from millrace.flow.handoffs import NO_TEAMS, Bounces, Handoffs
from millrace.flow.lead_time import Delivered, LeadTimes
from millrace.flow.rework import Rework
from millrace.flow.step_measures import StepMeasures
from millrace.flow.summary import Absent, Clock, DurationSummary, LeftOut, Share
from millrace.flow.survival import LeadTimeSurvival
from millrace.flow.team_time import TeamTime
from millrace.flow.time_by_state import TimeByState
from millrace.flow.trend import Trend
from millrace.flow.variants import Variants
from millrace.flow.work_item_age import AgeingWork
from millrace.report.told_across_records import ToldTable
from millrace.report.told_journeys import ToldJourney

NOT_MEASURED = Absent("it was not measured")


@dataclass(frozen=True)
class LogFacts:
    """The log that was measured: where it came from, what an event of it means, how much of it there is."""

    source_name: str
    shape: Shape
    n_items: int
    n_events: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class MapDrawing:
    """The value stream map as SVG, which bears its own title and description, and as a table.

    `paper_svg` is the same map wrapped into rows for paper, with ids of its own; without it `svg` is printed.
    """

    svg: str
    table: TableTwin
    paper_svg: str = ""


@dataclass(frozen=True)
class DurationMeasure:
    """A row of the measures table: a duration on both clocks, with what it covers.

    `start` and `stop` name the events between which it runs; both are empty for a sum over several stretches.
    """

    name: str
    definition: str
    population: str
    start: str
    stop: str
    elapsed: DurationSummary | Absent
    business: DurationSummary | Absent
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class ShareMeasure:
    """A row of the table of shares. `counted` names what part and whole count (`incidents`, `hours`, `visits`)."""

    name: str
    definition: str
    counted: str
    share: Share | Absent
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class ReportContent:
    """Everything that the report of a current state says.

    `title` names the stream. `lead_times` are elapsed, `business_lead_times` on the calendar's clock, whose day has
    `hours_per_day` hours; both have the whole under "". A part that is None or empty leaves its section out or says
    why; one that is Absent says its reason. `targets` maps `lead_time`, `flow_efficiency`, `throughput`,
    `work_in_progress`, `first_time_completion`, `handoffs`, `closing_tail` or `cost_per_item` to what the target says.
    `currency` is that of the rates; `made_at` is printed as it is given.
    """

    title: str
    log: LogFacts
    readiness: Readiness
    lead_times: LeadTimes
    noun: Noun = ITEMS
    description: str = ""
    business_lead_times: LeadTimes | None = None
    calendar_words: str = ""
    calendar_is_assumed: bool = False
    hours_per_day: float = 8.0
    map: MapDrawing | None = None
    findings: Findings | None = None
    journeys: tuple[ToldJourney, ...] = ()
    across: tuple[ToldTable, ...] = ()
    reasons: tuple[ToldTable, ...] = ()
    durations: tuple[DurationMeasure, ...] = ()
    shares: tuple[ShareMeasure, ...] = ()
    flow_efficiency: Share | Absent = NOT_MEASURED
    survival: LeadTimeSurvival | None = None
    delivered: tuple[Delivered, ...] = ()
    lead_time_trend: Trend | None = None
    throughput_trend: Trend | None = None
    cumulative_flow: CumulativeFlow | None = None
    ageing: AgeingWork | None = None
    time_by_state: TimeByState | None = None
    delay_tree: DelayTree | None = None
    team_time: TeamTime | Absent = NO_TEAMS
    handoffs: Handoffs | Absent = NO_TEAMS
    steps: tuple[StepMeasures, ...] = ()
    variants: Variants | None = None
    closing_tail: ClosingTail | None = None
    rework: Rework | None = None
    bounces: Bounces | Absent = NO_TEAMS
    targets: Mapping[str, str] = field(default_factory=dict)
    cost: Cost | Absent = NOT_MEASURED
    currency: str = ""
    made_at: datetime | None = None

    @property
    def elapsed_scale(self) -> TimeScale:
        """How elapsed time is shown."""
        return ELAPSED

    @property
    def business_scale(self) -> TimeScale:
        """How business hours are shown: in working days."""
        return TimeScale(Clock.BUSINESS, self.hours_per_day)
