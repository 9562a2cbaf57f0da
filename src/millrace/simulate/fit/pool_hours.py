"""In which hours a pool works: mined, held against what comes outside them, with overtime and days off."""

import numpy as np
import numpy.typing as npt

from millrace.eventlog.schema import Shape
from millrace.flow.mined_hours import MinedHours
from millrace.flow.week_profile import AROUND_THE_CLOCK
from millrace.flow.work_time import WorkClock, business_durations, work_clock
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.delays import worked
from millrace.simulate.fit.history import History
from millrace.simulate.fit.holidays import holidays
from millrace.simulate.fit.life_table import NOT_YET
from millrace.simulate.fit.overtime import overtime, without_overtime
from millrace.simulate.fit.past_visits import Stretches
from millrace.simulate.fit.pools import Pools
from millrace.simulate.fit.shown_hours import shown_hours

Ints = npt.NDArray[np.int64]

SECOND = 1_000_000
MINUTE = 60 * SECOND
TOO_LATE_MINUTES = (0, 30, 60)
"""By how much mined hours may end too late: what begins at the stroke of closing is done the next day."""
LEAST_OFF_DUTY = 8
"""Visits that become ready off duty, without which nothing contradicts a pool's hours."""


def pool_hours(
    name: str, code: int, work: Stretches, visits: Ints, mined: MinedHours, found: Pools, history: History
) -> tuple[WorkCalendar | Absent, int]:
    """The hours of a pool, or why it has none, and for how long (microseconds) its people stay to finish."""
    calendar = _calendar(name, code, work, mined, found, history)
    calendar = _not_contradicted(calendar, visits, history)
    calendar, stays = _closing(calendar, work, history)
    return _without_days_off(calendar, work, history.work), stays


def _calendar(
    name: str, code: int, work: Stretches, hours: MinedHours, found: Pools, history: History
) -> WorkCalendar | Absent:
    """The pool's hours: the team's, or those that most of its people's work keeps; none where it works at all hours."""
    people = history.flow.about.people
    if history.flow.about.teams:
        worked_in = _hours_of_work(name, work, history)
        if isinstance(worked_in, WorkCalendar):
            is_open = worked_in.hours == AROUND_THE_CLOCK
            return Absent("it works around the clock") if is_open else _trimmed(worked_in, work, history)
        shown = hours.of(name)
    else:
        own = [hours.of(None, people[person]) for person in np.flatnonzero(found.of_person == code).tolist()]
        own = [each for each in own if isinstance(each.calendar, WorkCalendar)]
        shown = max(own, key=lambda each: each.n_events) if own else hours.of(None)
        if not own and isinstance(shown.calendar, WorkCalendar):
            return Absent("its people’s work keeps to no hours that repeat")
    if isinstance(shown.calendar, Absent) or shown.is_around_the_clock:
        return shown.calendar if isinstance(shown.calendar, Absent) else Absent("it works around the clock")
    return _trimmed(shown.calendar, work, history)


def _hours_of_work(name: str, work: Stretches, history: History) -> WorkCalendar | Absent:
    """The hours in which work begins and ends; of statuses that are set, many are set by those who hand over."""
    if history.flow.about.shape is not Shape.STATUS_LOG:
        return Absent("what the log reports is work")
    at = np.concatenate([work.began_at, work.ended_at - 1])
    return shown_hours(at, f"hours mined for {name}", history.flow.about.calendar.zone)


def _not_contradicted(calendar: WorkCalendar | Absent, visits: Ints, history: History) -> WorkCalendar | Absent:
    """The hours, unless most of what comes outside them is begun outside them, too: few come then, but nobody waits."""
    if not isinstance(calendar, WorkCalendar):
        return calendar
    ready_at, started_at = history.ready_at[visits], history.started_at[visits]
    clock = clock_of(calendar, history)
    begun = started_at != NOT_YET
    ready_at, started_at = ready_at[begun], started_at[begun]
    comes_off_duty = worked(clock, ready_at - MINUTE, ready_at + MINUTE) == 0
    at_once = comes_off_duty & (worked(clock, ready_at, started_at + MINUTE) == 0)
    if comes_off_duty.sum() < LEAST_OFF_DUTY or 2 * at_once.sum() < comes_off_duty.sum():
        return calendar
    return Absent("most of what comes outside its mined hours is begun outside them, too")


def _trimmed(calendar: WorkCalendar, work: Stretches, history: History) -> WorkCalendar:
    """The hours with the end under which work of the same step takes most nearly the same time."""
    if not len(work.visit):
        return calendar
    step = history.visits.step[work.visit]
    trimmed = [each for minutes in TOO_LATE_MINUTES if (each := _ending_earlier(calendar, minutes)) is not None]

    def spread(each: WorkCalendar) -> float:
        clock = clock_of(each, history)
        on_duty = business_durations(clock, _zeros(work), work.began_at, work.ended_at) / SECOND
        logs = np.log(on_duty + 60.0)
        n = np.maximum(np.bincount(step), 1)
        off = logs - (np.bincount(step, logs) / n)[step]
        return float((off**2).sum())

    return min(trimmed, key=spread)


def _closing(calendar: WorkCalendar | Absent, work: Stretches, history: History) -> tuple[WorkCalendar | Absent, int]:
    """The hours up to when work still begins, and for how long it is finished after them."""
    if not isinstance(calendar, WorkCalendar):
        return calendar, 0
    earlier = without_overtime(calendar, clock_of(calendar, history), work)
    if earlier != calendar and (stays := overtime(clock_of(earlier, history), work)):
        return earlier, stays
    return calendar, overtime(clock_of(calendar, history), work)


def _without_days_off(calendar: WorkCalendar | Absent, work: Stretches, of_all: Stretches) -> WorkCalendar | Absent:
    """The hours less the days off that the pool's work shows, or, where that is too thin, the work of all."""
    if not isinstance(calendar, WorkCalendar):
        return calendar
    found = holidays(work.began_at, calendar.zone) or holidays(of_all.began_at, calendar.zone)
    return calendar.model_copy(update={"holidays": found})


def _ending_earlier(calendar: WorkCalendar, minutes: int) -> WorkCalendar | None:
    hours = {}
    for day, periods in calendar.hours.items():
        if not periods:
            continue
        *before, (begin, end) = periods
        if end - minutes <= begin:
            return None
        hours[day] = (*before, (begin, end - minutes if end < 1440 else end))
    return calendar.model_copy(update={"hours": hours})


def clock_of(calendar: WorkCalendar | Absent, history: History) -> WorkClock:
    """The clock of a pool over the time of the log; one that never stops where it has no hours."""
    about = history.flow.about
    if isinstance(calendar, WorkCalendar):
        return work_clock([calendar], about.first_at, about.last_at)
    return work_clock([WorkCalendar(hours=AROUND_THE_CLOCK)], about.first_at, about.last_at)


def _zeros(stretches: Stretches) -> Ints:
    return np.zeros(len(stretches.visit), np.int64)
