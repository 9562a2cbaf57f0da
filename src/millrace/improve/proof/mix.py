"""The mix of work: which kinds of items came in a week, and what the baseline's figures say of such a week."""

import numpy as np

from millrace.improve.proof.observations import MIX_COLUMNS, Items
from millrace.improve.proof.series import Bools, Floats, Int64s

_LEAST_ITEMS, _LEAST_RATIO = 40, 0.01
"""A kind of work with fewer items in the baseline is not told apart."""


def kinds_of_work(items: Items, rows: Int64s, is_baseline: Bools, without: frozenset[str]) -> Int64s:
    """The kind of each item: its type, priority and category together, as they were at demand.

    Values, then combinations, that are rare in the baseline are one kind. Columns of `without` are not looked at:
    what divides items into changed and unchanged is no mix.
    """
    kinds = np.zeros(len(rows), np.int64)
    least = max(_LEAST_ITEMS, _LEAST_RATIO * is_baseline.sum())
    for column in MIX_COLUMNS:
        if column in items.labels and column not in without:
            _, codes = np.unique(items.labels[column][rows], return_inverse=True)
            _, kinds = np.unique(
                np.column_stack([kinds, _gathered(codes, is_baseline, least)]), axis=0, return_inverse=True
            )
            kinds = _gathered(kinds.ravel(), is_baseline, least)
    return kinds


def _gathered(codes: Int64s, is_baseline: Bools, least: float) -> Int64s:
    """Codes from 0 on; those that are rare in the baseline are 0."""
    counts = np.bincount(codes[is_baseline], minlength=codes.max(initial=0) + 1)
    is_kept = counts >= least
    return np.where(is_kept, np.cumsum(is_kept), 0)[codes]


class Expected:
    """What the baseline's figures say of any mix of its kinds of work."""

    def __init__(self, figures: Floats, kinds: Int64s, n_kinds: int, *, is_median: bool) -> None:
        """From the baseline's items."""
        self._is_median = is_median
        order = np.argsort(figures, kind="stable") if is_median else np.arange(len(figures))
        self._figures, self._kinds = figures[order], kinds[order]
        self._counts = np.bincount(kinds, minlength=n_kinds).astype(float)
        self._sums = np.bincount(kinds, figures, n_kinds)

    @property
    def is_known(self) -> Bools:
        """Kinds of which the baseline has items."""
        return self._counts > 0

    def of(self, counts: Floats) -> float:
        """The median or mean of a week with so many items of each kind."""
        known = self._counts > 0
        each = np.divide(counts, self._counts, out=np.zeros_like(self._sums), where=known)
        if not self._is_median:
            return float((each @ self._sums) / counts[known].sum())
        weights = np.cumsum(each[self._kinds])
        return float(self._figures[np.searchsorted(weights, weights[-1] / 2)])
