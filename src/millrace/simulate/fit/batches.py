"""Batches: steps before which items gather as a habit, until so many are there or a time of day has come.

A queue looks so at times: whoever is free takes what has piled up. So only those count that gathered although somebody
was free, only where nearly all work of the step begins like this, and only where a rule tells what sets it off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from millrace.flow.week_profile import AROUND_THE_CLOCK
from millrace.flow.work_time import WorkClock, work_clock
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.simulate.fit.capacity import Capacities
from millrace.simulate.fit.delays import free_until, worked
from millrace.simulate.fit.history import History
from millrace.simulate.fit.hours_of_week import hours_of_week
from millrace.simulate.fit.life_table import NOT_YET
from millrace.simulate.fit.past_visits import Stretches
from millrace.simulate.simulated_stream import Batch

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SECOND = 1_000_000
MINUTE = 60 * SECOND
TOGETHER = MINUTE
"""What begins within this time of each other begins together."""
LEAST_VISITS = 30
LEAST_BATCHES = 12
HABIT_RATIO = 0.75
"""Share of a step's visits that are in batches, and of its batches that keep to a rule, where batching is the habit."""
WILLING_RATIO = 0.2
"""Share of those that waited for others who did so while somebody was free; in a mere queue nobody does."""
NEAR_MINUTES = 10
SAME_RATIO = 0.45
"""Share of batches of exactly one size, or at one time of day, that tells it: while all are busy, they begin late."""
LEAST_TELLING_SIZE = 3
"""Of the sizes that chance gives, none from this one on is so frequent."""
LEAST_TIME_RATIO = 0.2
"""Share of the batches, as against the most frequent, that makes a time of day or a weekday one of the rule."""
MOST_TIMES = 3
WINDOW_MINUTES = 30
"""Who comes within this time after a batch has begun goes right on."""
ALIKE_RATIO = 0.05


@dataclass(frozen=True)
class Gathering:
    """A step (its number) before which items gather, by which rule, its visits, and what else held them up since."""

    step: int
    batch: Batch
    visits: Ints
    held_seconds: npt.NDArray[np.float64]

    def told(self, step: str) -> str:
        """The rule in a sentence."""
        if self.batch.size is not None:
            return f"Before “{step}” items gather until {self.batch.size} are there."
        if self.batch.at_most_seconds is not None:
            return f"Before “{step}” items gather until the first has waited {self.batch.at_most_seconds / 3600:.1f} h."
        assert self.batch.calendar is not None
        times = sorted({begin for windows in self.batch.calendar.hours.values() for begin, _ in windows})
        shown = ", ".join(f"{time // 60}:{time % 60:02}" for time in times)
        days = ", ".join(day.capitalize() for day in self.batch.calendar.hours)
        return f"Before “{step}” items gather until {shown} ({days})."


def without_gathering(found: Capacities, gathered: Sequence[Gathering]) -> Capacities:
    """The capacities whose delays leave out what items spend gathering."""
    delays, shows = found.delay_seconds.copy(), found.shows_delay.copy()
    for each in gathered:
        delays[each.visits], shows[each.visits] = each.held_seconds, True
    return replace(found, delay_seconds=delays, shows_delay=shows)


def gatherings(history: History, found: Capacities) -> tuple[Gathering, ...]:
    """The steps before which items gather as a habit."""
    ready_at, started_at = history.ready_at, history.started_at
    steps = range(len(history.steps))
    told = (_gathering(history, found, step, ready_at, started_at) for step in steps)
    return tuple(each for each in told if each is not None)


def _gathering(history: History, found: Capacities, step: int, ready_at: Ints, started_at: Ints) -> Gathering | None:
    worked_on = started_at != NOT_YET
    visits = np.flatnonzero((history.visits.step == step) & worked_on)
    visits = visits[np.lexsort((ready_at[visits], started_at[visits]))]
    if len(visits) < LEAST_VISITS:
        return None
    ready, started = ready_at[visits], started_at[visits]
    group = _groups(ready, started)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    released = started[first][group]
    clock, n_people, work = _pool(history, found, visits)
    held = _held(clock, n_people, work, released, started)
    together = (started - released <= TOGETHER) | (held <= TOGETHER)
    sizes = np.bincount(group, together)
    batched = together & (sizes[group] > 1)
    is_batch = sizes > 1
    rest = ~(group == int(sizes.argmax()))
    if is_batch.sum() < LEAST_BATCHES or batched[rest].sum() < HABIT_RATIO * rest.sum():
        return None
    latest = np.full(len(first), np.iinfo(np.int64).min)
    np.maximum.at(latest, group[batched], ready[batched])
    waits = batched & (ready < latest[group])
    willing = _held(clock, n_people, work, ready, released) > TOGETHER
    if not waits.any() or (willing & waits).sum() < WILLING_RATIO * waits.sum():
        return None
    earliest = np.full(len(first), NOT_YET)
    np.minimum.at(earliest, group[batched], ready[batched])
    released_at = started[first]
    zone = history.flow.about.calendar.zone
    rule = _rule(sizes[is_batch].astype(np.int64), released_at[is_batch], (released_at - earliest)[is_batch], zone)
    return None if rule is None else Gathering(step, rule, visits, np.where(together, 0, held) / SECOND)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _groups(ready: Any, started: Any) -> Any:
    """Of visits in the order of their start, the number of the group: all that were ready when its first began."""
    group = np.zeros(len(ready), np.int64)
    released = started[0]
    for i in range(1, len(ready)):
        group[i] = group[i - 1]
        if ready[i] > released:
            group[i] += 1
            released = started[i]
    return group


def _pool(history: History, found: Capacities, visits: Ints) -> tuple[WorkClock, int, Stretches]:
    """Clock, people and work of the pool that does most of these visits; without limit where none is known."""
    of_step = found.of_visit[visits]
    pool = int(np.bincount(of_step[of_step >= 0]).argmax()) if (of_step >= 0).any() else -1
    calendar, n_people = WorkCalendar(hours=AROUND_THE_CLOCK), len(history.visits.item)
    work = history.work
    if found.limits(pool):
        told = found.pools[pool]
        calendar = told.calendar if isinstance(told.calendar, WorkCalendar) else calendar
        n_people = told.n_people if isinstance(told.n_people, int) else n_people
        work = work[found.of_visit[work.visit] == pool]
    return work_clock([calendar], history.flow.about.first_at, history.flow.about.last_at), n_people, work


def _held(clock: WorkClock, n_people: int, work: Stretches, begins: Ints, ends: Ints) -> Ints:
    """Working time from each beginning to the last instant before its end at which somebody was free."""
    nobody = np.full(len(begins), -1)
    return worked(clock, begins, free_until(clock, n_people, work, Stretches(nobody, begins, ends, nobody, nobody)))


def _rule(sizes: Ints, released_at: Ints, waited: Ints, zone: str) -> Batch | None:
    """What sets batches off: so many are there, the first has waited so long, or a time of day."""
    most = HABIT_RATIO * len(sizes)
    size = int(np.bincount(sizes).argmax())
    needed = SAME_RATIO if size >= LEAST_TELLING_SIZE else HABIT_RATIO
    if (sizes == size).sum() >= needed * len(sizes):
        return Batch(size=size)
    longest = float(np.median(waited))
    if (np.abs(waited - longest) <= np.maximum(TOGETHER, ALIKE_RATIO * longest)).sum() >= most:
        return Batch(at_most_seconds=longest / SECOND)
    return _timetable(released_at, zone)


def _timetable(released_at: Ints, zone: str) -> Batch | None:
    """The times of day at which most batches begin, on the weekdays on which they do."""
    hour = hours_of_week(released_at, zone)
    day, minute = hour // 24, hour % 24 * 60 + released_at // MINUTE % 60
    times: list[int] = []
    left = np.ones(len(minute), bool)
    while left.any() and len(times) < MOST_TIMES:
        near = np.abs(minute[left][:, None] - minute[left][None, :]) <= NEAR_MINUTES
        best = int(near.sum(axis=1).argmax())
        if times and near[best].sum() < LEAST_TIME_RATIO * len(minute):
            break
        times.append(int(minute[left][near[best]].min()))
        left[np.flatnonzero(left)[near[best]]] = False
    needed = SAME_RATIO if len(times) == 1 else HABIT_RATIO
    if (~left).sum() < needed * len(minute):
        return None
    n_of_day = np.bincount(day[~left], minlength=7)
    days = [WEEKDAYS[each] for each in np.flatnonzero(n_of_day >= LEAST_TIME_RATIO * n_of_day.max()).tolist()]
    windows = tuple((time, min(time + WINDOW_MINUTES, 1440)) for time in sorted(times))
    return Batch(calendar=WorkCalendar(name="batches", zone=zone, hours=dict.fromkeys(days, windows)))
