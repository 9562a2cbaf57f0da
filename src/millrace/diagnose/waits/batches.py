"""Batches: work that gathers until somebody takes all of it at once, as a habit."""

from typing import Any

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
        _gather(works, resources, until, batch)
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


def _gather(works: Records, resources: Resources, until: Int64s, batch: Int64s) -> None:
    """Find what each person takes in one go of one activity, all ready before, with hardly anything left behind."""
    order, starts = resources.order, resources.starts
    people, activities, ready = (works[field][order] for field in ("person", "activity", "ready_at"))
    goes_on = np.zeros(len(order), bool)
    goes_on[1:] = (
        (people[1:] == people[:-1])
        & (activities[1:] == activities[:-1])
        & (starts[1:] <= resources.latest_ends[:-1] + PAUSE)
    )
    first = np.flatnonzero(~goes_on)
    sizes = np.diff(np.append(first, len(order)))
    latest = np.maximum.reduceat(ready, first)
    chosen = np.flatnonzero((sizes > 1) & (latest <= starts[first]))
    chosen = chosen[_took_all(people, activities, ready, starts, first[chosen], sizes[chosen])]
    members = order[_windows(first[chosen], sizes[chosen])]
    until[members] = np.repeat(latest[chosen], sizes[chosen])
    batch[members] = np.repeat(np.arange(len(chosen)), sizes[chosen])


def _took_all(people: Any, activities: Any, ready: Any, starts: Any, first: Int64s, sizes: Int64s) -> Any:
    """Whether runs left hardly any behind: of as many that their person did next of the same, ready when they began."""
    keys = people.astype(np.int64) << 32 | activities
    by_key = np.argsort(keys, kind="stable")
    place = np.empty(len(by_key), np.int64)
    place[by_key] = np.arange(len(by_key))
    following = _windows(place[first] + sizes, sizes)
    is_there = following < len(by_key)
    following = by_key[np.where(is_there, following, 0)]
    runs = np.repeat(np.arange(len(first)), sizes)
    is_left = is_there & (keys[following] == keys[first][runs]) & (ready[following] <= starts[first][runs])
    n_left = np.bincount(runs, is_left, len(first))
    return (n_left == 0) | ((sizes >= MANY) & (n_left <= np.maximum(1, LEFT_RATIO * sizes)))


def _windows(begins: Int64s, sizes: Int64s) -> Int64s:
    """The places from each beginning on, as many as its size, all in a row."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    places: Int64s = np.arange(total) + np.repeat(begins - (ends - sizes), sizes)
    return places
