"""Signing in and out, with a password or through the organisation, and the first account of a workspace."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from millrace.errors import MillraceError
from millrace.web.pages.page import go_to, page
from millrace.web.security.attempts import Attempts, attempts_of, place_of
from millrace.web.security.gate import SESSION, Bench, Everybody, Settings, SignedIn, own_form
from millrace.web.security.provider import Begun, Provider, SignInRefused
from millrace.web.security.way_back import own_page
from millrace.workbench.shared.sign_in import LASTS

router = APIRouter(dependencies=[Depends(own_form)])

Text = Annotated[str, Form(max_length=400)]
BEGUN = "millrace_begun"
"""Cookie with the sign-in that a browser began at the organisation's provider."""
_BEGUN_FOR_SECONDS = 600


def provider_of(request: Request) -> Provider | None:
    """The organisation's provider, where there is one."""
    provider: Provider | None = request.app.state.provider
    return provider


Organisation = Annotated[Provider | None, Depends(provider_of)]


@router.get("/sign-in")
def show_sign_in(
    request: Request, _: Everybody, bench: Bench, settings: Settings, back: str = ""
) -> Response:  # fmt: skip
    """The form to sign in with; the first person of a workspace opens their account instead."""
    if settings.is_alone:
        return go_to("/")
    if bench.is_new():
        return page(request, "first_account.html", title="Open the first account", problem="", email="", name="")
    return _form(request, "", "", back=own_page(back))


@router.post("/sign-in")
def sign_in(
    request: Request,
    _: Everybody,
    bench: Bench,
    settings: Settings,
    attempts: Annotated[Attempts, Depends(attempts_of)],
    email: Text,
    password: Text,
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Sign in. Too many tries with one address or from one place have to wait."""
    attempts.count(request, email)
    secret = bench.sign_in(email, password, browser=_browser(request), place=place_of(request))
    if secret is None:
        return _form(request, email, "The address or the password is wrong.", 422, back=own_page(back))
    attempts.forget(email)
    bench.end_sign_in(request.cookies.get(SESSION, ""))
    return with_session(go_to(own_page(back)), secret, settings)


@router.get("/sign-in/organisation")
def begin_at_organisation(_: Everybody, settings: Settings, provider: Organisation) -> Response:
    """Lead to the organisation's provider."""
    if provider is None:
        return go_to("/sign-in")
    address, begun = provider.begin()
    response = RedirectResponse(address, 303)
    # Lax, since the provider leads back from another site.
    response.set_cookie(
        BEGUN, begun.written(), max_age=_BEGUN_FOR_SECONDS, httponly=True, samesite="lax",
        secure=settings.is_behind_https, path="/sign-in/organisation",
    )  # fmt: skip
    return response


@router.get("/sign-in/organisation/back")
def come_back_from_organisation(
    request: Request, _: Everybody, bench: Bench, settings: Settings, provider: Organisation,
    code: str = "", state: str = "", error: str = "",
) -> Response:  # fmt: skip
    """Sign in whom the provider vouches for, in the browser that began it."""
    begun = Begun.read(request.cookies.get(BEGUN, ""))
    if provider is None or begun is None or not begun.is_of(state):
        raise SignInRefused("it was not begun in this browser, or too long ago")
    if error or not code:
        raise SignInRefused("the provider refused it")
    claims = provider.claims(begun, code)
    secret = bench.sign_in_by_organisation(provider.organisation, claims, browser=_browser(request))
    if secret is None:
        raise SignInRefused("nobody has an account here by that address")
    response = with_session(go_to("/"), secret, settings)
    response.delete_cookie(BEGUN, path="/sign-in/organisation")
    return response


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
    secret = bench.sign_in(email, password, browser=_browser(request), place=place_of(request))
    return with_session(go_to("/"), secret or "", settings)


@router.post("/sign-out")
def sign_out(request: Request, actor: SignedIn, bench: Bench) -> Response:
    """Sign out of this browser."""
    bench.sign_out(actor, request.cookies.get(SESSION, ""))
    response = go_to("/sign-in")
    response.delete_cookie(SESSION)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _form(request: Request, email: str, problem: str, status: int = 200, *, back: str = "/") -> HTMLResponse:
    provider = provider_of(request)
    return page(
        request, "sign_in.html", title="Sign in", problem=problem, email=email, back=back,
        organisation=provider.organisation.name if provider else "", status=status,
    )  # fmt: skip


def _browser(request: Request) -> str:
    return request.headers.get("user-agent", "")


def with_session(response: Response, secret: str, settings: Settings) -> Response:
    """Sign this browser in. A new secret with every sign-in, so that one planted before is worth nothing."""
    response.set_cookie(
        SESSION, secret, max_age=int(LASTS.total_seconds()), httponly=True, samesite="lax",
        secure=settings.is_behind_https, path="/",
    )  # fmt: skip
    return response
