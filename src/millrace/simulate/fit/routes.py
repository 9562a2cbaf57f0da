"""Where items go: shares of the ways on from each step, by what helps to foretell them.

Tried are the course of the item, the how-manyeth visit of the step it is, and each telling attribute; what foretells
held-out moves best decides. Cells with few moves lean on the shares of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.history import History
from millrace.simulate.fit.past_visits import TO_CANCELLED, TO_VALUE
from millrace.simulate.fit.traits import COURSE, Traits, smoothed_shares
from millrace.simulate.simulated_stream import CANCELLED, VALUE, RouteRule, Way

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

VISIT_BANDS = (1, 2, 3, 5)
"""From which visits of a step on routes may differ."""
N_FOLDS = 5
LEAST_GAIN = 0.002
LEAST_SHARE = 1e-4
PSEUDO_MOVES = 1.0


@dataclass(frozen=True)
class Moves:
    """Moves out of one place: how each went (a step, TO_VALUE or TO_CANCELLED), and what is known of it."""

    item: Codes
    nth: Codes
    to: Codes
    weight: Floats


def step_routes(history: History, traits: Traits, step: int, names: Sequence[str]) -> tuple[RouteRule, ...]:
    """The rules by which items leave a step."""
    visits = history.visits
    chosen = np.flatnonzero(history.completed & (visits.step == step))
    moves = Moves(visits.item[chosen], visits.nth[chosen], visits.to[chosen], history.visit_weight[chosen])
    return _rules(moves, traits, names)


def entry_routes(history: History, traits: Traits, names: Sequence[str]) -> tuple[RouteRule, ...]:
    """The rules by which items come in: the step of their first visit."""
    visits = history.visits
    is_first = np.ones(len(visits.item), bool)
    is_first[1:] = visits.item[1:] != visits.item[:-1]
    first = np.flatnonzero(is_first & (history.visit_weight > 0))
    return _rules(
        Moves(visits.item[first], visits.nth[first], visits.step[first], history.visit_weight[first]), traits, names
    )


def _rules(moves: Moves, traits: Traits, names: Sequence[str]) -> tuple[RouteRule, ...]:
    if not len(moves.to):
        return ()
    targets, outcome = np.unique(moves.to, return_inverse=True)
    band = np.searchsorted(VISIT_BANDS, moves.nth, side="right") - 1
    features = _features(moves, traits, band)
    used = _telling(features, outcome, moves.weight)
    sizes = [int(features[name].max()) + 1 for name in used]
    cells = _cells(features, used, len(outcome))
    n_cells = int(np.prod(sizes)) if sizes else 1
    shares = smoothed_shares(cells, outcome, moves.weight, n_cells, len(targets), PSEUDO_MOVES)
    rules = []
    for cell, values in enumerate(product(*(range(size) for size in sizes))):
        where = {name: (_label(name, value, traits),) for name, value in zip(used, values, strict=True) if name != _NTH}
        nth = VISIT_BANDS[dict(zip(used, values, strict=True)).get(_NTH, 0)]
        rules.append(RouteRule(_ways(shares[cell], targets, names), where, nth))
    # The first rule that holds decides, so later visits come first.
    return tuple(sorted(rules, key=lambda rule: -rule.from_visit))


_NTH = "nth"


def _features(moves: Moves, traits: Traits, band: Codes) -> dict[str, Codes]:
    features: dict[str, Codes] = {}
    if traits.n_courses > 1:
        features[COURSE] = traits.course[moves.item]
    if band.any():
        features[_NTH] = band
    for name, labels in traits.attributes.items():
        values, codes = np.unique(labels, return_inverse=True)
        if len(values) > 1:
            features[name] = codes[moves.item]
    return features


def _label(name: str, value: int, traits: Traits) -> str:
    return traits.course_name(value) if name == COURSE else str(np.unique(traits.attributes[name])[value])


def _telling(features: dict[str, Codes], outcome: Codes, weight: Floats) -> tuple[str, ...]:
    """Which features together foretell held-out outcomes best: the best one first, then what adds to it."""
    used: tuple[str, ...] = ()
    if outcome.max() == 0:
        return used
    best = _score(features, used, outcome, weight)
    while len(used) < len(features):
        scores = {name: _score(features, (*used, name), outcome, weight) for name in features if name not in used}
        name = max(scores, key=lambda each: scores[each])
        if scores[name] < best + LEAST_GAIN:
            break
        used, best = (*used, name), scores[name]
    return used


def _cells(features: dict[str, Codes], used: tuple[str, ...], n: int) -> Codes:
    cells = np.zeros(n, np.int64)
    for name in used:
        cells = cells * (int(features[name].max()) + 1) + features[name]
    return cells


def _score(features: dict[str, Codes], used: tuple[str, ...], outcome: Codes, weight: Floats) -> float:
    """Held-out log-likelihood per move."""
    cells = _cells(features, used, len(outcome))
    _, cells = np.unique(cells, return_inverse=True)
    fold = np.random.default_rng(0).permutation(len(cells)) % N_FOLDS
    total = 0.0
    for k in range(N_FOLDS):
        known, held = fold != k, fold == k
        shares = smoothed_shares(
            cells[known], outcome[known], weight[known], int(cells.max()) + 1, int(outcome.max()) + 1, PSEUDO_MOVES
        )
        total += float(weight[held] @ np.log(shares[cells[held], outcome[held]]))
    return total / float(weight.sum())


def _ways(shares: Floats, targets: Codes, names: Sequence[str]) -> tuple[Way, ...]:
    kept = shares >= LEAST_SHARE
    shares = np.where(kept, shares, 0.0) / shares[kept].sum()
    ends = {TO_VALUE: VALUE, TO_CANCELLED: CANCELLED}
    return tuple(
        Way(ends.get(int(target), names[target] if target >= 0 else ""), float(share))
        for target, share in zip(targets, shares, strict=True)
        if share > 0
    )
