"""Who did what and when: filtered by the address, page by page, and as CSV."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from millrace.web.pages.filters import NotUnderstood
from millrace.web.pages.page import Crumb, page
from millrace.web.security.gate import Admin, Bench
from millrace.workbench.shared.trail import DeedView, TrailChoices, TrailFilter

router = APIRouter(prefix="/settings/trail")


@dataclass(frozen=True)
class Wanted:
    """The filter as it stands in the address; days are whole, in UTC."""

    person: str = ""
    deed: str = ""
    since: str = ""
    until: str = ""

    @property
    def filter(self) -> TrailFilter:
        """What is asked of the workbench. Raises NotUnderstood."""
        until = _midnight("until", self.until)
        return TrailFilter(
            self.person, self.deed, _midnight("since", self.since), until + timedelta(days=1) if until else None
        )

    def query(self, **more: str) -> str:
        """The filter as the part of an address behind `?`."""
        given = {name: value for name, value in {**vars(self), **more}.items() if value}
        return f"?{urlencode(given)}" if given else ""


@dataclass(frozen=True)
class TrailPage:
    """What was done, the latest first; `older` leads to the next page, where there may be one."""

    deeds: tuple[DeedView, ...]
    wanted: Wanted
    choices: TrailChoices
    older: str


def wanted(person: str = "", deed: str = "", since: str = "", until: str = "") -> Wanted:
    """The filter of an address. Raises NotUnderstood."""
    found = Wanted(person, deed, since, until)
    assert found.filter is not None
    return found


Asked = Annotated[Wanted, Depends(wanted)]


@router.get("")
def show_trail(
    request: Request, actor: Admin, bench: Bench, asked: Asked, before: int | None = None
) -> HTMLResponse:  # fmt: skip
    """Who did what and when."""
    deeds = bench.trail(actor, before=before, asked=asked.filter)
    older = f"/settings/trail{asked.query(before=str(deeds[-1].number))}" if len(deeds) == 100 else ""
    context = TrailPage(deeds, asked, bench.trail_choices(actor), older)
    return page(request, "trail.html", context, title="Who did what", crumbs=(Crumb("Settings", "/settings"),))


@router.get("/list.csv")
def export_trail(actor: Admin, bench: Bench, asked: Asked) -> Response:
    """The same as CSV, whole."""
    headers = {"Content-Disposition": "attachment; filename=trail.csv"}
    return Response(bench.trail_csv(actor, asked.filter), media_type="text/csv; charset=utf-8", headers=headers)


def _midnight(name: str, day: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(), UTC) if day else None
    except ValueError as error:
        raise NotUnderstood(name, day, "write a day like 2026-03-31") from error
