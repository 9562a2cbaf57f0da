"""Comparable others: how a group differs from the rest once everything else that is known at demand is equal.

A regression of the outcome on the group and all other traits as categories, slightly shrunk, by the theorem of Frisch,
Waugh and Lovell: what the other traits explain is taken out of both the outcome and the membership, and what is left
is compared. The variance is robust to unequal spread and to items of one week (or day) being alike.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numba
import numpy as np

from millrace.diagnose.explanation.explanation import Codes, Floats
from millrace.diagnose.explanation.traits import Trait
from millrace.diagnose.findings.evidence import Int64s

MOST_LEVELS = 40
"""Values of a trait that are held equal one by one; rarer ones count as one."""
SHRINKAGE = 1.0
"""Items of no difference that each value is given beside its own."""
LEAST_OWN = 0.1
"""Of a group's variance, what other traits must leave to it: else the two cannot be told apart."""
LEAST_STRETCHES = 5
"""Weeks (days) in which a group has items."""

SETTLED = 0.8
"""Of the uncertainty of a trait, what another one takes away if it settles it."""
_NO_PENALTY = 1e-9


class Difference(NamedTuple):
    """Of a group from comparable others, in `level` and in `amount` per item, with standard errors and their degrees
    of freedom."""

    level: float
    level_error: float
    amount: float
    amount_error: float
    freedom: int


class Design:
    """The traits to hold equal, ready for many comparisons of the same items."""

    def __init__(self, traits: Sequence[Trait], level: Floats, amount: Floats, stretches: Int64s) -> None:
        """Hold `traits` equal; `stretches` number the weeks (or days) whose items may be alike."""
        held = [_held(trait) for trait in traits]
        sizes = [int(codes.max()) + 1 for codes in held] if len(level) else [1] * len(held)
        self.first = np.concatenate(([1], 1 + np.cumsum(sizes))).astype(np.int64)
        self.codes = np.zeros((len(level), len(held) + 1), np.int32)
        for number, codes in enumerate(held):
            self.codes[:, number + 1] = codes + self.first[number]
        self.stretches, self.n_stretches = stretches, int(stretches.max()) + 1 if len(stretches) else 0
        self.outcomes = np.stack([level, amount], axis=1)
        self._products = _products(self.codes, int(self.first[-1]))
        self.sums = np.stack([self._per_level(outcome) for outcome in self.outcomes.T], axis=1)

    def others_of(self, *traits: int) -> "Others":
        """Everything held equal but these traits, and those that settle them (as a subcategory does its category)."""
        kept = [
            number
            for number in range(len(self.first) - 1)
            if number not in traits and not any(self._settles(number, trait) for trait in traits)
        ]
        return self.holding(kept)

    def holding(self, traits: Sequence[int]) -> "Others":
        """These traits held equal."""
        levels = [np.arange(1), *(np.arange(self.first[each], self.first[each + 1]) for each in traits)]
        return Others(self, [0, *(each + 1 for each in traits)], np.concatenate(levels))

    def solver(self, levels: Int64s) -> Callable[[Any], Any]:
        """From sums over items per level to the coefficients of `levels` (a shrunk fit); those of others are 0."""
        from scipy.linalg import cho_factor, cho_solve

        penalty = np.full(len(levels), SHRINKAGE)
        penalty[0] = _NO_PENALTY
        factor = cho_factor(self._products[np.ix_(levels, levels)] + np.diag(penalty))
        return lambda sums: _spread(cho_solve(factor, sums[levels]), levels, len(self._products))

    def counts(self, rows: Int64s) -> Any:
        """Items of each level among these rows."""
        return np.bincount(self.codes[rows].ravel(), minlength=len(self._products)).astype(np.float64)

    def _per_level(self, outcome: Floats) -> Floats:
        sums = np.zeros(len(self._products))
        for column in self.codes.T:
            sums += np.bincount(column, outcome, len(sums))
        return sums

    def _settles(self, one: int, other: int) -> bool:
        """Whether knowing the trait `one` nearly tells the trait `other`."""
        block = self._products[self.first[one] : self.first[one + 1], self.first[other] : self.first[other + 1]]
        return _told_ratio(block) >= SETTLED


class Others:
    """A fit of the outcomes by the traits that are held equal, and the comparison of groups beside it."""

    def __init__(self, design: Design, columns: list[int], levels: Int64s) -> None:
        """Take what these levels explain out of the outcomes."""
        self._design = design
        self._codes = np.ascontiguousarray(design.codes[:, columns])
        self._solve = design.solver(levels)
        self._n_levels = len(levels)
        fitted = self._solve(design.sums)
        self.rest = design.outcomes - _fitted(self._codes, fitted)

    def difference(self, rows: Int64s) -> Difference | None:
        """The group of these rows beside comparable others; None where it cannot be told apart from other traits."""
        design, n = self._design, len(self._codes)
        coefficients = self._solve(design.counts(rows))
        is_in = np.zeros(n, np.float64)
        is_in[rows] = 1.0
        own, sums = _own(self._codes, coefficients, is_in, self.rest)
        variance = float(own @ own)
        n_stretches = len(np.unique(design.stretches[rows]))
        if variance < LEAST_OWN * len(rows) * (1 - len(rows) / n) or n_stretches < LEAST_STRETCHES:
            return None
        found = sums / variance
        scores = _scores(own, self.rest, found, design.stretches, design.n_stretches)
        # A few weeks may look alike by luck: the spread of single items is the least that is believed.
        alike = design.n_stretches / max(design.n_stretches - 1, 1) * (scores**2).sum(axis=0)
        single = ((own[:, None] * (self.rest - found * own[:, None])) ** 2).sum(axis=0)
        fitted = n / max(n - self._n_levels, 1)
        errors = np.sqrt(fitted * np.maximum(alike, single)) / variance
        return Difference(float(found[0]), float(errors[0]), float(found[1]), float(errors[1]), n_stretches - 1)


def _held(trait: Trait) -> Codes:
    """Codes without gaps: the most frequent values, and one for all else."""
    last = min(len(trait.labels), MOST_LEVELS)
    return np.where((trait.codes < 0) | (trait.codes >= last), last, trait.codes).astype(np.int32)


def _products(codes: Any, n_levels: int) -> Floats:
    """How many items have both of two levels, for all pairs of levels."""
    products = np.zeros((n_levels, n_levels))
    n_columns = codes.shape[1]
    for one in range(n_columns):
        for other in range(one, n_columns):
            joint = codes[:, one].astype(np.int64) * n_levels + codes[:, other]
            counted = np.bincount(joint, minlength=n_levels * n_levels).reshape(n_levels, n_levels)
            products += counted
            if one != other:
                products += counted.T
    return products


def _spread(values: Any, levels: Int64s, n_levels: int) -> Any:
    full = np.zeros((n_levels, *values.shape[1:]))
    full[levels] = values
    return full


def _told_ratio(counts: Any) -> float:
    """The part of the columns' uncertainty that the rows take away (1: they settle them)."""
    total = counts.sum()
    whole = _entropy(counts.sum(axis=0) / total)
    if whole == 0:
        return 1.0
    rows = counts.sum(axis=1, keepdims=True)
    within = np.divide(counts, rows, out=np.zeros_like(counts), where=rows > 0)
    left = float((rows[:, 0] / total * np.array([_entropy(row) for row in within])).sum())
    return 1 - left / whole


def _entropy(shares: Any) -> float:
    known = shares[shares > 0]
    return float(-(known * np.log(known)).sum())


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fitted(codes: Any, coefficients: Any) -> Any:
    fitted = np.zeros((len(codes), coefficients.shape[1]))
    for i in range(len(codes)):
        for column in range(codes.shape[1]):
            for outcome in range(coefficients.shape[1]):
                fitted[i, outcome] += coefficients[codes[i, column], outcome]
    return fitted


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _own(codes: Any, coefficients: Any, is_in: Any, rest: Any) -> Any:
    """What is left of the membership, and its product with what is left of the outcomes."""
    own, sums = np.empty(len(codes)), np.zeros(rest.shape[1])
    for i in range(len(codes)):
        left = is_in[i]
        for column in range(codes.shape[1]):
            left -= coefficients[codes[i, column]]
        own[i] = left
        for outcome in range(rest.shape[1]):
            sums[outcome] += left * rest[i, outcome]
    return own, sums


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _scores(own: Any, rest: Any, found: Any, stretches: Any, n_stretches: int) -> Any:
    scores = np.zeros((n_stretches, rest.shape[1]))
    for i in range(len(own)):
        for outcome in range(rest.shape[1]):
            scores[stretches[i], outcome] += own[i] * (rest[i, outcome] - found[outcome] * own[i])
    return scores
