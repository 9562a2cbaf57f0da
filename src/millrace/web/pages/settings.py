"""Settings of the workspace: where each lies, and the trail of who did what."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from millrace.web.pages.page import Crumb, page
from millrace.web.security.gate import Admin, Bench
from millrace.workbench.shared.trail import DeedView

router = APIRouter(prefix="/settings")


@dataclass(frozen=True)
class TrailPage:
    """What was done, the latest first; `older_than` leads to the next page."""

    deeds: tuple[DeedView, ...]
    older_than: int | None


@router.get("")
def show_settings(request: Request, actor: Admin) -> HTMLResponse:
    """Where settings are found."""
    del actor
    return page(request, "settings.html", title="Settings")


@router.get("/trail")
def show_trail(request: Request, actor: Admin, bench: Bench, before: int | None = None) -> HTMLResponse:
    """Who did what and when."""
    deeds = bench.trail(actor, before=before)
    context = TrailPage(deeds, deeds[-1].number if deeds else None)
    return page(request, "trail.html", context, title="Who did what", crumbs=(Crumb("Settings", "/settings"),))
