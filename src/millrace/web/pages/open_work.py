"""What becomes of the work that is open: what can be promised, and which items may miss the limit."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from millrace.model.duration import parse_duration
from millrace.web.pages.filters import NotUnderstood
from millrace.web.pages.future import crumbs_of
from millrace.web.pages.page import go_to, page
from millrace.web.security.gate import Bench, Changer, Reader, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.background import Task
from millrace.workbench.shared.open_work import OpenWork, ToldOpenWork

router = APIRouter(prefix="/streams/{key}/future/open-work", dependencies=[Depends(own_form)])

Within = Annotated[str, Query(max_length=40)]
MOST_SHOWN = 100


@dataclass(frozen=True)
class OpenWorkPage:
    """The limit that is asked about, how far the forecast is, and the forecast."""

    here: str
    within: str
    task: Task | None
    told: ToldOpenWork | None
    problem: str = ""

    @property
    def query(self) -> str:
        """The limit, as the part of an address behind `?`."""
        return f"?{urlencode({'within': self.within})}" if self.within else ""

    @property
    def is_running(self) -> bool:
        """Whether it waits or is worked on."""
        return self.task is not None and not self.task.state.is_over


@router.get("")
def show_open_work(request: Request, actor: Reader, bench: Bench, key: str, within: Within = "") -> HTMLResponse:
    """What can be expected of open work, if it was worked out."""
    context = _context(bench, actor, key, within)
    crumbs = crumbs_of(bench.stream(actor, key))
    return page(
        request, "open_work.html", context, title="Open work", crumbs=crumbs, tab="future", key=key,
        most_shown=MOST_SHOWN,
    )  # fmt: skip


@router.post("")
def forecast_open_work(
    actor: Changer, bench: Bench, key: str, within: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Have it worked out."""
    bench.ask(actor, key, OpenWork(_limit(within)))
    return go_to(f"/streams/{key}/future/open-work", **({"within": within.strip()} if within.strip() else {}))


@router.get("/progress")
def show_progress(request: Request, actor: Reader, bench: Bench, key: str, within: Within = "") -> HTMLResponse:
    """How far it is; when it is over, the whole page is loaded anew."""
    context = _context(bench, actor, key, within)
    answer = page(request, "future_progress.html", context, title="", key=key)
    if not context.is_running:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/stop")
def stop_forecast(actor: Changer, bench: Bench, key: str, within: Within = "") -> Response:
    """End it."""
    bench.stop(actor, key, OpenWork(_limit(within)))
    return go_to(f"/streams/{key}/future/open-work", **({"within": within} if within else {}))


def _context(bench: SharedWorkbench, actor: Actor, key: str, within: str) -> OpenWorkPage:
    question = OpenWork(_limit(within))
    task, told = bench.task(actor, key, question), bench.answer(actor, key, question)
    return OpenWorkPage(f"/streams/{key}/future/open-work", within, task, told, task.problem if task else "")


def _limit(within: str) -> timedelta | None:
    if not within.strip():
        return None
    try:
        limit = parse_duration(within)
    except ValueError as error:
        raise NotUnderstood("within", within, "write a time like 8 h or 2 d") from error
    if not limit:
        raise NotUnderstood("within", within, "a limit is longer than nothing")
    return limit
