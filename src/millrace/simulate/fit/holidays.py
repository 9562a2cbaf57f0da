"""Days off: days on which hardly anything was done though the same weekday of the weeks around had plenty."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.hours_of_week import on_the_wall

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY = 86_400_000_000
LEAST_USUAL = 12
"""Happenings on a usual such day without which a quiet one may be chance."""
HARDLY_RATIO = 0.1
NEAR_WEEKS = 4
"""Weeks before and after whose middle is the usual."""
_FIRST = date(1970, 1, 1)


def holidays(at: Ints, zone: str) -> tuple[date, ...]:
    """The days off that instants (microseconds since 1970 UTC) tell, in order; none where too little happens a day."""
    if not len(at):
        return ()
    day = on_the_wall(at, zone) // DAY
    first = int(day.min())
    counts = np.bincount(day - first).astype(np.float64)
    usual = _usual(counts)
    off = np.flatnonzero((usual >= LEAST_USUAL) & (counts <= HARDLY_RATIO * usual))
    return tuple(_FIRST + timedelta(days=first + each) for each in off.tolist())


def _usual(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The median of the same weekday in the weeks before or after each day, whichever is less; 0 at the edges.

    Where a log begins or runs out, what is missing is no day off.
    """
    reach = 7 * NEAR_WEEKS
    padded = np.concatenate([np.full(reach, np.nan), counts, np.full(reach, np.nan)])
    sides = []
    for sign in (-1, 1):
        shifts = [sign * 7 * week for week in range(1, NEAR_WEEKS + 1)]
        around = np.stack([padded[reach + shift : reach + shift + len(counts)] for shift in shifts])
        known = ~np.isnan(around).all(axis=0)
        side = np.zeros(len(counts))
        side[known] = np.nanmedian(around[:, known], axis=0)
        sides.append(side)
    return np.minimum(*sides)


def is_on(at: Ints, days: tuple[date, ...], zone: str) -> Bools:
    """Which instants lie on one of the days."""
    numbers = [(each - _FIRST).days for each in days]
    return np.isin(on_the_wall(at, zone) // DAY, numbers)
