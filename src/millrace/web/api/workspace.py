"""The workspace itself, for programs: on whose behalf they work, and who did what."""

from typing import Annotated

from fastapi import APIRouter, Query

from millrace.web.api.forms import DeedForm, MeForm
from millrace.web.api.problem import problems
from millrace.web.security.gate import Admin, Bench, SignedIn

router = APIRouter(prefix="/api/v1", tags=["workspace"])


@router.get("/me", responses=problems())
def me(actor: SignedIn) -> MeForm:
    """On whose behalf this request runs, and what it may do."""
    return MeForm.of(actor)


@router.get("/trail", responses=problems())
def trail(
    actor: Admin,
    bench: Bench,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="Only deeds with a smaller number")] = None,
    subject: str | None = None,
) -> list[DeedForm]:
    """Who did what, the latest first; a hundred at most."""
    return [
        DeedForm(number=d.number, at=d.at, person=d.person, deed=d.deed, subject=d.subject, details=d.details)
        for d in bench.trail(actor, before=before, subject=subject)
    ]
