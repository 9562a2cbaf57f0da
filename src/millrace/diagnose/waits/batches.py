"""Batches: work that gathers until somebody takes all of it at once, as a habit."""

from typing import Any

import numba
import numpy as np

from millrace.diagnose.waits.resources import Resources
from millrace.diagnose.waits.work import Int64s
from millrace.flow.spans import NEVER, NOTHING, Records

HABIT_RATIO = 0.75
"""Share of an activity's hand-overs that are taken in batches where batching is how it is done."""
MIN_MEMBERS = 3
"""Works in batches that it takes."""
PAUSE = 60_000_000
"""One after the other: the next begins at most this long after the one before."""
_FOREVER = 2**62


def gathered(works: Records, resources: Resources) -> tuple[Int64s, Int64s]:
    """Until when each work gathered with others of its batch, and the batch's number (`NEVER`, `NOTHING` for none).

    A batch is what one person takes of one activity in one go, together or one after the other, all of it ready before
    the first begins, and nothing that was ready left behind. A queue looks so at times; therefore only where
    an activity is nearly always done like this.
    """
    until, batch = np.full(len(works), NEVER, np.int64), np.full(len(works), NOTHING, np.int64)
    if len(resources.order):
        _gather(works, resources, _least_later(works, resources), until, batch)
    handed = works["previous"] != NOTHING
    n_activities = int(works["activity"].max()) + 1 if len(works) else 0
    batched = np.bincount(works["activity"][(batch != NOTHING) & handed], minlength=n_activities)
    all_of_it = np.bincount(works["activity"][handed], minlength=n_activities)
    is_habit = (batched >= MIN_MEMBERS) & (batched >= HABIT_RATIO * all_of_it)
    by_chance = ~is_habit[works["activity"]]
    until[by_chance], batch[by_chance] = NEVER, NOTHING
    return until, batch


def _least_later(works: Records, resources: Resources) -> Int64s:
    """For each place in the order of people: when the first was ready of what they did later of the same activity."""
    order = resources.order
    keys = works["person"][order].astype(np.int64) << 32 | works["activity"][order]
    by_key = np.argsort(keys, kind="stable")
    later = np.empty(len(order), np.int64)
    _fill_later(keys, by_key, np.ascontiguousarray(works["ready_at"][order]), later)
    return later


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fill_later(keys: Any, by_key: Any, ready: Any, later: Any) -> None:
    least = _FOREVER
    for i in range(len(by_key) - 1, -1, -1):
        k = by_key[i]
        if i + 1 == len(by_key) or keys[by_key[i + 1]] != keys[k]:
            least = _FOREVER
        later[k] = least
        least = min(least, ready[k])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _gather(works: Any, resources: Any, least_later: Any, until: Any, batch: Any) -> None:
    order, n_batches, k = resources.order, 0, 0
    while k < len(order):
        head = works[order[k]]
        latest, end_at, n = head.ready_at, head.ended_at, k + 1
        while n < len(order):
            following = works[order[n]]
            if following.person != head.person or following.activity != head.activity:
                break
            if following.started_at > end_at + PAUSE:
                break
            latest, end_at = max(latest, following.ready_at), max(end_at, following.ended_at)
            n += 1
        if n - k > 1 and latest <= head.started_at and least_later[n - 1] > head.started_at:
            for i in range(k, n):
                until[order[i]], batch[order[i]] = latest, n_batches
            n_batches += 1
        k = n
