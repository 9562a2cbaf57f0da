"""Sources: giving an export, seeing how it was read, correcting that, giving the next one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.eventlog.changed_items import ChangedItems
from millrace.ingest.mapping import Mapping
from millrace.ingest.mapping_file import parse_mapping
from millrace.web.pages.given_files import Files, laid_down
from millrace.web.pages.given_form import GivenForm
from millrace.web.pages.mapping_form import MappingForm, changes_instants, corrected, empty_form, mapped, mapping_form
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Bench, Changer, Reader, Settings, own_form
from millrace.workbench import Inspection
from millrace.workbench.shared import Actor, Permission, SharedWorkbench
from millrace.workbench.shared.source_book import FAILED, READY, SourceView
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/sources", dependencies=[Depends(own_form)])
CRUMBS = (Crumb("Sources", "/sources"),)

Text = Annotated[str, Form(max_length=200)]
Yaml = Annotated[str, Form(max_length=500_000)]


class Place(StrEnum):
    """Where a further export belongs."""

    BESIDE = "beside"
    INSTEAD = "instead"


@dataclass(frozen=True)
class SourcesPage:
    """All sources of the workspace."""

    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class NewSourcePage:
    """The form for an export: what it is to be called, what is wrong with what was given."""

    name: str
    largest_bytes: int
    problem: str = ""


@dataclass(frozen=True)
class SourcePage:
    """A source: how far it is, and, once it is in, how it was read. `streams` are measured on it."""

    source: SourceView
    inspection: Inspection | None
    form: MappingForm | None
    changed: ChangedItems | None
    streams: tuple[StreamView, ...]
    largest_bytes: int
    problem: str = ""
    yaml: str = ""


@router.get("")
def show_sources(request: Request, actor: Reader, bench: Bench) -> HTMLResponse:
    """All sources."""
    return page(request, "sources.html", SourcesPage(bench.sources(actor)), title="Sources")


@router.get("/new")
def show_new_source(request: Request, actor: Changer, settings: Settings) -> HTMLResponse:
    """The form to give an export with."""
    del actor
    return _form(request, NewSourcePage("", settings.largest_upload_bytes))


@router.post("/new")
def add_source(
    request: Request, actor: Changer, bench: Bench, settings: Settings, files: Files, name: Text = ""
) -> Response:
    """Take an export in; it is read in the background."""
    try:
        with laid_down(files, bench) as given:
            source = bench.add_source(actor, name or _stem(given[0][0]), given)
    except MillraceError as problem:
        return _form(request, NewSourcePage(name, settings.largest_upload_bytes, problem.sentence), status=422)
    return go_to(f"/sources/{source.key}")


@router.get("/{key}")
def show_source(request: Request, actor: Reader, bench: Bench, settings: Settings, key: str) -> HTMLResponse:
    """A source, and how it was read."""
    return _page(request, _context(bench, actor, key, settings.largest_upload_bytes))


@router.get("/{key}/progress")
def show_progress(request: Request, actor: Reader, bench: Bench, key: str) -> HTMLResponse:
    """How far a source is; when it is in, the whole page is loaded anew."""
    source = bench.source(actor, key)
    answer = page(request, "source_progress.html", source, title="", source=source)
    if not source.is_coming:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/{key}/files")
def give_further_files(
    request: Request, actor: Changer, bench: Bench, settings: Settings, key: str, files: Files,
    place: Annotated[Place, Form()] = Place.INSTEAD,
) -> Response:  # fmt: skip
    """Take a newer export: in place of what is there, or beside it."""
    keep = bench.append_to_source if place is Place.BESIDE else bench.replace_source
    try:
        with laid_down(files, bench) as given:
            keep(actor, key, given)
    except MillraceError as problem:
        return _refused(request, actor, bench, settings, key, problem)
    return go_to(f"/sources/{key}")


@router.post("/{key}/exports/{number}/take-out")
def take_out_export(
    request: Request, actor: Changer, bench: Bench, settings: Settings, key: str, number: int
) -> Response:
    """Read the source without one of its exports."""
    try:
        bench.take_out_export(actor, key, number)
    except MillraceError as problem:
        return _refused(request, actor, bench, settings, key, problem)
    return go_to(f"/sources/{key}")


@router.post("/{key}/mapping")
def correct_mapping(actor: Changer, bench: Bench, key: str, form: GivenForm) -> Response:
    """Read the source anew, with the columns and statuses as they were corrected."""
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    if bench.source(actor, key).state == FAILED and (found := bench.columns_of_source(actor, key)) is not None:
        yaml = mapped(found, given)
    else:
        inspection = bench.inspection(actor, key)
        columns = bench.columns_of_source(actor, key) if changes_instants(inspection, given) else None
        yaml = corrected(inspection, given, columns)
    bench.map_source(actor, key, yaml)
    return go_to(f"/sources/{key}")


@router.post("/{key}/yaml")
def write_mapping(request: Request, actor: Changer, bench: Bench, settings: Settings, key: str, yaml: Yaml) -> Response:
    """Read the source anew by a mapping that was written by hand."""
    try:
        bench.map_source(actor, key, yaml)
    except MillraceError as problem:
        return _refused(request, actor, bench, settings, key, problem, yaml=yaml)
    return go_to(f"/sources/{key}")


@router.post("/{key}/recognise")
def recognise_again(actor: Changer, bench: Bench, key: str) -> Response:
    """Read the source anew as it is recognised, without what was corrected."""
    bench.map_source(actor, key, None)
    return go_to(f"/sources/{key}")


@router.post("/{key}/stream")
def begin_stream(actor: Changer, bench: Bench, key: str) -> Response:
    """Begin a stream as the source shows it."""
    stream = bench.proposed_stream(actor, key)
    named = stream.model_copy(update={"title": bench.source(actor, key).name})
    return go_to(f"/streams/{bench.begin_stream(actor, named, source=key).key}")


@router.get("/{key}/remove")
def ask_before_removing(request: Request, actor: Changer, bench: Bench, settings: Settings, key: str) -> HTMLResponse:
    """What removing a source means, before it is done."""
    context = _context(bench, actor, key, settings.largest_upload_bytes, is_inspected=False)
    crumbs = (*CRUMBS, Crumb(context.source.name, f"/sources/{key}"))
    return page(request, "source_remove.html", context, title="Remove it", crumbs=crumbs)


@router.post("/{key}/remove")
def remove_source(actor: Changer, bench: Bench, key: str) -> Response:
    """Take a source away."""
    name = bench.source(actor, key).name
    bench.archive_source(actor, key)
    return go_to("/sources", done=f"“{name}” was removed.")


def _page(request: Request, context: SourcePage) -> HTMLResponse:
    return page(
        request, "source.html", context, title=context.source.name, crumbs=CRUMBS, source=context.source,
        status=422 if context.problem else 200,
    )  # fmt: skip


def _form(request: Request, context: NewSourcePage, status: int = 200) -> HTMLResponse:
    return page(request, "source_new.html", context, title="Give an export", crumbs=CRUMBS, status=status)


def _refused(
    request: Request, actor: Actor, bench: SharedWorkbench, settings: Settings, key: str, problem: MillraceError,
    *, yaml: str = "",
) -> HTMLResponse:  # fmt: skip
    context = _context(bench, actor, key, settings.largest_upload_bytes, problem=problem.sentence, yaml=yaml)
    return _page(request, context)


def _context(
    bench: SharedWorkbench, actor: Actor, key: str, largest_bytes: int,
    *, problem: str = "", yaml: str = "", is_inspected: bool = True,
) -> SourcePage:  # fmt: skip
    source = bench.source(actor, key)
    inspection = bench.inspection(actor, key) if is_inspected and source.state == READY else None
    return SourcePage(
        source,
        inspection,
        mapping_form(inspection) if inspection else _form_of_failed(bench, actor, source) if is_inspected else None,
        bench.source_changes(actor, key) if source.state == READY else None,
        tuple(view for view in bench.streams(actor) if view.source_key == key),
        largest_bytes,
        problem,
        yaml or (inspection.yaml if inspection else source.mapping or ""),
    )


def _form_of_failed(bench: SharedWorkbench, actor: Actor, source: SourceView) -> MappingForm | None:
    """The form for a source whose columns were not recognised; None where it has none that could be chosen."""
    if source.state != FAILED or not actor.may(Permission.CHANGE):
        return None
    try:
        columns = bench.columns_of_source(actor, source.key)
        given = parse_mapping(source.mapping) if source.mapping else None
    except MillraceError:
        # The file itself cannot be read: that is what its problem says already.
        return None
    return empty_form(columns, given if isinstance(given, Mapping) else None) if columns and columns.names else None


def _stem(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].partition(".")[0]
