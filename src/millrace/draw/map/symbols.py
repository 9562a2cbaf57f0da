"""The signs of the map, each drawn around its own centre."""

from functools import cache
from math import cos, pi, sin

from millrace.draw.figures import ShownFigure
from millrace.draw.map_picture import Burst
from millrace.draw.svg import circle, element, group, line, number, path, rect, text
from millrace.draw.text import CAP_HEIGHT, fit_size
from millrace.draw.theme import (
    BETTER,
    BOLD,
    FINDING,
    INK,
    INK_SOFT,
    ON_DARK,
    PANEL,
    PAPER,
    REST,
    REWORK,
    REWORK_TEXT,
    SEMIBOLD,
    WAITING,
    WAITING_TEXT,
    WAITING_TINT,
)

BURST_RADIUS = 13.0
TRIANGLE_WIDTH = 38.0
TRIANGLE_HEIGHT = 32.0


def centred(words: str, x: float, y: float, size: float, room: float, *, weight: int = SEMIBOLD, fill: str) -> str:
    """Short text whose capitals are centred on the point, made smaller where it would not fit the room."""
    size = fit_size(words, room, size, weight)
    return text(words, x, y + size * CAP_HEIGHT / 2, size, weight=weight, fill=fill, anchor="middle")


def person(x: float, y: float, size: float = 14, fill: str = INK_SOFT) -> str:
    """A head above shoulders."""
    s = size / 14
    body = (
        f"M{number(x - 6.2 * s)} {number(y + 7 * s)}c0-{number(4.6 * s)} {number(2.4 * s)}-{number(6.4 * s)} "
        f"{number(6.2 * s)}-{number(6.4 * s)}s{number(6.2 * s)} {number(1.8 * s)} {number(6.2 * s)} "
        f"{number(6.4 * s)}z"
    )
    return circle(x, y - 3.4 * s, 3.4 * s, fill=fill) + path(body, fill=fill)


def gear(x: float, y: float, fill: str = INK_SOFT) -> str:
    """A toothed wheel: done by a machine."""
    return element("path", d=_star(8, 6.8, 4.7), fill=fill, transform=_at(x, y)) + circle(x, y, 2.2, fill=PAPER)


def screen(x: float, y: float, stroke: str = INK_SOFT) -> str:
    """A screen on its foot: the system that a step uses."""
    return (
        rect(x - 6, y - 5.5, 12, 8.5, stroke=stroke, stroke_width=1.3, rx=1.2)
        + line(x, y + 3, x, y + 5.5, stroke, 1.3)
        + line(x - 3, y + 5.5, x + 3, y + 5.5, stroke, 1.3)
    )


def check(x: float, y: float, r: float = 11) -> str:
    """A tick on a disc: the value is there."""
    tick = f"M{number(x - 4.6)} {number(y + 0.3)}l3.3 3.3 6-6.6"
    return circle(x, y, r, fill=BETTER) + path(tick, stroke=PAPER, stroke_width=2.2)


def handoff(x: float, y: float, stroke: str = INK_SOFT) -> str:
    """Two arrows against each other: the team changes."""
    left, right = number(x - 8), number(x + 8)
    upper = f"M{left} {number(y - 3)}H{right}m-4-3.4l4 3.4-4 3.4"
    lower = f"M{right} {number(y + 4)}H{left}m4-3.4l-4 3.4 4 3.4"
    return path(upper + lower, stroke=stroke, stroke_width=1.4, join="round")


def waiting_triangle(x: float, foot: float, shown: ShownFigure | None, scale: float = 1.0) -> str:
    """The inventory triangle with the number of items that wait."""
    half = TRIANGLE_WIDTH / 2 * scale
    d = f"M{number(x)} {number(foot - TRIANGLE_HEIGHT * scale)}L{number(x + half)} {number(foot)}H{number(x - half)}z"
    drawn = path(d, fill=WAITING_TINT, stroke=WAITING, stroke_width=1.6, join="round")
    if shown is None:
        return drawn
    figure = centred(shown.text, x, foot - 10, 12, 25, fill=WAITING_TEXT)
    return group(drawn + figure, shown.title)


def push_arrow(x1: float, x2: float, y: float) -> str:
    """The striped arrow of pushed work."""
    tip = 9.0
    stripes = "".join(
        f"M{number(at)} {number(y - 3.5)}h{number(min(4.6, x2 - tip - at))}v7h-{number(min(4.6, x2 - tip - at))}z"
        for at in _steps(x1, x2 - tip - 1.5, 6.6)
    )
    head = f"M{number(x2 - tip)} {number(y - 7)}L{number(x2)} {number(y)}L{number(x2 - tip)} {number(y + 7)}z"
    return path(stripes + head, fill=REST)


def arrow_head(x: float, y: float, towards: str, fill: str) -> str:
    """A small filled arrow head with its tip on the point, towards `up`, `down`, `left` or `right`."""
    turns = {"down": "-4.5-8h9z", "up": "-4.5 8h9z", "right": "-8-4.5v9z", "left": "8-4.5v9z"}
    return path(f"M{number(x)} {number(y)}l{turns[towards]}", fill=fill)


def burst(x: float, y: float, mark: Burst, r: float = BURST_RADIUS) -> str:
    """The jagged star that points to a finding or an improvement; a link where it has an address."""
    star = element("path", d=_star(14, r, r * 0.78), fill=FINDING, transform=_at(x, y))
    drawn = group(
        star + centred(mark.label, x, y, 10.5, r * 1.35, weight=BOLD, fill=ON_DARK), mark.title, class_="burst"
    )
    return element("a", drawn, href=mark.href) if mark.href else drawn


def continuation(x: float, y: float, letter: str) -> str:
    """A lettered circle: the stream goes on where the same letter stands."""
    return circle(x, y, 12, fill=PANEL, stroke=INK, width=1.3) + centred(letter, x, y, 12, 18, weight=BOLD, fill=INK)


def pill(
    x: float,
    y: float,
    width: float,
    words: tuple[str, ...],
    *,
    size: float = 11,
    stroke: str = REWORK,
    fill: str = REWORK_TEXT,
    title: str = "",
) -> str:
    """Lines of text in a rounded frame of the given width, its top left corner on the point."""
    leading = size + 3.5
    height = pill_height(len(words), size)
    drawn = rect(x, y, width, height, fill=PAPER, stroke=stroke, stroke_width=1.2, rx=min(9.0, height / 2))
    first = y + 3.6 + size * 0.86
    rows = "".join(
        text(word, x + width / 2, first + at * leading, size, weight=SEMIBOLD, fill=fill, anchor="middle")
        for at, word in enumerate(words)
    )
    return group(drawn + rows, title, class_="pill")


def pill_height(n_lines: int, size: float = 11) -> float:
    """Height of a pill of so many lines."""
    return n_lines * (size + 3.5) + 3.5


def _at(x: float, y: float) -> str:
    return f"translate({number(x)} {number(y)})"


def _steps(start: float, end: float, step: float) -> list[float]:
    return [start + at * step for at in range(max(0, int((end - start) / step) + 1))]


@cache
def _star(n_points: int, outer: float, inner: float) -> str:
    corners = (
        (r * sin(pi * at / n_points), -r * cos(pi * at / n_points))
        for at in range(2 * n_points)
        for r in (outer if at % 2 == 0 else inner,)
    )
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in corners) + "z"
