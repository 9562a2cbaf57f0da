"""Charts of a stream, each at an address of its own: pages fetch them when they are seen."""

from functools import partial

from fastapi import APIRouter, Request, Response

from millrace.draw.charts.chart import TableTwin
from millrace.model.absent import Absent
from millrace.report.charts import CHARTS
from millrace.web.pages.exports import Form, View, export_links
from millrace.web.pages.filters import Asked
from millrace.web.pages.page import Crumb, page, wants_part
from millrace.web.pages.soon import soon
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared.shown_streams import ShownChart

router = APIRouter(prefix="/streams/{key}/charts")


@router.get("/{named}")
def show_chart(
    request: Request, actor: Reader, bench: Bench, filters: Asked, key: str, named: str, form: Form = ""
) -> Response:
    """A chart: a part of a page where htmx asks for it, else a page with its table."""
    is_part = wants_part(request)
    view = bench.stream(actor, key)
    make = partial(bench.stream_chart, actor, key, named, selection=filters.selection, clock=filters.clock)
    shown = soon(request, bench, actor, key, make, is_part=is_part)
    if form and isinstance(shown, ShownChart):
        return _view(f"{key}-{named}", shown).given_as(form)
    crumbs = (
        Crumb("Streams", "/"),
        Crumb(view.title, f"/streams/{key}"),
        Crumb("Measures", f"/streams/{key}/measures{filters.query()}"),
    )
    template = "chart_part.html" if is_part else "chart.html"
    label = CHARTS[named].label
    return page(
        request, template, shown, title=label, crumbs=crumbs, tab="measures", key=key,
        is_absent=isinstance(shown, Absent), exports=export_links(request),
        address=f"{request.url.path}{filters.query()}",
    )  # fmt: skip


def _view(name: str, chart: ShownChart) -> View:
    def figures() -> object:
        rows = [dict(zip(chart.table.header, row, strict=True)) for row in chart.table.rows]
        return {"title": chart.title, "subtitle": chart.subtitle, "note": chart.note, "rows": rows}

    return View(name, lambda: chart.svg, lambda: TableTwin(chart.table.header, chart.table.rows), figures)
