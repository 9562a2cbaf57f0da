"""What all pages share: how they are drawn, where they lead, what they say of who is signed in."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from millrace.web.security.gate import FORM, actor_of, form_secret, settings_of
from millrace.workbench.shared import Actor, Permission

STATIC = Path(__file__).parents[1] / "static"
FONTS = Path(__file__).parents[2] / "draw" / "fonts"


@dataclass(frozen=True)
class Entry:
    """An entry of the navigation."""

    title: str
    path: str
    permission: Permission = Permission.READ


NAVIGATION = (
    Entry("Streams", "/"),
    Entry("Improvements", "/improvements"),
    Entry("Alerts", "/alerts"),
    Entry("Sources", "/sources"),
    Entry("Settings", "/settings", Permission.ADMINISTER),
)
"""Where the head of every page leads, for those who may go there."""


@dataclass(frozen=True)
class Crumb:
    """A step of the way to a page."""

    title: str
    path: str


@cache
def templates() -> Environment:
    """The templates: every value is escaped, and a name that is not given is an error."""
    from millrace.web.pages.wording import FILTERS, TESTS

    environment = Environment(
        loader=PackageLoader("millrace.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # an upgrade on the disk changes no server that runs
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.tests.update(TESTS)
    return environment


def page(
    request: Request,
    template: str,
    context: Any = None,
    *,
    title: str,
    crumbs: tuple[Crumb, ...] = (),
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    """A page, or only its main part where htmx asks for a fragment. `context` is the page's context object."""
    actor: Actor | None = actor_of(request)
    settings = settings_of(request)
    here, secret = request.url.path, form_secret(request)
    navigation = [entry for entry in NAVIGATION if actor is not None and actor.may(entry.permission)]
    html = templates().get_template(template).render(
        page=context,
        title=title,
        crumbs=crumbs,
        actor=actor,
        is_alone=settings.is_alone,
        navigation=navigation,
        here=_nearest(here, [entry.path for entry in navigation]),
        form_secret=secret,
        own_form=lambda: Markup('<input type="hidden" name="form_secret" value="{}">').format(secret),
        notice=request.query_params.get("done", ""),
        **more,
    )  # fmt: skip
    return with_form_cookie(request, HTMLResponse(html, status))


def wants_part(request: Request) -> bool:
    """True where htmx asks for a part of a page: what it puts in the place of the whole main part is a page."""
    return bool(request.headers.get("hx-request")) and not request.headers.get("hx-target", "").startswith("main")


def with_form_cookie(request: Request, response: HTMLResponse) -> HTMLResponse:
    """Give the browser the secret that its forms repeat."""
    secret = form_secret(request)
    if request.cookies.get(FORM) != secret:
        response.set_cookie(
            FORM, secret, httponly=True, samesite="strict", secure=settings_of(request).is_behind_https, path="/"
        )
    return response


def go_to(path: str, **query: str) -> RedirectResponse:
    """Lead on after a change, so that loading the page again does not repeat it."""
    from urllib.parse import urlencode

    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)


def _nearest(here: str, paths: list[str]) -> str:
    """The navigation's entry that a page belongs to."""
    if here.startswith("/streams"):
        return "/"
    inside = [path for path in paths if here == path or (path != "/" and here.startswith(path))]
    return max(inside, key=len, default="")
