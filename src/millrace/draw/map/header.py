"""What stands over the map: its title, the badge that says which state it shows, the subtitle."""

from millrace.draw.map_picture import MapPicture, MapState
from millrace.draw.svg import group, lines, rect, text
from millrace.draw.text import text_width, wrap
from millrace.draw.theme import BOLD, INK, INK_SOFT, ON_DARK, PANEL, REST, SEMIBOLD, SIZE_TITLE, WORKING

_LEADING = 28.0
_SUB_SIZE, _SUB_LEADING = 13.0, 18.0
_BADGE_SIZE, _BADGE_HEIGHT = 12.5, 25.0
_BADGE = {
    MapState.CURRENT: (PANEL, REST, INK, None),
    MapState.FUTURE: (WORKING, WORKING, ON_DARK, None),
    MapState.DESIGNED: (PANEL, REST, INK, "4 3"),
    MapState.COMPARED: (PANEL, REST, INK, None),
}


def header(picture: MapPicture, x: float, y: float, width: float) -> tuple[str, float]:
    """The header within the width, and its height."""
    title = wrap(picture.title, width, SIZE_TITLE, BOLD, 4)
    below = y + 24 + max(0, len(title) - 1) * _LEADING
    badge_x = x + (text_width(title[-1], SIZE_TITLE, BOLD) + 16 if title else 0)
    badge_width = text_width(picture.state.value, _BADGE_SIZE, SEMIBOLD) + 24
    if badge_x + badge_width > x + width:
        badge_x, below = x, below + _LEADING + 4
    fill, stroke, ink, dash = _BADGE[picture.state]
    badge_y = below - 8 - _BADGE_HEIGHT / 2
    badge = rect(
        badge_x,
        badge_y,
        badge_width,
        _BADGE_HEIGHT,
        fill=fill,
        stroke=stroke,
        stroke_width=1.2,
        rx=_BADGE_HEIGHT / 2,
        dash=dash,
    ) + text(
        picture.state.value,
        badge_x + badge_width / 2,
        badge_y + 17,
        _BADGE_SIZE,
        weight=SEMIBOLD,
        fill=ink,
        anchor="middle",
    )
    subtitle = wrap(picture.subtitle, width, _SUB_SIZE, max_lines=3)
    drawn = (
        lines(title, x, y + 24, SIZE_TITLE, _LEADING, weight=BOLD)
        + badge
        + lines(subtitle, x, below + 26, _SUB_SIZE, _SUB_LEADING, fill=INK_SOFT)
    )
    return group(drawn, class_="header"), below - y + 12 + len(subtitle) * _SUB_LEADING
