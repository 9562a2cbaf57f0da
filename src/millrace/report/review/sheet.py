"""What a review pack is made of: sheets whose title says what they show, with sentences, tables and drawings."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sentences:
    """Sentences below each other."""

    said: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True)
class Rows:
    """A table; `widths` are shares of the sheet's width."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Drawing:
    """A drawing with its text alternative; one that `is_wide` has a page across.

    With `series` (values by name, each with its colour) over `names` it is drawn anew where charts are native.
    """

    svg: str
    alt: str
    names: tuple[str, ...] = ()
    series: Mapping[str, tuple[tuple[float, ...], str]] | None = None
    is_wide: bool = False


Part = Sentences | Rows | Drawing


@dataclass(frozen=True)
class Sheet:
    """A sheet of the pack. `topic` is what the agenda calls it."""

    topic: str
    title: str
    subtitle: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Pack:
    """A review pack: what it is of, what it comes down to, and its sheets."""

    title: str
    subtitle: str
    headline: str
    sheets: tuple[Sheet, ...]
