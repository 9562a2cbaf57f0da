"""Lying bars: a few values by name, each with its figure beside it."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from millrace.draw import theme
from millrace.draw.charts.chart import Spec
from millrace.draw.charts.frame import Frame, title, titled, values
from millrace.draw.text import shorten, text_width

_ROW = 30.0
_WIDEST_NAME = 250.0
"""Pixels; a longer name is cut, and stands whole in the chart's table."""


class Bar(NamedTuple):
    """A bar: its name, its value, what stands beside it, its colour."""

    name: str
    value: float
    text: str
    fill: str


def bars(rows: Sequence[Bar]) -> Spec:
    """Draw bars below each other, the first on top."""
    names = [shorten(row.name, _WIDEST_NAME, theme.SIZE_SMALL) for row in rows]
    drawn: list[Spec] = [
        {"row": at, "value": row.value, "fill": row.fill, "text": row.text, "title": title(row.name, row.text)}
        for at, row in enumerate(rows)
    ]
    place: Spec = {
        "x": {
            "field": "value",
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, max(row.value for row in rows) or 1], "nice": False},
        },
        "y": {
            "field": "row",
            "type": "ordinal",
            "scale": {"paddingInner": 0.35, "paddingOuter": 0.15},
            "axis": {
                "domain": False,
                "ticks": False,
                "labelColor": theme.INK,
                "labelLimit": 0,
                "labelExpr": f"{json.dumps(names)}[datum.value]",
            },
        },
    }
    colour: Spec = {"field": "fill", "type": "nominal", "scale": None, "legend": None}
    frame = Frame(
        height=_ROW * len(rows),
        left=max(text_width(name, theme.SIZE_SMALL) for name in names) + 12,
        right=max(text_width(row.text, theme.SIZE_SMALL, theme.SEMIBOLD) for row in rows) + 16,
        top=4,
        bottom=4,
    )
    return frame.spec(
        [
            titled({"data": values(drawn), "mark": {"type": "bar"}, "encoding": {**place, "color": colour}}),
            {
                "data": values(drawn),
                "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": theme.SEMIBOLD},
                "encoding": {**place, "text": {"field": "text"}},
            },
        ]
    )
