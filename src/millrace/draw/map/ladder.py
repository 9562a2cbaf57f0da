"""The timeline ladder under a row (waiting up, working down), and the bar to scale under the last one."""

from collections.abc import Callable
from dataclasses import dataclass

from millrace.draw.figures import Tone, Unit, show_figure, show_ratio
from millrace.draw.map.queue_mark import GAP
from millrace.draw.map.step_box import WIDTH
from millrace.draw.map_picture import Figure, Rung
from millrace.draw.svg import group, line, number, path, rect, text
from millrace.draw.text import fit_size, text_width
from millrace.draw.theme import (
    INK,
    INK_SOFT,
    ON_DARK,
    ON_WAITING,
    PAPER,
    REST,
    REST_TEXT,
    REST_TINT,
    SEMIBOLD,
    WAITING,
    WAITING_TEXT,
    WAITING_TINT,
    WORKING,
    WORKING_TEXT,
    WORKING_TINT,
)

LADDER_HEIGHT = 84.0
BAR_HEIGHT = 38.0
_STEP = 36.0
_SIZE = 12.5


@dataclass(frozen=True)
class _Part:
    """One stretch of the ladder: what it is, and the figure it stands for."""

    figure: Figure
    kind: str
    left: float
    width: float


_FILL = {"waiting": WAITING_TINT, "working": WORKING_TINT, "undivided": REST_TINT}
_INK = {"waiting": WAITING_TEXT, "working": WORKING_TEXT, "undivided": REST_TEXT}
_FULL = {"waiting": WAITING, "working": WORKING, "undivided": REST}
_ON_FULL = {"waiting": ON_WAITING, "working": ON_DARK, "undivided": INK}


def ladder(rungs: tuple[Rung, ...], left: float, y: float, label_left: float, hours_per_day: float) -> str:
    """The ladder of one row; `left` is the left edge of its first box, y its top."""
    top, foot = y + 18, y + 18 + _STEP
    pitch = WIDTH + GAP
    parts = [
        text("Waiting", label_left, top + 8, 12, weight=SEMIBOLD, fill=WAITING_TEXT),
        text("Working", label_left, foot + 4, 12, weight=SEMIBOLD, fill=WORKING_TEXT),
    ]
    d = [f"M{number(left - GAP)} {number(foot)}"]
    for at, rung in enumerate(rungs):
        for part in _parts(rung, left + at * pitch):
            level = {"waiting": top, "undivided": (top + foot) / 2, "working": foot}[part.kind]
            parts.append(_stretch(part, level, foot, hours_per_day))
            d.append(f"H{number(part.left)}V{number(level)}H{number(part.left + part.width)}V{number(foot)}")
    d.append(f"H{number(left + len(rungs) * pitch - GAP)}")
    return group("".join(parts) + path("".join(d), stroke=INK, stroke_width=1.8, join="round"), class_="ladder")


def bar_to_scale(rungs: tuple[Rung, ...], left: float, right: float, y: float, label_left: float) -> str:
    """All stretches in one bar, as long as they last; no bar where a stretch is not known, but a sentence."""
    parts = [part for rung in rungs for part in _parts(rung, 0)]
    label = text("To scale", label_left, y + 16, 12, weight=SEMIBOLD, fill=INK_SOFT)
    seconds = [part.figure.value for part in parts]
    known = [value for value in seconds if value is not None]
    if len(known) < len(seconds) or not sum(known):
        missing = len(seconds) - len(known)
        why = f"no bar: {missing} of {len(seconds)} times are not known" if missing else "no bar: no time passes"
        return group(label + text(why, left, y + 16, 12, fill=INK_SOFT), class_="scale")
    scale = (right - left) / sum(known)
    drawn, x = [label], left
    for part, value in zip(parts, known, strict=True):
        drawn.append(_segment(part.kind, x, y, value * scale, value / sum(known)))
        x += value * scale
    return group("".join(drawn), class_="scale")


def has_kind(rungs: tuple[Rung, ...], kind: Callable[[Rung], Figure | None]) -> bool:
    """Whether any rung holds this kind of time."""
    return any(kind(rung) is not None for rung in rungs)


def _parts(rung: Rung, box_left: float) -> list[_Part]:
    if rung.undivided is not None:
        return [_Part(rung.undivided, "undivided", box_left, WIDTH)]
    parts = []
    if rung.waiting is not None:
        parts.append(_Part(rung.waiting, "waiting", box_left - GAP, GAP))
    if rung.working is not None:
        parts.append(_Part(rung.working, "working", box_left, WIDTH))
    return parts


def _stretch(part: _Part, level: float, foot: float, hours_per_day: float) -> str:
    shown = show_figure(part.figure, Unit.SECONDS, hours_per_day=hours_per_day)
    thick = 7.0 if part.kind == "working" else foot - level
    drawn = rect(part.left, foot - thick, part.width, thick, fill=_FILL[part.kind])
    middle = part.left + part.width / 2
    y = foot + 18 if part.kind == "working" else level - 7
    size = fit_size(shown.text, part.width - 6, _SIZE, SEMIBOLD)
    words = text(shown.text, middle, y, size, weight=SEMIBOLD, fill=_INK[part.kind], anchor="middle")
    if shown.tone is Tone.ESTIMATED:
        half = text_width(shown.text, size, SEMIBOLD) / 2
        words += line(middle - half, y + 3.2, middle + half, y + 3.2, _INK[part.kind], 1, dash="1.5 2")
    return group(drawn + words, shown.title)


def _segment(kind: str, x: float, y: float, width: float, share: float) -> str:
    drawn = rect(x, y, width, 22, fill=_FULL[kind])
    if width > 3:
        drawn += line(x, y, x, y + 22, PAPER, 1)
    words = show_ratio(share)
    if text_width(words, 11, SEMIBOLD) + 10 <= width:
        drawn += text(words, x + width / 2, y + 15, 11, weight=SEMIBOLD, fill=_ON_FULL[kind], anchor="middle")
    return group(drawn, f"{kind} {words}")
