"""Rhythms: when something is due again, by the clock on a wall somewhere."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from millrace.model.part import Part
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar


class Every(StrEnum):
    """How often."""

    MINUTES = "minutes"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Rhythm(Part):
    """Every so many minutes; or at a time of day, daily, on a weekday, or on a day of the month.

    Where clocks go forward over the time, it is due as long after the day before as on other days: at 03:30 for 02:30.
    Where clocks go back and show it twice, it is due the first time. A month that lacks the day has its last one.
    """

    every: Every
    minutes: int = Field(default=60, ge=1, le=10_080)
    at: time = time(6)
    weekday: str = "mon"
    day: int = Field(default=1, ge=1, le=31)
    zone: str = "UTC"

    @field_validator("weekday")
    @classmethod
    def _known_weekday(cls, weekday: str) -> str:
        if weekday not in WEEKDAYS:
            raise ValueError(f"“{weekday}” is not a weekday; use {', '.join(WEEKDAYS)}")
        return weekday

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return WorkCalendar(zone=zone).zone

    @property
    def longest(self) -> timedelta:
        """No two times are further apart than this."""
        days = {Every.DAY: 1, Every.WEEK: 7, Every.MONTH: 31}.get(self.every)
        return timedelta(minutes=self.minutes) if days is None else timedelta(days=days, hours=3)

    def next_after(self, at: datetime) -> datetime:
        """The first time after the instant `at`, as an instant in UTC."""
        if self.every is Every.MINUTES:
            step = timedelta(minutes=self.minutes)
            midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            return midnight + ((at - midnight) // step + 1) * step
        day = at.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        while not (self._is_on(day) and self._on(day) > at):
            day += timedelta(days=1)
        return self._on(day)

    def _is_on(self, day: date) -> bool:
        if self.every is Every.WEEK:
            return WEEKDAYS[day.weekday()] == self.weekday
        if self.every is Every.MONTH:
            is_last = (day + timedelta(days=1)).day == 1
            return day.day == self.day or (is_last and day.day < self.day)
        return True

    def _on(self, day: date) -> datetime:
        # Of a time that is shown twice, Python takes the first; one that is left out it counts on from before.
        return datetime.combine(day, self.at, ZoneInfo(self.zone)).astimezone(UTC)

    def told(self) -> str:
        """The rhythm in words."""
        if self.every is Every.MINUTES:
            return f"every {self.minutes} minutes"
        when = {
            Every.DAY: "every day",
            Every.WEEK: f"every {_DAYS[WEEKDAYS.index(self.weekday)]}",
            Every.MONTH: f"on day {self.day} of every month",
        }[self.every]
        return f"{when} at {self.at:%H:%M} ({self.zone})"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
