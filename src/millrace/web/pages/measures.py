"""Every measure of a stream with its context, for the items that the filters cover, and groups side by side."""

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request, Response

from millrace.draw.charts.chart import TableTwin
from millrace.draw.sheet import SheetTable, sheet
from millrace.flow.group_figures import GroupFigures
from millrace.flow.label_counts import LabelCounts
from millrace.flow.selection import PERIODS
from millrace.flow.step_measures import StepMeasures
from millrace.report.charts import CHARTS, charts_of
from millrace.report.told_measures import HEADER, ToldMeasure
from millrace.web.pages.exports import ExportLink, Form, View, export_links
from millrace.web.pages.filters import Asked, Filters
from millrace.web.pages.page import Crumb, page
from millrace.web.pages.soon import soon
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/measures")
MOST_GROUPS = 40
TRENDS = {
    "lead_time": "lead-time-trend",
    "throughput": "throughput-trend",
    "flow_efficiency": "flow-efficiency-trend",
    "rework": "rework-trend",
    "first_time_completion": "first-time-completion-trend",
    "entry_quality": "entry-quality-trend",
    "handoffs": "handoffs-trend",
}
"""The chart that shows the weeks of a measure."""


@dataclass(frozen=True)
class MeasuresPage:
    """All measures, with the filters they were asked with, the columns to filter by, and groups held side by side.

    `groups` are the largest of `n_groups` by `per`; `charts` are name and label of those that can be looked at.
    """

    view: StreamView
    filters: Filters
    columns: tuple[LabelCounts, ...]
    told: tuple[ToldMeasure, ...]
    steps: tuple[StepMeasures, ...]
    per: str
    groups: tuple[tuple[str, GroupFigures], ...]
    n_groups: int
    charts: tuple[tuple[str, str], ...]
    exports: tuple[ExportLink, ...]

    def trend_of(self, told: ToldMeasure) -> str:
        """Name of the chart with a measure’s weeks; nothing where there is none."""
        return TRENDS.get(told.name, "") if told.trend else ""

    def narrowed(self, label: str) -> str:
        """The filters for one of the groups alone; nothing where a group is a period, which the days stand for."""
        return "" if self.per in PERIODS else self.filters.narrowed(f"{self.per}={label}").query()


@router.get("")
def show_measures(
    request: Request, actor: Reader, bench: Bench, filters: Asked, key: str, per: str = "", form: Form = ""
) -> Response:
    """Every measure of the items that the filters cover."""
    make = partial(_context, bench, actor, key, filters, per, export_links(request))
    context = soon(request, bench, actor, key, make)
    if form:
        return _view(bench, actor, key, context).given_as(form)
    crumbs = (Crumb("Streams", "/"), Crumb(context.view.title, f"/streams/{key}"))
    return page(request, "measures.html", context, title="Measures", crumbs=crumbs, tab="measures", key=key)


def _context(
    bench: SharedWorkbench, actor: Actor, key: str, filters: Filters, per: str, exports: tuple[ExportLink, ...]
) -> MeasuresPage:
    chosen, clock = filters.selection, filters.clock
    groups = bench.stream_groups(actor, key, per, selection=chosen, clock=clock) if per else {}
    rows = list(groups.items())
    if per and per not in PERIODS:
        rows.sort(key=lambda row: -row[1].n_items)
    return MeasuresPage(
        bench.stream(actor, key),
        filters,
        bench.group_columns(actor, key),
        bench.measures_in_words(actor, key, selection=chosen, clock=clock),
        bench.measured(actor, key, selection=chosen, clock=clock).steps,
        per,
        tuple(rows[-MOST_GROUPS:] if per in PERIODS else rows[:MOST_GROUPS]),
        len(rows),
        tuple((name, CHARTS[name].label) for name in charts_of(bench.flow(actor, key))),
        exports,
    )


def _view(bench: SharedWorkbench, actor: Actor, key: str, context: MeasuresPage) -> View:
    filters = context.filters
    table = TableTwin(HEADER, tuple(told.cells for told in context.told))

    def drawn() -> str:
        covered = ", ".join(filters.where) or "all items"
        period = f", delivered from {filters.since or 'the beginning'} until before {filters.until or 'the end'}"
        said = f"{covered}{period if filters.since or filters.until else ''} · {filters.clock} time"
        return sheet(f"{context.view.title}: measures", said, [SheetTable("", table)])

    return View(
        f"{key}-measures",
        drawn,
        lambda: table,
        lambda: bench.told_measures(actor, key, selection=filters.selection, clock=filters.clock),
    )
