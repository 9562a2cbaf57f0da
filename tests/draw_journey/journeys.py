"""Journeys made by hand: an incident that bounces, and a call that waits for an incident and a change."""

from datetime import UTC, datetime, timedelta

from millrace.draw.journey.journey_picture import JourneyPicture, journey_picture
from millrace.flow.journey import Journey, JourneyRecord, JourneySpan
from millrace.model.state import Fidelity, Side, State, WaitReason
from millrace.model.work_calendar import WorkCalendar

MONDAY = datetime(2024, 5, 6, 9, tzinfo=UTC)
HOURS = WorkCalendar(zone="Europe/Amsterdam", assumed=True)


def hour(n: float) -> datetime:
    return MONDAY + timedelta(hours=n)


def span(
    began: float,
    ended: float,
    state: State,
    team: str | None = "Desk",
    *,
    record: int = 0,
    side: Side = Side.PROVIDER,
    reason: WaitReason = WaitReason.NONE,
    person: str | None = None,
    step: str = "Handle",
    before_value: bool = True,
) -> JourneySpan:
    return JourneySpan(
        hour(began), hour(ended), record, step, state, reason, side, Fidelity.MEASURED, team, person, before_value
    )


def journey(
    *spans: JourneySpan,
    value: float | None,
    key: str = "INC1",
    records: tuple[JourneyRecord, ...] | None = None,
    last_state: State = State.DONE,
) -> Journey:
    value_at = None if value is None else hour(value)
    alone = (JourneyRecord(key, None, 0, None, value_at, 1, spans),)
    return Journey(key, spans[0].began_at, value_at, spans[-1].ended_at, last_state, records or alone, spans)


def bounced() -> Journey:
    """Desk, network, desk again; a wait for the requester; a closing tail of a day."""
    return journey(
        span(0, 2, State.NEW, reason=WaitReason.QUEUE),
        span(2, 3, State.ACTIVE, person="Ann"),
        span(3, 10, State.WAITING, "Network", reason=WaitReason.QUEUE),
        span(10, 11, State.ACTIVE, "Network", person="Bo"),
        span(11, 11, State.ACTIVE, "Desk"),
        span(11, 19, State.WAITING, "Desk", side=Side.REQUESTER, reason=WaitReason.REQUESTER),
        span(19, 20, State.ACTIVE, "Desk", person="Ann"),
        span(20, 44, State.DONE, "Desk", reason=WaitReason.CLOSING, before_value=False),
        value=20,
    )


def across() -> Journey:
    """A call whose incident waits for a change."""
    call = span(0, 30, State.WAITING, None, side=Side.REQUESTER)
    incident = (
        span(1, 8, State.ACTIVE, "Network", record=1),
        span(8, 26, State.WAITING, "Network", record=1, reason=WaitReason.SUPPLIER),
        span(26, 30, State.ACTIVE, "Network", record=1),
    )
    change = (
        span(8, 20, State.WAITING, "Changes", record=2, reason=WaitReason.SCHEDULE),
        span(20, 26, State.ACTIVE, "Changes", record=2),
    )
    records = (
        JourneyRecord("SD1", "interaction", 0, None, hour(30), 1, (call,)),
        JourneyRecord("IM1", "incident", 1, 0, hour(30), 40, incident),
        JourneyRecord("C1", "change", 2, 1, hour(26), 1, change),
    )
    waited = (
        span(0, 1, State.WAITING, None, side=Side.REQUESTER),
        incident[0],
        *change,
        incident[2],
    )
    return journey(*waited, value=30, key="SD1", records=records)


def picture(of: Journey) -> JourneyPicture:
    return journey_picture(of, HOURS)
