"""Sources of the workspace, for programs: give an export, see what became of it, say how it is read."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile

from millrace.web.api.forms import InspectionForm, MappingGiven, SourceForm
from millrace.web.api.problem import problems
from millrace.web.pages.given_files import laid_down
from millrace.web.security.gate import Bench, Changer, Reader, own_program

router = APIRouter(prefix="/api/v1/sources", tags=["sources"], dependencies=[Depends(own_program)])
Files = Annotated[list[UploadFile], File(min_length=1, description="One file, or records and their changes")]


@router.get("", responses=problems())
def sources(actor: Reader, bench: Bench) -> list[SourceForm]:
    """All sources, the newest first."""
    return [SourceForm.of(view) for view in bench.sources(actor)]


@router.post("", status_code=202, responses=problems(413))
def add_source(
    actor: Changer, bench: Bench, files: Files, name: Annotated[str, Form(max_length=200)] = ""
) -> SourceForm:
    """Give an export. It is read in the background: ask for the source until it is ready or failed."""
    with laid_down(files, bench) as given:
        return SourceForm.of(bench.add_source(actor, name, given))


@router.get("/{key}", responses=problems(404))
def source(actor: Reader, bench: Bench, key: str) -> SourceForm:
    """One source."""
    return SourceForm.of(bench.source(actor, key))


@router.delete("/{key}", status_code=204, responses=problems(404))
def archive_source(actor: Changer, bench: Bench, key: str) -> None:
    """Take a source away; streams are no longer measured on it."""
    bench.archive_source(actor, key)


@router.put("/{key}/files", status_code=202, responses=problems(404, 413))
def replace_source(actor: Changer, bench: Bench, key: str, files: Files) -> SourceForm:
    """Give a newer export in place of all there are."""
    with laid_down(files, bench) as given:
        return SourceForm.of(bench.replace_source(actor, key, given))


@router.post("/{key}/files", status_code=202, responses=problems(404, 413))
def append_to_source(actor: Changer, bench: Bench, key: str, files: Files) -> SourceForm:
    """Give a further export: what it tells of an item that is there takes the older telling's place."""
    with laid_down(files, bench) as given:
        return SourceForm.of(bench.append_to_source(actor, key, given))


@router.get("/{key}/inspection", responses=problems(404, 409))
def inspection(actor: Reader, bench: Bench, key: str) -> InspectionForm:
    """How the source was read, how sure each part of that is, and how ready the log is."""
    found = bench.inspection(actor, key)
    return InspectionForm(mapping=found.yaml, guesses=list(found.guesses), readiness=found.readiness)


@router.put("/{key}/mapping", status_code=202, responses=problems(404))
def map_source(actor: Changer, bench: Bench, key: str, given: MappingGiven) -> SourceForm:
    """Say how the source is read, and have it read anew."""
    return SourceForm.of(bench.map_source(actor, key, given.yaml))
