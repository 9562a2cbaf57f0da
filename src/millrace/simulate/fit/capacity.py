"""What limits a pool: how many people, in which hours, and how much of the waiting that explains.

While somebody of the pool is free and on duty, no item has to wait for the pool. So something else holds an item up to
the last instant of its wait at which somebody was free, or at which something came that was then taken sooner: a delay
with another cause. What is left of the wait, when the pool was full or off duty, is a matter of capacity. Where that
cannot be told (see `staff`), the whole wait is a delay.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.flow.mined_hours import mined_hours
from millrace.flow.spans import NOTHING
from millrace.flow.work_time import WorkClock
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.delays import (
    around_the_clock,
    comes_while_free,
    ends_at_opening,
    free_until,
    passed_until,
    worked,
)
from millrace.simulate.fit.discipline import discipline, item_ranks
from millrace.simulate.fit.history import History
from millrace.simulate.fit.life_table import NOT_YET
from millrace.simulate.fit.overtime import worked_with_overtime
from millrace.simulate.fit.past_visits import QUEUE, Stretches
from millrace.simulate.fit.pool_hours import clock_of, pool_hours
from millrace.simulate.fit.pools import Pools, pools
from millrace.simulate.fit.staff import staff
from millrace.simulate.simulated_stream import Discipline

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SECOND = 1_000_000
CLEAR_RATIO = 0.95
"""Share of a pool's queueing that capacity has to explain for the order of its items to tell a discipline."""


@dataclass(frozen=True)
class Capacity:
    """A pool's people and hours; each is Absent, with the reason, where the log does not tell.

    `explained_ratio` is the share of the working time in its queue for which its people are the reason.
    `delays_keep_hours` is False where what else holds items up goes on when the pool is off duty.
    For up to `overtime_seconds` after closing people finish what they have begun. Each works on up to `at_once` items.
    """

    name: str
    n_people: int | Absent
    calendar: WorkCalendar | Absent
    explained_ratio: float | Absent
    discipline: Discipline = Discipline.FIFO
    delays_keep_hours: bool = True
    overtime_seconds: float = 0.0
    at_once: int = 1


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
    waiting = [history.queues[of_visit[history.queues.visit] == code] for code in range(len(found.names))]
    staffs = staff(of_pools, waiting, history)
    if not any(isinstance(each.n_people, int) for each in staffs):
        told = [_untold(name, each.n_people) for name, each in zip(found.names, staffs, strict=True)]
        return Capacities(tuple(told), of_visit, work_seconds, delays, np.ones(len(of_visit), bool))
    ranks = item_ranks(history)
    mined, told, shows = mined_hours(history.flow), [], np.ones(len(of_visit), bool)
    for code, (name, each) in enumerate(zip(found.names, staffs, strict=True)):
        if isinstance(each.n_people, Absent):
            told.append(_untold(name, each.n_people))
            continue
        n, queues, visits = each.n_people * each.at_once, waiting[code], np.flatnonzero(of_visit == code)
        calendar, stays = pool_hours(name, code, of_pools[code], visits, mined, found, history)
        clock = clock_of(calendar, history)
        work_seconds[visits] = _on_clock(clock, of_pools[code], len(of_visit), stays)[visits]
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
        told.append(
            Capacity(name, each.n_people, calendar, explained, order, keeps_hours, stays / SECOND, each.at_once)
        )
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


def _on_clock(clock: WorkClock, work: Stretches, n_visits: int, stays: int) -> Floats:
    """Seconds worked in each visit on a clock, and in overtime."""
    return np.bincount(work.visit, worked_with_overtime(clock, work, stays), n_visits) / SECOND


def _discipline(clock: WorkClock, held_until: Ints, queues: Stretches, rank: Ints) -> Discipline:
    """The discipline, where capacity explains so much that the order of the items tells one."""
    waited = float(worked(clock, queues.began_at, queues.ended_at).sum())
    if not waited or float(worked(clock, queues.began_at, held_until).sum()) > (1 - CLEAR_RATIO) * waited:
        return Discipline.FIFO
    return discipline(queues.began_at, queues.ended_at, rank)
