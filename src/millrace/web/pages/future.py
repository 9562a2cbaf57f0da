"""Future states of a stream: designed move by move, tried beside today, saved when they are worth it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.future_state import UnknownFutureState
from millrace.model.value_stream import FutureState, ValueStream
from millrace.web.pages.future_form import FutureForm, future_form, given_future, is_possible, new_move, refused_form
from millrace.web.pages.future_result import FutureResult, future_result
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.pages.soon import soon
from millrace.web.security.gate import Bench, Changer, Reader, own_form
from millrace.workbench.finding_moves import NoMoveFits
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.background import Task
from millrace.workbench.shared.future_trials import Exactness, Trial
from millrace.workbench.shared.keys import free_key
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/future", dependencies=[Depends(own_form)])

Kind = Literal["states", "drafts"]
Revision = Annotated[int, Form()]


@dataclass(frozen=True)
class FutureRow:
    """A future state of the stream: where its page is, and what came of it if it was tried."""

    future: FutureState
    path: str
    headline: str


@dataclass(frozen=True)
class FuturesPage:
    """All future states of a stream."""

    view: StreamView
    rows: tuple[FutureRow, ...]
    problem: str


@dataclass(frozen=True)
class FuturePage:
    """A future state: its moves as a form, how far its trial is, and what came of it.

    `path` is its own address, or empty where it has none yet; `kind` says whether the stream has it or it is a draft.
    `drawing` is its map as people drew it, where it has no moves.
    """

    view: StreamView
    future: FutureState
    kind: Kind
    path: str
    form: FutureForm
    task: Task | None
    result: FutureResult | None
    problem: str = ""
    drawing: str = ""

    @property
    def here(self) -> str:
        """The address that its progress is asked for below."""
        return self.path

    @property
    def query(self) -> str:
        """Nothing: the address says all."""
        return ""

    @property
    def is_saved(self) -> bool:
        """Whether the stream has it."""
        return self.kind == "states"

    @property
    def is_running(self) -> bool:
        """Whether a trial waits or is worked on."""
        return self.task is not None and not self.task.state.is_over


@router.get("")
def show_futures(request: Request, actor: Reader, bench: Bench, key: str, finding: str = "") -> HTMLResponse:
    """All future states; with a finding, one made of its countermeasures, to be edited."""
    view = bench.stream(actor, key)
    problem = ""
    if finding:
        try:
            return _shown(request, soon(request, bench, actor, key, lambda: _of_finding(bench, actor, view, finding)))
        except NoMoveFits as no_move_fits:
            problem = no_move_fits.sentence
    rows = tuple(
        FutureRow(future, path_of(key, "states", called), _headline(bench, actor, key, future))
        for called, future in futures_by_key(view.stream).items()
    )
    context = FuturesPage(view, rows, problem)
    return page(
        request, "futures.html", context, title="Future states", crumbs=crumbs_of(view)[:2], tab="future", key=key
    )


@router.post("")
def begin_future(actor: Changer, bench: Bench, key: str, name: Annotated[str, Form(max_length=120)] = "") -> Response:
    """Begin a future state without any move."""
    draft = bench.draft_future(actor, key, FutureState(name=name.strip() or "New future state"))
    return go_to(path_of(key, "drafts", draft))


@router.post("/edit")
async def edit_future(request: Request, actor: Changer, bench: Bench, key: str) -> Response:
    """Take the form as it was filled in, and do what its button says: add, remove, try, save."""
    given = await request.form()
    fields = {name: [each for each in given.getlist(name) if isinstance(each, str)] for name in given}
    return _edited(request, actor, bench, key, fields)


@router.get("/{kind}/{called}")
def show_future(request: Request, actor: Reader, bench: Bench, key: str, kind: Kind, called: str) -> HTMLResponse:
    """One future state, of the stream or a draft."""
    return _shown(request, soon(request, bench, actor, key, lambda: _context(bench, actor, key, kind, called)))


@router.get("/{kind}/{called}/progress")
def show_progress(request: Request, actor: Reader, bench: Bench, key: str, kind: Kind, called: str) -> HTMLResponse:
    """How far a trial is; when it is over, the whole page is loaded anew."""
    context = _context(bench, actor, key, kind, called)
    answer = page(request, "future_progress.html", context, title="", key=key)
    if not context.is_running:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/{kind}/{called}/stop")
def stop_trial(actor: Changer, bench: Bench, key: str, kind: Kind, called: str) -> Response:
    """End a trial."""
    future = future_at(bench, actor, key, kind, called)
    for exactness in Exactness:
        bench.stop(actor, key, Trial(future, exactness))
    return go_to(path_of(key, kind, called), done="The simulation was told to stop.")


@router.post("/states/{called}/remove")
def remove_future(actor: Changer, bench: Bench, key: str, called: str, based_on: Revision) -> Response:
    """Take a future state out of the stream."""
    future = future_at(bench, actor, key, "states", called)
    bench.remove_future(actor, key, future.name, based_on=based_on)
    return go_to(f"/streams/{key}/future", done=f"“{future.name}” is no future state of the stream any more.")


def _edited(
    request: Request, actor: Actor, bench: SharedWorkbench, key: str, fields: Mapping[str, list[str]]
) -> Response:
    view, parts = bench.stream(actor, key), bench.movable_parts(actor, key)
    before = _before(view.stream, fields)
    try:
        future = given_future(fields, before)
    except ValidationError as refused:
        form = refused_form(fields, before, parts, refused)
        told = "Something in the form cannot be meant; it is marked below."
        return _shown(request, FuturePage(view, before, "drafts", "", form, None, None, told))
    do, _, which = _first(fields, "do").partition(":")
    try:
        if do == "add" and is_possible(which, parts):
            future = future.model_copy(update={"moves": (*future.moves, new_move(which, parts))})
        elif do == "remove" and which.isdecimal():
            kept = tuple(move for place, move in enumerate(future.moves) if place != int(which))
            future = future.model_copy(update={"moves": kept})
        elif do == "try" and which in list(Exactness):
            bench.ask(actor, key, Trial(future, Exactness(which)))
        elif do == "save":
            based_on = _first(fields, "based_on")
            bench.save_future(actor, key, future, based_on=int(based_on) if based_on.isdecimal() else 0)
    except MillraceError as problem:
        context = FuturePage(view, future, "drafts", "", future_form(future, parts), None, None, problem.sentence)
        return _shown(request, context)
    done = {"done": f"“{future.name}” is a future state of the stream now."} if do == "save" else {}
    return go_to(address_of(bench, actor, key, future) + ("#moves" if do in ("add", "remove") else ""), **done)


def _first(fields: Mapping[str, list[str]], name: str) -> str:
    """The first value of a field; nothing where the form lacks it."""
    return next(iter(fields.get(name, ())), "")


def _before(stream: ValueStream, fields: Mapping[str, list[str]]) -> FutureState:
    """What the form was made from: what it does not ask for, such as changed estimates, is kept."""
    origin = _first(fields, "origin")
    return next((each for each in stream.future_states if each.name == origin), FutureState(name=origin))


def address_of(bench: SharedWorkbench, actor: Actor, key: str, future: FutureState) -> str:
    """Where a future state is shown: in the stream if it has exactly this one, else as a draft."""
    for called, each in futures_by_key(bench.stream(actor, key).stream).items():
        if each == future:
            return path_of(key, "states", called)
    return path_of(key, "drafts", bench.draft_future(actor, key, future))


def _context(bench: SharedWorkbench, actor: Actor, key: str, kind: Kind, called: str) -> FuturePage:
    future = future_at(bench, actor, key, kind, called)
    tasks = [bench.task(actor, key, Trial(future, exactness)) for exactness in reversed(Exactness)]
    task = next((each for each in tasks if each is not None and not each.state.is_over), None)
    result = _result(bench, actor, key, future)
    if task is None and result is None:
        task = next((each for each in tasks if each is not None), None)
    view, form = bench.stream(actor, key), _form(bench, actor, key, future)
    is_drawn = kind == "states" and not future.moves
    drawing = bench.drawn_future(actor, key, future.name).svg if is_drawn else ""
    return FuturePage(view, future, kind, path_of(key, kind, called), form, task, result, drawing=drawing)


def _of_finding(bench: SharedWorkbench, actor: Actor, view: StreamView, finding: str) -> FuturePage:
    future = bench.future_of_finding(actor, view.key, finding)
    return FuturePage(view, future, "drafts", "", _form(bench, actor, view.key, future), None, None)


def _result(bench: SharedWorkbench, actor: Actor, key: str, future: FutureState) -> FutureResult | None:
    """The most exact result that there is."""
    for exactness in reversed(Exactness):
        tried = bench.answer(actor, key, Trial(future, exactness))
        if tried is not None:
            return future_result(tried, exactness)
    return None


def _headline(bench: SharedWorkbench, actor: Actor, key: str, future: FutureState) -> str:
    try:
        result = _result(bench, actor, key, future)
    except MillraceError as problem:
        return problem.sentence
    return result.headline if result else ""


def _form(bench: SharedWorkbench, actor: Actor, key: str, future: FutureState) -> FutureForm:
    return future_form(future, bench.movable_parts(actor, key))


def future_at(bench: SharedWorkbench, actor: Actor, key: str, kind: Kind, called: str) -> FutureState:
    """The future state at an address. Raises NoSuchStream, NoSuchDraft, NoSuchFuture."""
    if kind == "drafts":
        return bench.drafted_future(actor, key, called)
    stream = bench.stream(actor, key).stream
    found = futures_by_key(stream).get(called)
    if found is None:
        raise NoSuchFuture(stream, called)
    return found


class NoSuchFuture(UnknownFutureState):
    """The address names a future state that the stream does not have."""

    slug = "no-such-future-state"


def futures_by_key(stream: ValueStream) -> dict[str, FutureState]:
    """The stream's future states by what they are called in addresses."""
    found: dict[str, FutureState] = {}
    for future in stream.future_states:
        found[free_key(future.name, found, "future")] = future
    return found


def path_of(key: str, kind: Kind, called: str) -> str:
    """The address of a future state."""
    return f"/streams/{key}/future/{kind}/{called}"


def crumbs_of(view: StreamView) -> tuple[Crumb, ...]:
    """The way to the future states of a stream."""
    path = f"/streams/{view.key}"
    return Crumb("Streams", "/"), Crumb(view.title, path), Crumb("Future states", f"{path}/future")


def _shown(request: Request, context: FuturePage) -> HTMLResponse:
    return page(
        request,
        "future.html",
        context,
        title=context.future.name,
        crumbs=crumbs_of(context.view),
        status=422 if context.problem else 200,
        tab="future",
        key=context.view.key,
    )
