"""Signing in and out, and the first account of a workspace."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.web.pages.page import go_to, page
from millrace.web.security.attempts import Attempts, attempts_of
from millrace.web.security.gate import SESSION, Bench, Everybody, Settings, SignedIn, own_form
from millrace.workbench.shared.sign_in import LASTS

router = APIRouter(dependencies=[Depends(own_form)])

Text = Annotated[str, Form(max_length=400)]


@router.get("/sign-in")
def show_sign_in(request: Request, _: Everybody, bench: Bench, settings: Settings) -> Response:
    """The form to sign in with; the first person of a workspace opens their account instead."""
    if settings.is_alone:
        return go_to("/")
    if bench.is_new():
        return page(request, "first_account.html", title="Open the first account", problem="", email="", name="")
    return _form(request, "", "")


@router.post("/sign-in")
def sign_in(
    request: Request,
    _: Everybody,
    bench: Bench,
    settings: Settings,
    attempts: Annotated[Attempts, Depends(attempts_of)],
    email: Text,
    password: Text,
) -> Response:
    """Sign in. Too many tries with one address or from one place have to wait."""
    attempts.count(request, email)
    secret = bench.sign_in(email, password, browser=request.headers.get("user-agent", ""))
    if secret is None:
        return _form(request, email, "The address or the password is wrong.", 422)
    attempts.forget(email)
    return _with_session(go_to("/"), secret, settings)


@router.post("/first-account")
def open_first_account(
    request: Request, _: Everybody, bench: Bench, settings: Settings, email: Text, name: Text, password: Text
) -> Response:
    """Open the first account, which is an admin's. Refused once there is anybody."""
    try:
        bench.open_first_account(email, name, password)
    except MillraceError as problem:
        return page(
            request, "first_account.html", title="Open the first account", problem=problem.sentence, email=email,
            name=name, status=422,
        )  # fmt: skip
    secret = bench.sign_in(email, password, browser=request.headers.get("user-agent", ""))
    return _with_session(go_to("/"), secret or "", settings)


@router.post("/sign-out")
def sign_out(request: Request, actor: SignedIn, bench: Bench) -> Response:
    """Sign out of this browser."""
    bench.sign_out(actor, request.cookies.get(SESSION, ""))
    response = go_to("/sign-in")
    response.delete_cookie(SESSION)
    return response


def _form(request: Request, email: str, problem: str, status: int = 200) -> HTMLResponse:
    return page(request, "sign_in.html", title="Sign in", problem=problem, email=email, status=status)


def _with_session(response: Response, secret: str, settings: Settings) -> Response:
    """A new secret with every sign-in, so that one planted before is worth nothing."""
    response.set_cookie(
        SESSION, secret, max_age=int(LASTS.total_seconds()), httponly=True, samesite="lax",
        secure=settings.is_behind_https, path="/",
    )  # fmt: skip
    return response
