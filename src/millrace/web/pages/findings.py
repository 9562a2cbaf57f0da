"""What was found in a stream: ranked by what is at stake, each with its evidence, its items, and what to try."""

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request, Response

from millrace.diagnose.findings.finding import Finding, Findings
from millrace.diagnose.findings.registry import KINDS
from millrace.draw.charts.chart import TableTwin
from millrace.draw.charts.drawing import draw
from millrace.draw.sheet import SheetTable, sheet
from millrace.model.countermeasures.countermeasure import Countermeasure, countermeasure
from millrace.report.told_findings import ToldFinding, told_finding
from millrace.web.pages.exports import ExportLink, Form, View, export_links
from millrace.web.pages.page import Crumb, page, wants_part
from millrace.web.pages.soon import soon
from millrace.web.security.gate import Bench, Reader
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/findings")
_HEADER = ("Finding", "Hours a month", "What was found", "Waste", "How sure", "Items", "What to try")


@dataclass(frozen=True)
class ShownFinding:
    """A finding in words; what its kind means, everything there is to try against it."""

    told: ToldFinding
    kind: str
    definition: str
    countermeasures: tuple[Countermeasure, ...]
    claimed_elsewhere: bool


@dataclass(frozen=True)
class FindingsPage:
    """Findings of a stream, and what was looked for in vain."""

    view: StreamView
    found: Findings
    shown: tuple[ShownFinding, ...]
    not_looked_for: tuple[tuple[str, str], ...]
    exports: tuple[ExportLink, ...]
    svg: str = ""


@router.get("")
def show_findings(request: Request, actor: Reader, bench: Bench, key: str, form: Form = "") -> Response:
    """All findings, most at stake first."""
    make = partial(_context, bench, actor, key, export_links(request))
    context = soon(request, bench, actor, key, make)
    if form:
        return _view(bench, actor, key, context).given_as(form)
    crumbs = (Crumb("Streams", "/"), Crumb(context.view.title, f"/streams/{key}"))
    return page(request, "findings.html", context, title="Findings", crumbs=crumbs, tab="findings", key=key)


@router.get("/{called}")
def show_finding(request: Request, actor: Reader, bench: Bench, key: str, called: str, form: Form = "") -> Response:
    """One finding with its picture; where htmx asks, the picture alone."""
    is_part = wants_part(request)
    context = soon(
        request, bench, actor, key, partial(_one, bench, actor, key, called, export_links(request)), is_part=is_part
    )
    if form:
        return _view(bench, actor, key, context).given_as(form)
    told = context.shown[0].told
    crumbs = (
        Crumb("Streams", "/"),
        Crumb(context.view.title, f"/streams/{key}"),
        Crumb("Findings", f"/streams/{key}/findings"),
    )
    template = "finding_picture.html" if is_part else "finding.html"
    return page(request, template, context, title=told.title, crumbs=crumbs, tab="findings", key=key)


def _context(bench: SharedWorkbench, actor: Actor, key: str, exports: tuple[ExportLink, ...]) -> FindingsPage:
    found = bench.stream_findings(actor, key)
    titles = {kind.name: kind.title for kind in KINDS}
    vain = tuple((titles.get(kind, kind), absent.reason) for kind, absent in found.not_looked_for.items())
    shown = tuple(_shown(number, each) for number, each in enumerate(found.findings, 1))
    return FindingsPage(bench.stream(actor, key), found, shown, vain, exports)


def _one(bench: SharedWorkbench, actor: Actor, key: str, called: str, exports: tuple[ExportLink, ...]) -> FindingsPage:
    found, finding = bench.stream_findings(actor, key), bench.stream_finding(actor, key, called)
    shown = _shown(found.findings.index(finding) + 1, finding)
    chart = shown.told.chart
    svg = bench.kept.of(("finding", called, finding), lambda: draw(chart.picture, with_titles=True)) if chart else ""
    return FindingsPage(bench.stream(actor, key), found, (shown,), (), exports, svg)


def _shown(number: int, finding: Finding) -> ShownFinding:
    kind = next((kind for kind in KINDS if kind.name == finding.kind), None)
    stake = finding.stake
    return ShownFinding(
        told_finding(number, finding),
        kind.title if kind else finding.title,
        kind.definition if kind else "",
        tuple(countermeasure(name) for name in finding.countermeasures),
        stake.claimed_hours_per_month > stake.hours_per_month,
    )


def _view(bench: SharedWorkbench, actor: Actor, key: str, context: FindingsPage) -> View:
    table = TableTwin(_HEADER, tuple(_cells(each) for each in context.shown))
    is_one = bool(context.svg)

    def figures() -> object:
        if is_one:
            return bench.told_finding(actor, key, context.shown[0].told.id)
        return bench.told_findings(actor, key)

    def drawn() -> str:
        return sheet(f"{context.view.title}: findings", "Ranked by hours at stake; no hour counts twice.", [
            SheetTable("", table)
        ])  # fmt: skip

    return View(f"{key}-findings", (lambda: context.svg) if is_one else drawn, lambda: table, figures)


def _cells(shown: ShownFinding) -> tuple[str, ...]:
    told = shown.told
    tried = "; ".join(each.title for each in shown.countermeasures[:2])
    return (told.title, told.hours, told.sentence, told.wastes, told.certainty, f"{told.n_items:,}", tried)
