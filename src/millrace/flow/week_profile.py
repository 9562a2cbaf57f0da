"""A week of work as a log shows it, by half-hours; and the working hours that it gives away, where it does."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millrace.model.absent import Absent
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar

BINS = 48
"""Half-hours of a day."""
BIN_MINUTES = 1440 // BINS
MIN_MARKS = 60
"""Half-hours with work that a profile needs before it can tell anything."""
MIN_DAYS = 10
"""Days with work that it needs."""
QUIET_RATIO = 0.1
"""A stretch is closed if days with work are this much rarer there than in a typical half-hour of work, or rarer …"""
QUIET_EVENTS_RATIO = 0.05
"""… or events this much fewer (of a large group someone is always about) …"""
MIN_EXPECTED = 8.0
"""… and if a typical pace had left at least so many marks there: below that, silence may be chance."""
MIN_CLOSED = 2
"""Half-hours that a closed stretch has at least: marks on the hour only do not make half of every hour free."""
CORE_RATIO = 0.5
"""Every open stretch somewhere reaches this much of the typical pace: a lone call at night opens none."""
MIN_OPEN = 20
"""Half-hours a week that hours have at least: a nightly job keeps to the clock, but has no working hours."""
MAX_OPEN_RATIO = 0.95
"""Share of the week above which work goes on around the clock."""
MIN_SUPPORT_RATIO = 0.9
"""Share of the work that must fall into the hours for them to be called hours."""

AROUND_THE_CLOCK: dict[str, tuple[tuple[int, int], ...]] = dict.fromkeys(WEEKDAYS, ((0, 1440),))


Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class WeekProfile:
    """When someone works, by weekday (rows, Monday first) and half-hour.

    `marks` counts the days on which anything was done in the half-hour, so that a busy minute counts once; `n_events`
    counts all of it. `n_days` says how often each weekday came between the first day of work and the last.
    """

    marks: npt.NDArray[np.int64]
    n_events: npt.NDArray[np.int64]
    n_days: npt.NDArray[np.int64]
    n_worked_days: int

    def hours(self, name: str, zone: str) -> tuple[WorkCalendar, float] | Absent:
        """The weekly hours that the profile shows and the share of events within them; Absent where it shows none.

        Work at all hours is an answer too: a calendar that never closes.
        """
        if self.marks.sum() < MIN_MARKS or self.n_worked_days < MIN_DAYS:
            return Absent(
                f"{int(self.n_events.sum()):,} events on {self.n_worked_days:,} days are too few to tell working hours"
            )
        is_open = self._open()
        support = float(self.n_events[is_open].sum() / self.n_events.sum())
        if support < MIN_SUPPORT_RATIO:
            return Absent(f"only {support:.0%} of the events keep to hours that repeat from week to week")
        if is_open.sum() < MIN_OPEN:
            return Absent(f"all that is done keeps to {is_open.sum() / 2:g} hours a week, as a job does, not a team")
        return WorkCalendar(name=name, zone=zone, hours=_periods(is_open)), support

    def ratio_within(self, calendar: WorkCalendar) -> float:
        """Share of the events that fall into a calendar's hours, told in the same zone."""
        is_open = np.zeros((7, BINS), bool)
        for day, periods in calendar.hours.items():
            for begin, end in periods:
                is_open[WEEKDAYS.index(day), begin // BIN_MINUTES : -(-end // BIN_MINUTES)] = True
        total = self.n_events.sum()
        return float(self.n_events[is_open].sum() / total) if total else 0.0

    def _open(self) -> Bools:
        """Which half-hours are worked: by the weekday's own record where it is long enough, else by all workdays'."""
        workdays = self._workdays()
        together = self.marks[workdays].sum(axis=0)
        common = _open_stretches(together, self.n_events[workdays].sum(axis=0))
        is_open = np.zeros((7, BINS), bool)
        days_together = self.n_days[workdays].sum()
        for day in np.flatnonzero(workdays):
            expected = _typical(together) * self.n_days[day] / days_together
            has_own = expected >= MIN_EXPECTED
            is_open[day] = _open_stretches(self.marks[day], self.n_events[day]) if has_own else common
        return is_open

    def _workdays(self) -> Bools:
        """Weekdays that are worked, or that came too seldom to be called free."""
        marks = self.marks.sum(axis=1)
        expected = _typical(marks) * self.n_days / max(self.n_days.mean(), 1.0)
        worked: Bools = ~((marks < QUIET_RATIO * expected) & (expected >= MIN_EXPECTED) & (self.n_days >= 2)) & (
            self.n_days > 0
        )
        return worked


def week_profiles(who: Any, half_hours: Any, n_events: Any) -> list[WeekProfile]:
    """The week of each of several people, by their codes 0, 1, …: what they did in which half-hours since 1970."""
    half_hour_0, n_people = int(half_hours.min()), int(who.max()) + 1
    width = int(half_hours.max()) - half_hour_0 + 1
    marks, of_row = np.unique(who * width + (half_hours - half_hour_0), return_inverse=True)
    events = np.bincount(of_row, n_events).astype(np.int64)
    whose, half_hour = marks // width, marks % width + half_hour_0
    day = half_hour // BINS
    # 1 January 1970 was a Thursday; the week begins with Monday.
    place = (whose * 7 + (day + 3) % 7) * BINS + half_hour % BINS
    shape = (n_people, 7, BINS)
    marked = np.bincount(place, minlength=n_people * 7 * BINS).reshape(shape)
    counted = np.bincount(place, events, n_people * 7 * BINS).astype(np.int64).reshape(shape)
    first = np.searchsorted(whose, np.arange(n_people))
    last = np.append(first, len(marks))[1:] - 1
    n_worked = np.bincount(whose[np.flatnonzero(np.diff(whose * width + day, prepend=-1))], minlength=n_people)
    return [
        WeekProfile(marked[w], counted[w], _weekdays(int(day[first[w]]), int(day[last[w]])), int(n_worked[w]))
        for w in range(n_people)
    ]


def _weekdays(first: int, last: int) -> npt.NDArray[np.int64]:
    """How often each weekday comes from the day `first` to `last`, counted since 1970."""
    return np.bincount((np.arange(first, last + 1) + 3) % 7, minlength=7).astype(np.int64)


def _typical(marks: Any) -> float:
    """The count of a typical worked place: the mean over marks, not over places, less what chance adds.

    Σk(k−1) ÷ Σk is the rate itself where work is spread evenly, however thinly: thin records look no busier than
    they are, and empty places, closed or not, weigh nothing.
    """
    total = float(marks.sum())
    return float((marks * (marks - 1)).sum()) / total if total else 0.0


def _open_stretches(marks: Any, n_events: Any) -> Bools:
    """Half-hours of a day that are worked: all but quiet stretches long enough to mean something."""
    typical = _typical(marks)
    if not typical:
        return np.ones(BINS, bool)
    is_open: Bools = (marks >= QUIET_RATIO * typical) & (n_events >= QUIET_EVENTS_RATIO * _typical(n_events))
    for begin, end in _stretches(~is_open):
        stretch = np.arange(begin, end) % BINS
        is_open[stretch] = end - begin < MIN_CLOSED or typical * (end - begin) < MIN_EXPECTED
    for begin, end in _stretches(is_open):
        stretch = np.arange(begin, end) % BINS
        is_open[stretch] = marks[stretch].max() >= CORE_RATIO * typical
    return is_open


def _stretches(chosen: Bools) -> list[tuple[int, int]]:
    """Runs of chosen half-hours as [begin, end), round midnight too, where `end` passes a day's number."""
    if chosen.all() or not chosen.any():
        return [(0, BINS)] if chosen.all() else []
    start = int(np.flatnonzero(~chosen)[0])
    edges = np.flatnonzero(np.diff(np.concatenate(([False], np.roll(chosen, -start), [False])))) + start
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _periods(is_open: Bools) -> dict[str, tuple[tuple[int, int], ...]]:
    if is_open.mean() > MAX_OPEN_RATIO:
        return AROUND_THE_CLOCK
    hours = {}
    for day, bins in zip(WEEKDAYS, is_open, strict=True):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], bins, [False])))) * BIN_MINUTES
        if len(edges):
            hours[day] = tuple((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return hours
