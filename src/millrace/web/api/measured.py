"""What was measured and found in a stream, for programs: the same results as on its pages."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from millrace.flow.journey import Journey
from millrace.report.findings_json import FindingJson, FindingsJson
from millrace.report.measures_json import MeasuresJson
from millrace.web.api.forms import Cell, ItemsForm, JourneyForm, JourneySpanForm, MapForm
from millrace.web.api.problem import problems
from millrace.web.pages.filters import Asked
from millrace.web.pages.items import asked_for
from millrace.web.security.gate import Bench, Reader

router = APIRouter(prefix="/api/v1/streams/{key}", tags=["measured"])
MOST_PER_PAGE = 1000
_NOT_THERE = problems(404, 409)
_DRAWING: dict[int | str, dict[str, Any]] = {200: {"content": {"image/svg+xml": {}}, "description": "The drawing"}}


@router.get("/measures", responses=_NOT_THERE)
def measures(actor: Reader, bench: Bench, filters: Asked, key: str) -> MeasuresJson:
    """Every measure of the items that the filters cover, as `millrace measure --json` prints it."""
    return bench.told_measures(actor, key, selection=filters.selection, clock=filters.clock)


@router.get("/findings", responses=_NOT_THERE)
def findings(actor: Reader, bench: Bench, key: str) -> FindingsJson:
    """What was found, most at stake first, as `millrace findings --json` prints it."""
    return bench.told_findings(actor, key)


@router.get("/findings/{called}", responses=_NOT_THERE)
def finding(actor: Reader, bench: Bench, key: str, called: str) -> FindingJson:
    """One finding by its id."""
    return bench.told_finding(actor, key, called)


@router.get("/items", responses=_NOT_THERE)
def items(
    actor: Reader,
    bench: Bench,
    filters: Asked,
    key: str,
    of: str = "lead_time",
    order: str = "",
    search: str = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50,
) -> ItemsForm:
    """The items behind a measure, a place or a finding: `of` is a measure, or step:NAME, team:NAME, finding:ID …"""
    listed = asked_for(bench, actor, key, of)
    found = bench.stream_items(
        actor, key, listed, selection=filters.selection, order=order, search=search, page=page, per_page=per_page
    )
    rows = [dict(zip(found.columns, map(_cell, row), strict=True)) for row in found.rows]
    return ItemsForm(n_items=found.n_items, page=page, per_page=per_page, columns=list(found.columns), items=rows)


@router.get("/items/{item:path}", responses=_NOT_THERE)
def item_journey(actor: Reader, bench: Bench, key: str, item: str) -> JourneyForm:
    """The journey of one item; persons are not told."""
    return _journey(bench.told_journey(actor, key, item))


@router.get("/map", responses=_NOT_THERE)
def stream_map(actor: Reader, bench: Bench, key: str) -> MapForm:
    """The map as measured, as a table."""
    table = bench.stream_map(actor, key).table
    rows = [list(row) for row in table.rows]
    return MapForm(caption=table.caption, header=list(table.header), rows=rows, totals=dict(table.totals))


@router.get("/map.svg", response_class=Response, responses=_NOT_THERE | _DRAWING)
def stream_map_svg(actor: Reader, bench: Bench, key: str) -> Response:
    """The map as measured, as a drawing."""
    return Response(bench.stream_map(actor, key).svg, media_type="image/svg+xml")


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _journey(told: Journey) -> JourneyForm:
    spans = [
        JourneySpanForm(
            began_at=span.began_at, ended_at=span.ended_at, record=told.records[span.record].key, step=span.step,
            state=span.state, wait_reason=span.wait_reason, side=span.side, team=span.team,
            is_before_value=span.is_before_value,
        )
        for span in told.spans
    ]  # fmt: skip
    return JourneyForm(
        item=told.key,
        demand_at=told.demand_at,
        value_at=told.value_at,
        ended_at=told.ended_at,
        last_state=told.last_state,
        lead_time_seconds=None if told.lead_time is None else told.lead_time.total_seconds(),
        records=[record.key for record in told.records],
        spans=spans,
    )
