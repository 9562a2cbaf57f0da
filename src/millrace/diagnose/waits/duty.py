"""Who is on duty when: by the calendar given for the stream or the team, else by the hours that the log shows."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from millrace.flow.flow import Flow
from millrace.flow.mined_hours import MinedHours, mined_hours
from millrace.flow.spans import NOTHING, Records
from millrace.flow.work_time import WorkClock, work_clock
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar


@dataclass(frozen=True)
class Duty:
    """The hours that hold for the resource of each work: a calendar's number, `NOTHING` where they are not known.

    `mined` is None where the stream gives all hours that count.
    """

    clock: WorkClock
    calendar_of_work: npt.NDArray[np.int32]
    mined: MinedHours | None


@dataclass
class _Calendars:
    """Calendars by number; those of equal hours share one."""

    held: list[WorkCalendar] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, calendar: WorkCalendar | Absent) -> int:
        if isinstance(calendar, Absent):
            return NOTHING
        hours = calendar.model_dump_json(include={"zone", "hours", "holidays"})
        if hours not in self.numbers:
            self.numbers[hours] = len(self.held)
            self.held.append(calendar)
        return self.numbers[hours]


def duty(flow: Flow, works: Records) -> Duty:
    """Find the hours of every work's person or team. What the stream gives goes before what the log shows."""
    about = flow.about
    mined = mined_hours(flow) if about.calendar.assumed else None
    calendars = _Calendars()
    calendars.number(about.calendar)
    resources = (works["team"].astype(np.int64) + 1) << 32 | (works["person"].astype(np.int64) + 1)
    distinct, of_work = np.unique(resources, return_inverse=True)
    numbers = [
        calendars.number(_hours(flow, mined, (resource >> 32) - 1, (resource & 0xFFFFFFFF) - 1))
        for resource in distinct.tolist()
    ]
    clock = work_clock(calendars.held, about.first_at, about.last_at)
    return Duty(clock, np.array(numbers, np.int32)[of_work] if len(works) else np.empty(0, np.int32), mined)


def _hours(flow: Flow, mined: MinedHours | None, team: int, person: int) -> WorkCalendar | Absent:
    about = flow.about
    team_name = None if team == NOTHING else about.teams[team]
    if team_name in about.stream.team_calendars:
        return about.stream.team_calendars[team_name]
    if mined is None:
        return about.calendar
    if team == NOTHING and person == NOTHING:
        return Absent("nobody is known to do it")
    return mined.of(team_name, None if person == NOTHING else about.people[person]).calendar
