"""The delay tree, drawn: all lead time as a block that is divided from left to right; and its table."""

from collections.abc import Iterator
from dataclasses import dataclass

from millrace.diagnose.delay_tree import Delay, Division
from millrace.draw.charts.chart import TableTwin
from millrace.draw.charts.wording import ITEMS, Noun, percent, percent_roughly
from millrace.draw.figures import NO_BREAK
from millrace.draw.svg import element, escape, group, line, number, rect, text
from millrace.draw.text import shorten, text_width
from millrace.draw.theme import (
    BOLD,
    FONT_FAMILY,
    HAIRLINE,
    INK,
    INK_SOFT,
    ON_DARK,
    ON_WAITING,
    PANEL,
    PAPER,
    REST_TINT,
    REWORK_TINT,
    SEMIBOLD,
    SIZE_SMALL,
    SIZE_TITLE,
    WAITING,
    WAITING_TINT,
    WORKING,
    WORKING_TINT,
)
from millrace.flow.summary import SECOND
from millrace.model.state import State

HEIGHT = 600.0
"""Of the block, in pixels at scale 1."""
WIDTH = 1160.0
_HEAD = 20.0
_MARGIN = 24.0
_LEAST = 12.0
"""Pixels that a branch is high at least; several that are not are drawn together as “12 more”."""
_ROOM_FOR_TWO = 30.0
"""Height from which the figures stand under the name."""
_PAD = 7.0
_FULL: dict[str, tuple[str, str]] = {State.ACTIVE: (WORKING, ON_DARK), State.WAITING: (WAITING, ON_WAITING)}
_TINTS: dict[str, str] = {State.ACTIVE: WORKING_TINT, State.WAITING: WAITING_TINT}


FOLDED = "folded"
"""Id of a branch that stands for several small ones; it does not know how many items they have together."""


@dataclass(frozen=True)
class _Block:
    """A branch where it is drawn; one that stands for several has the id `FOLDED`."""

    delay: Delay
    state: str
    x: float
    y: float
    width: float
    height: float


def delay_tree(root: Delay, *, source: str = "", noun: Noun = ITEMS) -> str:
    """Draw the tree as an SVG of its own, with a title that says the finding."""
    top = 76.0
    height = top + _HEAD + HEIGHT + _MARGIN
    told = headline(root)
    said = subtitle(root, noun) + (f" · {source}" if source else "")
    content = (
        rect(0, 0, WIDTH + 2 * _MARGIN, height, fill=PAPER)
        + text(told, _MARGIN, 40, SIZE_TITLE, weight=BOLD)
        + text(said, _MARGIN, 62, 13, fill=INK_SOFT)
        + group(_drawn(root), transform=f"translate({number(_MARGIN)} {number(top)})")
    )
    return _svg(
        element("title", escape(told)) + element("desc", escape(f"{said}. {in_words(root)}")) + content,
        WIDTH + 2 * _MARGIN,
        height,
    )


def delay_tree_picture(root: Delay) -> str:
    """Draw the tree as an SVG without a title, for a page that has its own."""
    return _svg(_drawn(root), WIDTH, _HEAD + HEIGHT)


def delay_tree_table(root: Delay, *, least_ratio: float = 0.005) -> TableTwin:
    """The leaves that hold a notable share of the lead time, longest first; the rest in one row."""
    leaves = sorted(root.leaves, key=lambda leaf: (-leaf.microseconds, leaf.id))
    shown = [leaf for leaf in leaves if leaf.microseconds >= least_ratio * root.microseconds and leaf is not root]
    rows = [
        (way(root, leaf), hours(leaf.microseconds), percent(leaf.microseconds / root.microseconds), f"{leaf.n_items:,}")
        for leaf in shown
    ]
    rest = root.microseconds - sum(leaf.microseconds for leaf in shown)
    if rest:
        rows.append((f"{len(leaves) - len(shown):,} more", hours(rest), percent(rest / root.microseconds), ""))
    return TableTwin(("Where", "Hours", "Share of lead time", "Items"), tuple(rows))


def headline(root: Delay) -> str:
    """What the tree says first: how much of all lead time is waiting."""
    if not root.microseconds:
        return "Nothing was delivered yet"
    shares = {child.name: child.microseconds / root.microseconds for child in root.children}
    if shares.keys() == {State.UNKNOWN}:
        return "The log cannot tell working from waiting"
    return f"{percent_roughly(shares.get(State.WAITING, 0.0))} of all lead time is waiting"


def subtitle(root: Delay, noun: Noun = ITEMS) -> str:
    """Of what, and in which unit."""
    return f"{hours(root.microseconds)} hours of {noun.counted(root.n_items)} delivered, demand to value, elapsed time"


def in_words(root: Delay) -> str:
    """The biggest leaves, for those who do not see the picture."""
    biggest = sorted(root.leaves, key=lambda leaf: (-leaf.microseconds, leaf.id))[:5]
    told = (
        f"{way(root, leaf)} {percent(leaf.microseconds / root.microseconds)}" for leaf in biggest if leaf is not root
    )
    return "Most lies in: " + "; ".join(told) + "." if root.children else ""


def hours(microseconds: int) -> str:
    """Whole hours, thousands apart; one decimal below ten."""
    value = microseconds / SECOND / 3600
    return f"{value:,.0f}" if value >= 9.95 or not value else f"{value:.1f}"


def way(root: Delay, leaf: Delay) -> str:
    """The names from the top to a leaf: `waiting › requester › Intake › Desk`; what only repeats is left out."""
    names, node = list[str](), root
    while node is not leaf:
        node = next(child for child in node.children if f"{leaf.id}/".startswith(f"{child.id}/"))
        if not names or names[-1] != node.name:
            names.append(node.name)
    return " › ".join(names)


def _svg(content: str, width: float, height: float) -> str:
    return element(
        "svg", content, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {number(width)} {number(height)}",
        width=width, height=height, role="img", font_family=FONT_FAMILY,
    )  # fmt: skip


def _drawn(root: Delay) -> str:
    columns = _columns(root)
    blocks = list(_blocks(root, columns)) if root.microseconds else []
    heads = (
        text(str(division), x + _PAD, 12, SIZE_SMALL, fill=INK_SOFT) + line(x, 0, x, _HEAD + HEIGHT, HAIRLINE)
        for division, x in columns.items()
    )
    return "".join(heads) + "".join(_block(each, root.microseconds) for each in blocks)


def _columns(root: Delay) -> dict[Division, float]:
    """Where each division begins: those that the tree uses, side by side, names wider than plain words."""
    used = {node.division for node in _nodes(root)}
    wide = {Division.STEP: 1.5, Division.TEAM: 1.3, Division.CAUSE: 1.1}
    divisions = [division for division in Division if division in used]
    whole = sum(wide.get(division, 1.0) for division in divisions) or 1.0
    columns, x = dict[Division, float](), 0.0
    for division in divisions:
        columns[division] = x
        x += WIDTH * wide.get(division, 1.0) / whole
    return columns


def _nodes(delay: Delay) -> Iterator[Delay]:
    yield delay
    for child in delay.children:
        yield from _nodes(child)


def _blocks(root: Delay, columns: dict[Division, float]) -> Iterator[_Block]:
    """Every branch as a block: from its column to that of its children, as high as its time."""
    scale = HEIGHT / root.microseconds

    def place(parent: Delay, state: str, y: float) -> Iterator[_Block]:
        for child in _folded(parent.children, _LEAST / scale):
            own, height = state or child.name, child.microseconds * scale
            x = _left(child, columns)
            yield _Block(child, own, x, y, _right(child, columns) - x, height)
            yield from place(child, own, y)
            y += height

    yield from place(root, "", _HEAD)


def _folded(delays: tuple[Delay, ...], least: float) -> tuple[Delay, ...]:
    """The delays with those shorter than `least` microseconds put together, and so with what they divide into."""
    small = [delay for delay in delays if delay.microseconds < least]
    if len(small) < 2:
        return delays
    together = _merged(f"{len(small):,} more", small)
    return (*(delay for delay in delays if delay.microseconds >= least), together)


def _merged(name: str, delays: list[Delay]) -> Delay:
    children: dict[str, list[Delay]] = {}
    for delay in delays:
        for child in delay.children:
            children.setdefault(child.name, []).append(child)
    whole = sum(delay.microseconds for delay in delays)
    merged = sorted((_merged(*each) for each in children.items()), key=lambda child: -child.microseconds)
    is_whole = sum(child.microseconds for child in merged) == whole
    return Delay(FOLDED, name, delays[0].division, whole, 0, tuple(merged) if is_whole else ())


def _left(delay: Delay, columns: dict[Division, float]) -> float:
    return columns[delay.division] if delay.division else 0.0


def _right(delay: Delay, columns: dict[Division, float]) -> float:
    return min((_left(child, columns) for child in delay.children), default=WIDTH)


def _block(block: _Block, whole: int) -> str:
    delay, (fill, ink) = block.delay, _colours(block)
    figures = f"{percent(delay.microseconds / whole)} · {hours(delay.microseconds)}{NO_BREAK}h"
    told = f"{delay.name}: {figures}" + (f" · {delay.n_items:,} items" if delay.n_items else "")
    drawn = rect(block.x + 0.5, block.y, block.width - 1, block.height, fill=fill, stroke=PAPER, stroke_width=1)
    if block.height >= _LEAST:
        drawn += _words(block, delay.name, figures, ink)
    return group(drawn, told)


def _words(block: _Block, name: str, figures: str, ink: str) -> str:
    """The name, and the figures after it where they fit, under it where the block is high."""
    x, room = block.x + _PAD, block.width - 2 * _PAD
    if text_width(figures if block.height >= _ROOM_FOR_TWO else f"{name} · {figures}", SIZE_SMALL) > room:
        figures = figures.partition(" · ")[0]
    if block.height >= _ROOM_FOR_TWO:
        y = block.y + min(block.height / 2 - 3, 26)
        return text(shorten(name, room, SIZE_SMALL, SEMIBOLD), x, y, SIZE_SMALL, weight=SEMIBOLD, fill=ink) + text(
            shorten(figures, room, SIZE_SMALL), x, y + 14, SIZE_SMALL, fill=ink
        )
    y = block.y + block.height / 2 + 4
    return text(shorten(f"{name} · {figures}", room, SIZE_SMALL), x, y, SIZE_SMALL, fill=ink)


def _colours(block: _Block) -> tuple[str, str]:
    """The state in its full colour; what it divides into in the tint; what was folded is plain."""
    if block.delay.name.endswith(" more") and block.delay.id == FOLDED:
        return PANEL, INK_SOFT
    if block.state.endswith("reopened"):
        return REWORK_TINT, INK
    if block.delay.division is Division.STATE and block.state in _FULL:
        return _FULL[block.state]
    return _TINTS.get(block.state, REST_TINT), INK
