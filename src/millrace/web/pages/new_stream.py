"""Beginning a stream: from an export, from a template, guided through the method, or from nothing."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.model.templates.template import Template, load_template, template_text, templates
from millrace.model.value_stream import ValueStream
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Bench, Changer, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.source_book import SourceView

router = APIRouter(prefix="/streams/new", dependencies=[Depends(own_form)])

Text = Annotated[str, Form(max_length=200)]
GUIDED = "guided"


@dataclass(frozen=True)
class NewStreamPage:
    """What a stream can be begun from."""

    sources: tuple[SourceView, ...]
    templates: tuple[Template, ...]
    problem: str = ""
    title: str = ""

    @property
    def ready(self) -> tuple[SourceView, ...]:
        """The sources that a stream can be found in."""
        return tuple(source for source in self.sources if source.is_read)


class NamelessStream(MillraceError):
    """A stream is begun without a name."""

    slug = "nameless-stream"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Give the stream a name: one service, one scope, such as “Access to the HR application”.")


@router.get("")
def show_ways(request: Request, actor: Changer, bench: Bench) -> HTMLResponse:
    """The ways to begin."""
    return _page(request, actor, bench)


@router.post("/source")
def begin_from_source(request: Request, actor: Changer, bench: Bench, source: Text = "", title: Text = "") -> Response:
    """As an export shows it."""
    try:
        found = bench.proposed_stream(actor, source)
        named = found.model_copy(update={"title": title.strip() or bench.source(actor, source).name})
        view = bench.begin_stream(actor, named, source=source)
    except MillraceError as problem:
        return _page(request, actor, bench, problem=problem.sentence, title=title)
    return go_to(f"/streams/{view.key}")


@router.post("/template")
def begin_from_template(
    request: Request, actor: Changer, bench: Bench, template: Text = "", title: Text = "", source: Text = ""
) -> Response:
    """As a template has it."""
    try:
        text, stream = template_text(template), load_template(template)
        named = stream.model_copy(update={"title": title.strip()}) if title.strip() else stream
        view = bench.begin_stream(actor, named, source=source or None, like=text)
    except MillraceError as problem:
        return _page(request, actor, bench, problem=problem.sentence, title=title)
    return go_to(f"/streams/{view.key}{'/edit/rules' if view.source_key else ''}")


@router.post("/named")
def begin_from_nothing(
    request: Request, actor: Changer, bench: Bench, title: Text = "", how: Text = GUIDED, source: Text = ""
) -> Response:
    """With a name alone, and then by questions or by hand."""
    try:
        if not title.strip():
            raise NamelessStream
        view = bench.begin_stream(actor, ValueStream(name=title.strip(), title=title.strip()), source=source or None)
    except MillraceError as problem:
        return _page(request, actor, bench, problem=problem.sentence, title=title)
    return go_to(f"/streams/{view.key}/{'guide' if how == GUIDED else 'edit'}")


def _page(
    request: Request, actor: Actor, bench: SharedWorkbench, *, problem: str = "", title: str = ""
) -> HTMLResponse:
    context = NewStreamPage(bench.sources(actor), templates(), problem, title)
    return page(
        request, "new_stream.html", context, title="New stream", crumbs=(Crumb("Streams", "/"),),
        status=422 if problem else 200,
    )  # fmt: skip
