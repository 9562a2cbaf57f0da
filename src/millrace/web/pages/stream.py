"""A stream: its figures, its map, what was found, how it changes week by week."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from millrace.diagnose.findings.finding import Finding
from millrace.errors import MillraceError
from millrace.flow.measurement import Measurement
from millrace.flow.step_measures import StepMeasures
from millrace.model.absent import Absent
from millrace.web.pages.page import Crumb, page
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.shown_streams import ShownChart, ShownMap
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}")
CRUMBS = (Crumb("Streams", "/"),)
BIGGEST = 5


@dataclass(frozen=True)
class StreamPage:
    """A stream and what is known of it; `problem` says why nothing was measured, and the map is then as drawn."""

    view: StreamView
    map: ShownMap
    measured: Measurement | None
    findings: tuple[Finding, ...]
    trend: ShownChart | None
    problem: str = ""


@dataclass(frozen=True)
class StepPage:
    """A step of a stream as measured, and the findings there."""

    view: StreamView
    number: int
    n_steps: int
    step: StepMeasures
    delay_ratio: float | None
    findings: tuple[tuple[int, Finding], ...]


class NoSuchStep(MillraceError):
    """A stream has no step of this number."""

    slug = "no-such-step"

    def __init__(self, number: int, n_steps: int) -> None:
        """Say how many there are."""
        super().__init__(f"There is no step {number}; the map shows {n_steps}.")


@router.get("")
def show_stream(request: Request, actor: Reader, bench: Bench, key: str) -> HTMLResponse:
    """The stream as measured, or as drawn where nothing can be measured yet."""
    context = _context(bench, actor, key)
    return page(request, "stream.html", context, title=context.view.title, crumbs=CRUMBS, tab="map", key=key)


@router.get("/steps/{number}")
def show_step(request: Request, actor: Reader, bench: Bench, key: str, number: int) -> HTMLResponse:
    """A step: the panel beside the map, or a page of its own."""
    view, measured = bench.stream(actor, key), bench.measured(actor, key)
    if not 1 <= number <= len(measured.steps):
        raise NoSuchStep(number, len(measured.steps))
    step = measured.steps[number - 1]
    numbered = enumerate(bench.stream_findings(actor, key).findings, 1)
    here = tuple((n, each) for n, each in numbered if step.step in (each.place.step, each.place.to_step))
    delay = None if isinstance(step.delay, Absent) else step.delay.ratio
    context = StepPage(view, number, len(measured.steps), step, delay, here)
    template = "step_panel.html" if request.headers.get("hx-request") else "step.html"
    crumbs = (*CRUMBS, Crumb(view.title, f"/streams/{key}"))
    return page(request, template, context, title=step.step, crumbs=crumbs, key=key)


def _context(bench: SharedWorkbench, actor: Actor, key: str) -> StreamPage:
    view = bench.stream(actor, key)
    try:
        measured = bench.measured(actor, key)
    except MillraceError as problem:
        return StreamPage(view, bench.drawn_map(actor, key), None, (), None, problem.sentence)
    shown = bench.stream_map(
        actor, key, step_href=f"/streams/{key}/steps/{{}}", finding_href=f"/streams/{key}/findings#finding-{{}}"
    )
    found = bench.stream_findings(actor, key).findings[:BIGGEST]
    return StreamPage(view, shown, measured, found, bench.stream_trend(actor, key))
