"""Settings of the workspace, for programs: hours, rates, teams, privacy. ETag and If-Match carry their version."""

from typing import TypeVar

from fastapi import APIRouter, Depends, Response

from millrace.model.workspace_settings import Privacy, Rates, Settlement, Teams, WorkingHours
from millrace.web.api.if_match import Seen, tag
from millrace.web.api.problem import problems
from millrace.web.security.gate import Admin, Bench, own_program
from millrace.workbench.shared import Actor, SharedWorkbench

router = APIRouter(prefix="/api/v1/settings", tags=["settings"], dependencies=[Depends(own_program)])
_CHANGED = problems(412, 428)
_Settled = TypeVar("_Settled", WorkingHours, Rates, Teams, Privacy)


@router.get("/working_hours", responses=problems())
def working_hours(actor: Admin, bench: Bench, response: Response) -> WorkingHours:
    """The calendar of streams that state none; null where nobody gave one."""
    return _told(actor, bench, response, WorkingHours)


@router.put("/working_hours", responses=_CHANGED)
def settle_working_hours(
    actor: Admin, bench: Bench, response: Response, seen: Seen, given: WorkingHours
) -> WorkingHours:
    """Save the working hours."""
    _settle(actor, bench, response, given, seen)
    return given


@router.get("/rates", responses=problems())
def rates(actor: Admin, bench: Bench, response: Response) -> Rates:
    """What an hour’s work costs."""
    return _told(actor, bench, response, Rates)


@router.put("/rates", responses=_CHANGED)
def settle_rates(actor: Admin, bench: Bench, response: Response, seen: Seen, given: Rates) -> Rates:
    """Save the hourly rates."""
    _settle(actor, bench, response, given, seen)
    return given


@router.get("/teams", responses=problems())
def teams(actor: Admin, bench: Bench, response: Response) -> Teams:
    """Teams, and the names under which logs know them."""
    return _told(actor, bench, response, Teams)


@router.put("/teams", responses=_CHANGED)
def settle_teams(actor: Admin, bench: Bench, response: Response, seen: Seen, given: Teams) -> Teams:
    """Save the teams; all sources are brought in again with them."""
    _settle(actor, bench, response, given, seen)
    return given


@router.get("/privacy", responses=problems())
def privacy(actor: Admin, bench: Bench, response: Response) -> Privacy:
    """What is shown of people."""
    return _told(actor, bench, response, Privacy)


@router.put("/privacy", responses=_CHANGED)
def settle_privacy(actor: Admin, bench: Bench, response: Response, seen: Seen, given: Privacy) -> Privacy:
    """Save what is shown of people; all sources are brought in again, and show nothing until they are."""
    _settle(actor, bench, response, given, seen)
    return given


def _told(actor: Actor, bench: SharedWorkbench, response: Response, kind: type[_Settled]) -> _Settled:
    settled = bench.setting(actor, kind)
    tag(response, settled.version)
    return settled.value


def _settle(actor: Actor, bench: SharedWorkbench, response: Response, given: Settlement, seen: int) -> None:
    tag(response, bench.settle(actor, given, based_on=seen))
