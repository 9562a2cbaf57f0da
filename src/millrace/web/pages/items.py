"""The items behind a figure: found, sorted, page by page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from millrace.diagnose.findings.finding import Finding
from millrace.draw.charts.chart import TableTwin
from millrace.draw.sheet import SheetTable, sheet
from millrace.flow.item_list import ItemMeasure
from millrace.flow.label_counts import LabelCounts
from millrace.flow.time_in import TimeBy, TimeIn
from millrace.web.pages.exports import ExportLink, Form, View, export_links
from millrace.web.pages.filters import Asked, Filters, NotUnderstood
from millrace.web.pages.page import Crumb, page
from millrace.web.pages.soon import soon
from millrace.web.pages.wording import cell, heading
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.listed_items import ItemsShown, Listed
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/items")
PER_PAGE = 50
MEASURE_TITLES = {
    ItemMeasure.DEMAND: "All items",
    ItemMeasure.LEAD_TIME: "Delivered",
    ItemMeasure.OPEN: "Open",
    ItemMeasure.CANCELLED: "Cancelled",
    ItemMeasure.CLOSING_TAIL: "Left open after value",
    ItemMeasure.HANDOFFS: "Handed from team to team",
    ItemMeasure.PING_PONG: "Sent back and forth between teams",
    ItemMeasure.RETURNS: "Came back to a team",
    ItemMeasure.REWORK: "With rework",
    ItemMeasure.REOPENED: "Reopened",
    ItemMeasure.FIRST_TIME_COMPLETION: "Right the first time",
    ItemMeasure.IDLE: "Idle for a time",
}
"""What the lists are called."""


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
    columns: tuple[LabelCounts, ...]
    measures: tuple[ItemMeasure, ...]
    exports: tuple[ExportLink, ...]

    @property
    def n_pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.items.n_items // PER_PAGE))

    @property
    def bare(self) -> str:
        """This list without filters, as the part of an address behind `?`."""
        return Filters(clock=self.filters.clock).query(of=self.of)

    def title_of(self, measure: ItemMeasure) -> str:
        """What the list of a measure is called."""
        return MEASURE_TITLES[measure]

    def address(self, **changed: str) -> str:
        """This list with something changed."""
        asked = {"of": self.of, "order": self.order, "search": self.search, "page": str(self.number)} | changed
        return self.filters.query(**asked)


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
    form: Form = "",
) -> Response:
    """The items behind a measure, a place or a finding."""

    def make() -> ItemsPage:
        listed = asked_for(bench, actor, key, of)
        items = bench.stream_items(
            actor, key, listed, selection=filters.selection, order=order, search=search, page=number, per_page=PER_PAGE
        )
        columns = bench.group_columns(actor, key)
        title, exports = _title(listed, of), export_links(request)
        return ItemsPage(
            bench.stream(actor, key), of, title, items, order, search, number, filters, columns, tuple(ItemMeasure),
            exports,
        )  # fmt: skip

    context = soon(request, bench, actor, key, make)
    if form:
        listed = asked_for(bench, actor, key, of)
        whole = partial(bench.stream_items_csv, actor, key, listed, selection=filters.selection, search=search)
        return _view(f"{key}-{of}", context, whole).given_as(form)
    crumbs = (Crumb("Streams", "/"), Crumb(context.view.title, f"/streams/{key}"))
    return page(request, "items.html", context, title="Items", crumbs=crumbs, tab="items", key=key)


def _title(listed: Listed, of: str) -> str:
    if isinstance(listed, Finding):
        return f"Finding: {listed.title}"
    if isinstance(listed, TimeIn):
        return f"Time in {listed.by} “{listed.name}”"
    return MEASURE_TITLES[ItemMeasure(of)]


def _view(name: str, context: ItemsPage, whole: Callable[[], bytes]) -> View:
    """The page as a picture and as figures; the whole list as CSV."""
    items = context.items

    def drawn() -> str:
        header = tuple(heading(column) for column in items.columns)
        rows = tuple(tuple(cell(value, column) for value, column in zip(row, items.columns, strict=True))
                     for row in items.rows)  # fmt: skip
        said = f"{items.n_items:,} items, page {context.number:,} of {context.n_pages:,}"
        return sheet(f"{context.view.title}: {context.title}", said, [SheetTable("", TableTwin(header, rows))])

    def figures() -> object:
        rows = [dict(zip(items.columns, row, strict=True)) for row in items.rows]
        return {"of": context.of, "n_items": items.n_items, "page": context.number, "items": rows}

    return View(name, drawn, whole, figures)


def asked_for(bench: SharedWorkbench, actor: Actor, key: str, of: str) -> Listed:
    """What a list of items is of, as addresses write it. Raises NotUnderstood, NoSuchFinding."""
    kind, sign, name = of.partition(":")
    if kind == "finding":
        return bench.stream_finding(actor, key, name)
    try:
        return TimeIn(TimeBy(kind), name) if sign else ItemMeasure(of)
    except ValueError as error:
        wanted = f"it is {', '.join(ItemMeasure)}, or step:NAME, state:NAME, reason:NAME, side:NAME, team:NAME"
        raise NotUnderstood("of", of, wanted) from error
