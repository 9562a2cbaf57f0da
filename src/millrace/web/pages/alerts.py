"""Alerts: what deserves attention, what was done about it, and doing something."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from millrace.govern.signal import Severity
from millrace.govern.signals import KINDS
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Bench, Changer, Reader, own_form
from millrace.workbench.shared.alert_book import AlertDeedView, AlertsAsked, AlertsShown, AlertView

router = APIRouter(prefix="/alerts", dependencies=[Depends(own_form)])

Note = Annotated[str, Form(max_length=1000)]
PER_PAGE = 50
STATES = {
    "unresolved": "open or acknowledged",
    "open": "open",
    "acknowledged": "acknowledged",
    "resolved": "resolved",
    "": "all",
}
DEEDS = {
    "raised": "raised",
    "told": "receivers were told",
    "acknowledged": "acknowledged",
    "muted": "muted",
    "resolved": "resolved",
    "over": "over: what it was about is no longer so",
}
FURTHER = {
    "target_missed": ("targets", "See the targets"),
    "ageing": ("items?of=open", "See the open items"),
    "map_drift": ("edit", "Edit the stream"),
    "review_overdue": ("reviews", "See the reviews"),
}
"""By kind: the page of the stream on which something can be done about it, and what leads there."""


@dataclass(frozen=True)
class AlertsPage:
    """A page of alerts, what was asked for, the kinds, and the titles of streams by their keys."""

    asked: AlertsAsked
    shown: AlertsShown
    number: int
    kinds: dict[str, str]
    severities: tuple[str, ...]
    states: dict[str, str]
    streams: dict[str, str]

    @property
    def n_pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.shown.n_alerts // PER_PAGE))

    def address(self, number: int) -> str:
        """Another page of the same alerts."""
        asked = {
            "state": self.asked.state, "stream": self.asked.stream, "kind": self.asked.kind,
            "severity": self.asked.severity, "item": self.asked.item, "muted": "yes" if self.asked.with_muted else "",
            "page": str(number),
        }  # fmt: skip
        return "/alerts?" + urlencode({name: value for name, value in asked.items() if value or name == "state"})


@dataclass(frozen=True)
class AlertPage:
    """One alert, its history, and the title of its stream."""

    alert: AlertView
    history: tuple[AlertDeedView, ...]
    stream_title: str
    deeds: dict[str, str]

    @property
    def further(self) -> tuple[str, str]:
        """The address at which something can be done about it, and what leads there."""
        part, label = FURTHER.get(self.alert.kind, ("measures", "See the figures"))
        return f"/streams/{self.alert.stream_key}/{part}", label


def _asked(
    state: str = "unresolved", stream: str = "", kind: str = "", severity: str = "", item: str = "", muted: str = ""
) -> AlertsAsked:
    return AlertsAsked(state if state in STATES else "unresolved", stream, kind, severity, item.strip(), bool(muted))


@router.get("")
def show_alerts(
    request: Request,
    actor: Reader,
    bench: Bench,
    asked: Annotated[AlertsAsked, Depends(_asked)],
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> HTMLResponse:
    """The alerts that the address asks for; without a word those that are not resolved."""
    shown = bench.alerts(actor, asked, page=number, per_page=PER_PAGE)
    streams = {view.key: view.title for view in bench.streams(actor)}
    kinds = {name: title for name, (title, _) in KINDS.items()}
    context = AlertsPage(asked, shown, number, kinds, tuple(reversed(Severity)), STATES, streams)
    return page(request, "alerts.html", context, title="Alerts")


@router.post("/look")
def look(actor: Changer, bench: Bench) -> Response:
    """Look at every stream now."""
    looked = bench.look_everywhere(actor)
    n_raised = sum(each.n_raised for each in looked.values() if not isinstance(each, str))
    blocked = [each for each in looked.values() if isinstance(each, str)]
    told = f"New alerts: {n_raised}. Streams looked at: {len(looked)}."
    return go_to("/alerts", done=" ".join([told, *blocked]))


@router.get("/{alert_id}")
def show_alert(request: Request, actor: Reader, bench: Bench, alert_id: str) -> HTMLResponse:
    """One alert and its history."""
    alert = bench.alert(actor, alert_id)
    context = AlertPage(alert, bench.alert_history(actor, alert_id), bench.stream(actor, alert.stream_key).title, DEEDS)
    return page(request, "alert.html", context, title=alert.title, crumbs=(Crumb("Alerts", "/alerts"),))


@router.post("/{alert_id}/acknowledge")
def acknowledge(actor: Changer, bench: Bench, alert_id: str, note: Note = "") -> Response:
    """Say that somebody deals with it."""
    bench.acknowledge(actor, alert_id, note=note)
    return go_to(f"/alerts/{alert_id}", done="It is acknowledged: nobody else is called.")


@router.post("/{alert_id}/mute")
def mute(
    actor: Changer, bench: Bench, alert_id: str, days: Annotated[int, Form(ge=1, le=366)] = 7, note: Note = ""
) -> Response:
    """Put it away for some days."""
    until = bench.clock() + timedelta(days=days)
    bench.mute(actor, alert_id, until=until, note=note)
    return go_to(f"/alerts/{alert_id}", done=f"It is muted until {until.day} {until:%B %Y}.")


@router.post("/{alert_id}/resolve")
def resolve(actor: Changer, bench: Bench, alert_id: str, note: Note = "") -> Response:
    """End it; the same occasion is not raised again."""
    bench.resolve(actor, alert_id, note=note)
    return go_to(f"/alerts/{alert_id}", done="It is resolved.")
