"""Stretches of time as bars: a colour for what goes on, paler after value."""

from millrace.draw import theme
from millrace.draw.journey.journey_picture import JourneyPicture, Kind, Stretch
from millrace.draw.journey.journey_words import told
from millrace.draw.journey.time_axis import TimeAxis
from millrace.draw.svg import group, rect

LEAST_WIDTH = 1.6
"""However short, a stretch can be seen."""

FILLS = {
    Kind.WORKING: theme.WORKING,
    Kind.WAITING: theme.WAITING,
    Kind.OUTSIDE: theme.WAITING_TINT,
    Kind.UNKNOWN: theme.REST,
    Kind.DONE: theme.REST_TINT,
}
_PALE = {
    Kind.WORKING: theme.WORKING_TINT,
    Kind.WAITING: theme.WAITING_TINT,
    Kind.OUTSIDE: theme.PAPER,
    Kind.UNKNOWN: theme.REST_TINT,
    Kind.DONE: theme.PANEL,
}
EDGES = {Kind.OUTSIDE: theme.WAITING, Kind.DONE: theme.REST}
INKS = {
    Kind.WORKING: theme.ON_DARK,
    Kind.WAITING: theme.ON_WAITING,
    Kind.OUTSIDE: theme.WAITING_TEXT,
    Kind.UNKNOWN: theme.INK,
    Kind.DONE: theme.INK_SOFT,
}


def bar(stretch: Stretch, picture: JourneyPicture, axis: TimeAxis, y: float, height: float, *, is_faint: bool) -> str:
    """The bar of a stretch; its title tells the whole of it."""
    left = axis.x(stretch.began_at)
    width = max(LEAST_WIDTH, axis.x(stretch.ended_at) - left)
    is_pale = is_faint or (picture.value_at is not None and not stretch.is_before_value)
    fill = (_PALE if is_pale else FILLS)[stretch.kind]
    edge = EDGES.get(stretch.kind) or (FILLS[stretch.kind] if is_pale else None)
    if width < 3:
        fill, edge = edge or fill, None
    inset = 0.5 if edge else 0.0
    drawn = rect(
        left + inset,
        y + inset,
        width - 2 * inset,
        height - 2 * inset,
        fill=fill,
        stroke=edge,
        stroke_width=1 if edge else None,
        rx=1.5 if width > 4 else None,
    )
    return group(drawn, title=told(stretch, picture))
