"""Business hours, held against a walk that looks at the clock on the wall minute by minute."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import DAY, DESK, HOUR, hour

from millrace.flow.flow import Flow
from millrace.flow.lead_time import lead_time
from millrace.flow.step_measures import step_measures
from millrace.flow.summary import Clock
from millrace.flow.time_by_state import time_by_state
from millrace.flow.time_to_close import time_to_close
from millrace.flow.work_time import business_durations, work_clock
from millrace.model.duration import show_duration
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar

MINUTE = 60_000_000


def daily(
    hours: str, zone: str = "UTC", holidays: tuple[date, ...] = (), days: tuple[str, ...] = WEEKDAYS
) -> WorkCalendar:
    return WorkCalendar.model_validate({"zone": zone, "hours": dict.fromkeys(days, hours), "holidays": holidays})


OFFICE = daily("09:00-12:00, 13:00-17:00", "Europe/Amsterdam", (date(2024, 4, 1),), WEEKDAYS[:5])
NIGHT = daily("00:00-06:00, 22:00-24:00", "Europe/Amsterdam")
WITHIN_THE_CHANGE = daily("01:30-02:30", "Europe/Amsterdam")
ALWAYS = daily("00:00-24:00", "Europe/Amsterdam")
HALF_HOUR_ZONE = daily("09:30-18:00", "Asia/Kolkata", (date(2024, 10, 28),), WEEKDAYS[:6])
HALF_HOUR_CHANGE = daily("01:00-03:00, 08:00-16:00", "Australia/Lord_Howe")
MIDNIGHT_CHANGE = daily("00:00-02:00, 22:00-24:00", "America/Asuncion")
CALENDARS = (OFFICE, NIGHT, WITHIN_THE_CHANGE, ALWAYS, HALF_HOUR_ZONE, HALF_HOUR_CHANGE, MIDNIGHT_CHANGE)
CHANGES = ("2024-03-29", "2024-10-25", "2024-04-05", "2024-10-04", "2024-03-22")
"""Fridays before clocks change in the zones above."""


def instant(text: str, zone: str = "UTC") -> int:
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return int(local.timestamp()) * 1_000_000


def business(calendar: WorkCalendar, began_at: int, ended_at: int) -> int:
    clock = work_clock([calendar], began_at, ended_at)
    spans = np.zeros(1, np.int64), np.array([began_at], np.int64), np.array([ended_at], np.int64)
    return int(business_durations(clock, *spans)[0])


def walked(calendar: WorkCalendar, began_at: int, ended_at: int) -> int:
    """Count the minutes at which the wall clock shows working time of a working day."""
    zone, n = ZoneInfo(calendar.zone), 0
    for at in range(began_at, ended_at, MINUTE):
        wall = datetime.fromtimestamp(at / 1e6, UTC).astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        periods = calendar.hours.get(WEEKDAYS[wall.weekday()], ())
        n += wall.date() not in calendar.holidays and any(begin <= minute < end for begin, end in periods)
    return n * MINUTE


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.zone)
@pytest.mark.parametrize("friday", CHANGES)
def test_business_hours_are_what_the_clock_on_the_wall_says(calendar: WorkCalendar, friday: str) -> None:
    began_at = instant(friday)

    assert business(calendar, began_at, began_at + 4 * DAY) == walked(calendar, began_at, began_at + 4 * DAY)


@given(st.sampled_from(CALENDARS), st.sampled_from(CHANGES), st.integers(0, 5 * 1440), st.integers(0, 2 * 1440))
@settings(max_examples=60, deadline=None)
def test_business_hours_of_any_span_are_what_the_clock_on_the_wall_says(
    calendar: WorkCalendar, friday: str, begin: int, length: int
) -> None:
    began_at = instant(friday) + begin * MINUTE
    ended_at = began_at + length * MINUTE

    assert business(calendar, began_at, ended_at) == walked(calendar, began_at, ended_at)


@given(
    st.sampled_from(CALENDARS),
    st.lists(st.integers(instant("2023-12-30"), instant("2025-01-03")), min_size=3, max_size=3).map(sorted),
)
@settings(max_examples=60, deadline=None)
def test_business_time_of_neighbours_adds_up_to_the_microsecond(calendar: WorkCalendar, instants: list[int]) -> None:
    clock = work_clock([calendar], instants[0], instants[2])
    own = np.zeros(3, np.int64)
    began_at, ended_at = np.array([instants[0], instants[1], instants[0]]), np.array([*instants[1:], instants[2]])

    first, second, whole = business_durations(clock, own, began_at, ended_at)

    assert first + second == whole
    assert 0 <= first <= instants[1] - instants[0]


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    spring, autumn = instant("2024-03-30T22:00", OFFICE.zone), instant("2024-10-26T22:00", OFFICE.zone)

    assert business(NIGHT, spring, instant("2024-03-31T06:00", NIGHT.zone)) == 7 * HOUR
    assert business(NIGHT, autumn, instant("2024-10-27T06:00", NIGHT.zone)) == 9 * HOUR


def test_a_holiday_is_no_working_day() -> None:
    thursday, tuesday = instant("2024-03-28T17:00", OFFICE.zone), instant("2024-04-02T09:00", OFFICE.zone)

    assert business(OFFICE, thursday, tuesday) == 7 * HOUR


def test_a_span_outside_all_hours_takes_no_business_time() -> None:
    assert business(OFFICE, instant("2024-03-30"), instant("2024-04-01")) == 0


def test_calendars_lie_end_to_end_without_touching_each_other() -> None:
    began_at, ended_at = instant("2024-03-29"), instant("2024-04-03")
    clock = work_clock(CALENDARS, began_at, ended_at)
    numbers = np.arange(len(CALENDARS), dtype=np.int64)
    edges = (np.full(len(CALENDARS), edge, np.int64) for edge in (began_at, ended_at))

    found = business_durations(clock, numbers, *edges).tolist()

    assert found == [business(calendar, began_at, ended_at) for calendar in CALENDARS]


@pytest.mark.parametrize("year", [1900, 2100])
def test_business_hours_hold_in_far_years(year: int) -> None:
    began_at = instant(f"{year}-06-01")
    calendar = daily("09:00-17:00")

    assert business(calendar, began_at, began_at + DAY) == 8 * HOUR


OFFICE_UTC = WorkCalendar(hours=dict.fromkeys(WEEKDAYS[:5], ((540, 1020),)))
LATE_UTC = WorkCalendar(hours=dict.fromkeys(WEEKDAYS, ((1020, 1440),)))


def test_lead_time_is_read_on_both_clocks(desk: Callable[..., Flow]) -> None:
    flow = desk(
        DESK.model_copy(update={"calendar": OFFICE_UTC}),
        a=[(16, "New"), (32, "In progress"), (34, "Resolved"), (82, "Closed")],
    )

    elapsed, worked = (lead_time(flow, clock=clock).groups[""] for clock in Clock)
    close = time_to_close(flow, clock=Clock.BUSINESS).groups[""]

    assert elapsed.total_seconds == 18 * 3600
    assert worked.total_seconds == 2 * 3600
    assert close.total_seconds == (2 + 7 + 8) * 3600 + 1 * 3600


def test_thirty_two_hours_of_an_eight_hour_day_read_as_four_days(desk: Callable[..., Flow]) -> None:
    flow = desk(
        DESK.model_copy(update={"calendar": OFFICE_UTC}), a=[(9, "New"), (10, "In progress"), (9 + 4 * 24, "Resolved")]
    )

    worked = lead_time(flow, clock=Clock.BUSINESS).groups[""].total_seconds

    assert worked == 32 * 3600
    assert show_duration(worked, hours_per_day=OFFICE_UTC.hours_per_day) == "4 d"


def test_each_team_works_by_its_own_calendar(desk: Callable[..., Flow]) -> None:
    stream = DESK.model_copy(update={"calendar": OFFICE_UTC, "team_calendars": {"Late": LATE_UTC}})
    flow = desk(
        stream,
        a=[(9, "New", {"team": "Day"}), (15, "In progress", {"team": "Late"}), (19, "Resolved", {"team": "Late"})],
    )

    pieces = {piece.state: piece.seconds for piece in time_by_state(flow, clock=Clock.BUSINESS).pieces}

    assert pieces["new"] == 6 * 3600
    assert pieces["active"] == 2 * 3600


def test_business_times_of_steps_add_up_to_business_lead_time(desk: Callable[..., Flow]) -> None:
    stream = DESK.model_copy(update={"calendar": OFFICE_UTC, "team_calendars": {"Late": LATE_UTC}})
    flow = desk(
        stream,
        a=[(9, "New", {"team": "Day"}), (15, "In progress", {"team": "Late"}), (20, "Resolved", {"team": "Late"})],
    )

    steps: list[Any] = [step.lead_time.total_seconds for step in step_measures(flow, clock=Clock.BUSINESS)]

    assert sum(steps) == lead_time(flow, clock=Clock.BUSINESS).groups[""].total_seconds


def test_a_minute_of_a_calendar_is_not_lost_in_a_leap_of_days() -> None:
    began_at = instant("2024-02-28T23:59")

    assert business(ALWAYS, began_at, began_at + int(timedelta(days=2) / timedelta(microseconds=1))) == 2 * DAY


def test_hours_by_hand_count_from_a_monday() -> None:
    assert datetime.fromtimestamp(hour(0) / 1e6, UTC).weekday() == 0
