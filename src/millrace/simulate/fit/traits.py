"""What distinguishes items: attributes known at entry that foretell their course, and the course itself."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.history import History

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Labels = npt.NDArray[np.str_]

COURSE = "course"
OTHER = "other"
LEAST_SHARE = 0.02
"""Values of an attribute that fewer items have are put together as `OTHER`."""
MOST_KINDS = 40
LEAST_GAIN = 0.005
"""Gain in held-out log-likelihood per item from which on an attribute matters."""
N_FOLDS = 5


@dataclass(frozen=True)
class Traits:
    """The attributes that matter, with the value that each item has of them, and the course of each departed item.

    `courses` are numbered from the quickest; `n_courses` is 1 where they tell nothing. `gains` says of every attribute
    that was tried how much it told, in held-out log-likelihood per item.
    """

    attributes: dict[str, Labels]
    course: Codes
    n_courses: int
    gains: dict[str, float]

    def course_name(self, course: int) -> str:
        """What a course is called in the attributes of simulated items: `1 of 8` is the quickest."""
        return f"{course + 1} of {self.n_courses}"


def telling_attributes(history: History, outcome: Codes) -> tuple[dict[str, Labels], dict[str, float]]:
    """The attributes that foretell `outcome`, each grouped to its frequent values; and what each one gains.

    The best one is taken, then whichever adds most to it, as long as one adds anything.
    """
    grouped = {name: _grouped(labels) for name, labels in history.attributes.items()}
    grouped = {name: labels for name, labels in grouped.items() if len(np.unique(labels)) > 1}
    heard = history.weight > 0
    chosen: dict[str, Labels] = {}
    gains: dict[str, float] = {}
    told = np.zeros(len(outcome), np.int64)
    while grouped:
        base = _foretold(told[heard], outcome[heard], history.weight[heard])
        scores = {
            name: _foretold(_joint(told, labels)[heard], outcome[heard], history.weight[heard]) - base
            for name, labels in grouped.items()
        }
        gains = {**scores, **gains}
        best = max(scores, key=lambda name: scores[name])
        joint = _joint(told, grouped[best])
        if scores[best] < LEAST_GAIN or len(np.unique(joint)) > MOST_KINDS:
            break
        chosen[best] = grouped.pop(best)
        told = joint
    return chosen, gains


def _joint(told: Codes, labels: Labels) -> Codes:
    _, codes = np.unique(labels, return_inverse=True)
    _, joint = np.unique(told * (codes.max() + 1) + codes, return_inverse=True)
    return np.asarray(joint, np.int64)


def _grouped(labels: Labels) -> Labels:
    """Labels with the rare ones put together."""
    values, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    frequent = counts >= LEAST_SHARE * len(labels)
    return np.where(frequent[codes], values[codes], OTHER)


def _foretold(cells: Codes, outcome: Codes, weight: Floats) -> float:
    """Held-out log-likelihood per unit of weight of the outcome, given its cell."""
    fold = np.random.default_rng(0).permutation(len(cells)) % N_FOLDS
    total = 0.0
    for k in range(N_FOLDS):
        known, held = fold != k, fold == k
        shares = smoothed_shares(cells[known], outcome[known], weight[known], cells.max() + 1, outcome.max() + 1)
        total += float(weight[held] @ np.log(shares[cells[held], outcome[held]]))
    return total / float(weight.sum())


def smoothed_shares(
    cells: Codes, outcome: Codes, weight: Floats, n_cells: int, n_outcomes: int, pseudo: float = 2.0
) -> Floats:
    """The shares of outcomes in each cell, leaning on those of all cells together as if `pseudo` items had them."""
    table = np.bincount(cells * n_outcomes + outcome, weight, n_cells * n_outcomes).reshape(n_cells, n_outcomes)
    together = table.sum(axis=0) + 1e-3
    table = table + pseudo * together / together.sum()
    return np.asarray(table / table.sum(axis=1, keepdims=True))
