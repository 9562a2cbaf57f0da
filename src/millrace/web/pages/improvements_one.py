"""One improvement: what it is, where it stands in the seven steps, its actions, its hypothesis and its proof."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.draw.proof_words import figure, measure_in_words
from millrace.errors import MillraceError
from millrace.improve.register.action import ActionState
from millrace.improve.register.seven_steps import STEPS
from millrace.improve.register.state import ImprovementState
from millrace.model.countermeasures.waste import wastes
from millrace.web.pages.given_form import GivenForm
from millrace.web.pages.improvements import CRUMBS, fields_given
from millrace.web.pages.improvements_form import (
    MEASURES,
    Fields,
    day_of,
    draft_of,
    fields_of_draft,
    fields_of_hypothesis,
    hypothesis_of_fields,
)
from millrace.web.pages.page import go_to, page
from millrace.web.security.gate import Bench, Changer, Reader, own_form
from millrace.workbench.shared import Actor, Permission, SharedWorkbench
from millrace.workbench.shared.improvement_views import CONCERNS, GRADES, ImprovementView
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/improvements/{key}", dependencies=[Depends(own_form)])
Version = Annotated[int, Form()]


@dataclass(frozen=True)
class ImprovementPage:
    """An improvement with its stream, what its forms hold, and what was wrong with one (`form`)."""

    view: ImprovementView
    stream: StreamView
    fields: Fields
    asked: Fields
    may_approve: bool
    form: str = ""
    problem: str = ""

    concerns, grades = CONCERNS, GRADES
    measures = MEASURES
    questions = STEPS
    action_states = tuple(ActionState)
    wastes = {each.name: each.title for each in wastes()}  # noqa: RUF012 - never changed

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of its stream."""
        return tuple(step.name for step in self.stream.stream.steps)

    @property
    def next_states(self) -> tuple[ImprovementState, ...]:
        """Where whoever looks may take it."""
        return tuple(
            state for state in self.view.next_states if self.may_approve or state is not ImprovementState.APPROVED
        )

    @property
    def measured(self) -> str:
        """What the hypothesis is about."""
        return measure_in_words(self.view.hypothesis) if self.view.hypothesis else ""

    @property
    def baseline(self) -> str:
        """The baseline's figure."""
        asked, found = self.view.hypothesis, self.view.baseline
        return figure(asked, found.figure) if asked and found else "–"

    @property
    def expected(self) -> str:
        """How much is expected."""
        ratio = self.view.hypothesis.expected_ratio if self.view.hypothesis else None
        if ratio is None:
            return "–"
        return f"{abs(ratio) * 100:.3g}\u202f% {'less' if ratio < 0 else 'more'}"


@router.get("")
def show_improvement(request: Request, actor: Reader, bench: Bench, key: str) -> HTMLResponse:
    """Everything about it on one page."""
    return _shown(request, bench, actor, key)


@router.post("")
def change(request: Request, actor: Changer, bench: Bench, key: str, form: GivenForm, version: Version) -> Response:
    """Change what was entered."""
    fields = fields_given(form)
    return _done(
        request, bench, actor, key, "It is changed.", "fields", fields,
        lambda: bench.change_improvement(actor, key, draft_of(fields), version=version),
    )  # fmt: skip


@router.post("/state")
def move(
    request: Request, actor: Changer, bench: Bench, key: str, to: Annotated[ImprovementState, Form()], version: Version
) -> Response:
    """Take it to another state."""
    return _done(
        request, bench, actor, key, f"It is “{to}” now.", "state", None,
        lambda: bench.move_improvement(actor, key, to, version=version),
    )  # fmt: skip


@router.post("/step")
def go_on(request: Request, actor: Changer, bench: Bench, key: str, version: Version) -> Response:
    """Go on to the next of the seven steps."""
    return _done(
        request, bench, actor, key, "On to the next step.", "state", None,
        lambda: bench.next_improvement_step(actor, key, version=version),
    )  # fmt: skip


@router.post("/hypothesis")
def state_hypothesis(
    request: Request, actor: Changer, bench: Bench, key: str, form: GivenForm, version: Version
) -> Response:
    """Say what it is meant to bring; the baseline is measured."""
    fields = fields_given(form)
    return _done(
        request, bench, actor, key, "The hypothesis is stated.", "hypothesis", fields,
        lambda: bench.state_hypothesis(
            actor, key, hypothesis_of_fields(fields), version=version, target=fields["target"].strip() or None,
            expected_from=fields["expected_from"].strip() or None,
        ),
    )  # fmt: skip


@router.post("/prove")
def prove(request: Request, actor: Changer, bench: Bench, key: str) -> Response:
    """Prove it on the stream's log as it is now, and keep the verdict."""
    return _done(
        request, bench, actor, key, "The verdict is kept.", "proof", None, lambda: bench.prove_improvement(actor, key)
    )


@router.post("/actions")
def add_action(request: Request, actor: Changer, bench: Bench, key: str, form: GivenForm, version: Version) -> Response:
    """Add an action."""
    fields = fields_given(form)
    after = [int(value) for value in form.getlist("after") if isinstance(value, str) and value.isdigit()]
    return _done(
        request, bench, actor, key, "The action is added.", "action", fields,
        lambda: bench.add_action(
            actor, key, fields["title"], version=version, owner=fields["owner"].strip() or None,
            due_on=day_of("The due day", fields["due_on"]), after=after,
        ),
    )  # fmt: skip


@router.post("/actions/{number}")
def change_action(
    request: Request,
    actor: Changer,
    bench: Bench,
    key: str,
    number: int,
    state: Annotated[ActionState, Form()],
    version: Version,
) -> Response:
    """Take an action to another state."""
    return _done(
        request, bench, actor, key, f"Action {number} is {state}.", "action", None,
        lambda: bench.change_action(actor, key, number, version=version, state=state),
    )  # fmt: skip


def _done(
    request: Request,
    bench: SharedWorkbench,
    actor: Actor,
    key: str,
    told: str,
    form: str,
    fields: Fields | None,
    change_it: Callable[[], object],
) -> Response:
    """Change it and lead on; where that fails, the page with what was entered and why."""
    try:
        change_it()
    except MillraceError as problem:
        if problem.slug in ("no-such-improvement", "not-allowed"):
            raise
        return _shown(request, bench, actor, key, form=form, fields=fields, problem=problem.sentence)
    return go_to(f"/improvements/{key}", done=told)


def _shown(
    request: Request,
    bench: SharedWorkbench,
    actor: Actor,
    key: str,
    *,
    form: str = "",
    fields: Fields | None = None,
    problem: str = "",
) -> HTMLResponse:
    view = bench.improvement(actor, key)
    context = ImprovementPage(
        view,
        bench.stream(actor, view.stream_key),
        fields if fields and form == "fields" else fields_of_draft(view.draft),
        fields if fields and form == "hypothesis" else fields_of_hypothesis(view),
        actor.may(Permission.APPROVE),
        form,
        problem,
    )
    entered = fields if fields and form == "action" else Fields({})
    return page(
        request, "improvement.html", context, title=view.title, crumbs=CRUMBS, status=422 if problem else 200,
        entered=entered,
    )  # fmt: skip
