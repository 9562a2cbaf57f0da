"""How streams are followed, for programs: kept weeks, reviews."""

from datetime import date, datetime
from typing import Any, Self

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict

from millrace.report.review.week import WeekTold
from millrace.web.api.problem import problems
from millrace.web.pages.reviews import FORMS
from millrace.web.security.gate import Bench, Changer, Reader, own_program
from millrace.workbench.shared.reviews import ReviewView
from millrace.workbench.shared.snapshots import SnapshotView

router = APIRouter(prefix="/api/v1", tags=["followed"], dependencies=[Depends(own_program)])
_PACK: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in FORMS.values()}, "description": "The pack"}
}


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ToDoForm(_Form):
    """One thing to do, and the address of the page where it is done."""

    sentence: str
    path: str


class KeptWeekForm(_Form):
    """A week of a stream as it was told; it never changes."""

    stream: str
    week_on: date
    revision: int
    made_at: datetime
    told: WeekTold
    todo: list[ToDoForm]

    @classmethod
    def of(cls, view: SnapshotView) -> Self:
        """Of a kept week."""
        todo = [ToDoForm(sentence=each.sentence, path=each.path) for each in view.todo]
        return cls(
            stream=view.stream_key, week_on=view.week_on, revision=view.revision, made_at=view.made_at,
            told=view.told, todo=todo,
        )  # fmt: skip


class WeekGiven(_Form):
    """A day of the week to keep; null: the last whole week of the log."""

    week_on: date | None = None


class DecisionForm(_Form):
    """What was decided, who sees to it, until when."""

    text: str
    who: str
    due_on: date | None


class ReviewForm(_Form):
    """A review: due on a day, held on a day (null until then)."""

    id: str
    due_on: date
    held_on: date | None
    minutes: str
    decisions: list[DecisionForm]

    @classmethod
    def of(cls, view: ReviewView) -> Self:
        """Of a review."""
        decisions = [DecisionForm(text=each.text, who=each.who, due_on=each.due_on) for each in view.decisions]
        return cls(id=view.id, due_on=view.due_on, held_on=view.held_on, minutes=view.minutes, decisions=decisions)


@router.get("/streams/{key}/weeks", responses=problems(404))
def weeks(actor: Reader, bench: Bench, key: str) -> list[KeptWeekForm]:
    """The kept weeks of a stream, the latest first."""
    return [KeptWeekForm.of(view) for view in bench.snapshots(actor, key)]


@router.post("/streams/{key}/weeks", status_code=201, responses=problems(404, 409))
def keep_week(actor: Changer, bench: Bench, key: str, given: WeekGiven) -> KeptWeekForm:
    """Keep a week as an export at its end shows it; one that is kept is given as it is."""
    return KeptWeekForm.of(bench.take_snapshot(actor, key, given.week_on))


@router.get("/streams/{key}/reviews", responses=problems(404))
def reviews(actor: Reader, bench: Bench, key: str) -> list[ReviewForm]:
    """The reviews of a stream, the latest first."""
    return [ReviewForm.of(view) for view in bench.reviews(actor, key)]


@router.get("/streams/{key}/pack{form}", response_class=Response, responses=problems(404, 409) | _PACK)
def review_pack(actor: Reader, bench: Bench, key: str, form: str) -> Response:
    """The review pack of a stream as it stands now: pack.pdf, pack.pptx or pack.html."""
    return Response(bench.stream_pack(actor, key, form), media_type=FORMS[form])
