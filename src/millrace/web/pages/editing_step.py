"""The form of one step: beside the map, or as a page of its own."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from millrace.model.step_changes import ChangeRefused, NoSuchStepToChange, change_step, plain
from millrace.web.pages.editing import crumbs_of, kept, revision_in
from millrace.web.pages.editing_fields import Field, filled, problems_by_field, read_into, refilled
from millrace.web.pages.editing_forms import STEP_DETAILS, STEP_RULES, step_fields
from millrace.web.pages.editing_rules import RULE_PARTS
from millrace.web.pages.given_form import GivenForm
from millrace.web.pages.page import Crumb, page
from millrace.web.security.gate import Bench, Changer, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/edit/steps", dependencies=[Depends(own_form)])


@dataclass(frozen=True)
class StepFormPage:
    """A step to be edited. `labels` are the statuses and activities of the log, for its rules."""

    view: StreamView
    number: int
    fields: tuple[Field, ...]
    details: tuple[Field, ...]
    rules: tuple[Field, ...]
    labels: tuple[str, ...]
    based_on: int
    to_map: bool
    problems: tuple[str, ...] = ()

    @property
    def n_problems(self) -> int:
        """How many fields are to be mended."""
        return sum(bool(field.problem) for field in (*self.fields, *self.details, *self.rules))


@router.get("/{number}")
def show_step_form(request: Request, actor: Changer, bench: Bench, key: str, number: int) -> HTMLResponse:
    """The form of a step."""
    view = bench.stream(actor, key)
    if not 1 <= number <= len(view.stream.steps):
        raise NoSuchStepToChange(number, view.stream)
    tree = view.stream.steps[number - 1].model_dump(mode="json")
    fields, details, rules = (filled(part, tree) for part in _parts(view))
    came_from = request.headers.get("hx-current-url", "")
    to_map = bool(came_from) and "/edit" not in came_from
    labels = _labels(bench, actor, view)
    context = StepFormPage(view, number, fields, details, rules, labels, view.latest.number, to_map)
    return _shown(request, context)


@router.post("/{number}")
def save_step(request: Request, actor: Changer, bench: Bench, key: str, number: int, form: GivenForm) -> Response:
    """Save a step."""
    based_on = revision_in(form)
    view, base = bench.stream(actor, key), bench.revision(actor, key, based_on).stream
    if not 1 <= number <= len(base.steps):
        raise NoSuchStepToChange(number, base)
    parts = _parts(view)
    step = plain(base)["steps"][number - 1]
    try:
        changed = change_step(base, number, read_into(step, [field for part in parts for field in part], form))
    except ChangeRefused as refused:
        return _refused(request, actor, bench, view, number, form, refused)
    to = "" if form.get("to_map") else "/edit"
    return kept(
        request, actor, bench, key, changed, based_on, f"Step “{changed.steps[number - 1].name}” changed", to=to
    )


def _refused(
    request: Request, actor: Actor, bench: SharedWorkbench, view: StreamView, number: int, form: FormData,
    refused: ChangeRefused,
) -> HTMLResponse:  # fmt: skip
    parts = _parts(view)
    every = [field for part in parts for field in part]
    by_field, others = problems_by_field(refused.problems, every, within=("steps", number - 1))
    fields, details, rules = (refilled(part, form, by_field) for part in parts)
    labels, to_map = _labels(bench, actor, view), bool(form.get("to_map"))
    based_on = revision_in(form)
    context = StepFormPage(view, number, fields, details, rules, labels, based_on, to_map, others)
    return _shown(request, context, status=422)


def _parts(view: StreamView) -> tuple[tuple[Field, ...], tuple[Field, ...], tuple[Field, ...]]:
    return step_fields(view.stream.framework), STEP_DETAILS, STEP_RULES


def _labels(bench: SharedWorkbench, actor: Actor, view: StreamView) -> tuple[str, ...]:
    if view.source_key is None or not bench.source(actor, view.source_key).is_read:
        return ()
    classes = bench.source_log(actor, view.source_key).about.event_classes
    return tuple(" / ".join(dict.fromkeys(filter(None, (each.activity, each.status)))) for each in classes)


def _shown(request: Request, context: StepFormPage, status: int = 200) -> HTMLResponse:
    is_panel = bool(request.headers.get("hx-request"))
    key = context.view.key
    crumbs = crumbs_of(context.view, Crumb("Edit", f"/streams/{key}/edit"))
    return page(
        request, "editing_step_form.html" if is_panel else "editing_step.html", context, title="Edit step",
        crumbs=crumbs, tab="edit", key=key, status=status, is_panel=is_panel, titles=RULE_PARTS,
    )  # fmt: skip
