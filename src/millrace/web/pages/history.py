"""The history of a stream: its revisions, two of them side by side, going back, agreeing on one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.model.difference import Change, difference
from millrace.web.pages.history_difference import Row, rows_of
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Approver, Bench, Changer, Reader, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.shown_maps import ShownMap
from millrace.workbench.shared.stream_book import RevisionView, StreamView

router = APIRouter(prefix="/streams/{key}/history", dependencies=[Depends(own_form)])


class Verdict(StrEnum):
    """What an approver decides of a revision."""

    PUBLISH = "publish"
    REFUSE = "refuse"


@dataclass(frozen=True)
class HistoryPage:
    """All revisions of a stream, the latest first."""

    view: StreamView
    revisions: tuple[RevisionView, ...]
    problem: str = ""


@dataclass(frozen=True)
class DrawnRevision:
    """A revision with its map, or why there is none."""

    revision: RevisionView
    map: ShownMap | None
    problem: str = ""


@dataclass(frozen=True)
class RevisionPage:
    """One revision of a stream."""

    view: StreamView
    drawn: DrawnRevision


@dataclass(frozen=True)
class ComparisonPage:
    """Two revisions of a stream: what differs, in words and as text, and both maps."""

    view: StreamView
    before: DrawnRevision
    after: DrawnRevision
    changes: tuple[Change, ...]
    rows: tuple[Row, ...]


@router.get("")
def show_history(request: Request, actor: Reader, bench: Bench, key: str) -> HTMLResponse:
    """All revisions."""
    return _history(request, actor, bench, key)


@router.get("/compare")
def compare(
    request: Request,
    actor: Reader,
    bench: Bench,
    key: str,
    before: Annotated[int | None, Query(ge=1)] = None,
    after: Annotated[int | None, Query(ge=1)] = None,
) -> HTMLResponse:
    """Two revisions side by side: the last two where none are named."""
    view = bench.stream(actor, key)
    later = after or view.latest.number
    drawn = [_drawn(bench, actor, key, number) for number in (before or max(later - 1, 1), later)]
    old, new = (each.revision for each in drawn)
    changes = difference(old.stream, new.stream)
    context = ComparisonPage(view, drawn[0], drawn[1], changes, rows_of(old.yaml, new.yaml))
    return _page(request, "history_compare.html", context, f"Revisions {old.number} and {new.number}")


@router.get("/{number}")
def show_revision(request: Request, actor: Reader, bench: Bench, key: str, number: int) -> HTMLResponse:
    """One revision: its map and its text."""
    context = RevisionPage(bench.stream(actor, key), _drawn(bench, actor, key, number))
    return _page(request, "history_revision.html", context, f"Revision {number}")


@router.post("/{number}/restore")
def restore(actor: Changer, bench: Bench, key: str, number: int) -> Response:
    """An earlier revision, again."""
    revision = bench.restore_revision(actor, key, number)
    return go_to(f"/streams/{key}/history", done=f"Revision {number} holds again, as revision {revision.number}.")


@router.post("/{number}/propose")
def propose(request: Request, actor: Changer, bench: Bench, key: str, number: int) -> Response:
    """Ask for a revision to be published."""
    try:
        bench.propose_revision(actor, key, number)
    except MillraceError as problem:
        return _history(request, actor, bench, key, problem=problem.sentence)
    return go_to(f"/streams/{key}/history", done=f"Revision {number} is proposed. Whoever may approve decides on it.")


@router.post("/{number}/decide/{verdict}")
def decide(request: Request, actor: Approver, bench: Bench, key: str, number: int, verdict: Verdict) -> Response:
    """Publish or refuse a revision."""
    deed = bench.publish_revision if verdict is Verdict.PUBLISH else bench.refuse_revision
    try:
        state = deed(actor, key, number).state
    except MillraceError as problem:
        return _history(request, actor, bench, key, problem=problem.sentence)
    return go_to(f"/streams/{key}/history", done=f"Revision {number} is {state}.")


def _history(request: Request, actor: Actor, bench: SharedWorkbench, key: str, *, problem: str = "") -> HTMLResponse:
    view = bench.stream(actor, key)
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"))
    context = HistoryPage(view, bench.revisions(actor, key), problem)
    return page(
        request, "history.html", context, title="History", crumbs=crumbs, tab="history", key=key,
        status=422 if problem else 200,
    )  # fmt: skip


def _drawn(bench: SharedWorkbench, actor: Actor, key: str, number: int) -> DrawnRevision:
    revision = bench.revision(actor, key, number)
    if not revision.stream.steps:
        return DrawnRevision(revision, None, "It has no steps yet.")
    try:
        return DrawnRevision(revision, bench.revision_map(actor, key, number))
    except MillraceError as endless:
        return DrawnRevision(revision, None, endless.sentence)


def _page(request: Request, template: str, context: ComparisonPage | RevisionPage, title: str) -> HTMLResponse:
    view = context.view
    path = f"/streams/{view.key}"
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, path), Crumb("History", f"{path}/history"))
    return page(request, template, context, title=title, crumbs=crumbs, tab="history", key=view.key)
