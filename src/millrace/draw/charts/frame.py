"""The frame of every chart: its size, margins and style, and labels that keep clear of each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from millrace.draw import theme
from millrace.draw.charts.chart import Spec
from millrace.draw.text import printable

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 620
"""Whole width of a chart in pixels at scale 1; it stays legible at two thirds of that on a phone."""
LABEL_GAP = 14.0
"""Least distance between the baselines of two labels."""


@dataclass(frozen=True)
class Frame:
    """The plot's place within the chart, all in pixels: `height` is the plot's, `width` the whole chart's."""

    height: float = 260
    left: float = 46
    right: float = 120
    top: float = 14
    bottom: float = 30
    width: float = WIDTH

    @property
    def plot_width(self) -> float:
        """Width of the plot between the margins."""
        return self.width - self.left - self.right

    def spec(self, layers: Sequence[Spec], **more: Any) -> Spec:
        """A specification of these layers within the frame."""
        return {
            "$schema": SCHEMA,
            "width": self.plot_width,
            "height": self.height,
            "padding": {"left": self.left, "right": self.right, "top": self.top, "bottom": self.bottom},
            "autosize": {"type": "none"},
            "background": None,
            "config": _STYLE,
            "layer": list(layers),
            **more,
        }


_STYLE: Spec = {
    "aria": False,
    "font": theme.FONT_FAMILY,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": theme.SIZE_SMALL,
        "labelColor": theme.REST_TEXT,
        "titleFontSize": theme.SIZE_SMALL,
        "titleFontWeight": theme.REGULAR,
        "titleColor": theme.REST_TEXT,
        "gridColor": theme.HAIRLINE,
        "gridOpacity": 0.7,
        "domainColor": theme.REST,
        "tickColor": theme.REST,
        "tickSize": 4,
        "labelPadding": 5,
        "title": None,
    },
    "text": {"fontSize": theme.SIZE_SMALL, "color": theme.INK},
}


def numbered_axis(**more: Any) -> Spec:
    """A vertical axis of figures: grid lines, no line of its own."""
    return {"domain": False, "ticks": False, "grid": True, **more}


def values(rows: Sequence[Spec]) -> Spec:
    """Rows as data of a layer."""
    return {"values": list(rows)}


TITLES = "titles"
"""Name of a layer that is not seen: it only bears the titles of what is drawn as one line or area."""


def title(*lines: str) -> str:
    """What a point tells: lines of text, the first of which names it."""
    return "\n".join(map(printable, lines))


def titled(layer: Spec) -> Spec:
    """A layer whose marks tell what their rows hold as `title`, where they are drawn with titles."""
    described = {**layer["encoding"], "description": {"field": "title", "type": "nominal"}}
    return {**layer, "mark": {**layer["mark"], "aria": True}, "encoding": described}


def label(text: str | Sequence[str], *, x: float, y: float, **mark: Any) -> Spec:
    """A word, or lines of words, at a place in the plot, in pixels from its upper left corner."""
    return {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "text": text if isinstance(text, str) else list(text),
            "clip": False,
            **mark,
        },
        "encoding": {"x": {"value": x}, "y": {"value": y}},
    }


def keep_apart(places: Sequence[float], *, lowest: float, gap: float = LABEL_GAP) -> list[float]:
    """Move places (pixels downwards, any order) so that no two are nearer than `gap` and none lies below `lowest`."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    limit = lowest
    for index in reversed(order):
        moved[index] = min(moved[index], limit)
        limit = moved[index] - gap
    return moved
