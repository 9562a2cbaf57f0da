"""Receivers of alerts: who is told of what, and what is on its way."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.govern.signal import Severity
from millrace.govern.signals import KINDS
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Admin, Bench, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.receivers import NoticeView, ReceiverView, RouteView

PATH = "/settings/receivers"
router = APIRouter(prefix=PATH, dependencies=[Depends(own_form)])


@dataclass(frozen=True)
class ReceiversPage:
    """Receivers with their routes, the latest notices, what routes can name, and what was wrong with a form."""

    receivers: tuple[ReceiverView, ...]
    notices: tuple[NoticeView, ...]
    streams: dict[str, str]
    kinds: dict[str, str]
    severities: tuple[Severity, ...]
    problem: str = ""
    name: str = ""

    def told(self, route: RouteView) -> str:
        """A route in words."""
        what = self.kinds[route.kind] if route.kind else "all alerts"
        where = f"of {self.streams.get(route.stream_key, route.stream_key)}" if route.stream_key else "of all streams"
        hours = route.after / timedelta(hours=1)
        waits = f", when nobody has acknowledged them for {hours:g} h" if hours else ""
        return f"{what} {where}, from {route.severity} on{waits}"


@router.get("")
def show_receivers(request: Request, actor: Admin, bench: Bench) -> HTMLResponse:
    """Who is told of what."""
    return _shown(request, actor, bench)


@router.post("")
def add_receiver(
    request: Request,
    actor: Admin,
    bench: Bench,
    name: Annotated[str, Form(max_length=200)],
    address: Annotated[str, Form(max_length=2000)],
) -> Response:
    """Add a receiver; it is told of warnings and worse of all streams until its routes say otherwise."""
    try:
        bench.add_receiver(actor, name, address)
    except MillraceError as problem:
        return _shown(request, actor, bench, problem=problem.sentence, name=name)
    return go_to(PATH, done=f"{name} is told of warnings and worse from now on.")


@router.post("/{receiver_id}/routes")
def add_route(
    request: Request,
    actor: Admin,
    bench: Bench,
    receiver_id: str,
    severity: Annotated[Severity, Form()],
    stream: Annotated[str, Form(max_length=80)] = "",
    kind: Annotated[str, Form(max_length=40)] = "",
    after_hours: Annotated[float, Form(ge=0, le=24 * 365)] = 0.0,
) -> Response:
    """Tell a receiver of further alerts."""
    try:
        bench.add_route(
            actor, receiver_id, stream=stream or None, kind=kind or None, severity=severity,
            after=timedelta(hours=after_hours),
        )  # fmt: skip
    except MillraceError as problem:
        return _shown(request, actor, bench, problem=problem.sentence)
    return go_to(PATH, done="The route is added.")


@router.post("/routes/{route_id}/drop")
def drop_route(actor: Admin, bench: Bench, route_id: str) -> Response:
    """Tell its receiver no more by a route."""
    bench.drop_route(actor, route_id)
    return go_to(PATH, done="The route is dropped.")


@router.post("/{receiver_id}/try")
def try_receiver(actor: Admin, bench: Bench, receiver_id: str) -> Response:
    """Send a receiver a trial."""
    bench.try_receiver(actor, receiver_id)
    return go_to(PATH, done="A trial is on its way; whether it arrived stands below in a moment.")


@router.post("/{receiver_id}/remove")
def remove_receiver(actor: Admin, bench: Bench, receiver_id: str) -> Response:
    """Tell a receiver nothing more."""
    bench.remove_receiver(actor, receiver_id)
    return go_to(PATH, done="The receiver is removed, and its address forgotten.")


@router.post("/notices/{notice_id}/again")
def send_again(actor: Admin, bench: Bench, notice_id: str) -> Response:
    """Send a notice again that was given up."""
    bench.send_again(actor, notice_id)
    return go_to(PATH, done="The notice is sent again.")


def _shown(
    request: Request, actor: Actor, bench: SharedWorkbench, *, problem: str = "", name: str = ""
) -> HTMLResponse:
    streams = {view.key: view.title for view in bench.streams(actor)}
    kinds = {kind: title for kind, (title, _) in KINDS.items()}
    context = ReceiversPage(
        bench.receivers(actor), bench.notices(actor, limit=25), streams, kinds, tuple(Severity), problem, name
    )
    crumbs = (Crumb("Settings", "/settings"),)
    return page(request, "receivers.html", context, title="Receivers", crumbs=crumbs, status=422 if problem else 200)
