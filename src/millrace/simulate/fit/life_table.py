"""The weight of each departure in a life table of the period that a log observes.

An item speaks by its departure. Items that are still open have not spoken yet, and those that left before the log began
never will; so at every age departures stand against all the items that were under way at that age and seen (Kaplan and
Meier's estimate with delayed entry). Finished items alone would make work look quicker than it is, and those of an
export of what was closed lately, slower.
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NOT_YET = np.iinfo(np.int64).max
"""When an item left that has not."""


def departure_weights(demand_at: Ints, left_at: Ints, now_at: int, observed_from: int | None = None) -> Floats:
    """The weight of each departure in a life table of the period from `observed_from` (or the first departure) on.

    They add up to the number of items. What the table leaves open at its end (more items than departures were seen at
    great age) falls to the oldest departures of all.
    """
    n = len(demand_at)
    is_gone = left_at != NOT_YET
    if not is_gone.any():
        return np.zeros(n)
    since = max(int(left_at[is_gone].min()), observed_from or 0)
    entered = np.maximum(since - demand_at, 0)
    left = np.where(is_gone, left_at, now_at) - demand_at
    speaks = is_gone & (left_at >= since)
    seen = left >= entered
    order = np.argsort(left[speaks], kind="stable")
    ages = left[speaks][order]
    at_risk = np.searchsorted(np.sort(entered[seen]), ages, side="right") - np.searchsorted(
        np.sort(left[seen]), ages, side="left"
    )
    _, first, counts = np.unique(ages, return_index=True, return_counts=True)
    share = counts / np.maximum(at_risk[first], counts)
    surviving = np.concatenate(([1.0], np.cumprod(1 - share)))
    mass = np.repeat(surviving[:-1] * share / counts, counts)
    weight = np.zeros(n)
    weight[np.flatnonzero(speaks)[order]] = mass
    return _with_the_rest(weight, left, float(surviving[-1])) * n


def _with_the_rest(weight: Floats, left: Ints, rest: float) -> Floats:
    """Give what is left over to the oldest tenth of the departures."""
    if rest <= 0:
        return weight
    speaking = np.flatnonzero(weight)
    oldest = speaking[np.argsort(left[speaking])][-max(len(speaking) // 10, 1) :]
    weight[oldest] += rest / len(oldest)
    return weight
