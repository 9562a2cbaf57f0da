"""The sample `incidents` as a simulated stream: who demands what, who works on it, and where it goes then."""

from collections.abc import Mapping, Sequence
from datetime import date

from millrace.model.state import Side, WaitReason
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.simulate import incidents as case
from millrace.simulate.distribution import Distribution, constant, exponential, gamma
from millrace.simulate.sample_demand import odds, weekly_arrivals
from millrace.simulate.simulated_stream import (
    CANCELLED,
    VALUE,
    Crew,
    Demand,
    DrawnAttribute,
    Place,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Wait,
    Way,
    Where,
    Work,
    WorkRule,
)

ENDS = {"Withdraw": ("Cancelled", case.SERVICE_DESK), "Close": ("Closed", case.SERVICE_DESK)}
"""Stage at which a life ends → the status and team of its last row."""
ASSIGNED, WORKING = "Assigned", "In progress"
YES = ("yes",)


def incidents_stream(starts_on: date, n_days: int, n_mean: float, holidays: Sequence[date]) -> SimulatedStream:
    """The stream, demanding `n_mean` incidents over `n_days` days in the mean."""
    arrivals = weekly_arrivals(starts_on, n_days, n_mean, holidays, case.WEEKDAY_WEIGHTS, case.HOUR_WEIGHTS)
    return SimulatedStream(
        "incidents",
        Demand(arrivals, attributes=_attributes()),
        (*_first_line(), *_higher_lines(), *_ending()),
        tuple(SimulatedTeam(team, (Crew(len(people)),)) for team, people in case.STAFF.items()),
    )


def _attributes() -> tuple[DrawnAttribute, ...]:
    return (
        DrawnAttribute("Channel", case.CHANNELS),
        DrawnAttribute("Category", case.CATEGORIES),
        DrawnAttribute("Priority", case.PRIORITIES),
        DrawnAttribute("Site", case.SITES),
        DrawnAttribute("withdrawn", odds(case.WITHDRAWN_SHARE)),
        DrawnAttribute("reopened", odds(case.REOPENED_SHARE)),
        *(_of("missing", "Channel", case.MISSING_BY_CHANNEL)),
        *(_of("simple", "Category", case.FIRST_LINE_RESOLVES)),
        *(_of("deep", "Category", case.THIRD_LINE_NEEDED)),
    )


def _of(name: str, by: str, shares: Mapping[str, float]) -> tuple[DrawnAttribute, ...]:
    """An attribute that is drawn with other odds for each value of another one."""
    return tuple(DrawnAttribute(name, odds(share), {by: (value,)}) for value, share in shares.items())


def _first_line() -> tuple[SimulatedStep, ...]:
    desk = case.SERVICE_DESK
    return (
        _stage(
            "Record", desk, case.RECORDING, [_queue(case.DESK_QUEUE, desk, "New")],
            [RouteRule((Way("Withdraw"),), {"withdrawn": YES}), _on("First line")],
            statuses=("New", "Triage in progress"),
        ),
        SimulatedStep("Withdraw", routes=(_on(CANCELLED),)),
        _stage(
            "First line", desk, case.FIRST_WORK, [_queue(case.FIRST_QUEUE, desk, ASSIGNED), _asking(desk)],
            [RouteRule((Way("Confirm"),), {"simple": YES}), _on("Second line")],
        ),
    )  # fmt: skip


def _higher_lines() -> tuple[SimulatedStep, ...]:
    second, third = case.SECOND_LINE, case.SPECIALISTS
    supplier = Wait(
        exponential(case.SUPPLIER * 60), WaitReason.SUPPLIER, case.SUPPLIER_SHARE, Side.SUPPLIER, Place.AFTER_WORK,
        _office(), team=third, status="Awaiting supplier",
    )  # fmt: skip
    return (
        _stage(
            "Second line", second, case.SECOND_WORK, [*_queues(case.SECOND_QUEUE, second), _asking(second)],
            [
                RouteRule((Way("Third line"),), {"deep": YES}, from_visit=2),
                RouteRule((Way("Confirm"),), from_visit=2),
                RouteRule((Way("First line"),), {"missing": YES}),
                RouteRule((Way("Third line"),), {"deep": YES}),
                _on("Confirm"),
            ],
        ),
        _stage(
            "Third line", third, case.THIRD_WORK, [*_queues(case.THIRD_QUEUE, third), supplier],
            [
                RouteRule((Way("Confirm"),), from_visit=2),
                RouteRule((Way("Confirm", 1 - case.NOT_OURS_SHARE), Way("Second line", case.NOT_OURS_SHARE))),
            ],
        ),
    )  # fmt: skip


def _ending() -> tuple[SimulatedStep, ...]:
    desk, stays = case.SERVICE_DESK, case.STAYS_RESOLVED_DAYS * 86_400.0
    confirmation = Wait(
        exponential(case.CONFIRMATION * 60), WaitReason.REQUESTER, case.CONFIRMED_BY_USER_SHARE, Side.REQUESTER,
        calendar=_office(), team=desk, status="Awaiting confirmation",
    )  # fmt: skip
    complaint = WorkRule((Work(_minutes(case.COMPLAINT), (desk,)),))
    return (
        _stage(
            "Confirm", desk, case.CONFIRMING, [_queue(case.CONFIRM_QUEUE, desk, "Queued for call back"), confirmation],
            [RouteRule((Way("Close"),), from_visit=2), RouteRule((Way("Use"),), {"reopened": YES}), _on("Close")],
            statuses=("Queued for call back", "Confirmation in progress"),
        ),
        SimulatedStep("Use", waits=(_resolved(exponential(case.COMES_BACK_HOURS * 3600)),), routes=(_on("Complain"),)),
        SimulatedStep("Complain", work=(complaint,), routes=(_on("First line"),), working_status="Reopened"),
        SimulatedStep("Close", waits=(_resolved(constant(stays)),), routes=(_on(VALUE),)),
    )  # fmt: skip


def _stage(
    name: str,
    team: str,
    minutes: float,
    waits: Sequence[Wait],
    routes: Sequence[RouteRule],
    statuses: tuple[str, str] = (ASSIGNED, WORKING),
) -> SimulatedStep:
    return SimulatedStep(
        name,
        work=(WorkRule((Work(_minutes(minutes), (team,)),)),),
        routes=tuple(routes),
        waits=tuple(waits),
        queued_status=statuses[0],
        working_status=statuses[1],
    )


def _on(to: str) -> RouteRule:
    return RouteRule((Way(to),))


def _queue(minutes: float, team: str, status: str, where: Where | None = None, *, in_office: bool = False) -> Wait:
    calendar = _office() if in_office else None
    return Wait(
        exponential(minutes * 60), WaitReason.QUEUE, calendar=calendar, team=team, status=status, where=where or {}
    )


def _queues(minutes: Mapping[str, float], team: str) -> list[Wait]:
    """The urgent are taken at any hour, the others in office hours."""
    return [
        _queue(mean, team, ASSIGNED, {"Priority": (priority,)}, in_office=priority != case.CRITICAL)
        for priority, mean in minutes.items()
    ]


def _asking(team: str) -> Wait:
    return Wait(
        exponential(case.ANSWER * 60), WaitReason.REQUESTER, case.ASKED_SHARE, Side.REQUESTER, Place.AFTER_WORK,
        _office(), team=team, status="Awaiting user",
    )  # fmt: skip


def _resolved(time: Distribution) -> Wait:
    return Wait(time, WaitReason.CLOSING, team=case.SERVICE_DESK, status="Resolved")


def _minutes(mean: float) -> Distribution:
    """Gamma of shape 2."""
    return gamma(mean * 60, 0.5**0.5)


def _office() -> WorkCalendar:
    hours = f"{case.OFFICE_OPENS:02}:00-{case.OFFICE_CLOSES:02}:00"
    return WorkCalendar(name="service hours", hours=dict.fromkeys(WEEKDAYS[:5], hours))  # type: ignore[arg-type]
