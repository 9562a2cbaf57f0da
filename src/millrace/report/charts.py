"""The charts of a flow by name: each is computed when it is asked for, for the items of a selection."""

from collections.abc import Callable
from dataclasses import dataclass

from millrace.diagnose.delay_tree import delay_tree as measured_delay_tree
from millrace.draw.charts.ageing_work import ageing_work
from millrace.draw.charts.chart import Chart
from millrace.draw.charts.closing_tail import closing_tail
from millrace.draw.charts.cumulative_flow import cumulative_flow, work_in_progress
from millrace.draw.charts.delay_tree import delay_tree
from millrace.draw.charts.handoff_matrix import handoff_matrix
from millrace.draw.charts.lead_time_scatter import lead_time_scatter
from millrace.draw.charts.state_time import state_time
from millrace.draw.charts.survival import survival
from millrace.draw.charts.team_time import team_time
from millrace.draw.charts.variants import variants
from millrace.draw.charts.weekly_trend import weekly_trend
from millrace.draw.charts.wording import ELAPSED, Noun, TimeScale
from millrace.flow.cumulative_flow import CumulativeFlow
from millrace.flow.cumulative_flow import cumulative_flow as measured_flow
from millrace.flow.flow import Flow
from millrace.flow.group_figures import group_figures
from millrace.flow.handoffs import NO_TEAMS
from millrace.flow.lead_time import deliveries
from millrace.flow.measurement import Measurement
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Absent, Clock
from millrace.flow.team_time import team_time as measured_team_time
from millrace.flow.trend import lead_time_trend, throughput_trend, weekly_trends
from millrace.flow.work_item_age import work_item_age
from millrace.report.wording import noun_of


@dataclass(frozen=True)
class _Asked:
    """A flow as it was measured, for the items of a selection."""

    flow: Flow
    measured: Measurement
    selection: Selection

    @property
    def noun(self) -> Noun:
        return noun_of(self.flow)

    @property
    def scale(self) -> TimeScale:
        if self.measured.clock is Clock.ELAPSED:
            return ELAPSED
        return TimeScale(Clock.BUSINESS, self.flow.about.calendar.hours_per_day)


NOTHING_DELIVERED = Absent("nothing has been delivered")
_NO_WEEK = "the log holds no whole week"


def charts_of(flow: Flow) -> tuple[str, ...]:
    """Names of the charts that a flow has something to show in, in their order."""
    return tuple(name for name in CHARTS if flow.about.teams or name not in _OF_TEAMS)


def chart_of(flow: Flow, measured: Measurement, name: str, *, selection: Selection = EVERYTHING) -> Chart | Absent:
    """The chart of that name (a key of `CHARTS`) for what was `measured` of `selection`; Absent with its reason."""
    named = CHARTS[name]
    return named.make(_Asked(flow, measured, selection)) or Absent(named.otherwise)


def _lead_time_trend(asked: _Asked) -> Chart | None:
    trend = lead_time_trend(asked.flow, clock=asked.measured.clock, selection=asked.selection)
    return weekly_trend(trend, noun=asked.noun, scale=asked.scale)


def _throughput_trend(asked: _Asked) -> Chart | None:
    return weekly_trend(throughput_trend(asked.flow, asked.measured.weeks), noun=asked.noun)


def _weekly(measure: str) -> Callable[[_Asked], Chart | None]:
    def make(asked: _Asked) -> Chart | None:
        weeks = group_figures(asked.flow, "week", clock=asked.measured.clock, selection=asked.selection)
        trend = weekly_trends(asked.flow, weeks).get(measure)
        return None if trend is None else weekly_trend(trend, noun=asked.noun)

    return make


def _scatter(asked: _Asked) -> Chart | Absent | None:
    whole = asked.measured.lead_time.groups.get("")
    if whole is None:
        return NOTHING_DELIVERED
    return lead_time_scatter(deliveries(asked.flow, selection=asked.selection), whole, noun=asked.noun)


def _survival(asked: _Asked) -> Chart | Absent | None:
    whole = asked.measured.lead_time.groups.get("")
    return NOTHING_DELIVERED if whole is None else survival(asked.measured.survival, whole, noun=asked.noun)


def _flowing(draw: Callable[..., Chart | None]) -> Callable[[_Asked], Chart | Absent | None]:
    def make(asked: _Asked) -> Chart | Absent | None:
        counted: CumulativeFlow = measured_flow(asked.flow, selection=asked.selection)
        return draw(counted, noun=asked.noun)

    return make


def _ageing(asked: _Asked) -> Chart | None:
    return ageing_work(work_item_age(asked.flow, selection=asked.selection), noun=asked.noun)


def _delay_tree(asked: _Asked) -> Chart | None:
    return delay_tree(measured_delay_tree(asked.flow, selection=asked.selection), noun=asked.noun)


def _state_time(asked: _Asked) -> Chart | None:
    return state_time(asked.measured.time_by_state, noun=asked.noun, scale=asked.scale)


def _team_time(asked: _Asked) -> Chart | Absent | None:
    if not asked.flow.about.teams:
        return NO_TEAMS
    times = measured_team_time(asked.flow, clock=asked.measured.clock, selection=asked.selection)
    return team_time(times, noun=asked.noun, scale=asked.scale)


def _handoffs(asked: _Asked) -> Chart | Absent | None:
    found = asked.measured.handoffs
    return found if isinstance(found, Absent) else handoff_matrix(found, noun=asked.noun)


def _variants(asked: _Asked) -> Chart | None:
    return variants(asked.measured.variants, noun=asked.noun)


def _closing_tail(asked: _Asked) -> Chart | None:
    return closing_tail(asked.measured.closing_tail, noun=asked.noun)


@dataclass(frozen=True)
class NamedChart:
    """A chart that can be asked for: what it is called, how it is made, why there may be nothing to draw."""

    label: str
    make: Callable[[_Asked], Chart | Absent | None]
    otherwise: str = "the log holds nothing for it"


CHARTS = {
    "lead-time-trend": NamedChart("Lead time week by week", _lead_time_trend, _NO_WEEK),
    "throughput-trend": NamedChart("Throughput week by week", _throughput_trend, _NO_WEEK),
    "lead-time-scatter": NamedChart("Lead time of each item", _scatter),
    "survival": NamedChart(
        "Lead time with open items counted", _survival, "no item is open, so open items change nothing"
    ),
    "cumulative-flow": NamedChart("Cumulative flow", _flowing(cumulative_flow), "the log spans less than a day"),
    "work-in-progress": NamedChart("Work in progress", _flowing(work_in_progress), "the log spans less than a day"),
    "ageing-work": NamedChart("Ageing work", _ageing, "no item is open"),
    "delay-tree": NamedChart("Where the time goes", _delay_tree),
    "state-time": NamedChart("Time by state", _state_time),
    "team-time": NamedChart("Time by team and state", _team_time),
    "handoff-matrix": NamedChart("Who hands to whom", _handoffs, "no item ever changes its team"),
    "variants": NamedChart("The ways that items take", _variants),
    "closing-tail": NamedChart("Closing tail", _closing_tail),
    "flow-efficiency-trend": NamedChart("Flow efficiency week by week", _weekly("flow_efficiency"), _NO_WEEK),
    "rework-trend": NamedChart("Rework week by week", _weekly("rework"), _NO_WEEK),
    "first-time-completion-trend": NamedChart(
        "First-time completion week by week", _weekly("first_time_completion"), _NO_WEEK
    ),
    "entry-quality-trend": NamedChart("Entry quality week by week", _weekly("entry_quality"), _NO_WEEK),
    "handoffs-trend": NamedChart("Handoffs per item week by week", _weekly("handoffs"), _NO_WEEK),
}
"""The charts by the name that an address has for them."""

_OF_TEAMS = ("team-time", "handoff-matrix", "handoffs-trend")
