"""Variants: distinct sequences of activities, and how many items follow each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """One sequence: the activities in order, its items, and their median life in seconds."""

    sequence: tuple[str, ...]
    n_items: int
    p50_seconds: float | None


@dataclass(frozen=True)
class Variants:
    """How many distinct sequences there are (ties by source order), and the most frequent ones."""

    n: int
    top: tuple[Variant, ...]
    n_items: int
