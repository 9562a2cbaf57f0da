"""Groups that may fare worse: every value of every trait, and pairs of values that do so beyond their parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from millrace.diagnose.explanation.adjustment import MOST_LEVELS, Design, Difference, Others
from millrace.diagnose.explanation.explanation import Condition, Floats
from millrace.diagnose.explanation.traits import LEAST_N, MONTH, Trait
from millrace.diagnose.findings.evidence import Int64s

MOST_PAIRS = 20
"""Pairs of values that are looked at closely; all others count as compared, and as without effect."""


@dataclass(frozen=True)
class Candidate:
    """A group beside comparable others. `p_value`: that it fares no worse (of a pair: than its parts make it)."""

    conditions: tuple[Condition, ...]
    rows: Int64s
    difference: Difference
    p_value: float
    rest: Floats
    """Of every item, the level that the other traits do not explain."""


@dataclass(frozen=True)
class Candidates:
    """All groups that were compared, and how many more were passed over at a glance."""

    compared: tuple[Candidate, ...]
    n_passed_over: int


def candidates(design: Design, traits: Sequence[Trait]) -> Candidates:
    """Compare every value of the traits, and the pairs that stand out."""
    singles = [each for number, trait in enumerate(traits) for each in _values(design, number, trait)]
    pairs, n_pairs = _pairs(design, traits)
    return Candidates((*singles, *pairs), n_pairs - len(pairs))


def p_value(difference: Difference) -> float:
    """That the group is no worse than comparable others (one-sided)."""
    from scipy.stats import t

    if difference.level_error == 0:
        return 1.0
    return float(t.sf(difference.level / difference.level_error, difference.freedom))


def _values(design: Design, number: int, trait: Trait) -> Iterator[Candidate]:
    others = design.others_of(number)
    by_value = np.argsort(trait.codes, kind="stable")
    bounds = np.searchsorted(trait.codes[by_value], np.arange(len(trait.labels) + 1))
    for code, label in enumerate(trait.labels):
        rows = by_value[bounds[code] : bounds[code + 1]]
        difference = others.difference(rows)
        if difference is not None:
            condition = Condition(trait.column, label)
            yield Candidate((condition,), rows, difference, p_value(difference), others.rest[:, 0])


def _pairs(design: Design, traits: Sequence[Trait]) -> tuple[list[Candidate], int]:
    """Pairs of values that stand out beyond their parts, and how many pairs there are."""
    everything = design.holding(range(len(traits)))
    both = combinations(range(len(traits)), 2)
    seen = [cell for one, other in both for cell in _cells(everything, traits, one, other)]
    seen.sort(key=lambda cell: -cell[0])
    found = [_pair(design, everything, traits, *cell[1:]) for cell in seen[:MOST_PAIRS]]
    return [each for each in found if each is not None], len(seen)


def _cells(everything: Others, traits: Sequence[Trait], one: int, other: int) -> list[tuple[float, int, int, int, int]]:
    """Of two traits the cells with items enough: how far each stands out, and where it is."""
    first, second = traits[one], traits[other]
    if MONTH in (first.column, second.column):
        return []
    width = min(len(second.labels), MOST_LEVELS)
    height = min(len(first.labels), MOST_LEVELS)
    known = (first.codes >= 0) & (second.codes >= 0) & (first.codes < height) & (second.codes < width)
    cells = first.codes[known].astype(np.int64) * width + second.codes[known]
    rest = everything.rest[known, 0]
    n = np.bincount(cells, minlength=height * width)
    sums = np.bincount(cells, rest, height * width)
    spread = float(rest.std()) if len(rest) else 0.0
    sizes_one, sizes_other = (n.reshape(height, width).sum(axis=axis) for axis in (1, 0))
    large = [
        cell
        for cell in np.flatnonzero(n >= LEAST_N)
        if min(sizes_one[cell // width], sizes_other[cell % width]) - n[cell] >= LEAST_N
    ]
    scored: Any = [(float(sums[cell] / np.sqrt(n[cell]) / (spread or 1.0)), cell) for cell in large]
    return [(score, one, other, int(cell // width), int(cell % width)) for score, cell in scored]


def _pair(
    design: Design, everything: Others, traits: Sequence[Trait], one: int, other: int, a: int, b: int
) -> Candidate | None:
    rows = np.flatnonzero((traits[one].codes == a) & (traits[other].codes == b))
    beyond_parts = everything.difference(rows)
    if beyond_parts is None or beyond_parts.level <= 0:
        return None
    others = design.others_of(one, other)
    difference = others.difference(rows)
    if difference is None:
        return None
    conditions = tuple(Condition(traits[t].column, traits[t].labels[code]) for t, code in ((one, a), (other, b)))
    p = max(p_value(beyond_parts), p_value(difference))
    return Candidate(conditions, rows, difference, p, others.rest[:, 0])
