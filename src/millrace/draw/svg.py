"""SVG elements as text: presentation attributes only, so that every renderer draws them alike."""

from collections.abc import Iterable
from typing import Literal

from millrace.draw.text import printable
from millrace.draw.theme import INK, REGULAR

Anchor = Literal["start", "middle", "end"]


def number(value: float) -> str:
    """A coordinate with at most one decimal: `12`, `12.5`."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def escape(text: str) -> str:
    """Text as it may stand inside an element or an attribute."""
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def attributes(**given: str | float | None) -> str:
    """Attributes in order, `font_size=12` as ` font-size="12"`; None leaves one out."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
        for name, value in given.items()
        if value is not None
    )


def element(name: str, content: str = "", **given: str | float | None) -> str:
    """An element with ready-made content."""
    opened = f"<{name}{attributes(**given)}"
    return f"{opened}>{content}</{name}>" if content else f"{opened}/>"


def group(content: str, title: str = "", **given: str | float | None) -> str:
    """A group; its title is what a pointer or a screen reader shows for it."""
    return element("g", (title_of(title) if title else "") + content, **given)


def title_of(text: str) -> str:
    """The title that must stand first in the element it names."""
    return f"<title>{escape(text)}</title>"


def text(
    words: str,
    x: float,
    y: float,
    size: float,
    *,
    weight: int = REGULAR,
    fill: str = INK,
    anchor: Anchor = "start",
) -> str:
    """One line of text with its baseline at y."""
    if not words:
        return ""
    weighted = f' font-weight="{weight}"' if weight != REGULAR else ""
    anchored = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}"{weighted} fill="{fill}"{anchored}>'
        f"{escape(words)}</text>"
    )


def lines(
    rows: Iterable[str],
    x: float,
    y: float,
    size: float,
    leading: float,
    *,
    weight: int = REGULAR,
    fill: str = INK,
    anchor: Anchor = "start",
) -> str:
    """Lines of text, the first with its baseline at y."""
    return "".join(
        text(row, x, y + at * leading, size, weight=weight, fill=fill, anchor=anchor) for at, row in enumerate(rows)
    )


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = "none",
    stroke: str | None = None,
    stroke_width: float | None = None,
    rx: float | None = None,
    dash: str | None = None,
) -> str:
    """A rectangle, rounded by rx."""
    return element(
        "rect",
        x=x,
        y=y,
        width=max(0.0, width),
        height=max(0.0, height),
        rx=rx,
        fill=fill,
        stroke=stroke,
        stroke_width=stroke_width,
        stroke_dasharray=dash,
    )


def path(
    d: str,
    *,
    fill: str = "none",
    stroke: str | None = None,
    stroke_width: float | None = None,
    dash: str | None = None,
    join: str | None = None,
) -> str:
    """A path."""
    return element(
        "path", d=d, fill=fill, stroke=stroke, stroke_width=stroke_width, stroke_dasharray=dash, stroke_linejoin=join
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1.0, dash: str | None = None) -> str:
    """A straight line."""
    return path(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", stroke=stroke, stroke_width=width, dash=dash)


def circle(x: float, y: float, r: float, *, fill: str = "none", stroke: str | None = None, width: float = 1.0) -> str:
    """A circle."""
    return element("circle", cx=x, cy=y, r=r, fill=fill, stroke=stroke, stroke_width=width if stroke else None)


def rounded(points: list[tuple[float, float]], radius: float) -> str:
    """Path data of a polyline with rounded corners."""
    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(corner, before, radius), _towards(corner, after, radius)
        parts.append(
            f"L{number(into[0])} {number(into[1])}"
            f"Q{number(corner[0])} {number(corner[1])} {number(out[0])} {number(out[1])}"
        )
    parts.append(f"L{number(points[-1][0])} {number(points[-1][1])}")
    return "".join(parts)


def _towards(start: tuple[float, float], end: tuple[float, float], distance: float) -> tuple[float, float]:
    length = abs(end[0] - start[0]) + abs(end[1] - start[1])
    if not length:
        return start
    part = min(distance, length / 2) / length
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
