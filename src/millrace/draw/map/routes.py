"""Rework above the boxes and skips below them: arcs within a row, notes where an arc cannot run."""

from dataclasses import dataclass
from typing import Literal

from millrace.draw.figures import ESTIMATE, NO_BREAK, show_ratio
from millrace.draw.map import symbols
from millrace.draw.map.lanes import HEIGHT, Course, Lane, lanes
from millrace.draw.map.step_box import WIDTH
from millrace.draw.map_picture import ReworkRoute, SkipRoute
from millrace.draw.svg import group, path, rounded
from millrace.draw.text import shorten, text_width, wrap_evenly
from millrace.draw.theme import REST, REST_TEXT, REWORK, REWORK_TEXT, SEMIBOLD

Route = ReworkRoute | SkipRoute
Side = Literal["above", "below"]

REWORK_OUT, REWORK_IN = 0.36 * WIDTH, 0.60 * WIDTH
"""Where rework leaves and enters on the upper edge of a box."""
SKIP_IN, SKIP_OUT = 0.12 * WIDTH, 0.88 * WIDTH
FIRST_LANE = 32.0
"""From the box to the first lane."""
_SIZE = 11.0
_PAD = 9.0
_WIDEST = 260.0
"""A label that is longer than this widens no lane."""
_FROM_BOX = 24.0


@dataclass(frozen=True)
class Arc:
    """A route drawn as a line in a lane; its words are as long as its place allows."""

    route: Route
    lane: Lane
    words: str
    title: str


@dataclass(frozen=True)
class Note:
    """Routes of one box told in words, in a frame of the given width beside the box, `left` from its left edge."""

    lines: tuple[str, ...]
    left: float
    width: float
    is_rework: bool

    @property
    def height(self) -> float:
        """What the note takes between boxes."""
        return symbols.pill_height(len(self.lines), _SIZE) + _FROM_BOX + 2


def place_arcs(routes: list[tuple[Route, float, float]], numbers: dict[str, str]) -> tuple[Arc, ...]:
    """Lanes for routes given with the x at which each leaves and enters; `numbers` holds each step's."""
    titles = [route_words(route, numbers[route.to_step]) for route, _, _ in routes]
    courses = [
        Course(begin, end, min(text_width(title, _SIZE, SEMIBOLD) + 2 * _PAD, max(_WIDEST, abs(end - begin) - 30)))
        for title, (_, begin, end) in zip(titles, routes, strict=True)
    ]
    return tuple(
        Arc(route, lane, _arc_words(route, title, lane.label_right - lane.label_left - 2 * _PAD), title)
        for (route, _, _), title, lane in zip(routes, titles, lanes(courses), strict=True)
    )


def lanes_height(arcs: tuple[Arc, ...]) -> float:
    """What the lanes of these arcs take, from the box outwards."""
    return FIRST_LANE + max(arc.lane.level for arc in arcs) * HEIGHT + 14 if arcs else 0.0


def route_words(route: Route, to_number: str) -> str:
    """An arc's label: `18 % back: role missing`, `40 % skip to step 9`."""
    where = f"skip to step{NO_BREAK}{to_number}" if isinstance(route, SkipRoute) else "back"
    return _told(route, where)


def note(routes: list[Route], numbers: dict[str, str], left: float, width: float) -> Note | None:
    """The routes of one box in words, each on lines of its own; None where there are none."""
    if not routes:
        return None
    said = [
        row
        for route in routes
        for row in wrap_evenly(route_phrase(route, numbers[route.to_step]), width - 2 * _PAD, _SIZE, SEMIBOLD, 3)
    ]
    widest = max(text_width(row, _SIZE, SEMIBOLD) for row in said)
    return Note(tuple(said), left, min(width, widest + 2 * _PAD), isinstance(routes[0], ReworkRoute))


def draw_arc(arc: Arc, edge: float, base: float, side: Side) -> str:
    """The arc from the boxes' edge to a lane (counted from `base` outwards) and back to an arrow head on the edge."""
    away = -1 if side == "above" else 1
    lane, course = arc.lane, arc.lane.course

    def level(at: int) -> float:
        return base + away * (FIRST_LANE + at * HEIGHT)

    y = level(lane.level)
    begin = edge if lane.begin_foot is None else level(lane.begin_foot) - away * 6
    end = edge + away * 7 if lane.end_foot is None else level(lane.end_foot) - away * 6
    colour = REWORK if side == "above" else REST
    d = rounded([(course.begin, begin), (course.begin, y), (course.end, y), (course.end, end)], 7)
    parts = [path(d, stroke=colour, stroke_width=1.6, dash="5 3.5" if side == "above" else None)]
    if lane.end_foot is None:
        parts.append(symbols.arrow_head(course.end, edge + away, "down" if side == "above" else "up", colour))
    if arc.words:
        width = text_width(arc.words, _SIZE, SEMIBOLD) + 2 * _PAD
        middle = (course.begin + course.end) / 2
        left = min(max(middle - width / 2, lane.label_left), lane.label_right - width)
        top = y - symbols.pill_height(1, _SIZE) / 2
        parts.append(_frame(left, top, width, (arc.words,), arc.title, is_rework=side == "above"))
    return group("".join(parts), arc.title, class_="rework" if side == "above" else "skip")


def draw_note(said: Note, x: float, edge: float, side: Side) -> str:
    """The note outside of the box's edge, with a short arrow from the box to it."""
    height = symbols.pill_height(len(said.lines), _SIZE)
    away = -1 if side == "above" else 1
    near = edge + away * _FROM_BOX
    top = near - height if side == "above" else near
    colour = REWORK if said.is_rework else REST
    at = x + (said.left + min(said.width / 2, 18.0) if said.is_rework else WIDTH / 2)
    stem = path(f"M{at:.1f} {edge:.1f}V{near - away * 6:.1f}", stroke=colour, stroke_width=1.6)
    head = symbols.arrow_head(at, near, "up" if side == "above" else "down", colour)
    left = x + (said.left if said.is_rework else (WIDTH - said.width) / 2)
    frame = _frame(left, top, said.width, said.lines, "", is_rework=said.is_rework)
    return group(stem + head + frame, class_="rework" if said.is_rework else "skip")


def _frame(left: float, top: float, width: float, words: tuple[str, ...], title: str, *, is_rework: bool) -> str:
    stroke, fill = (REWORK, REWORK_TEXT) if is_rework else (REST, REST_TEXT)
    return symbols.pill(left, top, width, words, size=_SIZE, stroke=stroke, fill=fill, title=title)


def _arc_words(route: Route, words: str, room: float) -> str:
    if text_width(words, _SIZE, SEMIBOLD) <= room:
        return words
    if room >= 110:
        return shorten(words, room, _SIZE, SEMIBOLD)
    share = show_ratio(route.share_ratio) if route.share_ratio is not None else ""
    return share if text_width(share, _SIZE, SEMIBOLD) <= room else ""


def route_phrase(route: Route, to_number: str) -> str:
    """A route in words that name where it leads: `14 % back to step 5a: reopened`, `40 % → step 9`."""
    if isinstance(route, SkipRoute):
        return _told(route, f"→{NO_BREAK}step{NO_BREAK}{to_number}")
    if route.from_step == route.to_step:
        return f"↻{NO_BREAK}{_told(route, 'again')}"
    return _told(route, f"back to step{NO_BREAK}{to_number}")


def _told(route: Route, where: str) -> str:
    """The share, where to, what the share was before or is thought to be, and why: `1 % back (before: 5 %): …`."""
    said = [where]
    if route.share_ratio is not None:
        said.insert(0, show_ratio(route.share_ratio) + NO_BREAK)
    if route.before_ratio is not None:
        said.append(f" (before:{NO_BREAK}{show_ratio(route.before_ratio)})")
    if route.estimated_ratio is not None:
        said.append(f" ({ESTIMATE}{show_ratio(route.estimated_ratio)})")
    if route.label:
        said.append(f": {route.label}")
    return "".join(said)
