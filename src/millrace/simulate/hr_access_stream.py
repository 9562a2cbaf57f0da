"""The sample `hr-access` as a simulated stream: who asks for what, who does it, and where it goes then.

Its steps are stages of the export's life, finer than the steps of the template; `ENDS` says how each end is recorded.
"""

from collections.abc import Sequence
from datetime import date

from millrace.model.state import WaitReason
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.simulate import hr_access as case
from millrace.simulate.distribution import Distribution, constant, exponential, gamma, uniform
from millrace.simulate.sample_demand import odds, weekly_arrivals
from millrace.simulate.simulated_stream import (
    CANCELLED,
    VALUE,
    Crew,
    Demand,
    DrawnAttribute,
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

ENDS = {
    "Give up": ("Cancelled", case.SERVICE_DESK),
    "Withdraw": ("Cancelled", case.SERVICE_DESK),
    "Reject": ("Rejected", case.DATA_OWNER),
    "Close": ("Closed", case.SERVICE_DESK),
}
"""Stage at which a life ends → the status and team of its last row."""
RECORDED_AS = {"Awaiting review": "Awaiting approval"}
"""Statuses that the export does not tell from another."""
YES = ("yes",)


def hr_access_stream(starts_on: date, n_days: int, n_mean: float, holidays: Sequence[date]) -> SimulatedStream:
    """The stream, demanding `n_mean` requests over `n_days` days in the mean."""
    return SimulatedStream(
        "hr-access",
        Demand(
            weekly_arrivals(starts_on, n_days, n_mean, holidays, case.WEEKDAY_WEIGHTS, case.HOUR_WEIGHTS),
            attributes=_attributes(),
        ),
        (*_entry(), *_approval(), *_configuration(), *_delivery()),
        tuple(SimulatedTeam(team, (Crew(len(people)),)) for team, people in case.STAFF.items()),
    )


def _attributes() -> tuple[DrawnAttribute, ...]:
    standard = zip(case.STANDARD_ROLES, case.STANDARD_ROLE_WEIGHTS, strict=True)
    roles = {role: weight * (1 - case.PRIVILEGED_SHARE) for role, weight in standard}
    by_channel = zip(case.CHANNELS, case.INCOMPLETE_BY_CHANNEL, strict=True)
    return (
        DrawnAttribute("Channel", dict(zip(case.CHANNELS, case.CHANNEL_WEIGHTS, strict=True))),
        DrawnAttribute("Requested role", {**roles, case.PRIVILEGED_ROLE: case.PRIVILEGED_SHARE}),
        DrawnAttribute("Site", dict(zip(case.SITES, case.SITE_WEIGHTS, strict=True))),
        DrawnAttribute("Priority", dict(zip(case.PRIORITIES, case.PRIORITY_WEIGHTS, strict=True))),
        _yes("automated", case.AUTOMATED_SHARE),
        _yes("withdrawn", case.WITHDRAWN_SHARE),
        _yes("answers", case.ANSWERED_SURVEY_SHARE),
        *(DrawnAttribute("incomplete", odds(share), {"Channel": (channel,)}) for channel, share in by_channel),
        _yes("reopened", case.REOPENED_SHARE),
        DrawnAttribute("reopened", odds(case.REOPENED_SHARE_OF_INCOMPLETE), {"incomplete": YES}),
    )


def _entry() -> tuple[SimulatedStep, ...]:
    give_up = case.GIVE_UP_DAYS * 86_400.0
    return (
        SimulatedStep(
            "Submit",
            waits=(Wait(_minutes(case.ROUTING), WaitReason.QUEUE, status="Submitted"),),
            routes=(RouteRule((Way("Triage"),)),),
        ),
        _stage(
            "Triage",
            case.SERVICE_DESK,
            _minutes(case.TRIAGE),
            ("Assigned", "Triage in progress"),
            (Wait(_minutes(case.DESK_QUEUE), WaitReason.QUEUE, team=case.SERVICE_DESK, status="Assigned"),),
            (
                RouteRule((Way("Approve"),), {"incomplete": YES}, from_visit=2),
                RouteRule(
                    (Way("Ask", 1 - case.NEVER_ANSWERED_SHARE), Way("Give up", case.NEVER_ANSWERED_SHARE)),
                    {"incomplete": YES},
                ),
                RouteRule((Way("Approve"),)),
            ),
        ),
        SimulatedStep(
            "Ask", waits=(_asking(exponential(case.ANSWER * 60), _office()),), routes=(RouteRule((Way("Submit"),)),)
        ),
        SimulatedStep("Give up", waits=(_asking(constant(give_up), None),), routes=(RouteRule((Way(CANCELLED),)),)),
    )


def _approval() -> tuple[SimulatedStep, ...]:
    privileged = {"Requested role": (case.PRIVILEGED_ROLE,)}
    weekday, hour = case.APPROVAL_MEETING
    meeting = WorkCalendar(name="meeting", hours={WEEKDAYS[weekday]: f"{hour}:00-{hour + 1}:00"})  # type: ignore[dict-item]
    standard = {"Requested role": case.STANDARD_ROLES}
    usual = exponential(case.APPROVAL_QUEUE * 60)
    return (
        _stage(
            "Approve",
            case.DATA_OWNER,
            _minutes(case.REVIEW),
            ("Awaiting review", "Review in progress"),
            (
                # Who withdraws does so half-way through the wait.
                _approving(usual.scaled(0.5), _office(), {**standard, "withdrawn": YES}),
                _approving(usual, _office(), {**standard, "withdrawn": ("no",)}),
                _approving(uniform(1, 3599), meeting, privileged),
            ),
            (
                RouteRule((Way("Withdraw"),), {"withdrawn": YES}),
                RouteRule((Way("Configure", 1 - case.REJECTED_SHARE), Way("Reject", case.REJECTED_SHARE))),
            ),
            skipped_by={"withdrawn": YES},
        ),
        *(SimulatedStep(end, routes=(RouteRule((Way(CANCELLED),)),)) for end in ("Withdraw", "Reject")),
    )


def _configuration() -> tuple[SimulatedStep, ...]:
    queue, working = "Queued for configuration", "Configuration in progress"
    script, manual = {"automated": YES}, {"automated": ("no",)}
    by_script = Work(_minutes(case.SCRIPT_RUN), (case.AUTOMATION,), is_automated=True)
    by_hand = Work(_minutes(case.CONFIGURATION), (case.ACCESS_MANAGEMENT,))
    access_queue = exponential(case.ACCESS_QUEUE * 60)
    return (
        SimulatedStep(
            "Configure",
            work=(WorkRule((by_script,), script), WorkRule((by_hand,))),
            waits=(
                Wait(_minutes(case.SCRIPT_QUEUE), WaitReason.QUEUE, team=case.AUTOMATION, status=queue, where=script),
                Wait(
                    access_queue,
                    WaitReason.QUEUE,
                    calendar=_office(),
                    team=case.ACCESS_MANAGEMENT,
                    status=queue,
                    where=manual,
                ),
            ),
            routes=(RouteRule((Way("Deliver"),)),),
            queued_status=queue,
            working_status=working,
        ),
        _stage(
            "Deliver",
            case.SERVICE_DESK,
            _minutes(case.HANDOVER),
            ("Queued for handover", "Handover in progress"),
            (
                Wait(
                    _minutes(case.HANDOVER_QUEUE),
                    WaitReason.QUEUE,
                    team=case.SERVICE_DESK,
                    status="Queued for handover",
                ),
            ),
            (RouteRule((Way("Close"),), from_visit=2), RouteRule((Way("Use"),), {"reopened": YES}), _on("Close")),
        ),
    )


def _delivery() -> tuple[SimulatedStep, ...]:
    stays = case.CLOSED_AFTER_HOURS * 3600.0
    complaint = WorkRule((Work(_minutes(case.COMPLAINT), (case.SERVICE_DESK,)),))
    return (
        SimulatedStep("Use", waits=(_fulfilled(_minutes(case.NOTICING), stays),), routes=(_on("Complain"),)),
        SimulatedStep("Complain", work=(complaint,), routes=(_on("Configure"),), working_status="Reopened"),
        SimulatedStep(
            "Close",
            waits=(
                _fulfilled(_minutes(case.SURVEY), stays, YES),
                _fulfilled(constant(stays), stays, ("no",)),
            ),
            routes=(RouteRule((Way(VALUE),)),),
        ),
    )


def _stage(
    name: str,
    team: str,
    time: Distribution,
    statuses: tuple[str, str],
    waits: tuple[Wait, ...],
    routes: tuple[RouteRule, ...],
    skipped_by: dict[str, tuple[str, ...]] | None = None,
) -> SimulatedStep:
    work = WorkRule((Work(time, (team,)),))
    return SimulatedStep(
        name,
        work=(WorkRule((), skipped_by), work) if skipped_by else (work,),
        routes=routes,
        waits=waits,
        queued_status=statuses[0],
        working_status=statuses[1],
    )


def _on(to: str) -> RouteRule:
    return RouteRule((Way(to),))


def _asking(time: Distribution, calendar: WorkCalendar | None) -> Wait:
    return Wait(time, WaitReason.REQUESTER, calendar=calendar, team=case.SERVICE_DESK, status="Awaiting user info")


def _approving(time: Distribution, calendar: WorkCalendar, where: Where) -> Wait:
    return Wait(
        time,
        WaitReason.APPROVAL,
        calendar=calendar,
        team=case.DATA_OWNER,
        status="Awaiting approval",
        where=where,
    )


def _fulfilled(time: Distribution, at_most_seconds: float, answers: tuple[str, ...] | None = None) -> Wait:
    return Wait(
        time,
        WaitReason.CLOSING,
        at_most_seconds=at_most_seconds,
        team=case.SERVICE_DESK,
        status="Fulfilled",
        where={} if answers is None else {"answers": answers},
    )


def _minutes(mean: float) -> Distribution:
    """Gamma of shape 2."""
    return gamma(mean * 60, 0.5**0.5)


def _office() -> WorkCalendar:
    hours = f"{case.OFFICE_OPENS:02}:00-{case.OFFICE_CLOSES:02}:00"
    return WorkCalendar(name="office", hours=dict.fromkeys(WEEKDAYS[:5], hours))  # type: ignore[arg-type]


def _yes(name: str, share: float) -> DrawnAttribute:
    return DrawnAttribute(name, odds(share))
