"""How far back the past still resembles the present: since when departures are heard."""

import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.life_table import NOT_YET, departure_weights

Ints = npt.NDArray[np.int64]

SHARES = (0.0, 0.3, 0.5, 0.65)
"""Parts of the departures, from the first on, that are left out in the windows tried."""
LATEST = 0.8
"""The latest departures, from this part on, judge the windows before them."""
LEAST_DEPARTURES = 150
"""Departures, and demands, that the latest part needs."""
LEAST_TIME = 7 * 24 * 3_600_000_000
"""And a whole week, for weekdays differ."""
LEAST_GAIN_RATIO = 0.1
"""By how much, as a share of the mean, a shorter window has to come nearer to the latest departures."""


def heard_from(demand_at: Ints, left_at: Ints, now_at: int) -> int | None:
    """The instant from which on departures foretell the latest ones best; None where all of them do as well.

    Compared are life tables, so that it does not matter that the latest items have had less time.
    """
    from scipy.stats import wasserstein_distance

    gone = np.sort(left_at[left_at != NOT_YET])
    if len(gone) * (1 - LATEST) < LEAST_DEPARTURES:
        return None
    split = int(gone[int(LATEST * len(gone))])
    if (demand_at >= split).sum() < LEAST_DEPARTURES or now_at - split < LEAST_TIME:
        return None
    late = departure_weights(demand_at, left_at, now_at, split)
    lead = (np.where(left_at == NOT_YET, now_at, left_at) - demand_at).astype(np.float64)
    mean = float(np.average(lead, weights=late))
    before = np.where(left_at < split, left_at, NOT_YET)
    known = demand_at < split
    tried = [int(gone[int(share * len(gone))]) for share in SHARES]
    distances = []
    for since in tried:
        weight = departure_weights(demand_at[known], before[known], split, since)
        distances.append(float(wasserstein_distance(lead[known], lead, weight, late)) / max(mean, 1.0))
    best = int(np.argmin(distances))
    return tried[best] if distances[0] - distances[best] > LEAST_GAIN_RATIO else None
