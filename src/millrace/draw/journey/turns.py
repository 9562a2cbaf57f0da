"""Who had the item, turn by turn, not to scale: what a crowded beginning hides on the axis of time."""

from collections.abc import Sequence

from millrace.draw import theme
from millrace.draw.charts.wording import count
from millrace.draw.journey.bars import EDGES, FILLS
from millrace.draw.journey.journey_picture import JourneyPicture, Tenure
from millrace.draw.journey.journey_words import lasted
from millrace.draw.svg import group, path, rect, text
from millrace.draw.text import shorten, text_width

_HEIGHT = 38.0
_GAP = 16.0
_WIDEST, _NARROWEST = 170.0, 64.0
_MOST_LINES = 3
_TEAM, _TIME = theme.SIZE_SMALL, theme.SIZE_SMALL


def draw_turns(picture: JourneyPicture, left: float, y: float, right: float) -> tuple[str, float]:
    """A card for each team's turn in order of time, and the y below; nothing where one team had it throughout."""
    turns = picture.tenures
    if len(turns) < 2:
        return "", y
    title = "Turn by turn, until value" if picture.value_at else "Turn by turn"
    parts = [text(title, left, y + 4, theme.SIZE_STRONG, weight=theme.SEMIBOLD)]
    y += 18
    lines, n_left = _lines(turns, right - left)
    for row in lines:
        x = left
        for turn in row:
            parts.append(_card(turn, x, y))
            x += _width(turn) + _GAP
            if turn is not turns[-1]:
                parts.append(_arrow(x - _GAP + 4, y + _HEIGHT / 2))
        y += _HEIGHT + 10
    if n_left:
        parts.append(text(f"… and {count(n_left)} more turns", left, y + 6, theme.SIZE_SMALL, fill=theme.INK_SOFT))
        y += 18
    return "".join(parts), y + 18


def _lines(turns: Sequence[Tenure], room: float) -> tuple[list[list[Tenure]], int]:
    """The cards line by line, and how many of them there is no room for."""
    lines: list[list[Tenure]] = [[]]
    used = 0.0
    for at, turn in enumerate(turns):
        width = _width(turn)
        if lines[-1] and used + width > room:
            if len(lines) == _MOST_LINES:
                return lines, len(turns) - at
            lines.append([])
            used = 0.0
        lines[-1].append(turn)
        used += width + _GAP
    return lines, 0


def _width(turn: Tenure) -> float:
    wide = max(text_width(turn.team, _TEAM, theme.SEMIBOLD), text_width(lasted(turn.length), _TIME))
    return min(max(wide + 18, _NARROWEST), _WIDEST)


def _card(turn: Tenure, x: float, y: float) -> str:
    width = _width(turn)
    border = theme.REWORK if turn.is_return else theme.REST
    drawn = rect(x, y, width, _HEIGHT, fill=theme.PAPER, stroke=border, stroke_width=1.1, rx=4)
    drawn += text(shorten(turn.team, width - 16, _TEAM, theme.SEMIBOLD), x + 8, y + 14, _TEAM, weight=theme.SEMIBOLD)
    drawn += text(lasted(turn.length), x + 8, y + 27, _TIME, fill=theme.INK_SOFT)
    at, whole = x + 1.2, turn.length.total_seconds()
    for kind, length in turn.kinds:
        part = (width - 2.4) * length.total_seconds() / whole if whole else 0.0
        edge = EDGES.get(kind)
        drawn += rect(at, y + _HEIGHT - 5, part, 4, fill=FILLS[kind], stroke=edge, stroke_width=0.8 if edge else None)
        at += part
    again = ", again" if turn.is_return else ""
    shares = ", ".join(f"{lasted(length)} {kind.value}" for kind, length in turn.kinds)
    return group(drawn, title=f"{turn.team}{again}: {shares}")


def _arrow(x: float, y: float) -> str:
    return path(f"M{x:.1f} {y - 4:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 4:.1f}", stroke=theme.REST, stroke_width=1.6)
