"""Which items are under way, where a log does not say when they are done.

Where value is simply the last event, any item may still go on. What speaks for it is where it was last (after most
steps another one follows), what against it is how long it has been silent since: usually the next event comes sooner.
"""

import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.past_visits import Visits

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LEADS_ON_RATIO = 0.85
"""Share of followed visits from which on a step is none that items end with."""
QUEUE_GROWTH = 3
"""After such a step silence may be a queue that has grown so many times since, so it counts for less."""
LEAST_GAPS = 5
"""Gaps after a step that tell how soon it is followed up."""


def under_way(visits: Visits, n_items: int, now_at: int) -> Bools:
    """Items that more likely than not go on: a mask over items."""
    goes_on = np.append(visits.item[1:] == visits.item[:-1], False)
    gap = np.where(goes_on, np.roll(visits.ended_at, -1) - visits.ended_at, 0)
    followed = _followed(visits, goes_on, now_at)
    last = np.flatnonzero(~goes_on)
    silence, step = now_at - visits.ended_at[last], visits.step[last]
    counted = np.where(followed[step] >= LEADS_ON_RATIO, silence // QUEUE_GROWTH, silence)
    still = followed[step] * _surviving(gap[goes_on], visits.step[goes_on], counted, step)
    mask = np.zeros(n_items, bool)
    mask[visits.item[last]] = still > 0.5 * (still + 1 - followed[step])
    return mask


def _followed(visits: Visits, goes_on: Bools, now_at: int) -> npt.NDArray[np.float64]:
    """The share of each step's visits that another one follows, told by the older half of the log: it had its time."""
    n_steps = int(visits.step.max()) + 1
    older = visits.ended_at <= (visits.began_at.min() + now_at) // 2
    n = np.bincount(visits.step[older], minlength=n_steps)
    n_followed = np.bincount(visits.step[older & goes_on], minlength=n_steps)
    return np.asarray(n_followed / np.maximum(n, 1), np.float64)


def _surviving(gap: Ints, step_of_gap: Ints, silence: Ints, step: Ints) -> npt.NDArray[np.float64]:
    """The share of a step's gaps that are longer than a silence; none where too few are known."""
    share = np.zeros(len(step))
    for each in np.unique(step).tolist():
        known, asked = np.sort(gap[step_of_gap == each]), step == each
        if len(known) >= LEAST_GAPS:
            share[asked] = 1 - np.searchsorted(known, silence[asked], side="right") / len(known)
    return share
