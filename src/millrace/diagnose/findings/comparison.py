"""Groups against the norm of the stream: which groups have markedly larger values than everything beside them.

The norm is what the other groups show. Groups are compared by ranks (Mann and Whitney), so that a few long items make
no difference; a group must differ by much, not only surely. Groups that overlap explain one another: of a category
and the team that works on it, only the one that stands out more is told, unless the other does so without it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from millrace.diagnose.findings.discoveries import LEVEL
from millrace.diagnose.findings.evidence import Bools, Int64s

LEAST_N = 30
"""In the group, and in the rest."""
LEAST_SUPERIORITY = 0.65
"""Probability that one of the group is above one of the rest; 0.5 is no difference."""
LEAST_FACTOR = 2.0
"""Mean of the group over that of the rest, and median over median."""
LEAST_FACTOR_OF_TEAM = 3.0
"""Likewise for a team: teams differ by what they are given, the harder half here, the simpler there."""
TEAM = "team"
MOST_GROUPS = 200
"""A column with more values than this holds names, not groups."""


class Grouping(NamedTuple):
    """A column that splits values into groups: `labels[codes[row]]`, a negative code where it is not known."""

    column: str
    codes: Any
    labels: tuple[str, ...]


class Contrast(NamedTuple):
    """A group that stands out: its rows among the values, and both sides in figures."""

    column: str
    label: str
    rows: Int64s
    n_rest: int
    mean: float
    mean_rest: float
    median: float
    median_rest: float
    p_value: float

    @property
    def excess_ratio(self) -> float:
        """The part of the group's sum by which it exceeds what the norm would make of it."""
        return 1 - self.mean_rest / self.mean


class Contrasts(NamedTuple):
    """Groups that stand out, most clearly first, and the p-value of every group that was compared."""

    standing_out: tuple[Contrast, ...]
    p_values: tuple[float, ...]


class _Tested(NamedTuple):
    grouping: Grouping
    group: int
    z: float
    p_value: float


def contrasts(values: Any, groupings: Sequence[Grouping], *, least_factor: float = LEAST_FACTOR) -> Contrasts:
    """Groups of `groupings` whose `values` are larger than those of the rest by chance only if p says so."""
    tested = [each for grouping in groupings for each in _tested(values, grouping)]
    left = np.ones(len(values), np.bool_)
    found = []
    for each in sorted(tested, key=lambda each: -each.z):
        if each.p_value > LEVEL:
            break
        inside = left & (each.grouping.codes == each.group)
        contrast = _contrast(values, each, inside, left & ~inside, least_factor)
        if contrast is not None:
            found.append(contrast)
            left &= ~inside
    return Contrasts(tuple(found), tuple(each.p_value for each in tested))


def _tested(values: Any, grouping: Grouping) -> list[_Tested]:
    """Every group that is large enough, with its one-sided test of ranks."""
    from scipy.stats import norm, rankdata

    known = grouping.codes >= 0
    codes = grouping.codes[known]
    if (len(grouping.labels) > MOST_GROUPS and grouping.column != TEAM) or len(codes) < 2 * LEAST_N:
        return []
    ranks = rankdata(values[known])
    n, n_groups = len(codes), len(grouping.labels)
    sizes = np.bincount(codes, minlength=n_groups)
    sums = np.bincount(codes, ranks, n_groups)
    large = np.flatnonzero((sizes >= LEAST_N) & (n - sizes >= LEAST_N))
    spread = np.var(ranks) * n / (n - 1)
    if spread == 0:
        return []
    inside = sizes[large]
    z = (sums[large] - inside * (n + 1) / 2) / np.sqrt(spread * inside * (n - inside) / n)
    return [
        _Tested(grouping, int(group), float(score), float(p))
        for group, score, p in zip(large, z, norm.sf(z), strict=True)
    ]


def _contrast(values: Any, tested: _Tested, inside: Bools, rest: Bools, least_factor: float) -> Contrast | None:
    """The group beside what no other group has explained yet; None where it does not stand out there."""
    rest = rest & (tested.grouping.codes >= 0)
    group, others = values[inside], values[rest]
    if len(group) < LEAST_N or len(others) < LEAST_N or _superiority(group, others) < LEAST_SUPERIORITY:
        return None
    factor = LEAST_FACTOR_OF_TEAM if tested.grouping.column == TEAM else least_factor
    mean, mean_rest = float(group.mean()), float(others.mean())
    median, median_rest = float(np.median(group)), float(np.median(others))
    if mean < factor * mean_rest or median < factor * median_rest:
        return None
    return Contrast(
        tested.grouping.column,
        tested.grouping.labels[tested.group],
        np.flatnonzero(inside),
        len(others),
        mean,
        mean_rest,
        median,
        median_rest,
        tested.p_value,
    )


def _superiority(group: Any, others: Any) -> float:
    """Probability that a value of the group is above one of the others; ties count half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, group, side="left")
    not_above = np.searchsorted(ordered, group, side="right")
    return float((below + not_above).mean() / (2 * len(ordered)))
