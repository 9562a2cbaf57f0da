"""Service levels: within which time items are promised, on which clock, and when that clock stands still."""

from datetime import timedelta

from pydantic import Field, field_validator

from millrace.model.duration import Duration, show_duration
from millrace.model.held import Held
from millrace.model.part import Part
from millrace.model.ratio import Ratio
from millrace.model.work_calendar import WorkCalendar

CLOCKS = "^(elapsed|business)$"

Where = dict[str, tuple[str, ...]]
"""A column and the values of it that are meant, such as `priority: [P1, P2]`."""


class ServiceLevel(Part):
    """A promise: items of these kinds reach their end `within` a time.

    The clock starts at the first span that meets one of `starts` (without any, at demand), stops at the first one after
    it that meets one of `stops` (without any, at value), and stands still in spans that meet one of `pauses`.
    """

    name: str = Field(min_length=1)
    where: Where = Field(default_factory=dict, description="Only items with these values, e.g. priority: [P1, P2]")
    within: Duration
    clock: str = Field(default="elapsed", pattern=CLOCKS, description="elapsed or business")
    calendar: WorkCalendar | None = Field(default=None, description="Its own hours; without them, those of the stream")
    starts: tuple[Held, ...] = Field(default=(), description="What starts the clock; without it, demand")
    stops: tuple[Held, ...] = Field(default=(), description="What stops the clock; without it, value")
    pauses: tuple[Held, ...] = Field(default=(), description="Where the clock stands still")
    goal_ratio: Ratio = Field(default=0.95, description="The share of items that should meet it")
    recorded_in: str | None = Field(
        default=None, description="The log's own column that says whether it was met (true, false), to compare with"
    )

    def told(self, seconds: float) -> str:
        """A time on the clock of the promise: in hours on the business clock, whose days are no days."""
        if self.clock == "elapsed":
            return show_duration(seconds)
        return f"{seconds / 3600:,.1f} business hours".replace(".0 ", " ")

    @field_validator("within")
    @classmethod
    def _some_time(cls, within: timedelta) -> timedelta:
        if within <= timedelta():
            raise ValueError("promise some time, like “8 h”")
        return within

    @field_validator("where", mode="before")
    @classmethod
    def _one_or_many(cls, given: object) -> object:
        """A single value may be written without a list."""
        return listed_values(given)


def listed_values(given: object) -> object:
    """Conditions by column, single values as lists of one."""
    if not isinstance(given, dict):
        return given
    return {column: (value,) if isinstance(value, str) else value for column, value in given.items()}
