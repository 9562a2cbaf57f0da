"""The items behind a figure, and the journey of one of them."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from millrace.diagnose.findings.finding import Finding
from millrace.flow.item_list import ItemMeasure
from millrace.flow.time_in import TimeBy, TimeIn
from millrace.web.pages.filters import Asked, Filters, NotUnderstood
from millrace.web.pages.page import Crumb, page
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.shown_streams import ItemsShown, ShownChart
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/items")
PER_PAGE = 50


@dataclass(frozen=True)
class ItemsPage:
    """A page of items: which list it is, how it is sorted and searched, and where its neighbours are."""

    view: StreamView
    of: str
    title: str
    items: ItemsShown
    order: str
    search: str
    number: int
    filters: Filters
    measures: tuple[ItemMeasure, ...]

    @property
    def n_pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.items.n_items // PER_PAGE))

    def address(self, **changed: str) -> str:
        """This list with something changed."""
        asked = {"of": self.of, "order": self.order, "search": self.search, "page": str(self.number)} | changed
        return self.filters.query(**asked)


@dataclass(frozen=True)
class JourneyPage:
    """One item and what happened to it."""

    view: StreamView
    item: str
    journey: ShownChart


@router.get("")
def show_items(
    request: Request,
    actor: Reader,
    bench: Bench,
    filters: Asked,
    key: str,
    of: str = "lead_time",
    order: str = "",
    search: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """The items behind a measure, a place or a finding."""
    view, listed = bench.stream(actor, key), asked_for(bench, actor, key, of)
    items = bench.stream_items(
        actor, key, listed, selection=filters.selection, order=order, search=search, page=number, per_page=PER_PAGE
    )
    title = listed.title if isinstance(listed, Finding) else of.replace("_", " ").replace(":", ": ")
    context = ItemsPage(view, of, title, items, order, search, number, filters, tuple(ItemMeasure))
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"))
    return page(request, "items.html", context, title="Items", crumbs=crumbs, tab="items", key=key)


@router.get("/list.csv")
def export_items(
    actor: Reader, bench: Bench, filters: Asked, key: str, of: str = "lead_time", search: str = ""
) -> Response:
    """The same list as CSV, whole; what a spreadsheet would run is neutralised."""
    listed = asked_for(bench, actor, key, of)
    content = bench.stream_items_csv(actor, key, listed, selection=filters.selection, search=search)
    named = f"attachment; filename*=UTF-8''{quote(f'{key}-{of}.csv')}"
    return Response(content, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": named})


@router.get("/{item:path}")
def show_journey(request: Request, actor: Reader, bench: Bench, key: str, item: str) -> HTMLResponse:
    """The journey of one item."""
    view = bench.stream(actor, key)
    context = JourneyPage(view, item, bench.item_journey(actor, key, item))
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"), Crumb("Items", f"/streams/{key}/items"))
    return page(request, "journey.html", context, title=item, crumbs=crumbs, tab="items", key=key)


def asked_for(bench: SharedWorkbench, actor: Actor, key: str, of: str) -> ItemMeasure | TimeIn | Finding:
    """What a list of items is of, as addresses write it. Raises NotUnderstood, NoSuchFinding."""
    kind, sign, name = of.partition(":")
    if kind == "finding":
        return bench.stream_finding(actor, key, name)
    try:
        return TimeIn(TimeBy(kind), name) if sign else ItemMeasure(of)
    except ValueError as error:
        wanted = f"it is {', '.join(ItemMeasure)}, or step:NAME, state:NAME, reason:NAME, side:NAME, team:NAME"
        raise NotUnderstood("of", of, wanted) from error
