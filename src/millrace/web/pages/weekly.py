"""A stream week by week: the figures as they were told, what changed and why, three things to do."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from millrace.draw.charts.sparkline import sparkline
from millrace.errors import MillraceError
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Bench, Changer, Reader, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.snapshots import SnapshotView
from millrace.workbench.shared.stream_book import StreamView

router = APIRouter(prefix="/streams/{key}/weekly", dependencies=[Depends(own_form)])
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeeklyPage:
    """The week that is shown (None where none is kept), those that are kept, and those that could be."""

    view: StreamView
    shown: SnapshotView | None
    kept: tuple[SnapshotView, ...]
    first_on: date | None
    last_on: date | None
    problem: str = ""

    @property
    def before(self) -> SnapshotView | None:
        """The kept week before the shown one."""
        return next((each for each in self.kept if self.shown and each.week_on < self.shown.week_on), None)

    @property
    def after(self) -> SnapshotView | None:
        """The kept week after the shown one."""
        later = [each for each in self.kept if self.shown and each.week_on > self.shown.week_on]
        return later[-1] if later else None

    def sparkline(self, weeks: tuple[float, ...]) -> str:
        """The weeks so far, as a line."""
        return sparkline(weeks)


@router.get("")
def show_week(request: Request, actor: Reader, bench: Bench, key: str, week: date | None = None) -> HTMLResponse:
    """A kept week: the one that is asked for, or the latest."""
    return _shown(request, bench, actor, key, week)


@router.post("")
def keep_week(
    request: Request, actor: Changer, bench: Bench, key: str, week: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Keep a week as an export at its end shows it."""
    try:
        kept = bench.take_snapshot(actor, key, date.fromisoformat(week) if week else None)
    except ValueError:
        return _shown(request, bench, actor, key, None, f"“{week}” is no day; write it like 2026-03-02.")
    except MillraceError as problem:
        return _shown(request, bench, actor, key, None, problem.sentence)
    return go_to(f"/streams/{key}/weekly", week=kept.week_on.isoformat(), done="The week is kept.")


def _shown(
    request: Request, bench: SharedWorkbench, actor: Actor, key: str, week: date | None, problem: str = ""
) -> HTMLResponse:
    view, kept = bench.stream(actor, key), bench.snapshots(actor, key)
    shown = next((each for each in kept if week is None or each.week_on == week), None)
    first_on = last_on = None
    try:
        first_on, last_on = bench.whole_weeks(actor, key)
    except MillraceError as unmeasured:
        problem = problem or unmeasured.sentence
    context = WeeklyPage(view, shown, kept, first_on, last_on, problem)
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"))
    status = 422 if problem and request.method == "POST" else 200
    return page(
        request, "weekly.html", context, title="Week by week", crumbs=crumbs, tab="weekly", key=key, status=status
    )
