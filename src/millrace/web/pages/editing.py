"""Editing a stream: its steps in their order, what it is about, its text; every change is a revision."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from millrace.errors import MillraceError
from millrace.model.step_changes import ChangeRefused, add_step, move_step, plain, remove_step, stream_of
from millrace.model.stream_file import parse_stream
from millrace.model.value_stream import ValueStream
from millrace.web.pages.editing_conflict import conflict_page
from millrace.web.pages.editing_fields import Field, filled, problems_by_field, read_into, refilled
from millrace.web.pages.editing_forms import stream_fields
from millrace.web.pages.editing_rules import RULE_PARTS
from millrace.web.pages.given_form import GivenForm
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Approver, Bench, Changer, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.shown_maps import ShownMap
from millrace.workbench.shared.source_book import SourceView
from millrace.workbench.shared.stream_book import ChangedMeanwhile, StreamView

router = APIRouter(prefix="/streams/{key}/edit", dependencies=[Depends(own_form)])

Based = Annotated[int, Form(ge=1)]
Text = Annotated[str, Form(max_length=1000)]
Yaml = Annotated[str, Form(max_length=1_000_000)]


class RevisionNotGiven(MillraceError):
    """A form does not say which revision it was made from."""

    slug = "revision-not-given"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This form does not say which revision it was made from. Load the page again and repeat.")


@dataclass(frozen=True)
class EditPage:
    """A stream to be edited: its steps, its map as drawn (or why there is none), the sources it can be measured on."""

    view: StreamView
    map: ShownMap | None
    map_problem: str
    sources: tuple[SourceView, ...]
    problem: str = ""
    new_step: str = ""


@dataclass(frozen=True)
class AboutPage:
    """What a stream is about, as a form in parts."""

    view: StreamView
    parts: dict[str, tuple[Field, ...]]
    based_on: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class YamlPage:
    """A stream as text."""

    view: StreamView
    yaml: str
    based_on: int
    problem: str = ""


@router.get("")
def show_editing(request: Request, actor: Changer, bench: Bench, key: str) -> HTMLResponse:
    """The stream's steps, and what can be done with them."""
    return _page(request, actor, bench, key)


@router.post("/steps")
def add_a_step(
    request: Request, actor: Changer, bench: Bench, key: str, based_on: Based, name: Text = "",
    after: Annotated[int, Form(ge=0)] = 0,
) -> Response:  # fmt: skip
    """A further step, behind another one."""
    base = bench.revision(actor, key, based_on).stream
    try:
        changed = add_step(base, {"name": name.strip()}, after=after)
    except ChangeRefused as refused:
        return _page(request, actor, bench, key, problem=refused.sentence, new_step=name)
    return kept(request, actor, bench, key, changed, based_on, f"Step “{name.strip()}” added")


@router.post("/steps/{number}/move")
def move_a_step(
    request: Request, actor: Changer, bench: Bench, key: str, number: int, based_on: Based,
    by: Annotated[int, Form(ge=-1, le=1)],
) -> Response:  # fmt: skip
    """A step one place further on, or back."""
    base = bench.revision(actor, key, based_on).stream
    changed = move_step(base, number, by=by)
    if changed == base:
        return go_to(f"/streams/{key}/edit")
    return kept(request, actor, bench, key, changed, based_on, f"Step “{base.steps[number - 1].name}” moved")


@router.post("/steps/{number}/remove")
def remove_a_step(
    request: Request, actor: Changer, bench: Bench, key: str, number: int, based_on: Based
) -> Response:  # fmt: skip
    """The stream without a step."""
    base = bench.revision(actor, key, based_on).stream
    changed = remove_step(base, number)
    name = base.steps[number - 1].name
    also = base.places_naming(name)
    done = f"Step “{name}” removed" + (f"; it was also taken out of {', '.join(also)}" if also else "")
    return kept(request, actor, bench, key, changed, based_on, done)


@router.post("/undo")
def undo(request: Request, actor: Changer, bench: Bench, key: str, based_on: Based) -> Response:
    """The revision before the latest, again."""
    view = bench.stream(actor, key)
    try:
        bench.restore_revision(actor, key, max(based_on - 1, 1), based_on=based_on)
    except ChangedMeanwhile as conflict:
        return conflict_page(
            request, bench, actor, view, bench.revision(actor, key, based_on - 1).stream, based_on, conflict
        )
    return go_to(f"/streams/{key}/edit", done=f"Revision {based_on - 1} again.")


@router.get("/about")
def show_about(request: Request, actor: Changer, bench: Bench, key: str) -> HTMLResponse:
    """What the stream is about."""
    view = bench.stream(actor, key)
    tree = view.stream.model_dump(mode="json")
    parts = {title: filled(fields, tree) for title, fields in stream_fields(view.stream).items()}
    return _about(request, AboutPage(view, parts, view.latest.number))


@router.post("/about")
def save_about(request: Request, actor: Changer, bench: Bench, key: str, form: GivenForm) -> Response:
    """Save what the stream is about."""
    based_on = revision_in(form)
    view, base = bench.stream(actor, key), bench.revision(actor, key, based_on).stream
    parts = stream_fields(base)
    every = tuple(field for fields in parts.values() for field in fields)
    try:
        changed = stream_of(read_into(plain(base), every, form))
    except ChangeRefused as refused:
        by_field, others = problems_by_field(refused.problems, every)
        again = {title: refilled(fields, form, by_field) for title, fields in parts.items()}
        return _about(request, AboutPage(view, again, based_on, others))
    return kept(request, actor, bench, key, changed, based_on, "What the stream is about")


@router.get("/yaml")
def show_yaml(request: Request, actor: Changer, bench: Bench, key: str) -> HTMLResponse:
    """The stream as text."""
    view = bench.stream(actor, key)
    return _yaml(request, YamlPage(view, view.latest.yaml, view.latest.number))


@router.post("/yaml")
def save_yaml(
    request: Request, actor: Changer, bench: Bench, key: str, based_on: Based, yaml: Yaml, note: Text = ""
) -> Response:
    """Save the stream as it was written."""
    view = bench.stream(actor, key)
    try:
        bench.save_stream_text(
            actor, key, yaml.replace("\r\n", "\n"), based_on=based_on, note=note or "Written as YAML"
        )
    except ChangedMeanwhile as conflict:
        return conflict_page(request, bench, actor, view, parse_stream(yaml), based_on, conflict)
    except MillraceError as problem:
        return _yaml(request, YamlPage(view, yaml, based_on, problem.sentence))
    return go_to(f"/streams/{key}/edit", done="Saved.")


@router.post("/source")
def measure_on(actor: Approver, bench: Bench, key: str, source: Text = "") -> Response:
    """Say on which source the stream is measured."""
    view = bench.measure_on(actor, key, source or None)
    done = f"Measured on “{view.source_key}” from now on." if view.source_key else "Measured on nothing from now on."
    return go_to(f"/streams/{key}/edit", done=done)


@router.post("/remove")
def stop_following(actor: Approver, bench: Bench, key: str, sure: Text = "") -> Response:
    """Take the stream off the list."""
    title = bench.stream(actor, key).title
    if not sure:
        return go_to(f"/streams/{key}/edit", done="Nothing was removed: tick the box to say that you are sure.")
    bench.archive_stream(actor, key)
    return go_to("/", done=f"“{title}” is no longer followed.")


def kept(
    request: Request, actor: Actor, bench: SharedWorkbench, key: str, changed: ValueStream, based_on: int, note: str,
    *, to: str = "/edit",
) -> Response:  # fmt: skip
    """Save a change and lead on, or show who else changed the stream meanwhile, and how."""
    try:
        bench.save_stream(actor, key, changed, based_on=based_on, note=note)
    except ChangedMeanwhile as conflict:
        return conflict_page(request, bench, actor, bench.stream(actor, key), changed, based_on, conflict)
    return go_to(f"/streams/{key}{to}", done=f"{note}.")


def revision_in(form: FormData) -> int:
    """The number of the revision that a form was made from. Raises RevisionNotGiven."""
    given = form.get("based_on")
    if not isinstance(given, str) or not given.isdecimal():
        raise RevisionNotGiven
    return int(given)


def map_or_why_not(
    bench: SharedWorkbench, actor: Actor, view: StreamView, *, step_href: str = ""
) -> tuple[ShownMap | None, str]:
    """The map of a stream as drawn; or None, and why it cannot be drawn. Without steps there is nothing to say."""
    if not view.stream.steps:
        return None, ""
    try:
        return bench.drawn_map(actor, view.key, step_href=step_href), ""
    except MillraceError as endless:
        return None, endless.sentence


def crumbs_of(view: StreamView, *further: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of a stream."""
    return (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{view.key}"), *further)


def _page(
    request: Request, actor: Actor, bench: SharedWorkbench, key: str, *, problem: str = "", new_step: str = ""
) -> HTMLResponse:
    view = bench.stream(actor, key)
    shown, why_not = map_or_why_not(bench, actor, view, step_href=f"/streams/{key}/edit/steps/{{}}")
    context = EditPage(view, shown, why_not, bench.sources(actor), problem, new_step)
    return page(
        request, "editing.html", context, title="Edit", crumbs=crumbs_of(view), tab="edit", key=key,
        status=422 if problem else 200,
    )  # fmt: skip


def _about(request: Request, context: AboutPage) -> HTMLResponse:
    refused = context.problems or any(field.problem for fields in context.parts.values() for field in fields)
    crumbs = crumbs_of(context.view, Crumb("Edit", f"/streams/{context.view.key}/edit"))
    return page(
        request, "editing_about.html", context, title="What it is about", crumbs=crumbs, tab="edit", titles=RULE_PARTS,
        key=context.view.key, status=422 if refused else 200,
    )  # fmt: skip


def _yaml(request: Request, context: YamlPage) -> HTMLResponse:
    crumbs = crumbs_of(context.view, Crumb("Edit", f"/streams/{context.view.key}/edit"))
    return page(
        request, "editing_yaml.html", context, title="As YAML", crumbs=crumbs, tab="edit", key=context.view.key,
        status=422 if context.problem else 200,
    )  # fmt: skip
