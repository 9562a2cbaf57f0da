"""Placebo tests: the same regression at days on which nothing was changed. What it finds there is chance."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from millrace.improve.proof.segmented import n_figures, segmented
from millrace.improve.proof.series import Series

FEWEST_BEFORE, FEWEST_AFTER = 6, 4
"""Weeks on either side of a day on which something is tried."""
FEWEST_PLACEBOS = 4
FEWEST_IN_BASELINE = FEWEST_BEFORE + FEWEST_AFTER + FEWEST_PLACEBOS - 1
"""Weeks before a change without which nothing can be tried, and nothing be said."""


@dataclass(frozen=True)
class Placebo:
    """What fake days before the change showed: how many were tried, and by how much errors have to be larger."""

    n: int
    n_striking: int
    inflation: float


def placebo(series: Series, *, has_trend: bool = True) -> Placebo:
    """Try every week before the change as if it were its own, and compare the spread with what errors promise.

    The error is never made smaller: few fake days can be quiet by luck.
    """
    before = series.only(series.before)
    ratios = []
    longest = max(FEWEST_AFTER, series.n_after)
    for week in before.week[FEWEST_BEFORE : len(before.week) - FEWEST_AFTER + 1]:
        tried = before.only(before.week < week + longest).changed_at(int(week))
        if len(tried.week) >= n_figures(tried, has_trend=has_trend) + 2:
            fitted = segmented(tried, has_trend=has_trend)
            ratios.append(fitted.ratio / sqrt(_spread(fitted.degrees)))
    if len(ratios) < FEWEST_PLACEBOS:
        return Placebo(len(ratios), 0, 1.0)
    found = np.array(ratios)
    inflation = max(1.0, float(np.sqrt(np.mean(found**2))))
    return Placebo(len(found), int((np.abs(found) > 2).sum()), inflation)


def _spread(degrees: float) -> float:
    """Variance of Student's t, which is what ratios of no effect spread by."""
    return degrees / (degrees - 2)
