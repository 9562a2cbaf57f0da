"""Handoffs: the responsible team changes from one known team to another; unknown teams are skipped."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TeamPair:
    """How often work went from one team to another."""

    from_team: str
    to_team: str
    n: int


@dataclass(frozen=True)
class Handoffs:
    """All handoffs of the log: how many, in how many items, and between whom (most frequent first)."""

    n: int
    n_items: int
    pairs: tuple[TeamPair, ...]
