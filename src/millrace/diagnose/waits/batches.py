"""Batches: work that gathers until somebody takes all of it at once, as a habit."""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from millrace.diagnose.waits.resources import Resources
from millrace.diagnose.waits.work import Int64s
from millrace.flow.spans import NEVER, NOTHING, Records

HABIT_RATIO = 0.75
"""Share of an activity's hand-overs that are taken in batches where batching is how it is done."""
MIN_MEMBERS = 3
"""Works in batches that it takes."""
PAUSE = 60_000_000
"""One after the other: the next begins at most this long after the one before."""
LEFT_RATIO = 0.1
"""Share of a batch that may be left behind, one at least where it is of `MANY`: who comes at the last minute."""
MANY = 5


def gathered(works: Records, resources: Resources) -> tuple[Int64s, Int64s]:
    """Until when each work gathered with others of its batch, and the batch's number (`NEVER`, `NOTHING` for none).

    A batch is what one person takes of one activity in one go, together or one after the other, all of it ready before
    the first begins, and hardly anything that was ready left behind. A queue looks so at times; therefore only where
    an activity is nearly always done like this.
    """
    until, batch = np.full(len(works), NEVER, np.int64), np.full(len(works), NOTHING, np.int64)
    if len(resources.order):
        _gather(works, resources, _next_alike(works, resources), until, batch)
    by_chance = ~_is_habit(works, batch)[works["activity"]]
    until[by_chance], batch[by_chance] = NEVER, NOTHING
    return until, batch


def _is_habit(works: Records, batch: Int64s) -> npt.NDArray[np.bool_]:
    """For each activity, whether it is done in batches as a rule: also apart from its greatest, a clean-up perhaps."""
    if not len(works):
        return np.zeros(0, bool)
    handed = works["previous"] != NOTHING
    batched = handed & (batch != NOTHING)
    n = np.bincount(works["activity"][handed], minlength=int(works["activity"].max()) + 1)
    n_batched = np.bincount(works["activity"][batched], minlength=len(n))
    greatest = np.zeros(len(n), np.int64)
    _, first, sizes = np.unique(batch[batched], return_index=True, return_counts=True)
    np.maximum.at(greatest, works["activity"][batched][first], sizes)
    habit: npt.NDArray[np.bool_] = (n_batched >= MIN_MEMBERS) & (n_batched - greatest >= HABIT_RATIO * (n - greatest))
    return habit


def _next_alike(works: Records, resources: Resources) -> Int64s:
    """For each place in the order of people: the place of what the person did next of the same activity, or -1."""
    order = resources.order
    keys = works["person"][order].astype(np.int64) << 32 | works["activity"][order]
    by_key = np.argsort(keys, kind="stable")
    following = np.full(len(order), NOTHING, np.int64)
    is_same = keys[by_key[1:]] == keys[by_key[:-1]]
    following[by_key[:-1][is_same]] = by_key[1:][is_same]
    return following


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _gather(works: Any, resources: Any, next_alike: Any, until: Any, batch: Any) -> None:
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
        if n - k > 1 and latest <= head.started_at and _took_all(works, order, next_alike, k, n):
            for i in range(k, n):
                until[order[i]], batch[order[i]] = latest, n_batches
            n_batches += 1
        k = n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _took_all(works: Any, order: Any, next_alike: Any, begin: int, end: int) -> bool:
    """Whether the works from `begin` to `end` left hardly any behind that was ready when the first of them began."""
    n, left = end - begin, 0
    following = next_alike[end - 1]
    for _ in range(n):
        if following == NOTHING:
            break
        left += works[order[following]].ready_at <= works[order[begin]].started_at
        following = next_alike[following]
    return bool(left == 0 or (n >= MANY and left <= max(1.0, LEFT_RATIO * n)))
