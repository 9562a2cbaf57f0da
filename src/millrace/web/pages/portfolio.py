"""The portfolio: all streams of the workspace, how each fares, and what needs attention."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.flow.measurement import Measurement
from millrace.model.absent import Absent
from millrace.web.pages.page import page
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter()


@dataclass(frozen=True)
class StreamRow:
    """A stream in the portfolio. Figures are None where `problem` says why there are none."""

    key: str
    title: str
    state: str
    n_delivered: int | None
    p50_seconds: float | None
    p85_seconds: float | None
    flow_efficiency_ratio: float | None
    n_open: int | None
    problem: str | None


@dataclass(frozen=True)
class Portfolio:
    """All streams, and how many sources there are to begin one from."""

    rows: tuple[StreamRow, ...]
    n_sources: int


@router.get("/")
def show_portfolio(request: Request, actor: Reader, bench: Bench) -> HTMLResponse:
    """The first page: the streams of the workspace."""
    rows = tuple(_row(bench, actor, view) for view in bench.streams(actor))
    return page(request, "portfolio.html", Portfolio(rows, len(bench.sources(actor))), title="Streams")


def _row(bench: SharedWorkbench, actor: Actor, view: StreamView) -> StreamRow:
    try:
        measured = bench.measured(actor, view.key)
    except MillraceError as problem:
        return StreamRow(view.key, view.title, view.latest.state, None, None, None, None, None, problem.sentence)
    return _measured_row(view, measured)


def _measured_row(view: StreamView, measured: Measurement) -> StreamRow:
    lead = measured.lead_time.groups.get("")
    efficiency = measured.flow_efficiency
    return StreamRow(
        view.key,
        view.title,
        view.latest.state,
        lead.n if lead else 0,
        lead.p50.seconds if lead and lead.p50 else None,
        lead.p85.seconds if lead and lead.p85 else None,
        None if isinstance(efficiency, Absent) else efficiency.ratio,
        sum(step.n_open for step in measured.steps),
        None,
    )
