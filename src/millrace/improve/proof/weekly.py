"""A measure, week by week around a change, with the mix of work accounted for."""

from dataclasses import dataclass

import numpy as np

from millrace.improve.proof.measured import Measured
from millrace.improve.proof.mix import Expected
from millrace.improve.proof.series import Bools, Floats, Int64s, Series

WEEK = 7 * 86_400 * 1_000_000
FEWEST_ITEMS = 5
"""Items that a week has at least; others are left out."""
_LEAST_OF_USUAL = 0.1
MOST_WEEKS = 156


@dataclass(frozen=True)
class Weeks:
    """The weeks of a measure: as observed, and as the baseline would have them with the mix of each week.

    `exposure` is the share of a week's items that the change reached.
    """

    week: Int64s
    observed: Floats
    expected: Floats
    n: Floats
    exposure: Floats
    n_of_unknown_kind: int


def weeks_of(
    measured: Measured, chosen: Bools, kinds: Int64s, reached: Floats, is_baseline: Bools, changed_at: int
) -> Weeks | None:
    """The weeks of the chosen items; None without a baseline. `reached` says of each item how far the change did."""
    in_time = (measured.at >= measured.from_at) & (measured.at < measured.until_at) & chosen
    week_of = (measured.at - changed_at) // WEEK
    is_whole = (week_of * WEEK + changed_at >= measured.from_at) & (
        (week_of + 1) * WEEK + changed_at <= measured.until_at
    )
    usable = in_time & is_whole & (week_of >= -MOST_WEEKS) & (week_of < MOST_WEEKS)
    baseline = usable & is_baseline
    if not baseline.any():
        return None
    n_kinds = int(kinds.max(initial=0)) + 1
    expected = Expected(measured.figure[baseline], kinds[baseline], n_kinds, is_median=measured.is_median)
    comparable = usable & expected.is_known[kinds] if not measured.is_count else usable
    order = np.flatnonzero(comparable)[np.argsort(week_of[comparable], kind="stable")]
    weeks, first, counts = np.unique(week_of[order], return_index=True, return_counts=True)
    observed, should = np.empty(len(weeks)), np.empty(len(weeks))
    exposure = np.add.reduceat(reached[order], first) / counts
    for at, (begin, n) in enumerate(zip(first, counts, strict=True)):
        rows = order[begin : begin + n]
        if measured.is_count:
            observed[at], should[at] = float(n), 1.0
            continue
        figures = measured.figure[rows]
        observed[at] = np.median(figures) if measured.is_median else figures.mean()
        should[at] = expected.of(np.bincount(kinds[rows], minlength=n_kinds).astype(float))
    least = max(FEWEST_ITEMS, _LEAST_OF_USUAL * float(np.median(counts)))
    kept = counts >= least
    return Weeks(
        weeks[kept], observed[kept], should[kept], counts[kept].astype(float), exposure[kept],
        int((usable & ~comparable).sum()),
    )  # fmt: skip


def series_of(weeks: Weeks, measured: Measured) -> tuple[Series, float]:
    """The weeks as a series, and the baseline's figure that it is told by; a logarithm where all figures allow it."""
    is_log = measured.is_log and bool((weeks.observed > 0).all() and (weeks.expected > 0).all())
    if measured.is_count:
        return Series(weeks.week, np.log(weeks.observed), weeks.n, weeks.exposure, is_log), 1.0
    before = weeks.exposure == 0
    reference = float(np.average(weeks.expected[before], weights=weeks.n[before]))
    if is_log:
        figure = np.log(weeks.observed) - np.log(weeks.expected) + np.log(reference)
    else:
        figure = weeks.observed - weeks.expected + reference
    return Series(weeks.week, figure, weeks.n, weeks.exposure, is_log), reference
