"""The process map: what happened, with two sliders for how much of it is shown."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from millrace.draw.process_map import Shows
from millrace.flow.label_counts import LabelCounts
from millrace.web.pages.filters import Asked, Filters
from millrace.web.pages.page import Crumb, page, wants_part
from millrace.web.pages.soon import soon
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.process_maps import ShownProcessMap
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}")

Percent = Annotated[int, Query(ge=0, le=100)]
SOME_PATHS = 40
"""Percent of the paths that are shown first: all of them are a tangle in most logs."""
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class ProcessMapPage:
    """A process map, and what was asked for: percent of activities and of paths, what is told, which items.

    `columns` are those to filter by.
    """

    view: StreamView
    filters: Filters
    activities: int
    paths: int
    shows: Shows
    drawn: ShownProcessMap
    columns: tuple[LabelCounts, ...]

    @property
    def query(self) -> str:
        """What was asked for, as the part of an address behind `?`."""
        return self.filters.query(activities=str(self.activities), paths=str(self.paths), shows=self.shows)


@router.get("/process-map")
def show_process_map(
    request: Request,
    actor: Reader,
    bench: Bench,
    filters: Asked,
    key: str,
    activities: Percent = 100,
    paths: Percent = SOME_PATHS,
    shows: Shows = Shows.BOTH,
) -> HTMLResponse:
    """What happened, activity by activity; only the drawing where htmx asks for it."""
    view, is_part = bench.stream(actor, key), wants_part(request)

    def made() -> ProcessMapPage:
        drawn = _drawn(bench, actor, key, filters, activities, paths, shows)
        columns = () if is_part else bench.group_columns(actor, key)
        return ProcessMapPage(view, filters, activities, paths, shows, drawn, columns)

    context = soon(request, bench, actor, key, made, is_part=is_part)
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"))
    template = "process_map_drawing.html" if is_part else "process_map.html"
    return page(request, template, context, title="Process map", crumbs=crumbs, tab="map", key=key)


@router.get("/process-map.{form}")
def write_process_map(
    actor: Reader,
    bench: Bench,
    filters: Asked,
    key: str,
    form: Literal["svg", "png"],
    activities: Percent = 100,
    paths: Percent = SOME_PATHS,
    shows: Shows = Shows.BOTH,
) -> Response:
    """The drawing as a file."""
    from millrace.draw.raster import svg_to_png

    svg = _drawn(bench, actor, key, filters, activities, paths, shows).svg
    written = {"Content-Disposition": f'attachment; filename="{key}-process-map.{form}"'}
    return Response(svg_to_png(svg) if form == "png" else svg, media_type=_TYPES[form], headers=written)


def _drawn(
    bench: SharedWorkbench, actor: Actor, key: str, filters: Filters, activities: int, paths: int, shows: Shows
) -> ShownProcessMap:
    return bench.process_map(
        actor,
        key,
        activities_ratio=activities / 100,
        paths_ratio=paths / 100,
        shows=shows,
        selection=filters.selection,
    )
