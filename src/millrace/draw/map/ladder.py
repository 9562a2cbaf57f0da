"""The timeline ladder under a row (waiting up, working down), and the bar to scale under the last one."""

from millrace.draw.figures import Tone, Unit, show_figure, show_ratio
from millrace.draw.map.figure_text import dotted
from millrace.draw.map.queue_mark import GAP
from millrace.draw.map.step_box import WIDTH
from millrace.draw.map_picture import Figure, MapPicture, Rung, Stretch
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
    mixed,
)

LADDER_HEIGHT = 84.0
BAR_HEIGHT = 38.0
_STEP = 36.0
_SIZE = 12.5
_FLOOR = 7.0
"""The thickness of the stretch of work."""


_FILL = {"waiting": WAITING_TINT, "working": WORKING_TINT, "undivided": REST_TINT}
_INK = {"waiting": WAITING_TEXT, "working": WORKING_TEXT, "undivided": REST_TEXT}
_FULL = {"waiting": WAITING, "working": WORKING, "undivided": REST}
_ON_FULL = {"waiting": ON_WAITING, "working": ON_DARK, "undivided": INK}


def ladder(
    rungs: tuple[Rung, ...],
    left: float,
    start: float,
    y: float,
    label_left: float,
    longest: float,
    hours_per_day: float,
) -> str:
    """The ladder of one row with its top at y, from `start`; `left` is the left edge of the row's first box.

    A longer wait is filled more strongly, compared with the `longest` of the stream (seconds).
    """
    top, foot = y + 18, y + 18 + _STEP
    pitch = WIDTH + GAP
    parts = [
        text("Waiting", label_left, top + 8, 12, weight=SEMIBOLD, fill=WAITING_TEXT),
        text("Working", label_left, foot + 4, 12, weight=SEMIBOLD, fill=WORKING_TEXT),
    ]
    d = [f"M{number(start)} {number(foot)}"]
    for at, rung in enumerate(rungs):
        for kind, figure in rung.stretches:
            begin, width = (left + at * pitch - GAP, GAP) if kind == "waiting" else (left + at * pitch, WIDTH)
            level = {"waiting": top, "undivided": (top + foot) / 2, "working": foot}[kind]
            strength = 0.75 * (figure.value or 0) / (longest or 1) if kind == "waiting" else 0.0
            thick = foot - level or _FLOOR
            fill = mixed(_FILL[kind], _FULL[kind], strength)
            words, title = _words(kind, figure, begin, width, level, hours_per_day)
            parts.append(group(rect(begin, foot - thick, width, thick, fill=fill) + words, title))
            d.append(f"H{number(begin)}V{number(level)}H{number(begin + width)}V{number(foot)}")
    d.append(f"H{number(left + len(rungs) * pitch - GAP)}")
    return group("".join(parts) + path("".join(d), stroke=INK, stroke_width=1.8, join="round"), class_="ladder")


def bar_to_scale(picture: MapPicture, left: float, right: float, y: float, label_left: float) -> str:
    """All stretches in one bar, as long as they last; no bar where a stretch is not known, but a sentence."""
    main = [stage.steps[0].number for stage in picture.stages]
    parts = [(part, step) for rung, step in zip(picture.rungs, main, strict=True) for part in rung.stretches]
    label = text("To scale", label_left, y + 16, 12, weight=SEMIBOLD, fill=INK_SOFT)
    seconds = [figure.value for (_, figure), _ in parts]
    known = [value for value in seconds if value is not None]
    if len(known) < len(seconds) or not sum(known):
        missing = len(seconds) - len(known)
        why = f"no bar: {missing} of {len(seconds)} times are not known" if missing else "no bar: no time passes"
        return group(label + text(why, left, y + 16, 12, fill=INK_SOFT), class_="scale")
    scale = (right - left) / sum(known)
    drawn, x = [label], left
    for ((kind, _), step), value in zip(parts, known, strict=True):
        drawn.append(_segment(kind, step, x, y, value * scale, value / sum(known)))
        x += value * scale
    return group("".join(drawn), class_="scale")


def _words(
    kind: Stretch, figure: Figure, left: float, width: float, level: float, hours_per_day: float
) -> tuple[str, str]:
    """The figure above its level (below it for work), and what a pointer shows."""
    shown = show_figure(figure, Unit.SECONDS, hours_per_day=hours_per_day)
    middle, y = left + width / 2, level + 18 if kind == "working" else level - 7
    size = fit_size(shown.text, width - 6, _SIZE, SEMIBOLD)
    words = text(shown.text, middle, y, size, weight=SEMIBOLD, fill=_INK[kind], anchor="middle")
    if shown.tone is Tone.ESTIMATED:
        words += dotted(shown.text, middle, y, size, _INK[kind])
    return words, shown.title


def _segment(kind: Stretch, step: str, x: float, y: float, width: float, share: float) -> str:
    drawn = rect(x, y, width, 22, fill=_FULL[kind])
    if width > 3:
        drawn += line(x, y, x, y + 22, PAPER, 1)
    where = {"waiting": f"before {step}", "working": f"in {step}", "undivided": f"in {step}"}[kind]
    ratio = show_ratio(share)
    words = next((w for w in (f"{ratio} {where}", ratio) if text_width(w, 11, SEMIBOLD) + 14 <= width), "")
    if words:
        drawn += text(words, x + width / 2, y + 15, 11, weight=SEMIBOLD, fill=_ON_FULL[kind], anchor="middle")
    return group(drawn, f"{kind} {where}: {ratio}")
