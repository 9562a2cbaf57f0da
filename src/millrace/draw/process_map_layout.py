"""Where the boxes and lines of a process map lie: laid out by Graphviz, which gets sizes and draws nothing."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from millrace.draw.process_map_choice import END, START, Kept, Link

BOX_WIDTH, BOX_HEIGHT, DOT = 168.0, 70.0, 30.0
"""Sizes of an activity and of the marks of start and end, in user units."""
LABEL_HEIGHT = 16.0
_INCH = 72.0
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A link as cubic Bézier curves through `points` (first, then three for each curve) to its arrow head's tip."""

    points: tuple[Point, ...]
    tip: Point
    label: Point | None


@dataclass(frozen=True)
class ProcessLayout:
    """The centre of every node and the line of every link, y downwards."""

    width: float
    height: float
    nodes: dict[str, Point]
    lines: dict[Link, Line]


def process_layout(kept: Kept, label_widths: dict[Link, float]) -> ProcessLayout:
    """Lay out from left to right with the usual path in one line; `label_widths` is the room each label needs."""
    import pygraphviz

    graph = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(rankdir="LR", nodesep="0.35", ranksep="0.55", splines="true", nslimit="2")
    graph.node_attr.update(shape="box", label="", fixedsize="true")
    graph.edge_attr.update(arrowsize="0.7")
    straight = (START, *kept.usual_path, END)
    names = [START, *(each.name for each in kept.activities), END]
    codes = {name: f"n{at}" for at, name in enumerate(names)}
    for name in names:
        width, height = (DOT, DOT) if name in (START, END) else (BOX_WIDTH, BOX_HEIGHT)
        grouped = {"group": "usual"} if name in straight else {}
        graph.add_node(codes[name], width=f"{width / _INCH:.4f}", height=f"{height / _INCH:.4f}", **grouped)
    usual = set(pairwise(straight))
    for at, link in enumerate(kept.links):
        attributes = {"weight": "40" if link in usual else "1", "label": _label(label_widths.get(link, 0.0))}
        graph.add_edge(codes[link[0]], codes[link[1]], key=str(at), **attributes)
    graph.layout(prog="dot")
    height = float(graph.graph_attr["bb"].split(",")[3])
    return ProcessLayout(
        float(graph.graph_attr["bb"].split(",")[2]),
        height,
        {name: _point(graph.get_node(codes[name]).attr["pos"], height) for name in names},
        {
            link: _line(graph.get_edge(codes[link[0]], codes[link[1]], key=str(at)).attr, height)
            for at, link in enumerate(kept.links)
        },
    )


def _label(width: float) -> str:
    """A label of a fixed size, so that the layout depends on no typeface."""
    if not width:
        return ""
    size = f'WIDTH="{width:.0f}" HEIGHT="{LABEL_HEIGHT:.0f}"'
    plain = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE"'
    return f"<<TABLE {plain} {size}><TR><TD></TD></TR></TABLE>>"


def _point(written: str, height: float) -> Point:
    x, y = (float(part) for part in written.split(","))
    return x, height - y


def _line(attributes: Any, height: float) -> Line:
    """Read `e,tip first c c p c c p …`."""
    tip: Point | None = None
    points = []
    for part in attributes["pos"].split():
        numbers = _NUMBERS.findall(part)
        point = (float(numbers[0]), height - float(numbers[1]))
        if part.startswith("e,"):
            tip = point
        elif not part.startswith("s,"):
            points.append(point)
    label = attributes["lp"]
    return Line(tuple(points), tip or points[-1], _point(label, height) if label else None)
