"""What every chart consists of: the picture, the finding it shows, words for those who cannot see it, its table."""

from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]
"""A Vega-Lite specification."""


@dataclass(frozen=True)
class TableTwin:
    """The figures of a picture as a table: the first cell of each row names it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A chart that is ready to be drawn.

    `title` says the finding, `subtitle` the unit and the period, `alt` what a listener needs, `note` what the picture
    leaves out. `picture` is a Vega-Lite specification, or an SVG where that grammar has no words for the drawing;
    neither holds the title, so that each medium sets it in its own type.
    """

    title: str
    subtitle: str
    alt: str
    picture: Spec | str
    table: TableTwin
    note: str = ""
