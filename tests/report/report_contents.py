"""Contents to write reports from: a rich one, the least one, and one whose log has ends only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from millrace.diagnose.findings.finding import (
    Bar,
    Bars,
    Certainty,
    Figure,
    Finding,
    Findings,
    Interval,
    Place,
    Stake,
    Unit,
)
from millrace.draw.charts.chart import TableTwin
from millrace.draw.charts.wording import Noun
from millrace.eventlog.readiness import (
    ClassifiedTime,
    Computability,
    MeasureReadiness,
    Readiness,
    RowRemark,
    Verdict,
)
from millrace.eventlog.schema import Shape
from millrace.flow.closing_tail import ClosingTail
from millrace.flow.cost import Cost
from millrace.flow.cumulative_flow import CumulativeFlow
from millrace.flow.handoffs import Bounces, Handoffs, TeamPair
from millrace.flow.lead_time import Delivered, LeadTimes
from millrace.flow.rework import Rework
from millrace.flow.step_measures import StepMeasures
from millrace.flow.summary import Absent, Clock, DurationSummary, LeftOut, Quantile, Share
from millrace.flow.survival import LeadTimeSurvival
from millrace.flow.team_time import TeamTime
from millrace.flow.time_by_state import TimeByState, TimeInState
from millrace.flow.trend import Trend, TrendPoint
from millrace.flow.variants import Variant, Variants
from millrace.flow.work_item_age import AgeingWork, OpenItem, StepAges
from millrace.model.state import Side, State, WaitReason
from millrace.report.content import (
    DurationMeasure,
    LogFacts,
    MapDrawing,
    ReportContent,
    ShareMeasure,
)

BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
HOUR, DAY = 3600.0, 86_400.0
ENDS_ONLY = Absent("the log gives ends only, so it cannot tell work from waiting")
NOTHING = DurationSummary(0, None, None, None, None, None, 0.0)
MAP = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 300" role="img"><title>Map</title></svg>'


def summary(n: int, p50: float, p85: float, p95: float) -> DurationSummary:
    def quantile(seconds: float) -> Quantile:
        return Quantile(seconds, seconds * 0.9, seconds * 1.1)

    return DurationSummary(n, p50 * 1.3, quantile(p50), quantile(p85), quantile(p95), p95 * 3, n * p50 * 1.3)


WHOLE = summary(180, 20 * HOUR, 3 * DAY, 9 * DAY)
BUSINESS = summary(180, 7 * HOUR, 16 * HOUR, 32 * HOUR)


def lead_times(whole: DurationSummary, clock: Clock = Clock.ELAPSED) -> LeadTimes:
    left_out = (LeftOut("not delivered by the end of the log", 12),)
    return LeadTimes(None, clock, "the first event", "the start of the last Resolved", {"": whole}, left_out)


def trend(measure: str, unit: str, base: float) -> Trend:
    points = tuple(
        TrendPoint(BEGAN + timedelta(weeks=week), 15, base * (4 if week == 7 else 1 + week % 3 / 5), week == 7)
        for week in range(12)
    )
    return Trend(measure, unit, points, base * 1.4, base * 0.4, base * 2.6)


def step(name: str, *, process_time: DurationSummary | Absent) -> StepMeasures:
    return StepMeasures(
        step=name,
        n_visits=210,
        n_items=180,
        visits_per_month=70.0,
        lead_time=summary(210, 5 * HOUR, 9 * HOUR, 2 * DAY),
        process_time=process_time,
        wait_time=summary(210, 4 * HOUR, 8 * HOUR, 2 * DAY),
        queue_time=process_time,
        delay=Share(42.0, 100.0),
        rework=Share(30, 210),
        complete_and_accurate=Share(170, 180),
        automation=Absent("the log does not say what is automated"),
        n_open=7,
        mean_in_step=6.2,
        people=None,
        main_team="Service Desk",
        team_share=Share(190, 210),
        handed_off=Share(60, 210),
    )


def spent(*parts: tuple[State, float]) -> TimeByState:
    pieces = tuple(TimeInState(state, WaitReason.NONE, Side.PROVIDER, True, seconds) for state, seconds in parts)
    return TimeByState(Clock.ELAPSED, pieces)


def readiness() -> Readiness:
    return Readiness(
        n_rows_read=1204,
        n_rows_kept=1200,
        n_rows_repaired=23,
        n_rows_refused=4,
        remarks=(
            RowRemark(
                kind="unreadable_time",
                verdict=Verdict.REFUSED,
                n_rows=4,
                sentence="The time could not be read",
                examples=("line 12: “31/13/2026”", "line 40: “<img src=x>”"),
            ),
        ),
        measures=(
            MeasureReadiness(measure="lead_time", computability=Computability.COMPUTABLE),
            MeasureReadiness(
                measure="automation_share",
                computability=Computability.NOT_COMPUTABLE,
                sentence="Nothing says what a machine did",
                missing=("is_automated",),
            ),
        ),
        classified_time=(
            ClassifiedTime(
                label="Awaiting approval",
                state="waiting",
                wait_reason="approval",
                side="provider",
                n_events=90,
                share_of_time_ratio=0.412,
                sureness_ratio=0.9,
                is_given=False,
                why="it awaits an approval",
            ),
        ),
    )


def rich() -> ReportContent:
    """A log with everything, and names that a careless page would stumble over."""
    days = tuple(BEGAN + timedelta(days=day) for day in range(90))
    teams = ("<script>alert('team')</script>", "فريق الدعم", "Desk 🚑")
    return ReportContent(
        title="Access & entitlement",
        log=LogFacts("requests <2026>.csv", Shape.STATUS_LOG, 192, 1200, BEGAN, BEGAN + timedelta(days=90)),
        readiness=readiness(),
        lead_times=lead_times(WHOLE),
        noun=Noun("request", "requests"),
        business_lead_times=lead_times(BUSINESS, Clock.BUSINESS),
        calendar_words="Monday to Friday, 9:00 to 17:00, UTC",
        calendar_is_assumed=True,
        map=MapDrawing(MAP, TableTwin(("Step", "Team"), (("Approve", "HR <owner>"),))),
        durations=(
            DurationMeasure(
                "lead time",
                "How long from demand until the stakeholder has the value",
                "requests delivered in the period",
                "the first event",
                "the start of the last Resolved",
                WHOLE,
                BUSINESS,
                (LeftOut("not delivered by the end of the log", 12),),
            ),
            DurationMeasure("process time", "Time at work.", "all", "", "", ENDS_ONLY, ENDS_ONLY),
        ),
        shares=(
            ShareMeasure("flow efficiency", "Process time ÷ lead time", "time", Share(10.4, 100.0)),
            ShareMeasure("rework", "Visited again", "requests", Share(9, 180)),
            ShareMeasure("automation", "Done by machines", "visits", Absent("nothing says what a machine did")),
        ),
        flow_efficiency=Share(10.4 * DAY, 100 * DAY),
        survival=LeadTimeSurvival(180, 12, 21 * HOUR, 4 * DAY, None, "Old work is still open."),
        delivered=tuple(
            Delivered(f"REQ{at}", BEGAN + timedelta(hours=11 * at), (at * 7 % 50 + 1) * HOUR) for at in range(180)
        ),
        lead_time_trend=trend("median lead time", "seconds", 20 * HOUR),
        throughput_trend=trend("throughput", "items", 15.0),
        cumulative_flow=CumulativeFlow(
            days, ("Delivered", "Approve"), (tuple(range(0, 180, 2)), tuple(5 + day % 4 for day in range(90)))
        ),
        ageing=AgeingWork(
            days[-1],
            (StepAges("Approve", HOUR, 5 * HOUR, DAY, 2 * DAY),),
            tuple(OpenItem(f"REQ9{at}", "Approve", "waiting", at * DAY, BEGAN) for at in range(1, 13)),
        ),
        time_by_state=spent((State.ACTIVE, 12 * DAY), (State.WAITING, 40 * DAY), (State.DONE, 9 * DAY)),
        team_time=TeamTime(teams, ("active", "waiting: approval"), ((DAY, 2 * DAY), (3.0, 4 * DAY), (0.0, HOUR))),
        handoffs=Handoffs(30, 22, (TeamPair(teams[0], teams[1], 21), TeamPair(teams[1], teams[2], 9))),
        steps=(step("Approve", process_time=ENDS_ONLY), step("Deliver", process_time=summary(9, HOUR, DAY, DAY))),
        variants=Variants(4, (Variant(("Submitted", "Approved", "Resolved"), 100, DAY),), 192),
        closing_tail=ClosingTail(summary(180, 2 * DAY, 3 * DAY, 4 * DAY), Share(31.0, 100.0)),
        rework=Rework(Share(9, 180), 4, 5, Share(DAY, 50 * DAY), Share(165, 180), Share(170, 180)),
        bounces=Bounces(8, 5, 6),
        cost=Cost(9000.0, 50.0, 180, Share(90, 100)),
        currency="EUR",
        targets={"lead_time": "85 % within 2 days"},
        made_at=datetime(2026, 4, 6, tzinfo=UTC),
        findings=some_findings(),
    )


def some_findings() -> Findings:
    """Two findings: one at a step, with an interval and a price; one everywhere, tested, without a picture."""
    none = np.empty(0, np.int64)
    share = Figure("share of time", 0.46, Unit.RATIO, "Waiting of all time", 192)
    stake = Stake(612.4, 700.0, 0.31, 18_000.0)
    picture = Bars("Wait", Unit.SECONDS, "mean", (Bar("<Data> & “owner”", DAY, 9, True), Bar("others", HOUR, 90)))
    at_step = Finding(
        "approval_wait-0a1b2c", "approval_wait", "Approval wait", Place(step="Approve"), "Approval is <46 %> & more.",
        (share,), Certainty(interval=Interval(0.4, 0.5)), stake, ("waiting",), ("deputies_approve",), 120, none, none,
        "Approve", picture,
    )  # fmt: skip
    everywhere = replace(
        at_step, id="rework-0a1b2c", place=Place(), certainty=Certainty(0.0004), main_step=None, picture=None,
        stake=Stake(10.0, 10.0, 0.01, Absent("no rates are given")), title="Rework",
    )  # fmt: skip
    return Findings((at_step, everywhere), 20_000.0, 10.0, 40, 0.05, {})


def least() -> ReportContent:
    """A log with one item that has one event: nothing was delivered, nothing else is known."""
    return ReportContent(
        title="Stream",
        log=LogFacts("tiny.csv", Shape.STATUS_LOG, 1, 1, BEGAN, BEGAN),
        readiness=Readiness(n_rows_read=1, n_rows_kept=1, n_rows_repaired=0, n_rows_refused=0),
        lead_times=LeadTimes(None, Clock.ELAPSED, "the first event", "done", {"": NOTHING}, ()),
    )


def one_delivered() -> ReportContent:
    """One item, delivered: no interval, no trend, one day."""
    whole = DurationSummary(1, HOUR, Quantile(HOUR), Quantile(HOUR), Quantile(HOUR), HOUR, HOUR)
    lone = replace(rich().lead_times, groups={"": whole})
    day = (BEGAN + timedelta(days=1),)
    return replace(
        least(),
        lead_times=lone,
        delivered=(Delivered("1", BEGAN, HOUR),),
        lead_time_trend=Trend("median lead time", "seconds", (TrendPoint(BEGAN, 1, HOUR, False),), None, None, None),
        throughput_trend=Trend("throughput", "items", (TrendPoint(BEGAN, 1, 1.0, False),), None, None, None),
        cumulative_flow=CumulativeFlow(day, ("Delivered", "Work"), ((1,), (0,))),
        ageing=AgeingWork(BEGAN, (StepAges("Work", HOUR, HOUR, HOUR, HOUR),), ()),
        time_by_state=spent((State.ACTIVE, HOUR)),
        variants=Variants(1, (Variant(("Work", "Done"), 1, HOUR),), 1),
        closing_tail=ClosingTail(DurationSummary(1, 0, Quantile(0), Quantile(0), Quantile(0), 0, 0), Share(0, HOUR)),
        survival=LeadTimeSurvival(1, 0, HOUR, HOUR, HOUR, None),
    )


def ends_only() -> ReportContent:
    """An activity log with ends only and without teams."""
    return replace(
        rich(),
        flow_efficiency=ENDS_ONLY,
        team_time=Absent("the log names no teams"),
        handoffs=Absent("the log names no teams"),
        bounces=Absent("the log names no teams"),
        cost=Absent("no rates are given"),
        time_by_state=spent((State.UNKNOWN, 60 * DAY)),
    )


CONTENTS = {"rich": rich(), "least": least(), "one_delivered": one_delivered(), "ends_only": ends_only()}
