"""A sheet: tables under a title, drawn as one picture, for views that are figures and words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from millrace.draw import theme
from millrace.draw.charts.chart import TableTwin
from millrace.draw.svg import element, line, lines, number, rect, text
from millrace.draw.text import text_width, wrap

WIDTH = 1120.0
_MARGIN, _GAP = 40.0, 16.0
_SIZE, _LEADING, _PADDING = theme.SIZE_TEXT, 16.0, 7.0
_NARROWEST = 48.0
_WIDEST_CELL = 420.0


@dataclass(frozen=True)
class SheetTable:
    """A table of a sheet under its own title; no title where the sheet’s says enough."""

    title: str
    table: TableTwin


def sheet(title: str, subtitle: str, tables: Sequence[SheetTable]) -> str:
    """The tables as an SVG, as high as they need it; cells are wrapped, nothing is left out."""
    drawn = [text(title, _MARGIN, 52, theme.SIZE_TITLE, weight=theme.BOLD)]
    y = 76.0
    said = wrap(subtitle, WIDTH - 2 * _MARGIN, _SIZE)
    drawn.append(lines(said, _MARGIN, y, _SIZE, _LEADING, fill=theme.INK_SOFT))
    y += _LEADING * len(said)
    for each in tables:
        y += 22
        if each.title:
            drawn.append(text(each.title, _MARGIN, y, theme.SIZE_STRONG, weight=theme.SEMIBOLD))
            y += 12
        for part, height in _rows(each.table, y):
            drawn.append(part)
            y += height
    height = y + _MARGIN
    return element(
        "svg",
        rect(0, 0, WIDTH, height, fill=theme.PAPER) + "".join(drawn),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        width=WIDTH,
        height=height,
        font_family=theme.FONT_FAMILY,
    )


def _rows(table: TableTwin, y: float) -> Iterator[tuple[str, float]]:
    widths = _widths(table)
    header = _row(table.header, widths, y, theme.SEMIBOLD, theme.INK_SOFT)
    yield header
    y += header[1]
    for row in table.rows:
        drawn = _row(row, widths, y, theme.REGULAR, theme.INK)
        yield drawn
        y += drawn[1]


def _row(cells: Sequence[str], widths: Sequence[float], y: float, weight: int, fill: str) -> tuple[str, float]:
    """A row with its rule below it, and its height."""
    wrapped = [wrap(cell, width, _SIZE, weight) for cell, width in zip(cells, widths, strict=True)]
    height = max([1, *map(len, wrapped)]) * _LEADING + 2 * _PADDING
    x, drawn = _MARGIN, []
    for at, (rows, width) in enumerate(zip(wrapped, widths, strict=True)):
        bold = theme.SEMIBOLD if at == 0 else weight
        drawn.append(lines(rows, x, y + _PADDING + _SIZE, _SIZE, _LEADING, weight=bold, fill=fill))
        x += width + _GAP
    rule = line(_MARGIN, y + height, WIDTH - _MARGIN, y + height, theme.HAIRLINE)
    return "".join(drawn) + rule, height


def _widths(table: TableTwin) -> list[float]:
    """As wide as the longest cell wants, all of them together as wide as the sheet."""
    wanted = [
        min(max(_NARROWEST, *(text_width(cell, _SIZE, theme.SEMIBOLD) for cell in column)), _WIDEST_CELL)
        for column in zip(table.header, *table.rows, strict=True)
    ]
    room = WIDTH - 2 * _MARGIN - _GAP * (len(wanted) - 1)
    spare = room - sum(wanted)
    if spare >= 0:
        return [each + spare / len(wanted) for each in wanted]
    # Narrow columns keep what they want; the wide ones share what is left.
    fair = room / len(wanted)
    narrow = sum(each for each in wanted if each <= fair)
    wide = sum(each for each in wanted if each > fair)
    return [each if each <= fair else each * (room - narrow) / wide for each in wanted]
