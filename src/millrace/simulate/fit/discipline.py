"""Which item a pool takes next, told by what it took while others waited."""

import re
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.history import History
from millrace.simulate.simulated_stream import USUAL_RANK, Discipline

Ints = npt.NDArray[np.int64]

PRIORITY = "priority"
LEAST_CHOICES = 30
"""Choices between waiting items that tell a discipline."""
IN_ORDER = 0.25
"""Within this mean distance from the end of the queue (0 the first, 1 the last to come) the last is served first."""
BY_CHANCE = 0.1
"""Within this distance from the middle, whoever is drawn."""
LEAST_ADVANTAGE = 0.75
"""Share of choices between ranks that the more urgent item has to win for ranks to count."""
_URGENCY = ("critical", "urgent", "very high", "high", "medium", "moderate", "normal", "low", "very low", "planning")


def discipline(available_at: Ints, started_at: Ints, rank: Ints) -> Discipline:
    """The discipline by which items, available and started at these instants, were taken.

    `rank` is each item's urgency, the lower the sooner; all the same where nothing is known of it.
    """
    order = np.argsort(started_at, kind="stable")
    n, place, n_ranked, n_urgent = _choices(available_at[order], started_at[order], rank[order])
    if n_ranked >= LEAST_CHOICES and n_urgent / n_ranked >= LEAST_ADVANTAGE:
        return Discipline.PRIORITY
    if n < LEAST_CHOICES:
        return Discipline.FIFO
    if place / n >= 1 - IN_ORDER:
        return Discipline.LIFO
    return Discipline.RANDOM if abs(place / n - 0.5) <= BY_CHANCE else Discipline.FIFO


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _choices(available_at: Any, started_at: Any, rank: Any) -> tuple[int, float, int, int]:
    """Choices among waiting items: how many, the places taken, those between ranks, those won by the more urgent."""
    n_choices, places, n_ranked, n_urgent = 0, 0.0, 0, 0
    total = len(started_at)
    for i in range(total):
        ahead, behind, better, worse = 0, 0, 0, 0
        j = i + 1
        # Whatever starts later and was there already was passed over; a long look is enough to tell.
        while j < total and j < i + 500:
            if available_at[j] < started_at[i] and started_at[j] > started_at[i]:
                ahead += available_at[j] < available_at[i]
                behind += available_at[j] > available_at[i]
                better += rank[j] < rank[i]
                worse += rank[j] > rank[i]
            j += 1
        if ahead + behind > 0:
            n_choices += 1
            places += ahead / (ahead + behind)
        if better + worse > 0:
            n_ranked += 1
            n_urgent += better == 0
    return n_choices, places, n_ranked, n_urgent


def item_ranks(history: History) -> Ints:
    """How urgent each item is, the lower the sooner; `USUAL_RANK` where its priority tells nothing."""
    order = urgency(history.attributes[PRIORITY]) if PRIORITY in history.attributes else None
    if order is None:
        return np.full(len(history.weight), USUAL_RANK, np.int64)
    return np.array([order.get(str(label), USUAL_RANK) for label in history.attributes[PRIORITY]], np.int64)


def urgency(labels: npt.NDArray[np.str_]) -> dict[str, int] | None:
    """The rank of each priority label, the most urgent 1, by its number or its word; None where they tell no order."""
    values = sorted({str(label) for label in labels} - {"unknown", "other"})
    keys = {value: _key(value) for value in values}
    found = sorted({key for key in keys.values() if key is not None})
    if len(found) < 2:
        return None
    return {value: found.index(key) + 1 for value, key in keys.items() if key is not None}


def _key(label: str) -> int | None:
    digits = re.search(r"\d+", label)
    if digits:
        return int(digits.group())
    words = [place for place, word in enumerate(_URGENCY) if word in label.lower()]
    return max(words, key=lambda place: len(_URGENCY[place])) if words else None
