"""Delays that no capacity explains: until when something else held up what waits for a pool.

All of it is told by instants: when somebody of the pool was free, and when what was taken sooner had come.
"""

import numpy as np
import numpy.typing as npt

from millrace.flow.work_time import WorkClock, business_durations
from millrace.simulate.fit.past_visits import Stretches

Ints = npt.NDArray[np.int64]

SECOND = 1_000_000
NIGHT = 15 * 3_600 * SECOND
"""Within this time after an instant on duty a pool that closes overnight does not work beyond that day."""
SOON = 15 * 60 * SECOND
LEAST_BEYOND = 20
"""Delays that last beyond closing, which tell whether they go on meanwhile."""


def free_until(clock: WorkClock, n_people: int, work: Stretches, queues: Stretches) -> Ints:
    """Of each stretch in the queue, the last instant at which somebody on duty was free; its beginning if nobody was.

    As long as somebody was free and did not take the item, something else still held it.
    """
    at, n = busy(work)
    ends = np.append(at[1:], at[-1])
    free = np.where(n < n_people, worked(clock, at, ends), 0)
    last_free = np.maximum.accumulate(np.where(free > 0, np.arange(len(at)), -1))
    place = np.searchsorted(at, queues.ended_at, side="left") - 1
    inside = np.maximum(place, 0)
    # A stretch that ends while somebody is free ends because what held the item let it go.
    begin = np.maximum(at[inside], queues.began_at)
    is_free = (n[inside] < n_people) & (worked(clock, begin, queues.ended_at) > 0) & (place >= 0)
    before = np.where(place > 0, last_free[np.maximum(place - 1, 0)], -1)
    until = np.where(is_free, queues.ended_at, np.where(before >= 0, ends[np.maximum(before, 0)], queues.began_at))
    until = np.maximum(until, queues.began_at)
    # Free only before the item came, or only off duty, is not free for it.
    was_free = is_free | (worked(clock, np.maximum(at[np.maximum(before, 0)], queues.began_at), until) > 0)
    return np.where(was_free, until, queues.began_at)


def passed_until(work: Stretches, queues: Stretches, taken: npt.NDArray[np.bool_] | bool = True) -> Ints:
    """Where the first come are first served: the last instant at which something came that was taken before.

    Whatever came later and was taken sooner was in the queue before the item was: so long something else held it. Those
    for which `taken` does not hold left the queue of their own accord and tell nothing of others.
    """
    served = queues[np.broadcast_to(taken, len(queues.visit))]
    began_at = np.concatenate([served.began_at, work.began_at])
    taken_at = np.concatenate([served.ended_at, work.began_at])
    # Work that did not queue came when it was taken; work that did is known by its queue.
    queued = np.concatenate([np.ones(len(served.visit), bool), ~np.isin(work.visit, queues.visit)])
    began_at, taken_at = began_at[queued], taken_at[queued]
    order = np.argsort(taken_at, kind="stable")
    latest = np.maximum.accumulate(began_at[order])
    place = np.searchsorted(taken_at[order], queues.ended_at, side="left") - 1
    passed = np.where(place >= 0, latest[np.maximum(place, 0)], queues.began_at)
    return np.minimum(np.maximum(passed, queues.began_at), queues.ended_at)


def comes_while_free(clock: WorkClock, n_people: int, work: Stretches, queues: Stretches) -> npt.NDArray[np.bool_]:
    """Whether somebody on duty was free when each stretch in the queue began."""
    at, n = busy(work)
    place = np.searchsorted(at, queues.began_at, side="right") - 1
    is_free = (place < 0) | (n[np.maximum(place, 0)] < n_people)
    return np.asarray(is_free & (worked(clock, queues.began_at, queues.began_at + SECOND) > 0), bool)


def ends_at_opening(clock: WorkClock, queues: Stretches, until: Ints, held: Ints) -> bool:
    """Whether most delays that last beyond closing are over as soon as the pool opens: they went on meanwhile."""
    beyond = until - queues.began_at - held > 0
    if beyond.sum() < LEAST_BEYOND:
        return False
    since_opening = held - worked(clock, queues.began_at, queues.began_at + NIGHT)
    return float((since_opening[beyond] <= SOON).mean()) > 0.5


def around_the_clock(clock: WorkClock, queues: Stretches, until: Ints, held: Ints) -> Ints:
    """Delays on all hours. What was over at opening ended while nobody could see it: any instant is as likely."""
    elapsed = until - queues.began_at
    off_duty = elapsed - held
    unseen = (off_duty > 0) & (held - worked(clock, queues.began_at, queues.began_at + NIGHT) <= SOON)
    part = np.random.default_rng(0).random(len(elapsed))
    return np.where(unseen, elapsed - (off_duty * part).astype(np.int64), elapsed)


def busy(work: Stretches) -> tuple[Ints, Ints]:
    """The instants at which the number of people at work changes, and the number from each on."""
    instants = np.concatenate([work.began_at, work.ended_at])
    change = np.concatenate([np.ones(len(work.began_at), np.int64), -np.ones(len(work.ended_at), np.int64)])
    order = np.lexsort((change, instants))
    return instants[order], np.cumsum(change[order])


def worked(clock: WorkClock, begins: Ints, ends: Ints) -> Ints:
    """Working time between instants, none where they are the wrong way round."""
    return np.asarray(business_durations(clock, np.zeros(len(begins), np.int64), begins, np.maximum(begins, ends)))
