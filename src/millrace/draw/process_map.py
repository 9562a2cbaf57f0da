"""The process map: what happened, as the log shows it; activities, and how often and after how long they follow."""

from enum import StrEnum
from math import atan2, cos, hypot, sin, sqrt

from millrace.draw.figures import NO_BREAK, show_count, show_ratio
from millrace.draw.process_map_choice import END, START, Kept, Link, kept
from millrace.draw.process_map_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    DOT,
    LABEL_HEIGHT,
    Line,
    Point,
    ProcessLayout,
    process_layout,
)
from millrace.draw.svg import circle, element, escape, group, lines, number, path, rect, text
from millrace.draw.text import text_width, wrap_evenly
from millrace.draw.theme import (
    BETTER,
    BOLD,
    FONT_FAMILY,
    INK,
    INK_SOFT,
    PAPER,
    REST,
    SCALE,
    SEMIBOLD,
    SIZE_TITLE,
    WAITING,
    WAITING_TEXT,
)
from millrace.flow.activity_graph import Activity, ActivityGraph, ActivityPath
from millrace.model.duration import show_duration

MUCH_DELAY_RATIO = 0.1
"""A path with at least this share of all time between activities is marked as one where items wait."""
_MARGIN, _HEAD, _FOOT = 24.0, 66.0, 46.0
_LABEL_SIZE = 11.0
MOST_LABELS = 200
"""With more paths nobody can read the labels, and laying them out takes minutes; a pointer still shows the figures."""
_FILLS = SCALE[:4]
_THINNEST, _THICKEST = 1.2, 6.0


class Shows(StrEnum):
    """What is told of paths; their lines are as thick as it is large."""

    BOTH = "both"
    FREQUENCY = "frequency"
    TIME = "time"


def process_map(
    graph: ActivityGraph,
    *,
    activities_ratio: float = 1.0,
    paths_ratio: float = 1.0,
    shows: Shows = Shows.BOTH,
    title: str = "Process map",
) -> str:
    """Draw a graph as SVG; of the activities and of the paths among them the most frequent shares are kept.

    Whatever is needed to lead every activity from the start to the end is kept besides.
    """
    shown = kept(graph, activities_ratio=activities_ratio, paths_ratio=paths_ratio)
    paths = {(path.from_activity, path.to_activity): path for path in graph.paths}
    labels = {link: _label(n, paths.get(link), shows) for link, n in shown.links.items()}
    labels = {link: words for link, words in labels.items() if words}
    if len(labels) > MOST_LABELS:
        labels = {}
    layout = process_layout(shown, {link: text_width(words, _LABEL_SIZE) + 10 for link, words in labels.items()})
    told = _told(graph, shown)
    width = max(layout.width, 640.0, text_width(title, SIZE_TITLE, BOLD)) + 2 * _MARGIN
    height = layout.height + _HEAD + _FOOT + _MARGIN
    content = (
        text(title, _MARGIN, 40, SIZE_TITLE, weight=BOLD)
        + text(told, _MARGIN, 62, 13, fill=INK_SOFT)
        + group(
            _drawn(graph, shown, layout, labels, paths, shows),
            transform=f"translate({number(_MARGIN)} {number(_HEAD + 14)})",
        )
        + _legend(_MARGIN, height - 22, shows)
    )
    return element(
        "svg",
        element("title", escape(title)) + element("desc", escape(f"{told}. {_usual(shown)}"))
        + rect(0, 0, width, height, fill=PAPER) + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        font_family=FONT_FAMILY,
    )  # fmt: skip


def _drawn(
    graph: ActivityGraph,
    shown: Kept,
    layout: ProcessLayout,
    labels: dict[Link, str],
    paths: dict[Link, ActivityPath],
    shows: Shows,
) -> str:
    """Lines, then boxes, then labels; thin lines first, so that the thick ones lie upon them."""
    sizes = _sizes(shown, paths, shows)
    most = max(sizes.values(), default=0.0) or 1.0
    slow = _slow(graph)
    rising = sorted(shown.links, key=lambda link: sizes[link])
    parts = [
        _arrow(link, layout.lines[link], sizes[link] / most, paths.get(link), is_slow=link in slow) for link in rising
    ]
    busiest = max((each.n_events for each in shown.activities), default=1)
    parts += [_box(each, layout.nodes[each.name], each.n_events / busiest) for each in shown.activities]
    parts += [_start(layout.nodes[START]), _end(layout.nodes[END])]
    parts += [
        _label_at(at, labels[link], is_slow=link in slow)
        for link in rising
        if link in labels and (at := layout.lines[link].label)
    ]
    return "".join(parts)


def _sizes(shown: Kept, paths: dict[Link, ActivityPath], shows: Shows) -> dict[Link, float]:
    """What the thickness of each line stands for; to begin and to end take no time."""
    if shows is not Shows.TIME:
        return {link: float(n) for link, n in shown.links.items()}
    return {link: paths[link].p50_seconds if link in paths else 0.0 for link in shown.links}


def _label(n: int, path: ActivityPath | None, shows: Shows) -> str:
    count = "" if shows is Shows.TIME else show_count(n)
    time = "" if path is None or shows is Shows.FREQUENCY else show_duration(path.p50_seconds).replace(" ", NO_BREAK)
    return " · ".join(part for part in (count, time) if part)


def _slow(graph: ActivityGraph) -> set[Link]:
    """Paths on which much of the time between activities passes."""
    whole = sum(path.total_seconds for path in graph.paths)
    much = (each for each in graph.paths if whole and each.total_seconds / whole >= MUCH_DELAY_RATIO)
    return {(each.from_activity, each.to_activity) for each in much}


def _arrow(link: Link, line: Line, share: float, of: ActivityPath | None, *, is_slow: bool) -> str:
    colour = WAITING if is_slow else REST
    width = _THINNEST + (_THICKEST - _THINNEST) * sqrt(share)
    first, *rest = line.points
    curve = f"M{_xy(first)}C" + " ".join(map(_xy, rest))
    drawn = path(curve, stroke=colour, stroke_width=width) + path(_head(line.points[-1], line.tip, width), fill=colour)
    return group(drawn, _spoken(of) if of else f"items {'begin' if link[0] == START else 'end'} here", class_="path")


def _spoken(path: ActivityPath) -> str:
    half, most = show_duration(path.p50_seconds), show_duration(path.p85_seconds)
    return f"{path.from_activity} → {path.to_activity}: {path.n:,} times; p50 {half}, p85 {most}"


def _head(base: Point, tip: Point, width: float) -> str:
    """A filled triangle from the end of the line to its tip."""
    angle = atan2(tip[1] - base[1], tip[0] - base[0])
    length, half = hypot(tip[0] - base[0], tip[1] - base[1]), 2.4 + width * 0.75
    across = (-sin(angle) * half, cos(angle) * half)
    back = (tip[0] - cos(angle) * length, tip[1] - sin(angle) * length)
    corners = (tip, (back[0] + across[0], back[1] + across[1]), (back[0] - across[0], back[1] - across[1]))
    return "M" + "L".join(map(_xy, corners)) + "z"


def _xy(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _box(activity: Activity, centre: Point, share: float) -> str:
    fill = _FILLS[min(int(share * len(_FILLS)), len(_FILLS) - 1)]
    x, y = centre[0] - BOX_WIDTH / 2, centre[1] - BOX_HEIGHT / 2
    name = wrap_evenly(activity.name, BOX_WIDTH - 20, 12.5, SEMIBOLD, 2)
    first = y + (24 if len(name) > 1 else 31)
    times = f"{show_count(activity.n_events)} {'time' if activity.n_events == 1 else 'times'}"
    drawn = (
        rect(x, y, BOX_WIDTH, BOX_HEIGHT, fill=fill, stroke=INK, stroke_width=1.2, rx=6)
        + lines(name, centre[0], first, 12.5, 15.5, weight=SEMIBOLD, fill=INK, anchor="middle")
        + text(times, centre[0], y + BOX_HEIGHT - 11, 11, fill=INK, anchor="middle")
    )
    return group(drawn, f"{activity.name}: {times} in {show_count(activity.n_items)} items", class_="activity")


def _start(centre: Point) -> str:
    x, y = centre
    triangle = f"M{number(x - 4.5)} {number(y - 6.5)}L{number(x + 7)} {number(y)}L{number(x - 4.5)} {number(y + 6.5)}z"
    return group(circle(x, y, DOT / 2, fill=BETTER) + path(triangle, fill=PAPER), "start", class_="start")


def _end(centre: Point) -> str:
    x, y = centre
    return group(circle(x, y, DOT / 2, fill=INK) + rect(x - 5, y - 5, 10, 10, fill=PAPER), "end", class_="end")


def _label_at(at: Point, words: str, *, is_slow: bool) -> str:
    width = text_width(words, _LABEL_SIZE) + 6
    ground = rect(at[0] - width / 2, at[1] - LABEL_HEIGHT / 2, width, LABEL_HEIGHT, fill=PAPER, rx=3)
    fill = WAITING_TEXT if is_slow else INK
    return group(ground + text(words, at[0], at[1] + 4, _LABEL_SIZE, fill=fill, anchor="middle"), class_="label")


def _told(graph: ActivityGraph, shown: Kept) -> str:
    n_paths = sum(START not in link and END not in link for link in shown.links)
    events = sum(each.n_events for each in graph.activities)
    share = sum(each.n_events for each in shown.activities) / events if events else 0.0
    hidden = "; too many paths for labels" if len(shown.links) > MOST_LABELS else ""
    return (
        f"{show_count(graph.n_items)} items · {len(shown.activities)} of {len(graph.activities)} activities "
        f"({show_ratio(share)} of events) · {n_paths} of {len(graph.paths)} paths · elapsed time, p50{hidden}"
    )


def _usual(shown: Kept) -> str:
    return f"Most items go: {' → '.join(shown.usual_path)}." if shown.usual_path else "Nothing happened."


_THICKNESS = {
    Shows.BOTH: "how often one follows the other, and after how long",
    Shows.FREQUENCY: "how often one follows the other",
    Shows.TIME: "after how long one follows the other, half of the times",
}


def _legend(x: float, y: float, shows: Shows) -> str:
    thick = path(f"M{number(x)} {number(y - 4)}h34", stroke=REST, stroke_width=4)
    slow = path(f"M{number(x + 372)} {number(y - 4)}h34", stroke=WAITING, stroke_width=4)
    return group(
        thick
        + text(_THICKNESS[shows], x + 42, y, 12, fill=INK_SOFT)
        + slow
        + text(
            f"at least {show_ratio(MUCH_DELAY_RATIO)} of all time between activities", x + 414, y, 12, fill=INK_SOFT
        ),
        class_="legend",
    )
