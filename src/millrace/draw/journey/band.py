"""The whole of a journey as one bar to scale, with the points of demand and value, and the longest pieces numbered."""

from zoneinfo import ZoneInfo

from millrace.draw import theme
from millrace.draw.charts.wording import percent_roughly
from millrace.draw.journey.bars import INKS, bar
from millrace.draw.journey.journey_picture import JourneyPicture, Stretch
from millrace.draw.journey.journey_words import lasted, moment
from millrace.draw.journey.time_axis import TimeAxis
from millrace.draw.svg import Anchor, circle, line, path, text
from millrace.draw.text import text_width

BAND_HEIGHT = 30.0
POINTS_HEIGHT = 40.0
_SIZE = theme.SIZE_SMALL


def points(picture: JourneyPicture, axis: TimeAxis, y: float, foot: float) -> str:
    """Demand, value and the last event: flags above the band, lines down to `foot`."""
    zone = ZoneInfo(picture.hours.zone)
    flags = [(axis.left, "Demand", moment(picture.demand_at, zone), theme.INK)]
    if picture.value_at:
        flags.append((axis.x(picture.value_at), "Value", moment(picture.value_at, zone), theme.BETTER_TEXT))
    if picture.ended_at != picture.value_at:
        flags.append((axis.x(picture.ended_at), "Last event", moment(picture.ended_at, zone), theme.INK_SOFT))
    parts, taken = [], axis.left - 1e9
    for at, (x, name, when, ink) in enumerate(flags):
        width = max(text_width(name, _SIZE, theme.SEMIBOLD), text_width(when, _SIZE))
        # A flag turns its words to the left where they would run over the edge, and drops its date where they collide.
        is_last = at > 0 and x + width > axis.right
        left = x - width if is_last else x
        parts.append(line(x, y + 30, x, foot, ink, 1.2 if name != "Last event" else 0.8))
        parts.append(_flag(x, y + 30, ink))
        if left < taken + 10:
            continue
        anchor: Anchor = "end" if is_last else "start"
        parts.append(text(name, x, y + 11, _SIZE, weight=theme.SEMIBOLD, fill=ink, anchor=anchor))
        parts.append(text(when, x, y + 25, _SIZE, fill=theme.INK_SOFT, anchor=anchor))
        taken = left + width
    return "".join(parts)


def _flag(x: float, y: float, fill: str) -> str:
    return path(f"M{x - 4:.1f} {y:.1f}L{x + 4:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}z", fill=fill)


def band(picture: JourneyPicture, axis: TimeAxis, y: float) -> str:
    """The bar, with shares where they fit and the numbers of the longest pieces."""
    parts = [bar(stretch, picture, axis, y, BAND_HEIGHT, is_faint=False) for stretch in picture.band]
    parts += [_label(stretch, picture, axis, y) for stretch in picture.band]
    if picture.tail and not axis.tail_is_to_scale:
        parts.append(_break(axis.turn + 9, y))
    return "".join(parts)


def _label(stretch: Stretch, picture: JourneyPicture, axis: TimeAxis, y: float) -> str:
    left, right = axis.x(stretch.began_at), axis.x(stretch.ended_at)
    number = picture.longest.index(stretch) + 1 if stretch in picture.longest else 0
    if picture.value_at and not stretch.is_before_value:
        return _centred(lasted(stretch.length), left + 14, right, y, theme.INK_SOFT)
    share = percent_roughly(stretch.length / picture.times.whole)
    ink = INKS[stretch.kind]
    if not number:
        return _centred(share, left, right, y, ink)
    badge = 9.0
    x = (left + right) / 2
    width = text_width(share, _SIZE, theme.SEMIBOLD) + 2 * badge + 5
    if width + 6 > right - left:
        return numbered(number, x, y - 1, small=True) if right - left < 2 * badge + 2 else numbered(number, x, y + 15)
    begin = x - width / 2
    return numbered(number, begin + badge, y + 15) + text(
        share, begin + 2 * badge + 5, y + 19, _SIZE, weight=theme.SEMIBOLD, fill=ink
    )


def _centred(words: str, left: float, right: float, y: float, ink: str) -> str:
    if text_width(words, _SIZE, theme.SEMIBOLD) + 8 > right - left:
        return ""
    return text(words, (left + right) / 2, y + 19, _SIZE, weight=theme.SEMIBOLD, fill=ink, anchor="middle")


def numbered(number: int, x: float, y: float, *, small: bool = False) -> str:
    """The number of one of the longest pieces, in a disc around the point."""
    radius, size = (7.0, 9.5) if small else (9.0, 11.0)
    return circle(x, y, radius, fill=theme.INK) + text(
        str(number), x, y + size * 0.36, size, weight=theme.BOLD, fill=theme.ON_DARK, anchor="middle"
    )


def _break(x: float, y: float) -> str:
    """A tear across the bar: from here on it is not to scale."""
    tear = f"M{x - 3:.1f} {y - 4:.1f}L{x + 3:.1f} {y + 8:.1f}L{x - 3:.1f} {y + 20:.1f}L{x + 3:.1f} {y + 34:.1f}"
    return path(tear, stroke=theme.PAPER, stroke_width=5) + path(tear, stroke=theme.REST, stroke_width=1)
