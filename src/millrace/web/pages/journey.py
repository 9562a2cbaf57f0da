"""The journey of one item: drawn, in words, and piece by piece."""

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request, Response

from millrace.draw.charts.chart import TableTwin
from millrace.draw.charts.wording import duration
from millrace.flow.journey import Journey
from millrace.web.pages.exports import ExportLink, Form, View, export_links
from millrace.web.pages.page import Crumb, page
from millrace.web.pages.soon import soon
from millrace.web.pages.wording import DASH, instant
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.listed_items import ShownJourney
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/items")
_HEADER = ("From", "For", "Step", "State", "Waiting for", "Team", "Record")


@dataclass(frozen=True)
class JourneyPage:
    """One item and what happened to it."""

    view: StreamView
    item: str
    journey: ShownJourney
    pieces: TableTwin
    exports: tuple[ExportLink, ...]


@router.get("/{item:path}")
def show_journey(request: Request, actor: Reader, bench: Bench, key: str, item: str, form: Form = "") -> Response:
    """The journey of one item."""
    context = soon(request, bench, actor, key, partial(_context, bench, actor, key, item, export_links(request)))
    if form:
        return _view(context).given_as(form)
    crumbs = (
        Crumb("Streams", "/"),
        Crumb(context.view.title, f"/streams/{key}"),
        Crumb("Items", f"/streams/{key}/items"),
    )
    return page(request, "journey.html", context, title=item, crumbs=crumbs, tab="items", key=key)


def _context(bench: SharedWorkbench, actor: Actor, key: str, item: str, exports: tuple[ExportLink, ...]) -> JourneyPage:
    shown, told = bench.item_journey(actor, key, item), bench.told_journey(actor, key, item)
    return JourneyPage(bench.stream(actor, key), item, shown, _pieces(told), exports)


def _pieces(told: Journey) -> TableTwin:
    rows = (
        (
            instant(span.began_at),
            duration((span.ended_at - span.began_at).total_seconds()),
            span.step,
            span.state,
            DASH if span.wait_reason == "none" else span.wait_reason,
            span.team or DASH,
            told.records[span.record].key,
        )
        for span in told.spans
    )
    columns = len(_HEADER) if len(told.records) > 1 else len(_HEADER) - 1
    return TableTwin(_HEADER[:columns], tuple(tuple(map(str, row[:columns])) for row in rows))


def _view(context: JourneyPage) -> View:
    def figures() -> object:
        pieces = [dict(zip(context.pieces.header, row, strict=True)) for row in context.pieces.rows]
        return {"item": context.item, "title": context.journey.title, "in_words": context.journey.alt, "pieces": pieces}

    return View(context.item.replace("/", "-"), lambda: context.journey.svg, lambda: context.pieces, figures)
