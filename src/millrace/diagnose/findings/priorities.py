"""Priorities in their order, as the log writes them: `P1`, `1 - Critical`, `High`."""

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"(?<!\d)(\d)(?!\d)")
_WORDS = (
    ("blocker", "critical", "urgent", "highest", "kritisch", "critique", "spoed", "dringend"),
    ("high", "major", "hoch", "hoog", "haute", "alta"),
    ("medium", "moderate", "normal", "standard", "mittel", "gemiddeld", "moyenne", "media"),
    ("low", "minor", "niedrig", "laag", "basse", "baja", "bassa"),
    ("lowest", "planning", "trivial", "planung"),
)


def ranks(labels: Sequence[str]) -> tuple[int | None, ...] | None:
    """Each label's rank, smaller for more urgent, None for one that tells nothing; None where hardly any tells.

    Numbers go before words: in “3 - Moderate” and “P3” the 3 is the rank.
    """
    numbers = [int(found[1]) if (found := _NUMBER.search(label)) else None for label in labels]
    words = [_rank_of_words(label.casefold()) for label in labels]
    told = max((numbers, words), key=lambda ranked: len({rank for rank in ranked if rank is not None}))
    return tuple(told) if len({rank for rank in told if rank is not None}) > 1 else None


def _rank_of_words(label: str) -> int | None:
    found = set(re.findall(r"[^\W\d_]+", label))
    return next((rank for rank, words in enumerate(_WORDS) if found.intersection(words)), None)
