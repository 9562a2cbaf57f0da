"""Overtime: what is nearly done when hours end is finished, not left for the next day."""

import numpy as np
import numpy.typing as npt

from millrace.flow.work_time import WorkClock, business_durations
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.simulate.fit.hours_of_week import hours_of_week
from millrace.simulate.fit.past_visits import Stretches

Ints = npt.NDArray[np.int64]

LEAST_CROSSING = 5
"""Stretches of work that reach beyond closing, without which no overtime is told."""
HABIT_RATIO = 0.2
"""Share of them that is done before the next opening where people stay to finish."""
USUAL_LEVEL = 0.95
"""Of what is finished after hours, nearly all: the rest may have been done on another day off."""
MINUTE = 60_000_000
SLOT_MINUTES = 30
HARDLY_RATIO = 0.1
"""Share of the usual number of beginnings below which hardly any work begins."""
LEAST_EXPECTED = 5
"""Beginnings that the usual number would give, without which their absence tells nothing."""


def without_overtime(calendar: WorkCalendar, clock: WorkClock, work: Stretches) -> WorkCalendar:
    """The hours without the end of the day at which work still goes on but hardly any begins any more."""
    if not len(clock.closes):
        return calendar
    period = np.minimum(np.searchsorted(clock.closes, work.began_at, side="right"), len(clock.closes) - 1)
    day = hours_of_week(clock.opens, calendar.zone)[period] // 24
    before_closing = (clock.closes[period] - work.began_at) // MINUTE
    hours = dict(calendar.hours)
    for number, name in enumerate(WEEKDAYS):
        if not hours.get(name):
            continue
        *earlier, (begin, end) = hours[name]
        left = before_closing[(day == number) & (before_closing >= 0) & (before_closing <= end - begin)]
        hours[name] = (*earlier, (begin, end - _idle_end(left, end - begin)))
    return calendar.model_copy(update={"hours": hours})


def _idle_end(before_closing: Ints, length: int) -> int:
    """The minutes before closing in which hardly any work begins, in whole slots."""
    lengths = np.arange(SLOT_MINUTES, length - SLOT_MINUTES + 1, SLOT_MINUTES)
    begun = np.searchsorted(np.sort(before_closing), lengths, side="left")
    expected = len(before_closing) * lengths / length
    idle = lengths[(begun <= HARDLY_RATIO * expected) & (expected >= LEAST_EXPECTED)]
    return int(idle.max()) if len(idle) else 0


def overtime(clock: WorkClock, work: Stretches) -> int:
    """For how long after closing (microseconds) work that was begun in hours is finished; 0 where it is left."""
    if not len(clock.closes):
        return 0
    period = np.minimum(np.searchsorted(clock.closes, work.began_at, side="right"), len(clock.closes) - 1)
    closes = clock.closes[period]
    crosses = (clock.opens[period] <= work.began_at) & (work.began_at < closes) & (closes < work.ended_at)
    reopens = np.append(clock.opens[1:], np.iinfo(np.int64).max)[period]
    finished = crosses & (work.ended_at < reopens)
    if crosses.sum() < LEAST_CROSSING or finished.sum() < HABIT_RATIO * crosses.sum():
        return 0
    return int(np.quantile((work.ended_at - closes)[finished], USUAL_LEVEL, method="higher"))


def worked_with_overtime(clock: WorkClock, work: Stretches, most: int) -> Ints:
    """Working time of each stretch (microseconds): its hours, and up to `most` after the last closing."""
    on_duty = np.asarray(business_durations(clock, np.zeros(len(work.visit), np.int64), work.began_at, work.ended_at))
    if not most:
        return on_duty
    following = np.searchsorted(clock.closes, work.ended_at, side="left")
    opens = np.append(clock.opens, np.iinfo(np.int64).max)[following]
    closed = np.append(clock.closes, 0)[following - 1]
    is_after = (following > 0) & (work.ended_at <= opens) & (work.ended_at > closed)
    after = work.ended_at - np.maximum(closed, work.began_at)
    return on_duty + np.where(is_after, np.minimum(after, most), 0)
