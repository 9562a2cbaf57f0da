"""A step of a stream as measured: the panel beside the map, or a page of its own."""

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.flow.step_measures import StepMeasures
from millrace.report.told_findings import ToldFinding, told_finding
from millrace.web.pages.page import Crumb, page, wants_part
from millrace.web.pages.soon import soon
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/steps")


class NoSuchStep(MillraceError):
    """A stream has no step of this number."""

    slug = "no-such-step"

    def __init__(self, number: int, n_steps: int) -> None:
        """Say how many there are."""
        super().__init__(f"There is no step {number}; the stream has {n_steps}.")


@dataclass(frozen=True)
class StepPage:
    """A step of a stream and what was found there.

    `lead_ratio` is its part of all lead time, `before` the step from which most items come. `can_be_edited` is False
    of the events that no step matches.
    """

    view: StreamView
    number: int
    n_steps: int
    step: StepMeasures
    lead_ratio: float | None
    before: str | None
    findings: tuple[ToldFinding, ...]
    can_be_edited: bool


@router.get("/{number}")
def show_step(request: Request, actor: Reader, bench: Bench, key: str, number: int) -> HTMLResponse:
    """A step, by its place in the stream."""
    is_panel = wants_part(request)
    context = soon(request, bench, actor, key, partial(_context, bench, actor, key, number), is_part=is_panel)
    template = "step_panel.html" if is_panel else "step.html"
    crumbs = (Crumb("Streams", "/"), Crumb(context.view.title, f"/streams/{key}"))
    return page(request, template, context, title=context.step.step, crumbs=crumbs, tab="map", key=key)


def _context(bench: SharedWorkbench, actor: Actor, key: str, number: int) -> StepPage:
    view, measured = bench.stream(actor, key), bench.measured(actor, key)
    if not 1 <= number <= len(measured.steps):
        raise NoSuchStep(number, len(measured.steps))
    step = measured.steps[number - 1]
    times = {time.step: time.lead_seconds for time in measured.step_times.steps}
    whole = sum(times.values())
    coming = [edge for edge in measured.edges if edge.to_step == step.step and not edge.is_rework]
    numbered = enumerate(bench.stream_findings(actor, key).findings, 1)
    here = tuple(told_finding(n, each) for n, each in numbered if step.step in (each.place.step, each.place.to_step))
    return StepPage(
        view,
        number,
        len(measured.steps),
        step,
        times.get(step.step, 0.0) / whole if whole else None,
        max(coming, key=lambda edge: edge.n).from_step if coming else None,
        here,
        number <= len(view.stream.steps),
    )
