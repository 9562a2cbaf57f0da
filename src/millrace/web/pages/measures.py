"""Every measure of a stream with its context, for the items that the filters cover."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from millrace.flow.measurement import Measurement
from millrace.flow.summary import DurationSummary, LeftOut, Share
from millrace.model.absent import Absent
from millrace.web.pages.filters import Asked, Filters
from millrace.web.pages.page import Crumb, page
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared.shown_streams import ShownChart
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/measures")


@dataclass(frozen=True)
class DurationRow:
    """A duration: what it means, its figures, and of which items it is made."""

    name: str
    meaning: str
    summary: DurationSummary | None
    of: str


@dataclass(frozen=True)
class ShareRow:
    """A share: what it means, its parts or why there are none, and of which items it is made."""

    name: str
    meaning: str
    share: Share | Absent
    of: str


@dataclass(frozen=True)
class MeasuresPage:
    """All measures, with the filters they were asked with, the columns to filter by, and the weekly trend."""

    view: StreamView
    filters: Filters
    columns: tuple[str, ...]
    durations: tuple[DurationRow, ...]
    left_out: tuple[LeftOut, ...]
    shares: tuple[ShareRow, ...]
    measured: Measurement
    trend: ShownChart | None


@router.get("")
def show_measures(request: Request, actor: Reader, bench: Bench, filters: Asked, key: str) -> HTMLResponse:
    """Every measure of the items that the filters cover."""
    view, flow = bench.stream(actor, key), bench.flow(actor, key)
    measured = bench.measured(actor, key, selection=filters.selection, clock=filters.clock)
    trend = bench.stream_trend(actor, key, selection=filters.selection, clock=filters.clock)
    columns = ("team", "step", *flow.about.attributes) if flow.about.teams else ("step", *flow.about.attributes)
    known = tuple(dict.fromkeys((*(c for c in ("item_type", "priority", "category") if flow.has(c)), *columns)))
    context = MeasuresPage(
        view, filters, known, _durations(measured), measured.lead_time.left_out, _shares(measured), measured, trend
    )
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"))
    return page(request, "measures.html", context, title="Measures", crumbs=crumbs, tab="measures", key=key)


def _durations(measured: Measurement) -> tuple[DurationRow, ...]:
    return (
        DurationRow(
            "Lead time",
            f"From {measured.lead_time.demand} to {measured.lead_time.value}",
            measured.lead_time.groups.get(""),
            "lead_time",
        ),
        DurationRow(
            "Lead time, business hours",
            "The same, by the working hours of who has it",
            measured.business_lead_time.groups.get(""),
            "lead_time",
        ),
        DurationRow(
            "Time to close", "From demand to the last event", measured.time_to_close.groups.get(""), "lead_time"
        ),
        DurationRow("Closing tail", "From value to the last event", measured.closing_tail.tail, "closing_tail"),
    )


def _shares(measured: Measurement) -> tuple[ShareRow, ...]:
    rework = measured.rework
    return (
        ShareRow("Flow efficiency", "Work ÷ lead time", measured.flow_efficiency, "lead_time"),
        ShareRow("Rework", "Items with a step done again, or reopened", rework.items, "rework"),
        ShareRow(
            "First-time completion",
            "Delivered without rework, and without asking the requester after the first step",
            rework.first_time_completion,
            "first_time_completion",
        ),
        ShareRow("Entry quality", "Never stopped in the first step for the requester", rework.entry_quality, "demand"),
        ShareRow(
            "Closing tail", "Time after value ÷ all time of the items", measured.closing_tail.share_of_life,
            "closing_tail",
        ),
    )  # fmt: skip
