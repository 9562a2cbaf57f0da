"""When something is due again, also where clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millrace.govern.rhythm import Every, Rhythm

NIGHTLY = Rhythm(every=Every.DAY, at="02:30", zone="Europe/Berlin")


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def test_a_daily_job_is_due_at_its_time_on_the_wall() -> None:
    assert NIGHTLY.next_after(utc("2026-01-10T12:00")) == utc("2026-01-11T01:30")
    assert NIGHTLY.next_after(utc("2026-07-10T12:00")) == utc("2026-07-11T00:30")


def test_a_time_that_is_left_out_in_spring_is_due_a_day_after_the_one_before() -> None:
    """On 29 March 2026 the clock shows 03:30 where 02:30 would have been."""
    assert NIGHTLY.next_after(utc("2026-03-28T12:00")) == utc("2026-03-29T01:30")
    assert NIGHTLY.next_after(utc("2026-03-29T01:30")) == utc("2026-03-30T00:30")


def test_a_time_that_is_shown_twice_in_autumn_is_due_once() -> None:
    """On 25 October 2026 02:30 comes twice in Berlin: at 00:30 and 01:30 UTC."""
    assert NIGHTLY.next_after(utc("2026-10-24T12:00")) == utc("2026-10-25T00:30")
    assert NIGHTLY.next_after(utc("2026-10-25T00:30")) == utc("2026-10-26T01:30")


def test_minutes_count_from_midnight() -> None:
    assert Rhythm(every=Every.MINUTES, minutes=15).next_after(utc("2026-01-10T12:07")) == utc("2026-01-10T12:15")


def test_a_month_without_the_day_has_its_last() -> None:
    monthly = Rhythm(every=Every.MONTH, day=31)
    assert monthly.next_after(utc("2026-02-01T00:00")) == utc("2026-02-28T06:00")
    assert monthly.next_after(utc("2026-02-28T06:00")) == utc("2026-03-31T06:00")


def test_a_weekly_job_keeps_to_its_weekday() -> None:
    assert Rhythm(every=Every.WEEK, weekday="fri").next_after(utc("2026-11-22T12:00")) == utc("2026-11-27T06:00")


@pytest.mark.parametrize("wrong", [{"weekday": "someday"}, {"zone": "Mars/Base"}, {"minutes": 0}])
def test_a_rhythm_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"someday|Mars|greater"):
        Rhythm.model_validate({"every": "week", **wrong})


@given(
    every=st.sampled_from([Every.DAY, Every.WEEK, Every.MONTH]),
    hour=st.integers(0, 23),
    day=st.integers(1, 31),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    at=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - made UTC below
)
def test_the_next_time_lies_ahead_and_no_further_than_the_longest_pause(
    every: Every, hour: int, day: int, zone: str, at: datetime
) -> None:
    rhythm, at = Rhythm(every=every, at=f"{hour:02}:30", day=day, zone=zone), at.replace(tzinfo=UTC)
    following = rhythm.next_after(at)
    assert at < following <= at + rhythm.longest
    assert rhythm.next_after(following - timedelta(microseconds=1)) == following
