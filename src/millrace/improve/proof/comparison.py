"""What was not changed, as a comparison: unchanged segments, or another stream, weighed to move as the changed did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from millrace.improve.proof.placebo import FEWEST_IN_BASELINE
from millrace.improve.proof.segmented import segmented
from millrace.improve.proof.series import Floats, Int64s, Series

FEWEST_WEEKS = FEWEST_IN_BASELINE
"""Weeks before the change that a comparison has in common with the changed."""
_PARTING = 1.3
"""In units of its error: from which slope on the changed and the unchanged are said to have parted before."""


@dataclass(frozen=True)
class Compared:
    """The changed less the unchanged, week by week. `unchanged` is what was taken off, 0 on average before.

    `has_trend`: they moved apart before the change already, so that the difference has a trend of its own.
    """

    difference: Series
    unchanged: Floats
    weights: Floats
    has_trend: bool


def compared(changed: Series, unchanged: Sequence[Series]) -> Compared | None:
    """Take off what the unchanged did, in the weeks that all have; None where these are too few."""
    shared = changed.week
    usable = [each for each in unchanged if each.is_log == changed.is_log]
    long_enough: list[Series] = []
    for each in usable:
        common = np.intersect1d(shared, each.week)
        if (common < 0).sum() >= FEWEST_WEEKS and (common >= 0).any():
            shared, long_enough = common, [*long_enough, each]
    if not long_enough:
        return None
    kept = changed.only(np.isin(changed.week, shared))
    donors = np.column_stack([_at(each, shared) for each in long_enough])
    before = kept.before
    donors = donors - donors[before].mean(axis=0)
    weights = _weights(kept.figure[before] - kept.figure[before].mean(), donors[before])
    together = donors @ weights
    difference = replace(kept, figure=kept.figure - together)
    return Compared(difference, together, weights, _part(difference))


def stacked(parts: Sequence[Compared]) -> Compared:
    """Several segments as one, each by the weeks since the change reached it; the bigger count for more."""
    if len(parts) == 1:
        return parts[0]
    weeks = np.unique(np.concatenate([part.difference.week for part in parts]))
    n, figure, exposure, unchanged = (np.zeros(len(weeks)) for _ in range(4))
    for part in parts:
        at, series = np.searchsorted(weeks, part.difference.week), part.difference
        # Each by its distance from its own level before: which segments a week has must not move it.
        own = np.average(series.figure[series.before], weights=series.n[series.before])
        n[at] += series.n
        figure[at] += series.n * (series.figure - own)
        exposure[at] += series.n * series.exposure
        unchanged[at] += series.n * part.unchanged
    level = float(
        np.average(
            [np.average(part.difference.figure[part.difference.before]) for part in parts],
            weights=[part.difference.n.sum() for part in parts],
        )
    )
    difference = Series(weeks, figure / n + level, n, exposure / n, parts[0].difference.is_log)
    return Compared(difference, unchanged / n, np.empty(0), any(part.has_trend for part in parts))


def _at(series: Series, weeks: Int64s) -> Floats:
    figures: Floats = series.figure[np.searchsorted(series.week, weeks)]
    return figures


def _weights(target: Floats, donors: Floats) -> Floats:
    """Shares, none below 0, that make the unchanged move as the changed did before; drawn towards equal shares.

    The pull is as strong as the unchanged are restless, so that chance in them is not taken for likeness.
    """
    from scipy.optimize import nnls

    n = donors.shape[1]
    if n == 1:
        return np.ones(1)
    restless = float(np.diff(donors, axis=0).std()) * np.sqrt(len(target))
    sums_to_one = 1e3 * max(restless, 1e-9)
    rows = np.vstack([donors, restless * np.eye(n), np.full((1, n), sums_to_one)])
    wanted = np.concatenate([target, np.full(n, restless / n), [sums_to_one]])
    found: Floats = nnls(rows, wanted)[0]
    weights: Floats = found / found.sum()
    return weights


def _part(difference: Series) -> bool:
    """True where the difference had a slope before the change."""
    before = difference.only(difference.before)
    half = before.week[len(before.week) // 2]
    fitted = segmented(before.changed_at(int(half)), has_trend=False)
    return abs(fitted.ratio) > _PARTING
