"""The journey of one item as one SVG text, for the command line, pages, reports and paper alike."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from millrace.draw import theme
from millrace.draw.journey import journey_words as words
from millrace.draw.journey.band import BAND_HEIGHT, POINTS_HEIGHT, band, numbered, points
from millrace.draw.journey.bars import EDGES, FILLS
from millrace.draw.journey.journey_picture import JourneyPicture, Kind
from millrace.draw.journey.lanes import draw_handoffs, draw_lanes, draw_shares, place_lanes
from millrace.draw.journey.time_axis import TimeAxis, time_axis
from millrace.draw.journey.turns import draw_turns
from millrace.draw.svg import element, escape, line, lines, number, rect, text
from millrace.draw.text import shorten, text_width, wrap

WIDTH = 1180.0
_MARGIN = 24.0
_LABELS = 196.0
_STRIP = 58.0
_LEADING = 28.0
_NIGHTS_UP_TO = timedelta(days=10)
_WEEKENDS_UP_TO = timedelta(days=150)


def journey_drawing(picture: JourneyPicture, *, id_prefix: str = "journey") -> str:
    """Draw the journey; `id_prefix` keeps the ids of several on one page apart. One user unit is a pixel at scale 1."""
    left, right = _MARGIN, WIDTH - _MARGIN
    axis = time_axis(
        picture.demand_at,
        picture.value_at,
        picture.ended_at,
        ZoneInfo(picture.hours.zone),
        left + _LABELS,
        right,
    )
    header, y = _header(picture, left, right)
    strip = _strip(picture, left, y, right)
    y += _STRIP + 16
    band_at = y + POINTS_HEIGHT
    placed = place_lanes(picture, band_at + BAND_HEIGHT + 14)
    foot = placed[-1].foot + 4
    closed = tuple(_closed(picture, axis))
    parts = [
        header,
        strip,
        _shaded(closed, axis, band_at, foot),
        _grid(axis, band_at + BAND_HEIGHT, foot),
        text("All of its time", left + 8, band_at + 19, theme.SIZE_TEXT, weight=theme.SEMIBOLD),
        draw_lanes(picture, placed, axis, left),
        points(picture, axis, y, foot),
        band(picture, axis, band_at),
        draw_handoffs(picture, placed, axis),
        draw_shares(picture, placed, axis),
    ]
    turns, y = draw_turns(picture, left, foot + 48, right)
    longest, y = _longest(picture, left, y, right)
    legend, y = _legend(picture, axis, left, y, right, has_closed_hours=bool(closed))
    return _document("".join([*parts, turns, longest, legend]), picture, y + 12, id_prefix)


def _header(picture: JourneyPicture, left: float, right: float) -> tuple[str, float]:
    rows = wrap(words.title(picture), right - left, theme.SIZE_TITLE, theme.BOLD, 3)
    below = 44 + (len(rows) - 1) * _LEADING
    told = wrap(words.subtitle(picture), right - left, theme.SIZE_STRONG, max_lines=2)
    drawn = lines(rows, left, 44, theme.SIZE_TITLE, _LEADING, weight=theme.BOLD) + lines(
        told, left, below + 24, theme.SIZE_STRONG, 18, fill=theme.INK_SOFT
    )
    return drawn, below + 24 + (len(told) - 1) * 18 + 18


def _strip(picture: JourneyPicture, left: float, y: float, right: float) -> str:
    """The figures of the journey on a dark ground."""
    shown = words.figures(picture)
    step = (right - left) / max(len(shown), 5)
    parts = [rect(left, y, right - left, _STRIP, fill=theme.INK, rx=6)]
    for at, (label, figure) in enumerate(shown):
        x = left + 18 + at * step
        parts.append(
            text(shorten(label, step - 12, theme.SIZE_SMALL), x, y + 20, theme.SIZE_SMALL, fill=theme.ON_DARK_SOFT)
        )
        parts.append(text(figure, x, y + 45, 20.0, weight=theme.BOLD, fill=theme.ON_DARK))
    return "".join(parts)


def _closed(picture: JourneyPicture, axis: TimeAxis) -> Iterator[tuple[datetime, datetime]]:
    """Nights and weekends, as far as they can be told apart at this scale."""
    until = picture.ended_at if axis.tail_is_to_scale else axis.turned_at
    if until - picture.demand_at > _WEEKENDS_UP_TO:
        return
    shortest = timedelta(hours=1) if until - picture.demand_at <= _NIGHTS_UP_TO else timedelta(hours=30)
    closed = picture.demand_at
    for began_at, ended_at in (*picture.hours.periods_of_work(picture.demand_at, until), (until, until)):
        if min(began_at, until) - closed >= shortest:
            yield closed, min(began_at, until)
        closed = max(closed, ended_at)


def _shaded(closed: Iterable[tuple[datetime, datetime]], axis: TimeAxis, top: float, foot: float) -> str:
    return "".join(
        rect(axis.x(since), top, axis.x(until) - axis.x(since), foot - top, fill=theme.REST_TINT)
        for since, until in closed
    )


def _grid(axis: TimeAxis, top: float, foot: float) -> str:
    parts = []
    free = axis.left - 30.0
    for at, word, below in axis.ticks():
        x = axis.x(at)
        parts.append(line(x, top, x, foot, theme.HAIRLINE, 0.8))
        if x - text_width(word, theme.SIZE_SMALL) / 2 < free or x > axis.right - 4:
            continue
        parts.append(text(word, x, foot + 15, theme.SIZE_SMALL, fill=theme.REST_TEXT, anchor="middle"))
        parts.append(
            text(below, x, foot + 28, theme.SIZE_SMALL, weight=theme.SEMIBOLD, fill=theme.REST_TEXT, anchor="middle")
        )
        free = x + max(text_width(word, theme.SIZE_SMALL), text_width(below, theme.SIZE_SMALL)) / 2 + 8
    parts.append(line(axis.left, foot, axis.right, foot, theme.REST, 1))
    return "".join(parts)


def _longest(picture: JourneyPicture, left: float, y: float, right: float) -> tuple[str, float]:
    """The longest pieces in words, under the numbers that they bear in the band."""
    if not picture.longest:
        return "", y
    parts = [text("What took longest", left, y + 4, theme.SIZE_STRONG, weight=theme.SEMIBOLD)]
    y += 26
    for at, stretch in enumerate(picture.longest, start=1):
        told = words.told(stretch, picture)
        parts.append(numbered(at, left + 9, y - 4))
        parts.append(text(shorten(told, right - left - 28, theme.SIZE_TEXT), left + 28, y, theme.SIZE_TEXT))
        y += 23
    return "".join(parts), y + 6


def _legend(
    picture: JourneyPicture, axis: TimeAxis, left: float, y: float, right: float, *, has_closed_hours: bool
) -> tuple[str, float]:
    entries = [*_signs(picture)]
    if has_closed_hours:
        assumed = " (assumed)" if picture.hours.assumed else ""
        entries.append((rect(0, -10, 14, 12, fill=theme.REST_TINT), f"outside {picture.hours.name}{assumed}"))
    if picture.tail and not axis.tail_is_to_scale:
        entries.append(("", "the closing tail is not to scale"))
    x, parts = left, []
    for sign, name in entries:
        width = text_width(name, theme.SIZE_SMALL) + (22 if sign else 0)
        if x + width > right and x > left:
            x, y = left, y + 20
        parts.append(element("g", sign, transform=f"translate({number(x)} {number(y)})") if sign else "")
        parts.append(text(name, x + (20 if sign else 0), y, theme.SIZE_SMALL, fill=theme.INK_SOFT))
        x += width + 20
    return "".join(parts), y + 8


def _signs(picture: JourneyPicture) -> Iterator[tuple[str, str]]:
    """The colours and lines that occur, and what they mean."""
    shown = {stretch.kind for stretch in picture.band}
    yield from ((_swatch(kind), kind.value) for kind in Kind if kind in shown)
    if picture.handoffs:
        yield line(0, -4, 14, -4, theme.INK_SOFT, 1.4), "handoff"
    if any(handoff.is_return for handoff in picture.handoffs):
        yield line(0, -4, 14, -4, theme.REWORK, 1.4), "handoff to a team that had it before"
    after_value = (stretch.kind for stretch in picture.band if picture.value_at and not stretch.is_before_value)
    if len(picture.lanes) > 1:
        yield _swatch(Kind.WORKING, is_pale=True), "pale: the record goes on, the demand waits for another"
    elif any(kind is not Kind.DONE for kind in after_value):
        yield _swatch(Kind.WORKING, is_pale=True), "pale: after value"


def _swatch(kind: Kind, *, is_pale: bool = False) -> str:
    fill = theme.WORKING_TINT if is_pale else FILLS[kind]
    edge = theme.WORKING if is_pale else EDGES.get(kind)
    return rect(0, -10, 14, 12, fill=fill, stroke=edge, stroke_width=1 if edge else None, rx=1.5)


def _document(content: str, picture: JourneyPicture, height: float, id_prefix: str) -> str:
    return element(
        "svg",
        element("title", escape(words.title(picture)), id=f"{id_prefix}-title")
        + element("desc", escape(words.alt_text(picture)), id=f"{id_prefix}-desc")
        + rect(0, 0, WIDTH, height, fill=theme.PAPER)
        + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        width=WIDTH,
        height=height,
        role="img",
        aria_labelledby=f"{id_prefix}-title {id_prefix}-desc",
        font_family=theme.FONT_FAMILY,
    )
