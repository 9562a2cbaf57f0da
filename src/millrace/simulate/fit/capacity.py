"""What limits a pool: how many people, in which hours, and how much of the waiting that explains.

While somebody of the pool is free and on duty, no item has to wait for the pool. So something else holds an item up to
the last instant of its wait at which somebody was free, or at which something came that was then taken sooner: a delay
with another cause. What is left of the wait, when the pool was full or off duty, is a matter of capacity. Where a log
shows the same person at work on several items at once, what it calls work is a status that items keep, not hands at
work: then capacity cannot be told, and the whole wait is a delay.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.eventlog.schema import Shape
from millrace.flow.mined_hours import MinedHours, mined_hours
from millrace.flow.spans import NOTHING
from millrace.flow.week_profile import AROUND_THE_CLOCK
from millrace.flow.work_time import WorkClock, business_durations, work_clock
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.delays import (
    around_the_clock,
    busy,
    comes_while_free,
    ends_at_opening,
    free_until,
    passed_until,
    worked,
)
from millrace.simulate.fit.discipline import discipline, item_ranks
from millrace.simulate.fit.history import History
from millrace.simulate.fit.holidays import holidays
from millrace.simulate.fit.life_table import NOT_YET
from millrace.simulate.fit.overtime import overtime, without_overtime, worked_with_overtime
from millrace.simulate.fit.past_visits import QUEUE, Stretches
from millrace.simulate.fit.pools import Pools, pools
from millrace.simulate.fit.shown_hours import shown_hours
from millrace.simulate.simulated_stream import Discipline

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SECOND = 1_000_000
MINUTE = 60 * SECOND
WEEK = 7 * 24 * 3_600 * SECOND
MOST_AT_ONCE_RATIO = 0.1
"""Share of a person's working time on several items at once beyond which the work is not hands-on."""
LEAST_STRETCHES = 20
"""Stretches of work that tell a pool's capacity."""
TOO_LATE_MINUTES = (0, 30, 60)
"""By how much mined hours may end too late: what begins at the stroke of closing is done the next day."""
CLEAR_RATIO = 0.95
"""Share of a pool's queueing that capacity has to explain for the order of its items to tell a discipline."""
LEAST_OFF_DUTY = 8
"""Visits that become ready off duty, without which nothing contradicts a pool's hours."""
BUSY_LEVEL = 0.99
"""No more people are needed than were at work at once in all but this share of the working time."""


@dataclass(frozen=True)
class Capacity:
    """A pool's people and hours; each is Absent, with the reason, where the log does not tell.

    `explained_ratio` is the share of the working time in its queue for which its people are the reason.
    `delays_keep_hours` is False where what else holds items up goes on when the pool is off duty.
    For up to `overtime_seconds` after closing people finish what they have begun.
    """

    name: str
    n_people: int | Absent
    calendar: WorkCalendar | Absent
    explained_ratio: float | Absent
    discipline: Discipline = Discipline.FIFO
    delays_keep_hours: bool = True
    overtime_seconds: float = 0.0


@dataclass(frozen=True)
class Capacities:
    """The pools, that of every visit (`NOTHING` where unknown), and the visits on the clock of their pool's hours.

    `delay_seconds` is the part of each visit's queue that has another cause. `shows_delay` tells which visits show such
    a cause: those that came while somebody was free. What came when the pool was full may have been held up unseen.
    """

    pools: tuple[Capacity, ...]
    of_visit: Ints
    work_seconds: Floats
    delay_seconds: Floats
    shows_delay: npt.NDArray[np.bool_]

    def limits(self, pool: int) -> bool:
        """True where the people of a pool limit its work."""
        return pool != NOTHING and isinstance(self.pools[pool].n_people, int)


def capacities(history: History) -> Capacities:
    """What limits every pool, told by a past."""
    found = pools(history)
    of_visit = _pool_of_visit(history, found)
    work_seconds, delays = history.visits.active.copy(), history.visits.waits[:, QUEUE].copy()
    of_pools = [history.work[found.of_work == code] for code in range(len(found.names))]
    unknowable = _not_hands_on(of_pools)
    n_people = [unknowable or _n_people(work, history) for work in of_pools]
    if not any(isinstance(n, int) for n in n_people):
        told = [_untold(name, reason) for name, reason in zip(found.names, n_people, strict=True)]
        return Capacities(tuple(told), of_visit, work_seconds, delays, np.ones(len(of_visit), bool))
    ranks = item_ranks(history)
    hours, told, shows = mined_hours(history.flow), [], np.ones(len(of_visit), bool)
    for code, (name, n) in enumerate(zip(found.names, n_people, strict=True)):
        if isinstance(n, Absent):
            told.append(_untold(name, n))
            continue
        visits = np.flatnonzero(of_visit == code)
        calendar = _calendar(name, code, of_pools[code], hours, found, history)
        calendar = _not_contradicted(calendar, visits, history)
        calendar, stays = _closing(calendar, of_pools[code], history)
        calendar = _without_days_off(calendar, of_pools[code], history.work)
        clock = _clock(calendar, history)
        work_seconds[visits] = _on_clock(clock, of_pools[code], len(of_visit), stays)[visits]
        queues = history.queues[of_visit[history.queues.visit] == code]
        rank = ranks[history.visits.item[queues.visit]]
        until = free_until(clock, n, of_pools[code], queues)
        taken = history.started_at[queues.visit] != NOT_YET
        order = _discipline(clock, until[taken], queues[taken], rank[taken])
        if order is Discipline.FIFO:
            until = np.maximum(until, passed_until(of_pools[code], queues, taken))
        held = worked(clock, queues.began_at, until)
        keeps_hours = not ends_at_opening(clock, queues, until, held)
        told_on = held if keeps_hours else around_the_clock(clock, queues, until, held)
        delays[visits] = np.bincount(queues.visit, told_on, len(of_visit))[visits] / SECOND
        shows[queues.visit] = comes_while_free(clock, n, of_pools[code], queues)
        waited = float(worked(clock, queues.began_at, queues.ended_at).sum())
        explained = 1 - float(held.sum()) / waited if waited else Absent("nothing waits for it")
        told.append(Capacity(name, n, calendar, explained, order, keeps_hours, stays / SECOND))
    return Capacities(tuple(told), of_visit, work_seconds, delays, shows)


def _untold(name: str, n_people: int | Absent) -> Capacity:
    """A pool whose capacity the log does not tell."""
    assert isinstance(n_people, Absent)
    return Capacity(name, n_people, n_people, n_people)


def _pool_of_visit(history: History, found: Pools) -> Ints:
    """The pool that did the first work of each visit; of visits without work, its team."""
    visits, work = history.visits, history.work
    result = visits.team.copy() if history.flow.about.teams else np.full(len(visits.item), NOTHING, np.int64)
    known = np.flatnonzero(found.of_work != NOTHING)[::-1]
    result[work.visit[known]] = found.of_work[known]
    return result


def _not_hands_on(of_pools: list[Stretches]) -> Absent | None:
    """Where most of the work is by people who are at several items at once, the rest of it means no more."""
    total = np.array([float((work.ended_at - work.began_at).sum()) for work in of_pools])
    at_once = np.array([_at_once_ratio(work) if len(work.visit) else 0.0 for work in of_pools])
    if not total.any() or total[at_once > MOST_AT_ONCE_RATIO].sum() <= total.sum() / 2:
        return None
    return _many_at_once(float(np.average(at_once, weights=total)))


def _many_at_once(ratio: float) -> Absent:
    return Absent(
        f"people are at work on several items at once {ratio:.0%} of the time, so the log tells a status that items "
        "keep, not hands at work".replace("%", " %")
    )


def _n_people(work: Stretches, history: History) -> int | Absent:
    """How many people a pool has: those who work in a usual week, but no fewer than worked at once."""
    if not history.flow.knows_work:
        return Absent("the log tells when work ended, not when it began")
    if len(work.visit) < LEAST_STRETCHES:
        return Absent(f"the log holds only {len(work.visit):,} stretches of its work")
    if (work.person == NOTHING).mean() > MOST_AT_ONCE_RATIO:
        return Absent("the log does not say who did its work")
    if (at_once := _at_once_ratio(work)) > MOST_AT_ONCE_RATIO:
        return _many_at_once(at_once)
    week = work.began_at // WEEK
    per_week = np.bincount(np.unique(np.stack([week - week.min(), work.person]), axis=1)[0])
    return max(int(np.median(per_week[per_week > 0])), _at_once(work))


def _at_once_ratio(work: Stretches) -> float:
    """Share of people's time at work that they spend on more than one item."""
    order = np.lexsort((work.began_at, work.person))
    person, began_at, ended_at = (column[order] for column in (work.person, work.began_at, work.ended_at))
    # Shifted by person, so that the latest end so far never reaches from one person into the next.
    apart = (person - person.min()) * (int(ended_at.max() - began_at.min()) + 1)
    reached = np.maximum.accumulate(ended_at + apart) - apart
    overlap = np.maximum(np.minimum(reached[:-1], ended_at[1:]) - began_at[1:], 0)[person[1:] == person[:-1]]
    return float(overlap.sum() / (ended_at - began_at).sum())


def _at_once(work: Stretches) -> int:
    """How many are at work at once at the busiest, but for moments."""
    at, n = busy(work)
    lengths = np.append(np.diff(at), 0)
    order = np.argsort(n, kind="stable")
    reached = np.cumsum(lengths[order] * (n[order] > 0))
    return int(n[order][np.searchsorted(reached, BUSY_LEVEL * reached[-1])])


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
    clock = _clock(calendar, history)
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
        clock = _clock(each, history)
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
    earlier = without_overtime(calendar, _clock(calendar, history), work)
    if earlier != calendar and (stays := overtime(_clock(earlier, history), work)):
        return earlier, stays
    return calendar, overtime(_clock(calendar, history), work)


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


def _clock(calendar: WorkCalendar | Absent, history: History) -> WorkClock:
    about = history.flow.about
    if isinstance(calendar, WorkCalendar):
        return work_clock([calendar], about.first_at, about.last_at)
    return work_clock([WorkCalendar(hours=AROUND_THE_CLOCK)], about.first_at, about.last_at)


def _zeros(stretches: Stretches) -> Ints:
    return np.zeros(len(stretches.visit), np.int64)


def _on_clock(clock: WorkClock, work: Stretches, n_visits: int, stays: int) -> Floats:
    """Seconds worked in each visit on a clock, and in overtime."""
    return np.bincount(work.visit, worked_with_overtime(clock, work, stays), n_visits) / SECOND


def _discipline(clock: WorkClock, held_until: Ints, queues: Stretches, rank: Ints) -> Discipline:
    """The discipline, where capacity explains so much that the order of the items tells one."""
    waited = float(worked(clock, queues.began_at, queues.ended_at).sum())
    if not waited or float(worked(clock, queues.began_at, held_until).sum()) > (1 - CLEAR_RATIO) * waited:
        return Discipline.FIFO
    return discipline(queues.began_at, queues.ended_at, rank)
