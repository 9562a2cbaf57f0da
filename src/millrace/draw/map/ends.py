"""The ends of the stream: who asks, and what they have in the end."""

from millrace.draw.figures import NO_BREAK, ShownFigure, Tone, Unit, show_figure
from millrace.draw.map import symbols
from millrace.draw.map_picture import Outcome, Requester
from millrace.draw.svg import group, lines, rect
from millrace.draw.text import wrap
from millrace.draw.theme import INK, INK_SOFT, PANEL, SEMIBOLD

WIDTH = 148.0
_NAME_SIZE, _NAME_LEADING = 13.5, 17.0
_NOTE_SIZE, _NOTE_LEADING = 12.0, 15.5
_ROOM = WIDTH - 24


def end_box(end: Requester | Outcome, x: float, middle: float, ceiling: float) -> tuple[str, float]:
    """The box with its left edge at x, and its foot; centred on the level at which work flows, under the ceiling."""
    height = _height(end)
    y = max(middle - height / 2, ceiling)
    name, note = _name(end), _note(end)
    icon_at = (x + WIDTH / 2, y + 26)
    icon = symbols.person(*icon_at, 20, INK) if isinstance(end, Requester) else symbols.check(*icon_at, 12)
    first = y + 62
    after = first + len(name) * _NAME_LEADING + 3
    drawn = group(
        rect(x, y, WIDTH, height, fill=PANEL, stroke=INK, stroke_width=1.4, rx=10)
        + icon
        + lines(name, x + WIDTH / 2, first, _NAME_SIZE, _NAME_LEADING, weight=SEMIBOLD, anchor="middle")
        + lines(note, x + WIDTH / 2, after, _NOTE_SIZE, _NOTE_LEADING, fill=INK_SOFT, anchor="middle"),
        _volume(end).title if isinstance(end, Requester) and end.volume_per_month else "",
        class_="end",
    )
    return drawn, y + height


def _height(end: Requester | Outcome) -> float:
    return 50 + len(_name(end)) * _NAME_LEADING + (len(_note(end)) * _NOTE_LEADING + 6 if _note(end) else 0) + 8


def _name(end: Requester | Outcome) -> tuple[str, ...]:
    return wrap(end.name, _ROOM, _NAME_SIZE, SEMIBOLD, 6)


def _note(end: Requester | Outcome) -> tuple[str, ...]:
    if isinstance(end, Outcome):
        return wrap(end.note, _ROOM, _NOTE_SIZE, max_lines=4)
    if end.volume_per_month is None:
        return ()
    shown = _volume(end)
    before = f" (before: {shown.before})" if shown.before else ""
    return wrap(f"{shown.text}{NO_BREAK}{end.noun} / month{before}", _ROOM, _NOTE_SIZE, max_lines=4)


def _volume(end: Requester) -> ShownFigure:
    volume = end.volume_per_month
    return show_figure(volume, Unit.COUNT) if volume else ShownFigure("", tone=Tone.ABSENT)
