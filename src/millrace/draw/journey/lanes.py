"""Who had the item when: a lane per record, a row per team, lines for the handoffs."""

from dataclasses import dataclass

from millrace.draw import theme
from millrace.draw.charts.wording import count, percent_roughly
from millrace.draw.journey.bars import bar
from millrace.draw.journey.journey_picture import Handoff, JourneyPicture, Lane
from millrace.draw.journey.journey_words import lasted
from millrace.draw.journey.time_axis import TimeAxis
from millrace.draw.svg import circle, group, line, rect, text
from millrace.draw.text import shorten, text_width

ROW = 22.0
_BAR = 14.0
_HEAD = 26.0
_BELOW = 8.0


@dataclass(frozen=True)
class PlacedLane:
    """A lane with the y of its head and of the middle of each row."""

    lane: Lane
    top: float
    rows: tuple[float, ...]
    foot: float


def place_lanes(picture: JourneyPicture, y: float) -> tuple[PlacedLane, ...]:
    """The lanes below one another from `y` on."""
    placed = []
    for lane in picture.lanes:
        first = y + _HEAD + ROW / 2
        rows = tuple(first + at * ROW for at in range(len(lane.rows)))
        foot = y + _HEAD + len(rows) * ROW
        placed.append(PlacedLane(lane, y, rows, foot))
        y = foot + _BELOW
    return tuple(placed)


def draw_lanes(picture: JourneyPicture, placed: tuple[PlacedLane, ...], axis: TimeAxis, left: float) -> str:
    """Heads, rows and bars; what served the demand while it waited for another record is pale."""
    is_alone = len(picture.lanes) == 1
    parts = [_head(lane, left, axis, is_alone=is_alone) for lane in placed]
    parts += [_link(lane, placed, axis) for lane in placed]
    for lane in placed:
        for row, y in zip(lane.lane.rows, lane.rows, strict=True):
            label = shorten(row.label, axis.left - left - 22, theme.SIZE_SMALL)
            parts.append(
                group(text(label, left + 8, y + 4, theme.SIZE_SMALL, fill=theme.INK), title=row.label)
                + line(axis.left, y + ROW / 2, axis.right, y + ROW / 2, theme.HAIRLINE, 0.6)
            )
            top = y - _BAR / 2
            if not is_alone:
                parts += [bar(stretch, picture, axis, top, _BAR, is_faint=True) for stretch in row.own]
            parts += [bar(stretch, picture, axis, top, _BAR, is_faint=False) for stretch in row.waited]
    return "".join(parts)


def draw_handoffs(picture: JourneyPicture, placed: tuple[PlacedLane, ...], axis: TimeAxis) -> str:
    """A line from team to team at each handoff, in the colour of rework where the team had it before."""
    return "".join(_handoff(handoff, placed, axis) for handoff in picture.handoffs)


def _handoff(handoff: Handoff, placed: tuple[PlacedLane, ...], axis: TimeAxis) -> str:
    x = axis.x(handoff.at)
    source = placed[handoff.source.lane].rows[handoff.source.row]
    target = placed[handoff.target.lane].rows[handoff.target.row]
    colour = theme.REWORK if handoff.is_return else theme.INK_SOFT
    again = " (again)" if handoff.is_return else ""
    return group(
        line(x, source, x, target, colour, 1.2) + circle(x, target, 2.4, fill=colour),
        title=f"{handoff.from_team} → {handoff.to_team}{again}",
    )


def _head(placed: PlacedLane, left: float, axis: TimeAxis, *, is_alone: bool) -> str:
    lane = placed.lane
    if is_alone:
        return text("Who had it", left + 8, placed.top + 17, theme.SIZE_TEXT, weight=theme.SEMIBOLD)
    y = placed.top + 17
    width = axis.right - left
    drawn = rect(left, placed.top + 2, width, _HEAD - 4, fill=theme.PANEL, rx=3)
    key = shorten(lane.key, width / 3, theme.SIZE_TEXT, theme.SEMIBOLD)
    drawn += text(key, left + 8, y, theme.SIZE_TEXT, weight=theme.SEMIBOLD)
    x = left + 8 + text_width(key, theme.SIZE_TEXT, theme.SEMIBOLD) + 8
    words = [lane.record_type or ""]
    if lane.n_demands > 1:
        words.append(f"serves {count(lane.n_demands)} demands")
    return drawn + text(" · ".join(word for word in words if word), x, y, theme.SIZE_SMALL, fill=theme.INK_SOFT)


def draw_shares(picture: JourneyPicture, placed: tuple[PlacedLane, ...], axis: TimeAxis) -> str:
    """How much of the lead time each record took, at the end of its head, over whatever line passes there."""
    parts = []
    for at in placed if len(placed) > 1 else ():
        if not at.lane.waited:
            continue
        share = percent_roughly(at.lane.waited / picture.times.whole)
        told = f"{lasted(at.lane.waited)} of the {'lead time' if picture.value_at else 'time so far'}, {share}"
        width = text_width(told, theme.SIZE_SMALL, theme.SEMIBOLD)
        x, y = axis.right - 8, at.top + 17
        parts.append(rect(x - width - 4, y - 12, width + 8, 16, fill=theme.PANEL, rx=3))
        parts.append(text(told, x, y, theme.SIZE_SMALL, weight=theme.SEMIBOLD, anchor="end"))
    return "".join(parts)


def _link(placed: PlacedLane, lanes: tuple[PlacedLane, ...], axis: TimeAxis) -> str:
    """From the record that led here, at the instant at which this one began."""
    if placed.lane.parent is None:
        return ""
    parent = lanes[placed.lane.parent]
    x = axis.x(placed.lane.began_at)
    end = placed.top + _HEAD
    return line(x, parent.foot, x, end, theme.REST, 1.2, dash="3 3") + circle(x, end, 2.4, fill=theme.REST)
