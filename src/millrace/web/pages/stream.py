"""A stream: its figures, its map, what needs attention, what was found, how it changes week by week."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from millrace.draw.charts.chart import TableTwin
from millrace.errors import MillraceError
from millrace.model.absent import Absent
from millrace.report.attention import Attention
from millrace.report.told_findings import ToldFinding, told_finding
from millrace.report.told_measures import ToldMeasure
from millrace.web.pages.exports import ExportLink, Form, View, export_links
from millrace.web.pages.page import Crumb, page
from millrace.web.pages.soon import soon
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.shown_maps import CURRENT, MapChoice, ShownMap
from millrace.workbench.shared.shown_streams import ShownChart
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}")
CRUMBS = (Crumb("Streams", "/"),)
BIGGEST = 5
HEADLINES = ("lead_time", "flow_efficiency", "first_time_completion", "handoffs", "work_in_progress", "throughput")
"""The measures that stand above the map."""


@dataclass(frozen=True)
class StreamPage:
    """A stream and what is known of it; `problem` says why nothing was measured, and the map is then as drawn."""

    view: StreamView
    chosen: str
    choices: tuple[MapChoice, ...]
    map: ShownMap
    figures: tuple[ToldMeasure, ...] = ()
    findings: tuple[ToldFinding, ...] = ()
    attention: tuple[Attention, ...] = ()
    trend: ShownChart | Absent | None = None
    problem: str = ""
    exports: tuple[ExportLink, ...] = ()

    @property
    def is_measured(self) -> bool:
        """True where there are figures."""
        return not self.problem


@router.get("")
def show_stream(
    request: Request,
    actor: Reader,
    bench: Bench,
    key: str,
    chosen: Annotated[str, Query(alias="map")] = CURRENT,
    form: Form = "",
) -> Response:
    """The stream as measured, or as drawn where nothing can be measured yet."""
    context = soon(
        request, bench, actor, key, partial(_context, bench, actor, key, chosen, export_links(request, "pptx"))
    )
    if form:
        return _view(bench, actor, key, context).given_as(form)
    return page(request, "stream.html", context, title=context.view.title, crumbs=CRUMBS, tab="map", key=key)


def _context(
    bench: SharedWorkbench, actor: Actor, key: str, chosen: str, exports: tuple[ExportLink, ...]
) -> StreamPage:
    view, choices = bench.stream(actor, key), bench.map_choices(actor, key)
    step_href, finding_href = f"/streams/{key}/steps/{{}}", f"/streams/{key}/findings#finding-{{}}"
    try:
        told = {each.name: each for each in bench.measures_in_words(actor, key)}
    except MillraceError as problem:
        drawn = choices[0].name if chosen == CURRENT else chosen
        shown = bench.drawn_map(actor, key) if drawn == CURRENT else bench.stream_map(actor, key, view=drawn)
        return StreamPage(view, drawn, choices, shown, problem=problem.sentence, exports=exports[:-1])
    found = bench.stream_findings(actor, key).findings[:BIGGEST]
    return StreamPage(
        view,
        chosen,
        choices,
        bench.stream_map(actor, key, view=chosen, step_href=step_href, finding_href=finding_href),
        tuple(told[name] for name in HEADLINES if name in told),
        tuple(told_finding(number, each) for number, each in enumerate(found, 1)),
        bench.stream_attention(actor, key),
        bench.stream_chart(actor, key, "lead-time-trend"),
        exports=exports,
    )


def _view(bench: SharedWorkbench, actor: Actor, key: str, context: StreamPage) -> View:
    table = context.map.table

    def figures() -> object:
        if context.is_measured:
            return bench.told_measures(actor, key)
        return {"map": table.caption, "rows": [dict(zip(table.header, row, strict=True)) for row in table.rows]}

    slides = {"pptx": lambda: bench.stream_slides(actor, key)} if context.is_measured else {}
    return View(key, lambda: context.map.svg, lambda: TableTwin(table.header, table.rows), figures, slides)
