"""The ends of the stream: who asks, and what they have in the end."""

from millrace.draw.figures import NO_BREAK, ShownFigure, Tone, Unit, show_figure
from millrace.draw.map import symbols
from millrace.draw.map_picture import Outcome, Requester
from millrace.draw.svg import group, lines, rect
from millrace.draw.text import wrap_evenly
from millrace.draw.theme import INK, INK_SOFT, PANEL, SEMIBOLD

WIDTH = 148.0
"""Of the requester's box; the outcome's is as wide as what stands below it."""
_NAME_SIZE, _NAME_LEADING = 13.5, 17.0
_NOTE_SIZE, _NOTE_LEADING = 12.0, 15.5
_PAD = 12.0


def end_box(end: Requester | Outcome, x: float, width: float, middle: float, ceiling: float) -> tuple[str, float]:
    """The box with its left edge at x, and its foot; centred on the level at which work flows, under the ceiling."""
    name, note = _name(end, width), _note(end, width)
    height = 58 + len(name) * _NAME_LEADING + (len(note) * _NOTE_LEADING + 6 if note else 0)
    y = max(middle - height / 2, ceiling)
    icon_at = (x + width / 2, y + 26)
    icon = symbols.person(*icon_at, 20, INK) if isinstance(end, Requester) else symbols.check(*icon_at, 12)
    first = y + 62
    after = first + len(name) * _NAME_LEADING + 3
    drawn = group(
        rect(x, y, width, height, fill=PANEL, stroke=INK, stroke_width=1.4, rx=10)
        + icon
        + lines(name, x + width / 2, first, _NAME_SIZE, _NAME_LEADING, weight=SEMIBOLD, anchor="middle")
        + lines(note, x + width / 2, after, _NOTE_SIZE, _NOTE_LEADING, fill=INK_SOFT, anchor="middle"),
        _volume(end).title if isinstance(end, Requester) and end.volume_per_month else "",
        class_="end",
    )
    return drawn, y + height


def _name(end: Requester | Outcome, width: float) -> tuple[str, ...]:
    return wrap_evenly(end.name, width - 2 * _PAD, _NAME_SIZE, SEMIBOLD, 6)


def _note(end: Requester | Outcome, width: float) -> tuple[str, ...]:
    if isinstance(end, Outcome):
        return wrap_evenly(end.note, width - 2 * _PAD, _NOTE_SIZE, max_lines=4)
    if end.volume_per_month is None:
        return ()
    shown = _volume(end)
    beside = shown.told.removeprefix(shown.text)
    return wrap_evenly(f"{shown.text}{NO_BREAK}{end.noun} / month{beside}", width - 2 * _PAD, _NOTE_SIZE, max_lines=4)


def _volume(end: Requester) -> ShownFigure:
    volume = end.volume_per_month
    return show_figure(volume, Unit.COUNT) if volume else ShownFigure("", tone=Tone.ABSENT)
