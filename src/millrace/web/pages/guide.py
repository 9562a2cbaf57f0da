"""The guided method: one open question at a time, each answer a revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from millrace.model.guide import AnswerRefused, MethodStep, answer, leave_open, next_question, open_questions, progress
from millrace.model.guide_questions import AnswerKind, Question
from millrace.model.value_stream import GuideProgress
from millrace.web.pages.editing import Based, crumbs_of, kept, map_or_why_not
from millrace.web.pages.given_form import GivenForm
from millrace.web.pages.method_help import HELP
from millrace.web.pages.page import page
from millrace.web.security.gate import Bench, Changer, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.shown_maps import ShownMap
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/guide", dependencies=[Depends(own_form)])

HOW = {
    AnswerKind.TEXT: "A few words.",
    AnswerKind.NUMBER: "A number.",
    AnswerKind.RATIO: "A share, such as 90 %.",
    AnswerKind.DURATION: "A length of time, such as 15 min, 2 h or 1.5 d.",
    AnswerKind.FIGURE: "A number, a share or a length of time, as the measure has it.",
    AnswerKind.CHOICE: "One of these.",
    AnswerKind.CHOICES: "As many of these as apply.",
    AnswerKind.LIST: "One per line.",
    AnswerKind.NAMES: "One per line. Each gets questions of its own later.",
    AnswerKind.PEOPLE: "One per line. “(requester)” behind a name says that they are on the receiving side.",
}
"""How each kind of question is answered."""
_TOPICS = {
    "demand.description": "demand",
    "value.description": "value_point",
    "value.after": "value_point",
    "owner": "owner",
    "team": "team",
    "value_class": "value_class",
    "value_chain_activities": "value_chain_activity",
    "practices": "practice",
    "process_time": "times",
    "queue_time": "times",
    "inside_wait_time": "times",
    "wastes": "waste",
    "review_every": "review",
}
"""The end of a question's id → the help that explains it."""


@dataclass(frozen=True)
class GuidePage:
    """How far the eight steps have come, and the question to be answered now; None where none is open."""

    view: StreamView
    steps: tuple[MethodStep, ...]
    question: Question | None
    n_open: int
    map: ShownMap | None
    given: tuple[str, ...] = ()
    problem: str = ""

    @property
    def how(self) -> str:
        """How the question is answered."""
        return HOW[self.question.kind] if self.question else ""

    @property
    def help(self) -> str:
        """What the question means."""
        asked = self.question.id if self.question else ""
        return next((HELP[topic] for end, topic in _TOPICS.items() if asked.endswith(end)), "")


@router.get("")
def show_question(
    request: Request, actor: Changer, bench: Bench, key: str, step: Annotated[int | None, Query(ge=1, le=8)] = None
) -> HTMLResponse:
    """The next open question, or the next one of a step of the method."""
    view = bench.stream(actor, key)
    return _page(request, actor, bench, view, _next_of(view, step))


@router.post("/answer")
def give_answer(
    request: Request, actor: Changer, bench: Bench, key: str, form: GivenForm, question: Annotated[str, Form()],
    based_on: Based,
) -> Response:  # fmt: skip
    """Keep an answer."""
    base = bench.revision(actor, key, based_on).stream
    asked = next((each for each in open_questions(base) if each.id == question), None)
    given = tuple(each for each in form.getlist("answer") if isinstance(each, str))
    try:
        changed = answer(base, question, "\n".join(given))
    except AnswerRefused as refused:
        return _page(request, actor, bench, bench.stream(actor, key), asked, given, refused.sentence)
    note = f"Answered: {asked.text}" if asked else "Answered a question"
    return kept(request, actor, bench, key, changed, based_on, note, to="/guide")


@router.post("/leave-open")
def leave_question_open(
    request: Request, actor: Changer, bench: Bench, key: str, question: Annotated[str, Form()], based_on: Based
) -> Response:
    """Leave a question open on purpose."""
    changed = leave_open(bench.revision(actor, key, based_on).stream, question)
    return kept(request, actor, bench, key, changed, based_on, "Left a question open", to="/guide")


@router.post("/ask-again")
def ask_again(request: Request, actor: Changer, bench: Bench, key: str, based_on: Based) -> Response:
    """Raise the questions anew that were left open."""
    base = bench.revision(actor, key, based_on).stream
    changed = base.model_copy(update={"guide": GuideProgress()})
    return kept(request, actor, bench, key, changed, based_on, "Open questions are asked again", to="/guide")


def _next_of(view: StreamView, step: int | None) -> Question | None:
    if step is None:
        return next_question(view.stream)
    return next((each for each in open_questions(view.stream) if each.step == step), None)


def _page(
    request: Request, actor: Actor, bench: SharedWorkbench, view: StreamView, question: Question | None,
    given: Sequence[str] = (), problem: str = "",
) -> HTMLResponse:  # fmt: skip
    n_open = len(open_questions(view.stream))
    shown, _ = map_or_why_not(bench, actor, view)
    context = GuidePage(view, progress(view.stream), question, n_open, shown, tuple(given), problem)
    return page(
        request, "guide.html", context, title="Guide", crumbs=crumbs_of(view), tab="edit", key=view.key,
        status=422 if problem else 200,
    )  # fmt: skip
