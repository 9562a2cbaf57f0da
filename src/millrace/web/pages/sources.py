"""Sources: giving an export, seeing how it was read, correcting that."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.web.pages.mapping_form import MappingForm, corrected, mapping_form
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Bench, Changer, Reader, own_form
from millrace.workbench import Inspection
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.source_book import READY, SourceView

router = APIRouter(prefix="/sources", dependencies=[Depends(own_form)])
CRUMBS = (Crumb("Sources", "/sources"),)

Text = Annotated[str, Form(max_length=400)]
Files = Annotated[list[UploadFile], File()]


@dataclass(frozen=True)
class SourcesPage:
    """All sources of the workspace."""

    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class SourcePage:
    """A source: how far it is, and, once it is in, how it was read."""

    source: SourceView
    inspection: Inspection | None
    form: MappingForm | None
    problem: str = ""
    yaml: str = ""


@router.get("")
def show_sources(request: Request, actor: Reader, bench: Bench) -> HTMLResponse:
    """All sources."""
    return page(request, "sources.html", SourcesPage(bench.sources(actor)), title="Sources")


@router.get("/new")
def show_new_source(request: Request, actor: Changer) -> HTMLResponse:
    """The form to give an export with."""
    del actor
    return page(request, "source_new.html", title="Give an export", crumbs=CRUMBS, problem="", name="")


@router.post("/new")
def add_source(request: Request, actor: Changer, bench: Bench, files: Files, name: Text = "") -> Response:
    """Take an export in; it is read in the background."""
    given = [file for file in files if file.filename]
    if not given:
        problem = "Choose a file first."
        return page(
            request, "source_new.html", title="Give an export", crumbs=CRUMBS, problem=problem, name=name, status=422
        )
    with tempfile.TemporaryDirectory(dir=_near(bench), prefix="upload-") as folder:
        source = bench.add_source(actor, name or _stem(given[0]), _laid_down(given, Path(folder)))
    return go_to(f"/sources/{source.key}")


@router.get("/{key}")
def show_source(request: Request, actor: Reader, bench: Bench, key: str) -> HTMLResponse:
    """A source, and how it was read."""
    return _shown(request, actor, bench, key)


@router.get("/{key}/progress")
def show_progress(request: Request, actor: Reader, bench: Bench, key: str) -> HTMLResponse:
    """How far a source is; when it is in, the whole page is loaded anew."""
    context = SourcePage(bench.source(actor, key), None, None)
    answer = page(request, "source_progress.html", context, title="")
    if context.source.state not in ("waiting", "importing"):
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/{key}/files")
def replace_source(request: Request, actor: Changer, bench: Bench, key: str, files: Files) -> Response:
    """Take a newer export in the place of an older one."""
    given = [file for file in files if file.filename]
    if not given:
        return _shown(request, actor, bench, key, problem="Choose a file first.")
    with tempfile.TemporaryDirectory(dir=_near(bench), prefix="upload-") as folder:
        bench.replace_source(actor, key, _laid_down(given, Path(folder)))
    return go_to(f"/sources/{key}")


@router.post("/{key}/mapping")
async def correct_mapping(request: Request, actor: Changer, bench: Bench, key: str) -> Response:
    """Read the source anew, with the columns and statuses as they were corrected."""
    given = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    yaml = corrected(bench.inspection(actor, key), given)
    bench.map_source(actor, key, yaml)
    return go_to(f"/sources/{key}")


@router.post("/{key}/yaml")
def write_mapping(
    request: Request, actor: Changer, bench: Bench, key: str, yaml: Annotated[str, Form(max_length=500_000)]
) -> Response:
    """Read the source anew by a mapping that was written by hand."""
    try:
        bench.map_source(actor, key, yaml)
    except MillraceError as problem:
        return _shown(request, actor, bench, key, problem=problem.sentence, yaml=yaml)
    return go_to(f"/sources/{key}")


@router.post("/{key}/stream")
def begin_stream(actor: Changer, bench: Bench, key: str) -> Response:
    """Begin a stream as the source shows it."""
    stream = bench.proposed_stream(actor, key)
    named = stream.model_copy(update={"title": bench.source(actor, key).name})
    return go_to(f"/streams/{bench.begin_stream(actor, named, source=key).key}")


def _shown(
    request: Request, actor: Actor, bench: SharedWorkbench, key: str, *, problem: str = "", yaml: str = ""
) -> HTMLResponse:
    source = bench.source(actor, key)
    inspection = bench.inspection(actor, key) if source.state == READY else None
    form = mapping_form(inspection) if inspection else None
    shown = yaml or (inspection.yaml if inspection else source.mapping or "")
    context = SourcePage(source, inspection, form, problem, shown)
    return page(request, "source.html", context, title=source.name, crumbs=CRUMBS, status=422 if problem else 200)


def _near(bench: SharedWorkbench) -> Path:
    """On the disk of the workspace, so that files are moved there and not copied."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    return bench.folder


def _laid_down(files: Sequence[UploadFile], folder: Path) -> list[tuple[str, Path]]:
    laid_down = []
    for number, file in enumerate(files):
        path = folder / str(number)
        with path.open("wb") as copy:
            shutil.copyfileobj(file.file, copy, 2**20)
        laid_down.append((file.filename or "export", path))
    return laid_down


def _stem(file: UploadFile) -> str:
    return (file.filename or "export").rpartition("/")[2].partition(".")[0]
