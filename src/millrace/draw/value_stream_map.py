"""The value stream map as one SVG text, for pages, reports, slides and paper alike."""

from millrace.draw.map import ends, symbols
from millrace.draw.map.alt_text import alt_text
from millrace.draw.map.header import header
from millrace.draw.map.ladder import BAR_HEIGHT, LADDER_HEIGHT, bar_to_scale, ladder
from millrace.draw.map.legend import legend
from millrace.draw.map.queue_mark import GAP
from millrace.draw.map.rows import PITCH, PlacedRow, draw_row, even_rows, place_row
from millrace.draw.map.side_lanes import ACTIVITY_HEIGHT, activity_lane, requester_height, requester_lane
from millrace.draw.map.step_box import rows_in_use
from millrace.draw.map.totals_box import WIDTH as TOTALS_WIDTH
from millrace.draw.map.totals_box import totals_box, totals_height
from millrace.draw.map_picture import MapPicture, Stage
from millrace.draw.svg import element, escape, number, rect
from millrace.draw.theme import FONT_FAMILY, PAPER

_MARGIN = 24.0
_SIDE = 60.0
"""From the last box to the outcome."""
_SHORT_GAP = 48.0
_LADDER_LABELS = 72.0
_ABOVE_LADDER = 24.0
_BETWEEN_ROWS = 30.0


def value_stream_map(picture: MapPicture, *, columns_per_row: int | None = None, id_prefix: str = "map") -> str:
    """Draw the map; with `columns_per_row` it wraps into even rows for paper (3 or 4 for A4 landscape).

    `id_prefix` keeps the ids of several maps on one page apart. The drawing carries its size in user units; whoever
    shows it may scale it by its viewBox.
    """
    rows = even_rows(picture.stages, columns_per_row)
    left = _MARGIN + (ends.WIDTH if picture.requester else _LADDER_LABELS) + _lead_in(picture, 0)
    right = left + max((len(row) for row in rows), default=0) * PITCH - GAP
    width = right + _SIDE + TOTALS_WIDTH + _MARGIN
    inner = width - 2 * _MARGIN

    drawn, height = header(picture, _MARGIN, 20, inner)
    parts, y = [drawn], 20 + height + 18
    drawn, y = _stream(picture, rows, left, y, id_prefix) if rows else _without_steps(picture, right, y)
    parts.append(drawn)
    drawn, height = _foot(picture, left, right, y)
    parts.append(drawn)
    y += height + 12
    drawn, height = legend(picture, _MARGIN, y, inner)
    parts.append(drawn)
    return _document("".join(parts), picture, width, y + height + 16, id_prefix)


def _stream(
    picture: MapPicture, rows: list[tuple[Stage, ...]], left: float, y: float, id_prefix: str
) -> tuple[str, float]:
    """The rows, each with its ladder, and the y below them."""
    data_rows = rows_in_use(picture)
    parts, first = [], 0
    longest = max((rung.waiting.value or 0 for rung in picture.rungs if rung.waiting), default=0.0)
    for at, stages in enumerate(rows):
        if picture.shows_activities:
            parts.append(activity_lane(stages, left, _MARGIN, y))
            y += ACTIVITY_HEIGHT
        row = place_row(picture, stages, left, y, data_rows)
        drawn, foot = _ends(picture, row, at, len(rows))
        lead_in = _lead_in(picture, at)
        parts += [draw_row(row, picture, data_rows, lead_in, id_prefix), drawn]
        y = max(row.foot, foot)
        if picture.shows_requester:
            parts.append(requester_lane(stages, left, _MARGIN, y, picture.hours_per_day))
            y += requester_height(stages)
        y += _ABOVE_LADDER
        if picture.rungs:
            rungs = picture.rungs[first : first + len(stages)]
            parts.append(ladder(rungs, left, left - lead_in, y, _MARGIN, longest, picture.hours_per_day))
            y += LADDER_HEIGHT
        if at < len(rows) - 1:
            y += _BETWEEN_ROWS
        first += len(stages)
    return "".join(parts), y


def _ends(picture: MapPicture, row: PlacedRow, at: int, n_rows: int) -> tuple[str, float]:
    """What stands left and right of a row: requester and outcome, or the marks where the stream goes on."""
    y, parts, foot = row.main.arrow_y, [], 0.0
    if at > 0:
        parts.append(symbols.continuation(row.left - GAP - 14, y, _mark(at - 1)))
    elif picture.requester:
        drawn, foot = ends.end_box(picture.requester, _MARGIN, ends.WIDTH, y, row.top)
        parts.append(drawn)
    if at < n_rows - 1:
        parts.append(symbols.push_arrow(row.right + 4, row.right + 54, y))
        parts.append(symbols.continuation(row.right + 70, y, _mark(at)))
    elif picture.outcome:
        parts.append(symbols.push_arrow(row.right + 4, row.right + _SIDE - 3, y))
        drawn, outcome_foot = ends.end_box(picture.outcome, row.right + _SIDE, TOTALS_WIDTH, y, row.top)
        parts.append(drawn)
        foot = max(foot, outcome_foot)
    return "".join(parts), foot


def _lead_in(picture: MapPicture, row: int) -> float:
    """The gap before a row's first box: short where the requester stands before it and nothing waits."""
    first = picture.stages[0] if picture.stages else None
    is_short = row == 0 and picture.requester and first and len(first.steps) == 1 and not first.steps[0].queue
    return _SHORT_GAP if is_short else GAP


def _without_steps(picture: MapPicture, right: float, y: float) -> tuple[str, float]:
    """A stream that nobody has given steps yet: its two ends, and the way between them."""
    middle, parts = y + 90, []
    start = _MARGIN
    if picture.requester:
        parts.append(ends.end_box(picture.requester, _MARGIN, ends.WIDTH, middle, y)[0])
        start += ends.WIDTH
    if picture.outcome:
        parts.append(symbols.push_arrow(start + 4, right + _SIDE - 3, middle))
        parts.append(ends.end_box(picture.outcome, right + _SIDE, TOTALS_WIDTH, middle, y)[0])
    return "".join(parts), middle + 90 + _ABOVE_LADDER


def _foot(picture: MapPicture, left: float, right: float, y: float) -> tuple[str, float]:
    """The bar to scale, and the totals beside it and the last ladder."""
    parts, height = [], 0.0
    if picture.rungs:
        parts.append(bar_to_scale(picture, left - _lead_in(picture, 0), right, y + 8, _MARGIN))
        height = BAR_HEIGHT
    if picture.totals:
        top = y - (LADDER_HEIGHT if picture.rungs else 0)
        parts.append(totals_box(picture.totals, right + _SIDE, top, picture.hours_per_day))
        height = max(height, top + totals_height(picture.totals) - y)
    return "".join(parts), height


def _document(content: str, picture: MapPicture, width: float, height: float, id_prefix: str) -> str:
    # A picture's content is hidden from assistive technology; where steps are links it must stay reachable.
    has_links = any(step.href for step in picture.steps)
    return element(
        "svg",
        element("title", escape(picture.title), id=f"{id_prefix}-title")
        + element("desc", escape(alt_text(picture)), id=f"{id_prefix}-desc")
        + rect(0, 0, width, height, fill=PAPER)
        + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="group" if has_links else "img",
        aria_labelledby=f"{id_prefix}-title {id_prefix}-desc",
        font_family=FONT_FAMILY,
    )


def _mark(at: int) -> str:
    """A, B, … Z, then 27, 28, …: the letter of the place where a row breaks."""
    return chr(ord("A") + at) if at < 26 else str(at + 1)
