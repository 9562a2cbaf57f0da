"""What was found in a stream: ranked by what is at stake, each with its evidence and its items."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from millrace.diagnose.findings.finding import Findings
from millrace.model.countermeasures.countermeasure import Countermeasure, countermeasure
from millrace.model.countermeasures.waste import waste
from millrace.web.pages.page import Crumb, page
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/findings")


@dataclass(frozen=True)
class FindingsPage:
    """All findings of a stream; names of wastes and countermeasures by their keys in the catalogues."""

    view: StreamView
    found: Findings
    wastes: dict[str, str]
    to_try: dict[str, Countermeasure]


@router.get("")
def show_findings(request: Request, actor: Reader, bench: Bench, key: str) -> HTMLResponse:
    """All findings, most at stake first."""
    view, found = bench.stream(actor, key), bench.stream_findings(actor, key)
    wastes = {name: waste(name).title for each in found.findings for name in each.wastes}
    to_try = {name: countermeasure(name) for each in found.findings for name in each.countermeasures}
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"))
    context = FindingsPage(view, found, wastes, to_try)
    return page(request, "findings.html", context, title="Findings", crumbs=crumbs, tab="findings", key=key)
