"""The charts of a report, drawn: one place that says which result becomes which picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup, escape

from millrace.draw.charts.ageing_work import ageing_work
from millrace.draw.charts.chart import Chart
from millrace.draw.charts.closing_tail import closing_tail
from millrace.draw.charts.cumulative_flow import cumulative_flow, work_in_progress
from millrace.draw.charts.delay_tree import delay_tree
from millrace.draw.charts.drawing import draw
from millrace.draw.charts.handoff_matrix import handoff_matrix
from millrace.draw.charts.lead_time_scatter import lead_time_scatter
from millrace.draw.charts.state_time import state_time
from millrace.draw.charts.survival import survival
from millrace.draw.charts.team_time import team_time
from millrace.draw.charts.variants import variants
from millrace.draw.charts.waste_pareto import waste_pareto
from millrace.draw.charts.weekly_trend import weekly_trend
from millrace.flow.summary import Absent
from millrace.report.content import ReportContent
from millrace.report.told_findings import told_findings


@dataclass(frozen=True)
class Picture:
    """A chart and its drawing, ready to stand in a page."""

    chart: Chart
    svg: Markup


def pictures(content: ReportContent) -> Mapping[str, Picture]:
    """Every chart that the content has results for, by name; one without results is not in it."""
    noun = content.noun
    whole = content.lead_times.groups.get("")
    charts = {
        "lead_time_scatter": _of(whole, lambda it: lead_time_scatter(content.delivered, it, noun=noun)),
        "survival": _of(whole, lambda it: _of(content.survival, lambda km: survival(km, it, noun=noun))),
        "lead_time_trend": _of(content.lead_time_trend, lambda it: weekly_trend(it, noun=noun)),
        "throughput_trend": _of(content.throughput_trend, lambda it: weekly_trend(it, noun=noun)),
        "cumulative_flow": _of(content.cumulative_flow, lambda it: cumulative_flow(it, noun=noun)),
        "work_in_progress": _of(content.cumulative_flow, lambda it: work_in_progress(it, noun=noun)),
        "ageing_work": _of(content.ageing, lambda it: ageing_work(it, noun=noun)),
        "delay_tree": _of(content.delay_tree, lambda it: delay_tree(it, noun=noun)),
        "state_time": _of(content.time_by_state, lambda it: state_time(it, noun=noun)),
        "team_time": _of(content.team_time, lambda it: team_time(it, noun=noun)),
        "handoff_matrix": _of(content.handoffs, lambda it: handoff_matrix(it, noun=noun)),
        "variants": _of(content.variants, lambda it: variants(it, noun=noun)),
        "closing_tail": _of(content.closing_tail, lambda it: closing_tail(it, noun=noun)),
        "waste_pareto": _of(content.findings, waste_pareto),
        **{f"finding-{told.number}": told.chart for told in told_findings(content)},
    }
    return {name: Picture(chart, _as_image(draw(chart.picture), chart.alt)) for name, chart in charts.items() if chart}


_Result = TypeVar("_Result")


def _of(result: _Result | Absent | None, make: Callable[[_Result], Chart | None]) -> Chart | None:
    """The chart of a result, if there is one."""
    return None if result is None or isinstance(result, Absent) else make(result)


def _as_image(svg: str, alt: str) -> Markup:
    """An SVG for a page: one image to a listener, with its text alternative."""
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1))
