"""The people of the workspace: who may sign in, and in which role."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Admin, Bench, own_form
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.accounts import Account

router = APIRouter(prefix="/settings/people", dependencies=[Depends(own_form)])

Text = Annotated[str, Form(max_length=400)]
WHAT_ROLES_MAY = {
    Role.VIEWER: "sees streams, measures, findings and items",
    Role.ANALYST: "also brings exports in, drafts streams and registers improvements",
    Role.OWNER: "also publishes revisions and says what a stream is measured on",
    Role.ADMIN: "also lets people in and keeps the settings",
}


@dataclass(frozen=True)
class PeoplePage:
    """Everybody with an account, what roles may do, and what was wrong with the form.

    `first_password` is the one that `whose` account was just given; it is shown this once.
    """

    accounts: tuple[Account, ...]
    roles: dict[Role, str]
    own_id: str | None
    problem: str = ""
    email: str = ""
    name: str = ""
    first_password: str = ""
    whose: str = ""


@router.get("")
def show_people(request: Request, actor: Admin, bench: Bench) -> HTMLResponse:
    """Everybody with an account."""
    return _shown(request, actor, bench)


@router.post("")
def open_account(
    request: Request,
    actor: Admin,
    bench: Bench,
    email: Text,
    name: Text,
    role: Annotated[Role, Form()],
    password: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Let somebody in."""
    try:
        opened = bench.open_account(actor, email, name, role, password or None)
    except MillraceError as problem:
        return _shown(request, actor, bench, problem=problem.sentence, email=email, name=name)
    return go_to("/settings/people", done=f"{opened.name} may sign in now.")


@router.post("/{person_id}/role")
def change_role(
    request: Request, actor: Admin, bench: Bench, person_id: str, role: Annotated[Role, Form()]
) -> Response:
    """Give somebody another role."""
    try:
        bench.change_role(actor, person_id, role)
    except MillraceError as problem:
        return _shown(request, actor, bench, problem=problem.sentence)
    return go_to("/settings/people", done="The role is changed.")


@router.post("/{person_id}/close")
def close_account(request: Request, actor: Admin, bench: Bench, person_id: str) -> Response:
    """Close an account; what its person did stays in the trail."""
    try:
        bench.close_account(actor, person_id)
    except MillraceError as problem:
        return _shown(request, actor, bench, problem=problem.sentence)
    return go_to("/settings/people", done="The account is closed.")


@router.post("/{person_id}/reopen")
def reopen_account(actor: Admin, bench: Bench, person_id: str) -> Response:
    """Open a closed account again."""
    bench.reopen_account(actor, person_id)
    return go_to("/settings/people", done="The account is open again.")


@router.post("/{person_id}/password")
def reset_password(request: Request, actor: Admin, bench: Bench, person_id: str) -> HTMLResponse:
    """Give somebody a first password, and show it this once."""
    password = bench.reset_password(actor, person_id)
    whose = next(each for each in bench.accounts(actor) if each.id == person_id)
    return _shown(request, actor, bench, first_password=password, whose=whose.name)


def _shown(
    request: Request, actor: Actor, bench: SharedWorkbench, *, problem: str = "", email: str = "", name: str = "",
    first_password: str = "", whose: str = "",
) -> HTMLResponse:  # fmt: skip
    context = PeoplePage(
        bench.accounts(actor), WHAT_ROLES_MAY, actor.person_id, problem, email, name, first_password, whose
    )
    crumbs = (Crumb("Settings", "/settings"),)
    return page(request, "people.html", context, title="People", crumbs=crumbs, status=422 if problem else 200)
