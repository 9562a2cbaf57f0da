"""What pages show of a stream in figures: measures in words, charts, groups side by side, what needs attention."""

from dataclasses import dataclass

from millrace.draw.charts.chart import Chart, TableTwin
from millrace.draw.charts.drawing import draw
from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.group_figures import GroupFigures, group_figures
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Clock
from millrace.flow.throughput import PeriodCounts
from millrace.flow.trend import Trend, lead_time_trend, throughput_trend, weekly_trends
from millrace.flow.work_item_age import work_item_age
from millrace.model.absent import Absent
from millrace.model.yaml_problem import did_you_mean
from millrace.report.attention import Attention, attention
from millrace.report.charts import CHARTS, chart_of
from millrace.report.told_measures import ToldMeasure, told_measures
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.listed_items import ListedItemOperations


class NoSuchChart(MillraceError):
    """There is no chart of this name."""

    slug = "no-such-chart"

    def __init__(self, named: str) -> None:
        """Name it, and those there are."""
        hint = did_you_mean(named, tuple(CHARTS)) or f"; there are {', '.join(CHARTS)}."
        super().__init__(f"There is no chart “{named}”{hint}")


@dataclass(frozen=True)
class ShownChart:
    """A chart as SVG with what it says, its text alternative and its figures as a table."""

    title: str
    subtitle: str
    svg: str
    alt: str
    note: str
    table: TableTwin


class ShownStreamOperations(ListedItemOperations):
    """See streams as they were measured."""

    @needs(Permission.READ)
    def measures_in_words(
        self, actor: Actor, key: str, *, selection: Selection = EVERYTHING, clock: Clock = Clock.ELAPSED
    ) -> tuple[ToldMeasure, ...]:
        """Every measure of the items in `selection`, with its definition, variation, trend and target."""
        flow, measured = self.flow(actor, key), self.measured(actor, key, selection=selection, clock=clock)
        trends = self._trends(actor, key, selection, clock)
        asked = ("in words", selection.key, clock)
        return self.on_flow(flow, asked, lambda: told_measures(flow, measured, trends))

    @needs(Permission.READ)
    def stream_groups(
        self, actor: Actor, key: str, per: str, *, selection: Selection = EVERYTHING, clock: Clock = Clock.ELAPSED
    ) -> dict[str, GroupFigures]:
        """Figures per group of the items in `selection`. Raises UnknownColumn, and what `flow` raises."""
        flow = self.flow(actor, key)
        asked = ("groups", per, selection.key, clock)
        return self.on_flow(flow, asked, lambda: group_figures(flow, per, clock=clock, selection=selection))

    @needs(Permission.READ)
    def stream_chart(
        self,
        actor: Actor,
        key: str,
        named: str,
        *,
        selection: Selection = EVERYTHING,
        clock: Clock = Clock.ELAPSED,
    ) -> ShownChart | Absent:
        """A chart by its name; Absent where there is nothing to draw. Raises NoSuchChart, and what `flow` raises."""
        if named not in CHARTS:
            raise NoSuchChart(named)
        flow, measured = self.flow(actor, key), self.measured(actor, key, selection=selection, clock=clock)

        def made() -> ShownChart | Absent:
            with self.alone_with(flow):
                chart = chart_of(flow, measured, named, selection=selection)
            return chart if isinstance(chart, Absent) else _shown(chart)

        return self.kept.of((flow.folder.name, "chart", named, selection.key, clock), made)

    @needs(Permission.READ)
    def stream_attention(self, actor: Actor, key: str) -> tuple[Attention, ...]:
        """What needs attention in a stream now. Raises what `flow` raises."""
        flow, measured = self.flow(actor, key), self.measured(actor, key)
        trends = self._trends(actor, key, EVERYTHING, Clock.ELAPSED)
        shown = (("lead-time-trend", trends["lead_time"]), ("throughput-trend", trends["throughput"]))
        return self.on_flow(flow, "attention", lambda: attention(flow, measured, work_item_age(flow), shown))

    @needs(Permission.READ)
    def stream_slides(self, actor: Actor, key: str) -> bytes:
        """A stream as slides (PPTX). Raises what `flow` raises."""
        from millrace.report.slide_content import slide_content
        from millrace.report.slides import slides

        flow, measured, found = self.flow(actor, key), self.measured(actor, key), self.stream_findings(actor, key)
        return self.on_flow(flow, "slides", lambda: slides(slide_content(flow, measured, found)))

    def _trends(self, actor: Actor, key: str, selection: Selection, clock: Clock) -> dict[str, Trend]:
        flow, measured = self.flow(actor, key), self.measured(actor, key, selection=selection, clock=clock)
        weeks = self.stream_groups(actor, key, "week", selection=selection, clock=clock)
        return self.on_flow(
            flow, ("trends", selection.key, clock), lambda: _trends(flow, measured.weeks, weeks, selection, clock)
        )


def _trends(
    flow: Flow, counts: list[PeriodCounts], weeks: dict[str, GroupFigures], selection: Selection, clock: Clock
) -> dict[str, Trend]:
    return {
        "lead_time": lead_time_trend(flow, clock=clock, selection=selection),
        "throughput": throughput_trend(flow, counts),
        **weekly_trends(flow, weeks),
    }


def _shown(chart: Chart) -> ShownChart:
    svg = draw(chart.picture, with_titles=True)
    return ShownChart(chart.title, chart.subtitle, svg, chart.alt, chart.note, chart.table)
