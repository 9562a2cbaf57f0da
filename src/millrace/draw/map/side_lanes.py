"""The lanes that a map may have beside its boxes: the value chain's activities above, the requester's time below."""

from itertools import groupby

from millrace.draw.figures import NO_BREAK, Unit, show_figure
from millrace.draw.map.queue_mark import GAP
from millrace.draw.map.step_box import WIDTH
from millrace.draw.map_picture import Experience, Part, Stage
from millrace.draw.svg import group, lines, rect, text
from millrace.draw.text import shorten, text_width, wrap
from millrace.draw.theme import (
    BETTER,
    BETTER_TEXT,
    BETTER_TINT,
    INK_SOFT,
    REGULAR,
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

ACTIVITY_HEIGHT = 40.0
_BAND = 24.0
_SIZE, _LEADING = 11.5, 15.0
_PAD = 10.0
_N_LINES = 4
_ABOVE = 20.0
_LOOK = {
    Part.ACTS: ("Takes part", WORKING_TINT, WORKING, WORKING_TEXT),
    Part.WAITS: ("Waits", WAITING_TINT, WAITING, WAITING_TEXT),
    Part.HAS: ("Has the value", BETTER_TINT, BETTER, BETTER_TEXT),
}


def activity_lane(stages: tuple[Stage, ...], left: float, label_left: float, y: float) -> str:
    """A band for each run of stages that belong to the same activities, its top at y."""
    pitch, at = WIDTH + GAP, 0
    parts = [_label(("Chain", "activity"), label_left, left, y + 9)]
    for activities, run in groupby(stages, key=lambda stage: stage.steps[0].activities):
        n = len(list(run))
        x, width = left + at * pitch, n * pitch - GAP
        words = shorten(" · ".join(activities), width - 2 * _PAD, _SIZE, SEMIBOLD)
        at += n
        if words:
            band = rect(x, y, width, _BAND, fill=REST_TINT, stroke=REST, stroke_width=1, rx=4)
            said = text(words, x + width / 2, y + 16, _SIZE, weight=SEMIBOLD, fill=REST_TEXT, anchor="middle")
            parts.append(group(band + said, " · ".join(activities), class_="activity"))
    return "".join(parts)


def requester_height(stages: tuple[Stage, ...]) -> float:
    """What the requester's lane takes under a row."""
    return _ABOVE + max((_cell_height(stage.steps[0].experience) for stage in stages), default=0.0)


def requester_lane(stages: tuple[Stage, ...], left: float, label_left: float, y: float, hours_per_day: float) -> str:
    """What the requester does, waits for or has while each main step lasts."""
    top = y + _ABOVE
    parts = [_label(("Requester",), label_left, left, top + 18)]
    height = requester_height(stages) - _ABOVE
    for at, stage in enumerate(stages):
        if stage.steps[0].experience:
            x = left + at * (WIDTH + GAP)
            parts.append(_cell(stage.steps[0].experience, x, top, height, hours_per_day))
    return "".join(parts)


def told_experience(experience: Experience, hours_per_day: float) -> str:
    """The experience in one line: `Waits 2.5 h: 5 % are asked again`."""
    return ": ".join(filter(None, (_headline(experience, hours_per_day), experience.words)))


def _cell(experience: Experience, x: float, y: float, height: float, hours_per_day: float) -> str:
    _, fill, stroke, ink = _LOOK[experience.part]
    headline = _headline(experience, hours_per_day)
    drawn = (
        rect(x, y, WIDTH, height, fill=fill, stroke=stroke, stroke_width=1, rx=4)
        + text(shorten(headline, WIDTH - 2 * _PAD, 12.5, SEMIBOLD), x + _PAD, y + 18, 12.5, weight=SEMIBOLD, fill=ink)
        + lines(_said(experience), x + _PAD, y + 35, _SIZE, _LEADING, fill=INK_SOFT)
    )
    return group(drawn, told_experience(experience, hours_per_day), class_="experience")


def _cell_height(experience: Experience | None) -> float:
    if experience is None:
        return 0.0
    n_lines = len(_said(experience))
    return 28 + n_lines * _LEADING + (2 if n_lines else 0)


def _headline(experience: Experience, hours_per_day: float) -> str:
    words = _LOOK[experience.part][0]
    if experience.time is None or experience.time.value is None:
        return words
    return f"{words} {show_figure(experience.time, Unit.SECONDS, hours_per_day=hours_per_day).text}"


def _said(experience: Experience) -> tuple[str, ...]:
    return wrap(experience.words, WIDTH - 2 * _PAD, _SIZE, REGULAR, _N_LINES)


def _label(words: tuple[str, ...], x: float, right: float, y: float) -> str:
    """A lane's name at the left, on one line where there is room."""
    whole = NO_BREAK.join(words)
    said = (whole,) if text_width(whole, 12, SEMIBOLD) <= right - x - 8 else words
    return lines(said, x, y if len(said) > 1 else y + 7, 12, 14, weight=SEMIBOLD, fill=INK_SOFT)
