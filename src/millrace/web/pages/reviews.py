"""Reviews of a stream: the pack to bring, minutes and decisions, and when the next one is."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.report.review.decision import Decision
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Approver, Bench, Changer, Reader, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.reviews import ReviewView
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/reviews", dependencies=[Depends(own_form)])
FORMS = {
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".html": "text/html; charset=utf-8",
}
Day = Annotated[str, Form(max_length=10)]
Written = Annotated[str, Form(max_length=50_000)]


class NotADay(MillraceError):
    """A day is missing, or written in a way that cannot be read."""

    slug = "not-a-day"

    def __init__(self, given: str) -> None:
        """Quote it, and show how to write one."""
        super().__init__(f"“{given}” is no day; write one like 2026-03-02.")


@dataclass(frozen=True)
class ReviewsPage:
    """The reviews of a stream, the latest first."""

    view: StreamView
    reviews: tuple[ReviewView, ...]
    today: date
    problem: str = ""


@dataclass(frozen=True)
class ReviewPage:
    """One review; `minutes` and `decisions` as they stand in the form."""

    view: StreamView
    review: ReviewView
    minutes: str
    decisions: str
    today: date
    problem: str = ""


@router.get("")
def show_reviews(request: Request, actor: Reader, bench: Bench, key: str) -> HTMLResponse:
    """The reviews of a stream."""
    return _reviews(request, bench, actor, key)


@router.post("")
def plan_review(request: Request, actor: Approver, bench: Bench, key: str, due_on: Day = "") -> Response:
    """Set the day of a review."""
    try:
        planned = bench.plan_review(actor, key, _day(due_on))
    except NotADay as problem:
        return _reviews(request, bench, actor, key, problem.sentence)
    return go_to(f"/streams/{key}/reviews/{planned.id}")


@router.get("/pack{form}")
def export_pack(actor: Reader, bench: Bench, key: str, form: str) -> Response:
    """The pack of the stream as it stands now."""
    return _sent(bench.stream_pack(actor, key, form), form)


@router.get("/{review_id}/pack{form}")
def export_kept_pack(actor: Reader, bench: Bench, key: str, review_id: str, form: str) -> Response:
    """The pack as it lay on the table."""
    return _sent(bench.review_pack(actor, key, review_id, form), form)


@router.post("/{review_id}/pack")
def keep_pack(actor: Changer, bench: Bench, key: str, review_id: str) -> Response:
    """Make the pack from what is known now, and keep it."""
    bench.keep_pack(actor, key, review_id)
    return go_to(f"/streams/{key}/reviews/{review_id}", done="The pack is kept.")


@router.get("/{review_id}")
def show_review(request: Request, actor: Reader, bench: Bench, key: str, review_id: str) -> HTMLResponse:
    """One review."""
    return _review(request, bench, actor, key, review_id)


@router.post("/{review_id}")
def write_minutes(
    request: Request, actor: Changer, bench: Bench, key: str, review_id: str, version: Annotated[int, Form()],
    minutes: Written = "", decisions: Written = "",
) -> Response:  # fmt: skip
    """Write down what was said and decided."""
    try:
        bench.write_minutes(actor, key, review_id, minutes, _decisions(decisions), version=version)
    except MillraceError as problem:
        return _review(request, bench, actor, key, review_id, problem.sentence, (minutes, decisions))
    return go_to(f"/streams/{key}/reviews/{review_id}", done="The minutes are saved.")


@router.post("/{review_id}/held")
def hold_review(
    request: Request, actor: Approver, bench: Bench, key: str, review_id: str, version: Annotated[int, Form()],
    held_on: Day = "", next_on: Day = "",
) -> Response:  # fmt: skip
    """Say that the review was held, and when the next one is."""
    try:
        bench.hold_review(
            actor, key, review_id, held_on=_day(held_on), next_on=_day(next_on) if next_on else None, version=version
        )
    except MillraceError as problem:
        return _review(request, bench, actor, key, review_id, problem.sentence)
    return go_to(f"/streams/{key}/reviews", done="The review was held.")


def _sent(content: bytes, form: str) -> Response:
    kind = "inline" if form == ".html" else "attachment"
    headers = {"Content-Disposition": f'{kind}; filename="review{form}"'}
    return Response(content, media_type=FORMS[form], headers=headers)


def _reviews(request: Request, bench: SharedWorkbench, actor: Actor, key: str, problem: str = "") -> HTMLResponse:
    view = bench.stream(actor, key)
    context = ReviewsPage(view, bench.reviews(actor, key), bench.clock().date(), problem)
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"))
    status = 422 if problem else 200
    return page(request, "reviews.html", context, title="Reviews", crumbs=crumbs, tab="reviews", key=key, status=status)


def _review(
    request: Request, bench: SharedWorkbench, actor: Actor, key: str, review_id: str, problem: str = "",
    entered: tuple[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    view, review = bench.stream(actor, key), bench.review(actor, key, review_id)
    minutes, decisions = entered or (review.minutes, "\n".join(map(_line, review.decisions)))
    context = ReviewPage(view, review, minutes, decisions, bench.clock().date(), problem)
    crumbs = (
        Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"), Crumb("Reviews", f"/streams/{key}/reviews"),
    )  # fmt: skip
    title, status = f"Review of {review.due_on}", 422 if problem else 200
    return page(request, "review.html", context, title=title, crumbs=crumbs, tab="reviews", key=key, status=status)


def _line(decision: Decision) -> str:
    return " | ".join((decision.text, decision.who, str(decision.due_on or ""))).rstrip(" |")


def _decisions(written: str) -> tuple[Decision, ...]:
    """A decision a line: what, who, until when, with bars between. Raises NotADay."""
    lines = [[part.strip() for part in line.split("|", 2)] for line in written.splitlines() if line.strip(" |")]
    return tuple(
        Decision(
            line[0],
            line[1] if len(line) > 1 else "",
            _day(line[2]) if len(line) > 2 and line[2] else None,
        )
        for line in lines
    )


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise NotADay(given.strip()) from error
