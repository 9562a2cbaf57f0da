"""The register of improvements: what is being improved, by whom, how far it is, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from millrace.errors import MillraceError
from millrace.improve.register.seven_steps import LAST
from millrace.improve.register.state import ImprovementState
from millrace.model.countermeasures.waste import wastes
from millrace.web.pages.given_form import GivenForm
from millrace.web.pages.improvements_form import Fields, draft_of, fields_of_draft
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Bench, Changer, Reader, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.improvement_exports import improvement_row, improvements_csv
from millrace.workbench.shared.improvement_views import CONCERNS, GRADES, ImprovementDraft, ImprovementView
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(dependencies=[Depends(own_form)])
CRUMBS = (Crumb("Improvements", "/improvements"),)
BOARD = tuple(state for state in ImprovementState if state is not ImprovementState.CANCELLED)


@dataclass(frozen=True)
class RegisterPage:
    """The improvements that the filters cover, and what can be filtered by."""

    rows: tuple[ImprovementView, ...]
    streams: tuple[StreamView, ...]
    owners: tuple[str, ...]
    stream: str
    state: str
    owner: str
    is_board: bool

    states = tuple(ImprovementState)
    n_steps = LAST

    @property
    def columns(self) -> tuple[tuple[ImprovementState, tuple[ImprovementView, ...]], ...]:
        """The board: the improvements of each state."""
        return tuple((state, tuple(each for each in self.rows if each.state is state)) for state in BOARD)

    def query(self, **changed: str) -> str:
        """The filters as the part of an address behind `?`."""
        asked = {"stream": self.stream, "state": self.state, "owner": self.owner} | changed
        written = urlencode({name: value for name, value in asked.items() if value})
        return f"?{written}" if written else ""

    def title_of(self, stream: str) -> str:
        """What a stream is called."""
        return next((each.title for each in self.streams if each.key == stream), stream)


@dataclass(frozen=True)
class NewImprovementPage:
    """The form of a new improvement, filled in from a finding where it comes from one."""

    streams: tuple[StreamView, ...]
    stream: str
    fields: Fields
    origin: str
    origin_ref: str
    steps: tuple[str, ...]
    problem: str = ""

    concerns, grades = CONCERNS, GRADES
    wastes = {each.name: each.title for each in wastes()}  # noqa: RUF012 - never changed


@router.get("/improvements")
def show_register(
    request: Request, actor: Reader, bench: Bench, stream: str = "", state: str = "", owner: str = "", view: str = ""
) -> HTMLResponse:
    """The register, as a list or as a board by state."""
    context = _register(bench, actor, stream, state, owner, is_board=view == "board")
    return page(request, "improvements.html", context, title="Improvements")


@router.get("/improvements/list.csv")
def export_csv(actor: Reader, bench: Bench, stream: str = "", state: str = "", owner: str = "") -> Response:
    """The same as a table for a spreadsheet."""
    views = bench.improvements(actor, stream=stream, state=state, owner=owner)
    named = {"Content-Disposition": 'attachment; filename="improvements.csv"'}
    return Response(improvements_csv(views), media_type="text/csv; charset=utf-8", headers=named)


@router.get("/improvements/list.json")
def export_json(actor: Reader, bench: Bench, stream: str = "", state: str = "", owner: str = "") -> Response:
    """The same for programs."""
    views = bench.improvements(actor, stream=stream, state=state, owner=owner)
    return JSONResponse([improvement_row(view) for view in views])


@router.get("/improvements/new")
def show_new(
    request: Request,
    actor: Changer,
    bench: Bench,
    stream: str = "",
    finding: str = "",
    origin: str = "",
    ref: str = "",
    title: str = "",
) -> HTMLResponse:
    """The form of a new improvement: empty, or as a finding suggests it."""
    if finding:
        draft, origin, ref = bench.improvement_draft(actor, stream, finding), "finding", finding
    else:
        draft = ImprovementDraft(title)
    return _form(request, bench, actor, stream, fields_of_draft(draft), origin or "hand", ref)


@router.post("/improvements/new")
def add_improvement(
    request: Request,
    actor: Changer,
    bench: Bench,
    form: GivenForm,
    stream: Annotated[str, Form(max_length=80)] = "",
    origin: Annotated[str, Form(max_length=20)] = "hand",
    origin_ref: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Enter an improvement."""
    fields = fields_given(form)
    try:
        view = bench.register_improvement(actor, stream, draft_of(fields), origin=origin, origin_ref=origin_ref or None)
    except MillraceError as problem:
        return _form(request, bench, actor, stream, fields, origin, origin_ref, problem=problem.sentence)
    return go_to(f"/improvements/{view.key}", done="It is in the register. Next: say what it is meant to bring.")


@router.get("/streams/{key}/improvements")
def show_of_stream(
    request: Request, actor: Reader, bench: Bench, key: str, state: str = "", owner: str = ""
) -> HTMLResponse:
    """The improvements of one stream."""
    stream = bench.stream(actor, key)
    context = _register(bench, actor, key, state, owner, is_board=False)
    names = {each.title.casefold() for each in context.rows}
    n_more = sum(each.name.casefold() not in names for each in stream.stream.improvements)
    crumbs = (Crumb("Streams", "/"), Crumb(stream.title, f"/streams/{key}"))
    return page(
        request, "stream_improvements.html", context, title="Improvements", crumbs=crumbs, tab="improvements",
        key=key, stream=stream, n_more=0 if state or owner else n_more,
    )  # fmt: skip


@router.post("/streams/{key}/improvements/import")
def take_over(actor: Changer, bench: Bench, key: str) -> Response:
    """Enter what the stream's own file lists."""
    taken = bench.import_improvements(actor, key)
    told = f"{len(taken)} taken over." if taken else "All of them were in the register already."
    return go_to(f"/streams/{key}/improvements", done=told)


def fields_given(form: object) -> Fields:
    """The text fields of a form as it was given."""
    pairs: Sequence[tuple[str, object]] = form.multi_items()  # type: ignore[attr-defined]
    return Fields({name: value[:4000] for name, value in pairs if isinstance(value, str)})


def _register(
    bench: SharedWorkbench, actor: Actor, stream: str, state: str, owner: str, *, is_board: bool
) -> RegisterPage:
    every = bench.improvements(actor, stream=stream)
    rows = tuple(each for each in every if (not state or each.state == state))
    rows = tuple(each for each in rows if not owner or each.draft.owner == owner)
    owners = tuple(sorted({each.draft.owner for each in every if each.draft.owner}))
    return RegisterPage(rows, bench.streams(actor), owners, stream, state, owner, is_board)


def _form(
    request: Request,
    bench: SharedWorkbench,
    actor: Actor,
    stream: str,
    fields: Fields,
    origin: str,
    origin_ref: str,
    *,
    problem: str = "",
) -> HTMLResponse:
    streams = bench.streams(actor)
    steps = tuple(dict.fromkeys(step.name for each in streams for step in each.stream.steps if each.key == stream))
    context = NewImprovementPage(streams, stream, fields, origin, origin_ref, steps, problem)
    return page(
        request, "improvement_new.html", context, title="New improvement", crumbs=CRUMBS,
        status=422 if problem else 200,
    )  # fmt: skip
