"""What distinguishes items: attributes known at entry that foretell their way, and a pace that no attribute tells.

Durations within one item go together: what is slow in one step is slow in the next. Steps drawn independently would
make the quick too slow and the slow too quick. So items have a *pace*: a class by the time that they take of
themselves, which routes, work and waits depend on, and which the attributes foretell in part. Where independent draws
give the same times, there is no pace.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.history import History

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Labels = npt.NDArray[np.str_]

PACE = "pace"
OTHER = "other"
MOST_PACES = 12
ITEMS_PER_PACE = 40
"""Departures that each pace needs."""
LEAST_SHARE = 0.02
"""Values of an attribute that fewer items have are put together as `OTHER`."""
MOST_KINDS = 40
LEAST_GAIN = 0.005
"""Gain in held-out log-likelihood per item from which on an attribute matters."""
N_FOLDS = 5


@dataclass(frozen=True)
class Traits:
    """The attributes that matter, with the value that each item has of them, and the pace of each departed item.

    `paces` are numbered from the quickest; `n_paces` is 1 where they tell nothing. `gains` says of every attribute
    that was tried how much it told, in held-out log-likelihood per item.
    """

    attributes: dict[str, Labels]
    pace: Codes
    n_paces: int
    gains: dict[str, float]

    def pace_name(self, pace: int) -> str:
        """What a pace is called in the attributes of simulated items: `1 of 8` is the quickest."""
        return f"{pace + 1} of {self.n_paces}"


def paces(own_seconds: Floats, weight: Floats, n_paces: int) -> Codes:
    """The pace of each item by the time it takes of itself: equal shares, but finer towards the slow end."""
    levels = 1 - (1 - np.arange(1, n_paces) / n_paces) ** 1.5
    heard = np.flatnonzero(weight > 0)
    order = heard[np.argsort(own_seconds[heard], kind="stable")]
    reached = np.cumsum(weight[order]) / weight.sum()
    bounds = own_seconds[order][np.minimum(np.searchsorted(reached, levels), len(order) - 1)]
    return np.searchsorted(np.unique(bounds), own_seconds, side="left").astype(np.int64)


def n_paces_for(n_departures: int) -> int:
    """How many paces so many departures can tell apart."""
    return int(np.clip(n_departures // ITEMS_PER_PACE, 1, MOST_PACES))


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
