"""Business hours: when a team works, in its own time zone, holidays and daylight saving included."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, field_validator

_MINUTE = timedelta(minutes=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@cache
def _known_zones() -> frozenset[str]:
    """The system walks a folder for them each time that it is asked."""
    return frozenset(available_timezones())


def _parse_hours(written: Any) -> Any:
    """`09:00-12:00, 13:00-17:00` → pairs of minutes after midnight; 24:00 ends a day."""
    if not isinstance(written, str):
        return written
    return tuple(
        (_minutes(begin), _minutes(end))
        for begin, _, end in (part.strip().partition("-") for part in written.split(","))
    )


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.strip().partition(":")
    if not hours.isdigit() or (minutes and not minutes.isdigit()):
        raise ValueError(f"“{clock}” is not a time of day; write hours like “09:00-12:00, 13:00-17:00”")
    return int(hours) * 60 + int(minutes or 0)


def _write_hours(hours: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in hours)


Hours = Annotated[
    tuple[tuple[int, int], ...],
    BeforeValidator(_parse_hours, json_schema_input_type=str),
    PlainSerializer(_write_hours, return_type=str),
]


class WorkCalendar(BaseModel):
    """Weekly hours in one time zone, less holidays.

    `hours` maps a weekday (`mon` … `sun`) to its periods of work; a weekday that is not named is closed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "office hours"
    zone: str = "UTC"
    hours: dict[str, Hours] = Field(
        default=dict.fromkeys(WEEKDAYS[:5], ((540, 1020),)),
        description="Periods of work per weekday, e.g. mon: 09:00-12:00, 13:00-17:00",
    )
    holidays: tuple[date, ...] = ()
    assumed: bool = Field(default=False, description="True where nobody gave a calendar and a default stands in")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in _known_zones():
            raise ValueError(f"“{zone}” is not a known time zone; use a name like Europe/Amsterdam or UTC")
        return zone

    @field_validator("hours")
    @classmethod
    def _orderly_hours(cls, hours: dict[str, tuple[tuple[int, int], ...]]) -> dict[str, tuple[tuple[int, int], ...]]:
        for day, periods in hours.items():
            if day not in WEEKDAYS:
                raise ValueError(f"“{day}” is not a weekday; use {', '.join(WEEKDAYS)}")
            ends = [minute for period in periods for minute in period]
            if ends != sorted(set(ends)) or (ends and ends[-1] > 1440):
                raise ValueError(f"the hours of {day} must be in order, not overlap, and end by 24:00")
        if not any(hours.values()):
            raise ValueError("the calendar has no working hour at all")
        return hours

    @property
    def hours_per_day(self) -> float:
        """Mean working hours of a day that has any: what one business day is when a duration is shown."""
        worked = [sum(end - begin for begin, end in periods) / 60 for periods in self.hours.values() if periods]
        return sum(worked) / len(worked)

    def periods_of_work(self, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
        """Every period of work that touches [first, last], as UTC instants in order.

        It is worked whenever the clock on the wall shows working time: a night shift in which clocks change is an
        hour shorter or longer, as it is for the people who work it, and an hour shown twice counts twice.
        """
        zone = ZoneInfo(self.zone)
        day = first.astimezone(zone).date() - timedelta(days=1)
        end = last.astimezone(zone).date() + timedelta(days=1)
        off = set(self.holidays)
        periods = []
        while day <= end:
            if day not in off:
                hours = self.hours.get(WEEKDAYS[day.weekday()], ())
                for since, until, midnight in _parts(day, zone):
                    shown = [(midnight + begin * _MINUTE, midnight + end * _MINUTE) for begin, end in hours]
                    worked = [(max(began, since), min(ended, until)) for began, ended in shown]
                    periods += [(began, ended) for began, ended in worked if began < ended]
            day += timedelta(days=1)
        return periods


def _parts(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime, datetime]]:
    """The day in UTC as [since, until), in two parts where clocks change; and when each part's clock was at 00:00."""
    midnight, following = (datetime.combine(d, time(), zone) for d in (day, day + timedelta(days=1)))
    since, until = midnight.astimezone(UTC), following.astimezone(UTC)
    before, after = (
        (instant.astimezone(zone).utcoffset() or timedelta()) for instant in (since, until - timedelta(seconds=1))
    )
    wall = datetime.combine(day, time(), UTC)
    if before == after:
        return [(since, until, wall - before)]
    changed = _change(since, until, zone)
    return [(since, changed, wall - before), (changed, until, wall - after)]


def _change(since: datetime, until: datetime, zone: ZoneInfo) -> datetime:
    """The second between two instants at which clocks change."""
    offset, second = since.astimezone(zone).utcoffset(), timedelta(seconds=1)
    while until - since > second:
        middle = since + (until - since) // second // 2 * second
        if middle.astimezone(zone).utcoffset() == offset:
            since = middle
        else:
            until = middle
    return until
