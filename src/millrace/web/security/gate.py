"""The gate: every route says which permission it needs, and lets only those through who have it."""

import hmac
import secrets
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Form, Header, Request

from millrace.errors import MillraceError
from millrace.workbench.shared import Actor, NotAllowed, Permission, SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.serving import ServeSettings

SESSION = "millrace_session"
FORM = "millrace_form"
"""Cookie with the secret that forms repeat; a page of another site cannot read it."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedIn(MillraceError):
    """Nobody is signed in. Pages lead to the sign-in, programs are told."""

    slug = "not-signed-in"

    def __init__(self) -> None:
        """Say how to get in."""
        super().__init__("Sign in first; a program sends its token as “Authorization: Bearer …”.")


class ForeignForm(MillraceError):
    """A change was asked for from a page that is not ours, or with a form that has gone stale."""

    slug = "foreign-form"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This form has gone stale, or did not come from this page. Load the page again and repeat.")


def bench_of(request: Request) -> SharedWorkbench:
    """The workbench that is served."""
    bench: SharedWorkbench = request.app.state.bench
    return bench


def settings_of(request: Request) -> ServeSettings:
    """How it is served."""
    settings: ServeSettings = request.app.state.settings
    return settings


def actor_of(request: Request) -> Actor | None:
    """Who asks: by token, by the browser's cookie, or whoever is alone at this machine; found out once a request."""
    if not hasattr(request.state, "actor"):
        request.state.actor = _found_actor(request)
    actor: Actor | None = request.state.actor
    return actor


def _found_actor(request: Request) -> Actor | None:
    bench = bench_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return bench.actor_of_token(token.strip())
    if settings_of(request).is_alone:
        return HERE
    return bench.actor_of(request.cookies.get(SESSION, ""))


def form_secret(request: Request) -> str:
    """The secret that this browser's forms repeat; a new one where it has none."""
    kept: str | None = getattr(request.state, "form_secret", None)
    secret = kept or request.cookies.get(FORM) or secrets.token_urlsafe(24)
    request.state.form_secret = secret
    return secret


async def own_form(
    request: Request,
    form_secret: Annotated[str, Form()] = "",
    x_form: Annotated[str, Header()] = "",
) -> None:
    """Refuse a change that another site's page asks for. Programs with a token are not led by other sites."""
    _refuse_foreign(request, form_secret or x_form)


async def own_program(request: Request, x_form: Annotated[str, Header()] = "") -> None:
    """The same for the REST API, which takes no forms: without a token, X-Form repeats the secret of the cookie.

    Whoever is alone at this machine needs no cookie, but the header: another site's page cannot send it unasked.
    """
    is_alone = settings_of(request).is_alone and FORM not in request.cookies
    _refuse_foreign(request, x_form, is_enough=is_alone and bool(x_form))


def _refuse_foreign(request: Request, given: str, *, is_enough: bool = False) -> None:
    if request.method in _SAFE or request.headers.get("authorization", "").lower().startswith("bearer "):
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForeignForm
    kept = request.cookies.get(FORM, "")
    if not is_enough and (not kept or not hmac.compare_digest(kept.encode(), given.encode())):
        raise ForeignForm


class Gate:
    """A dependency that lets through who has `permission`; with None, whoever is signed in; the actor."""

    def __init__(self, permission: Permission | None) -> None:
        """Ask for `permission`."""
        self.permission = permission

    def __call__(self, request: Request) -> Actor:
        """The actor. Raises NotSignedIn, NotAllowed."""
        actor = actor_of(request)
        if actor is None:
            raise NotSignedIn
        if self.permission is not None and not actor.may(self.permission):
            raise NotAllowed(actor, self.permission)
        return actor


class Open:
    """Marks a route that everybody may ask for, such as the sign-in."""

    def __call__(self) -> None:
        """Let through."""


Reader = Annotated[Actor, Depends(Gate(Permission.READ))]
Changer = Annotated[Actor, Depends(Gate(Permission.CHANGE))]
Approver = Annotated[Actor, Depends(Gate(Permission.APPROVE))]
Admin = Annotated[Actor, Depends(Gate(Permission.ADMINISTER))]
SignedIn = Annotated[Actor, Depends(Gate(None))]
Everybody = Annotated[None, Depends(Open())]
Bench = Annotated[SharedWorkbench, Depends(bench_of)]
Settings = Annotated[ServeSettings, Depends(settings_of)]


def gates(dependant: Any) -> "list[Gate | Open]":
    """The gates among what a route depends on: exactly one belongs to each, and a test sees to it."""
    found = [dependant.call] if isinstance(dependant.call, Gate | Open) else []
    for each in dependant.dependencies:
        found += gates(each)
    return found
