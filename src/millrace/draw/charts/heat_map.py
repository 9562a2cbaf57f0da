"""A matrix of figures as a heat map: darker means more, and every cell says its figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from millrace.draw import theme
from millrace.draw.charts.chart import Spec
from millrace.draw.charts.frame import Frame, title, titled, values
from millrace.draw.text import fit_size, text_width, wrap

_ROW_HEIGHT = 26.0
_LINE = 13.0
_MOST_LINES = 3
_NOTHING = "nothing"
"""What an empty cell tells."""


@dataclass(frozen=True)
class Matrix:
    """Cells by row and column: an amount that sets the shade, and its text (empty for nothing).

    `between` joins the names of its row and column in what a cell tells.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    amounts: tuple[tuple[float, ...], ...]
    texts: tuple[tuple[str, ...], ...]
    between: str = ", "


def heat_map(matrix: Matrix, *, slanted: bool = False) -> Spec:
    """Draw the matrix with its column names on top, slanted where they are long."""
    widest_row = max(text_width(name, theme.SIZE_SMALL) for name in matrix.rows)
    widest_column = max(text_width(name, theme.SIZE_SMALL) for name in matrix.columns)
    frame = Frame(
        height=_ROW_HEIGHT * len(matrix.rows),
        left=min(widest_row + 14, 190),
        right=min(widest_column * 0.75, 110) if slanted else 4,
        top=min(widest_column * 0.66 + 16, 110) if slanted else 46,
        bottom=4,
    )
    column_width = frame.plot_width / len(matrix.columns)
    size = min(fit_size(text, column_width - 4, theme.SIZE_SMALL) for texts in matrix.texts for text in texts)
    cells = values(_cells(matrix))
    place = {
        "x": {
            "field": "column",
            "type": "ordinal",
            "scale": {"domain": list(range(len(matrix.columns))), "paddingInner": 0, "paddingOuter": 0},
            "axis": _column_axis(matrix.columns, column_width, slanted),
        },
        "y": {
            "field": "row",
            "type": "ordinal",
            "scale": {"domain": list(range(len(matrix.rows))), "paddingInner": 0, "paddingOuter": 0},
            "axis": {
                "domain": False,
                "ticks": False,
                "labelColor": theme.INK,
                "labelLimit": frame.left - 10,
                "labelExpr": _names(matrix.rows),
            },
        },
    }
    plain = {"type": "nominal", "scale": None, "legend": None}
    return frame.spec(
        [
            titled(
                {
                    "data": cells,
                    "mark": {"type": "rect", "stroke": theme.PAPER, "strokeWidth": 1.5},
                    "encoding": {**place, "color": {"field": "fill", **plain}},
                }
            ),
            {
                "data": cells,
                "mark": {"type": "text", "fontSize": size},
                "encoding": {**place, "text": {"field": "text"}, "color": {"field": "ink", **plain}},
            },
        ]
    )


def _column_axis(columns: Sequence[str], width: float, slanted: bool) -> Spec:
    axis: Spec = {"orient": "top", "domain": False, "ticks": False, "labelColor": theme.INK}
    if slanted:
        turned = {"labelAngle": -38, "labelAlign": "left", "labelLimit": 140, "labelOffset": 2}
        return {**axis, **turned, "labelExpr": _names(columns)}
    wrapped = [list(wrap(name, width - 6, theme.SIZE_SMALL, max_lines=_MOST_LINES)) or [""] for name in columns]
    n_lines = max(map(len, wrapped))
    level = [[""] * (n_lines - len(lines)) + lines for lines in wrapped]
    return {
        **axis,
        "labelAngle": 0,
        "labelLimit": width,
        "labelExpr": _names(level),
        "labelLineHeight": _LINE,
        "labelPadding": 4 + _LINE * (n_lines - 1),
    }


def _names(names: Sequence[str] | Sequence[list[str]]) -> str:
    """Names by index, so that equal, empty or odd ones stay apart; written as an expression's literal."""
    import json

    return f"{json.dumps(list(names))}[datum.value]"


def _cells(matrix: Matrix) -> list[Spec]:
    most = max((amount for row in matrix.amounts for amount in row), default=0) or 1
    cells = []
    for row, amounts in enumerate(matrix.amounts):
        for column, amount in enumerate(amounts):
            # The root spreads the shades: a few teams hold most of the time, the others would all look alike.
            level = round((amount / most) ** 0.5 * (len(theme.SCALE) - 1)) if amount > 0 else None
            cells.append(
                {
                    "row": row,
                    "column": column,
                    "text": matrix.texts[row][column],
                    "title": title(
                        f"{matrix.rows[row]}{matrix.between}{matrix.columns[column]}",
                        matrix.texts[row][column] or _NOTHING,
                    ),
                    "fill": theme.PANEL if level is None else theme.SCALE[level],
                    "ink": theme.ON_DARK if level is not None and level >= len(theme.SCALE) - 2 else theme.INK,
                }
            )
    return cells
