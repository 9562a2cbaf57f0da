"""One's own account: the password, where one is signed in, the tokens that programs use."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.web.pages.page import go_to, page
from millrace.web.pages.sign_in import with_session
from millrace.web.security.gate import SESSION, Bench, Settings, SignedIn, own_form
from millrace.workbench.shared import Actor, Permission, SharedWorkbench
from millrace.workbench.shared import sign_in as signing_in
from millrace.workbench.shared.accounts import Account
from millrace.workbench.shared.sign_in import sign_in_id

router = APIRouter(prefix="/account", dependencies=[Depends(own_form)])

Text = Annotated[str, Form(max_length=400)]
_LASTS = {"30": timedelta(days=30), "365": timedelta(days=365)}


@dataclass(frozen=True)
class AccountPage:
    """What stands on the page: `here` is the sign-in of this browser, `account` None for whoever works alone.

    `secret` is of a token that was just issued, and is shown this once.
    """

    sign_ins: tuple[signing_in.SignedIn, ...]
    tokens: tuple[signing_in.IssuedToken, ...]
    scopes: tuple[Permission, ...]
    here: str
    account: Account | None
    secret: str = ""
    problem: str = ""


@router.get("")
def show_account(request: Request, actor: SignedIn, bench: Bench) -> HTMLResponse:
    """One's own account."""
    return _shown(request, actor, bench)


@router.post("/password")
def change_password(
    request: Request, actor: SignedIn, bench: Bench, settings: Settings, old: Text, new: Text
) -> Response:
    """Change the password; one is signed out everywhere else then, and tokens end."""
    try:
        is_changed = bench.change_password(actor, old, new)
    except MillraceError as problem:
        return _shown(request, actor, bench, problem=problem.sentence, status=422)
    if not is_changed:
        return _shown(request, actor, bench, problem="The present password is wrong.", status=422)
    secret = bench.sign_in(bench.own_account(actor).email, new, browser=request.headers.get("user-agent", ""))
    return with_session(
        go_to("/account", done="The password is changed. Everywhere else you are signed out."), secret or "", settings
    )


@router.post("/sign-ins/{sign_in_id}/revoke")
def revoke_sign_in(actor: SignedIn, bench: Bench, sign_in_id: str) -> Response:
    """Sign out of another browser."""
    bench.revoke_sign_in(actor, sign_in_id)
    return go_to("/account", done="Signed out there.")


@router.post("/tokens")
def issue_token(
    request: Request,
    actor: SignedIn,
    bench: Bench,
    name: Text,
    scopes: Annotated[list[Permission], Form()],
    lasts: Annotated[str, Form()] = "365",
) -> Response:
    """Issue a token, and show its secret this once."""
    secret = bench.issue_token(actor, name, frozenset(scopes), lasts=_LASTS.get(lasts, _LASTS["30"]))
    return _shown(request, actor, bench, secret=secret)


@router.post("/tokens/{token_id}/revoke")
def revoke_token(actor: SignedIn, bench: Bench, token_id: str) -> Response:
    """End a token."""
    bench.revoke_token(actor, token_id)
    return go_to("/account", done="The token holds no more.")


def _shown(
    request: Request, actor: Actor, bench: SharedWorkbench, *, secret: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    scopes = tuple(permission for permission in Permission if actor.may(permission))
    held = bench.signed_in(actor)
    here = sign_in_id(request.cookies.get(SESSION, ""))
    account = bench.own_account(actor) if actor.person_id else None
    context = AccountPage(held, bench.tokens(actor), scopes, here, account, secret, problem)
    return page(request, "account.html", context, title="Your account", status=status)
