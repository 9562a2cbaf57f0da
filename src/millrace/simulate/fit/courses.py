"""The courses that items take: classes of items that no attribute tells, found in where they went and for how long.

Within one item, steps go together: what is slow in one is slow in the next, and what came back once comes back again.
Steps drawn independently would make the quick too slow and the slow too quick. So items are told apart into courses,
within which steps are independent: a mixture of semi-Markov processes, each with its own moves and its own times,
fitted by expectation and maximisation; how many there are is what foretells held-out items best.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from millrace.flow.summary import SECOND
from millrace.simulate.fit.history import History
from millrace.simulate.fit.past_visits import UNDER_WAY

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

TRIED = (1, 2, 3, 4, 6, 8, 12)
ITEMS_PER_COURSE = 40
"""Departures that each course needs."""
LEAST_GAIN = 0.01
"""Gain in held-out log-likelihood per item from which on more courses are worth their while."""
N_ROUNDS = 40
SETTLED = 1e-4
"""Mean change of the odds in a round below which the courses are found."""
MOST_TRIED_ON = 4_000
"""How many items decide how many courses there are."""
LATE_VISITS = (1, 2, 4)
"""From which visits of a step on its moves are told apart."""
LEAST_VARIANCE = 0.05
PSEUDO = 0.5
"""How many moves of the mean kind each course is given beside its own."""


class _Items(NamedTuple):
    """What each item did: how often each move, and per step the number, sum and sum of squares of logarithmic times.

    `moves` is sparse: an item makes few of all the moves that there are.
    """

    moves: Any
    place_of_move: Codes
    n: Floats
    total: Floats
    squares: Floats
    weight: Floats

    def part(self, chosen: npt.NDArray[Any]) -> "_Items":
        return _Items(
            self.moves[chosen], self.place_of_move, self.n[chosen], self.total[chosen], self.squares[chosen],
            self.weight[chosen],
        )  # fmt: skip


class _Mixture(NamedTuple):
    """Per course: the logarithm of its share, of each move's share, and mean and variance of each step's log times."""

    share: Floats
    move: Floats
    mean: Floats
    variance: Floats


def courses(history: History, visit_seconds: Floats, own_seconds: Floats) -> Codes:
    """The course of each item, numbered from the quickest; all 0 where one is enough.

    `visit_seconds` are the visits' times of their own and `own_seconds` those of the items. An item between two courses
    falls to either by its odds, so that each course keeps its true spread.
    """
    items = _items(history, visit_seconds)
    heard = items.weight > 0
    known = items.part(heard)
    n = _how_many(known, own_seconds[heard])
    mixture = _fitted(known, own_seconds[heard], n)
    odds = _odds(mixture, items, _lasting(mixture, history))
    chance = np.random.default_rng(0).random((len(odds), 1))
    course = np.minimum((np.cumsum(odds, axis=1) < chance).sum(axis=1), n - 1)
    return _from_the_quickest(course, own_seconds, items.weight)


def _from_the_quickest(course: Codes, own_seconds: Floats, weight: Floats) -> Codes:
    """The courses numbered anew, without those that nothing takes."""
    heard = weight > 0
    load = np.bincount(course[heard], weight[heard], course.max() + 1)
    mean = np.bincount(course[heard], weight[heard] * own_seconds[heard], course.max() + 1) / np.maximum(load, 1e-12)
    order = [code for code in np.argsort(mean).tolist() if load[code] > 0]
    number = np.zeros(len(load), np.int64)
    number[order] = np.arange(len(order))
    return np.asarray(number[course], np.int64)


def _items(history: History, visit_seconds: Floats) -> _Items:
    from scipy.sparse import csr_array

    visits, n_items = history.visits, len(history.weight)
    gone = visits.to != UNDER_WAY
    band = np.searchsorted(LATE_VISITS, visits.nth, side="right")
    place = visits.step * (len(LATE_VISITS) + 1) + band
    moves, code = np.unique(np.stack([place[gone], visits.to[gone]]), axis=1, return_inverse=True)
    made = (np.ones(int(gone.sum())), (visits.item[gone], code.ravel()))
    steps, step = np.unique(visits.step, return_inverse=True)
    logs = np.log1p(np.maximum(visit_seconds, 0.0))
    cell = (visits.item * len(steps) + step)[gone]

    def gathered(values: Floats | None) -> Floats:
        counted = None if values is None else values[gone]
        return np.bincount(cell, counted, n_items * len(steps)).reshape(n_items, len(steps)).astype(np.float64)

    _, places = np.unique(moves[0], return_inverse=True)
    return _Items(
        csr_array(made, shape=(n_items, moves.shape[1])), np.asarray(places, np.int64), gathered(None), gathered(logs),
        gathered(logs**2), history.weight,
    )  # fmt: skip


def _how_many(items: _Items, own_seconds: Floats) -> int:
    """How many courses foretell the other half of the items best; more only if each adds enough."""
    chosen = np.random.default_rng(0).permutation(len(items.weight))[:MOST_TRIED_ON]
    items, own_seconds = items.part(chosen), own_seconds[chosen]
    half = np.arange(len(chosen)) % 2 == 0
    best, score = 1, -np.inf
    for n in TRIED:
        if n > 1 and len(items.weight) < n * ITEMS_PER_COURSE:
            break
        found = sum(
            _score(_fitted(items.part(known), own_seconds[known], n), items.part(~known)) for known in (half, ~half)
        )
        if found < score + LEAST_GAIN:
            break
        best, score = n, found
    return best


def _fitted(items: _Items, own_seconds: Floats, n: int) -> _Mixture:
    """The mixture of `n` courses, beginning with equal parts by the items' own time."""
    order = np.argsort(own_seconds, kind="stable")
    odds = np.zeros((len(order), n))
    odds[order, np.minimum(np.arange(len(order)) * n // max(len(order), 1), n - 1)] = 1.0
    mixture = _maximised(items, odds)
    for _ in range(N_ROUNDS if n > 1 else 0):
        following = _odds(mixture, items)
        settled = np.abs(following - odds).mean() < SETTLED
        odds = following
        mixture = _maximised(items, odds)
        if settled:
            break
    return mixture


def _maximised(items: _Items, odds: Floats) -> _Mixture:
    weighed = (odds * items.weight[:, None]).T
    share = (weighed.sum(axis=1) + 1e-6) / (weighed.sum() + 1e-6 * len(weighed))
    moves = (items.moves.T @ weighed.T).T
    together = moves.sum(axis=0)
    n_places = int(items.place_of_move.max()) + 1
    usual = together / np.maximum(np.bincount(items.place_of_move, together, n_places), 1e-9)[items.place_of_move]
    moves = moves + PSEUDO * np.maximum(usual, 1e-3)
    leaving = np.stack([np.bincount(items.place_of_move, row, n_places) for row in moves])
    move = np.log(moves / leaving[:, items.place_of_move])
    n, total, squares = (weighed @ each for each in (items.n, items.total, items.squares))
    all_n, all_total, all_squares = n.sum(axis=0), total.sum(axis=0), squares.sum(axis=0)
    usual_mean = all_total / np.maximum(all_n, 1e-9)
    usual_variance = np.maximum(all_squares / np.maximum(all_n, 1e-9) - usual_mean**2, LEAST_VARIANCE)
    mean = (total + PSEUDO * usual_mean) / (n + PSEUDO)
    scatter = squares - 2 * mean * total + n * mean**2
    variance = np.maximum((scatter + PSEUDO * usual_variance) / (n + PSEUDO), LEAST_VARIANCE)
    return _Mixture(np.log(share), move, mean, variance)


def _likelihoods(mixture: _Mixture, items: _Items) -> Floats:
    """Per item and course, the logarithm of the probability of what the item did."""
    times = (
        -0.5 * items.n @ np.log(2 * np.pi * mixture.variance).T
        - 0.5 * items.squares @ (1 / mixture.variance).T
        + items.total @ (mixture.mean / mixture.variance).T
        - 0.5 * items.n @ (mixture.mean**2 / mixture.variance).T
    )
    return np.asarray(mixture.share + items.moves @ mixture.move.T + times)


def _lasting(mixture: _Mixture, history: History) -> Floats:
    """Per item and course, the logarithm of the probability that the visit going on lasts as long as it has so far."""
    from scipy.special import log_ndtr

    visits = history.visits
    _, step = np.unique(visits.step, return_inverse=True)
    lasting = np.zeros((len(history.weight), len(mixture.share)))
    going = np.flatnonzero(visits.to == UNDER_WAY)
    seen_until = np.where(history.is_open[visits.item], history.flow.about.last_at, visits.ended_at)
    so_far = np.log1p(np.maximum((seen_until - visits.began_at)[going] / SECOND, 0.0))
    mean, variance = mixture.mean[:, step[going]], mixture.variance[:, step[going]]
    lasting[visits.item[going]] = log_ndtr((mean - so_far) / np.sqrt(variance)).T
    return lasting


def _odds(mixture: _Mixture, items: _Items, lasting: Floats | float = 0.0) -> Floats:
    likelihoods = _likelihoods(mixture, items) + lasting
    odds = np.exp(likelihoods - likelihoods.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _score(mixture: _Mixture, held: _Items) -> float:
    """Log-likelihood per item of items that the mixture has not seen."""
    likelihoods = _likelihoods(mixture, held)
    top = likelihoods.max(axis=1)
    each = top + np.log(np.exp(likelihoods - top[:, None]).sum(axis=1))
    return float(np.average(each, weights=held.weight)) / 2
