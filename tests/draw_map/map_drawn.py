"""What a finished drawing says about itself: texts, boxes, labels, lines and where they are."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from millrace.draw.text import ASCENT, DESCENT, text_width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Area:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Area", by: float = 0.5) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > by
            and min(self.bottom, other.bottom) - max(self.top, other.top) > by
        )

    def holds(self, other: "Area", slack: float = 0.6) -> bool:
        return (
            self.left - slack <= other.left
            and self.top - slack <= other.top
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def page(root: ET.Element) -> Area:
    return Area(*(float(part) for part in root.attrib["viewBox"].split()))


def groups(root: ET.Element, kind: str) -> list[ET.Element]:
    return [g for g in root.iter(f"{SVG}g") if g.get("class") == kind]


def frame(group: ET.Element) -> Area:
    """The first rectangle of a group: the box itself."""
    rect = next(group.iter(f"{SVG}rect"))
    x, y = float(rect.attrib["x"]), float(rect.attrib["y"])
    return Area(x, y, x + float(rect.attrib["width"]), y + float(rect.attrib["height"]))


def legend_top(root: ET.Element) -> float:
    """Where the legend begins, whose signs are samples and stand close."""
    return min((area.top for group in groups(root, "legend") for _, area in texts(group)), default=1e9) - 20


def bursts(root: ET.Element) -> list[Area]:
    """The jagged marks, by the translation and the size of their star."""
    marks = []
    for group in groups(root, "burst"):
        star = next(group.iter(f"{SVG}path"))
        x, y = map(float, re.findall(r"-?[\d.]+", star.attrib["transform"]))
        r = abs(float(re.findall(r"-?[\d.]+", star.attrib["d"])[1]))
        marks.append(Area(x - r, y - r, x + r, y + r))
    return marks


def texts(group: ET.Element) -> Iterator[tuple[str, Area]]:
    """Each line of text with the room it takes."""
    for element in group.iter(f"{SVG}text"):
        size, words = float(element.attrib["font-size"]), element.text or ""
        width = text_width(words, size, int(element.get("font-weight", "400")))
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        x -= {"middle": width / 2, "end": width}.get(element.get("text-anchor", ""), 0)
        yield words, Area(x, y - size * (ASCENT - 0.25), x + width, y + size * (DESCENT - 0.05))


def strokes(group: ET.Element) -> Iterator[Area]:
    """The straight stretches of a route's line, which is the group's first path."""
    data = next(group.iter(f"{SVG}path")).attrib["d"]
    points = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+)[ ,](-?[\d.]+)", data)]
    vertical = re.search(r"M(-?[\d.]+) (-?[\d.]+)V(-?[\d.]+)", data)
    if vertical:
        x, y1, y2 = map(float, vertical.groups())
        points = [(x, y1), (x, y2)]
    for (x1, y1), (x2, y2) in pairwise(points):
        yield Area(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
