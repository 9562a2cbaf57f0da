"""The portfolio: all streams of the workspace beside each other, what needs attention, where effort would pay most."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from millrace.draw.charts.sparkline import sparkline
from millrace.errors import MillraceError
from millrace.web.pages.filters import NotUnderstood
from millrace.web.pages.page import page
from millrace.web.pending import Pending
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.portfolio import SIDE_BY_SIDE, Effort, Fare, GroupAcross
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter()
PATIENCE_SECONDS = 1.0
MOST_GROUPS = 12


@dataclass(frozen=True)
class StreamRow:
    """A stream in the portfolio; `fare` is None where `problem` says why."""

    view: StreamView
    fare: Fare | None
    problem: str
    is_coming: bool = False

    def sparkline(self) -> str:
        """Its lead time week by week."""
        return sparkline(self.fare.weeks if self.fare else ())


@dataclass(frozen=True)
class Portfolio:
    """All streams, what would pay most, and groups across streams, asked for with `per`; `is_coming`: there is more."""

    rows: tuple[StreamRow, ...]
    efforts: tuple[Effort, ...]
    per: str
    groups: tuple[GroupAcross, ...]
    is_coming: bool

    columns = SIDE_BY_SIDE

    @property
    def measured(self) -> tuple[StreamRow, ...]:
        """The streams whose figures are there."""
        return tuple(row for row in self.rows if row.fare)

    @property
    def attention(self) -> tuple[tuple[StreamRow, str], ...]:
        """What needs attention, stream by stream."""
        return tuple((row, sentence) for row in self.rows if row.fare for sentence in row.fare.attention)

    def share(self, row: StreamRow) -> float | None:
        """The stream's part of all hours that items lived."""
        whole = sum(each.fare.life_hours for each in self.rows if each.fare)
        return row.fare.life_hours / whole if row.fare and whole else None


@router.get("/")
def show_portfolio(request: Request, actor: Reader, bench: Bench, per: str = "month") -> HTMLResponse:
    """The first page: the streams of the workspace."""
    if per not in SIDE_BY_SIDE:
        raise NotUnderstood("per", per, f"it is one of {', '.join(SIDE_BY_SIDE)}")
    pending: Pending = request.app.state.pending
    rows = tuple(_row(pending, bench, actor, view) for view in bench.streams(actor))
    keys = tuple(row.view.key for row in rows if row.fare)
    is_coming = any(row.is_coming for row in rows)
    try:
        efforts = pending.within(PATIENCE_SECONDS, ("efforts", keys), lambda: bench.efforts(actor, keys))
        groups = pending.within(PATIENCE_SECONDS, ("across", keys, per), lambda: bench.across(actor, keys, per))
    except TimeoutError:
        efforts, groups, is_coming = (), (), True
    few = groups[-MOST_GROUPS:] if per == "month" else groups[:MOST_GROUPS]
    return page(request, "portfolio.html", Portfolio(rows, efforts, per, few, is_coming), title="Streams")


def _row(pending: Pending, bench: SharedWorkbench, actor: Actor, view: StreamView) -> StreamRow:
    """What is known of a stream now: whoever opens the portfolio does not wait for the slowest of them."""
    try:
        fare = pending.within(PATIENCE_SECONDS, ("fare", actor, view.key), lambda: bench.fare(actor, view.key))
    except TimeoutError:
        return StreamRow(view, None, "It is being measured.", is_coming=True)
    except MillraceError as problem:
        return StreamRow(view, None, problem.sentence)
    return StreamRow(view, fare, "")
