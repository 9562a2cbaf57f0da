"""What the signs mean: only those in use, wrapped to the width; then the clock and the footnotes."""

from collections.abc import Callable
from dataclasses import dataclass

from millrace.draw.figures import ABSENT, show_ratio
from millrace.draw.map import symbols
from millrace.draw.map.figure_text import struck
from millrace.draw.map.step_box import is_below, number_mark, rows_in_use
from millrace.draw.map_picture import Burst, MapPicture
from millrace.draw.svg import group, line, lines, rect, text
from millrace.draw.text import shorten, text_width, wrap
from millrace.draw.theme import (
    INK,
    INK_SOFT,
    REST,
    REST_TEXT,
    REST_TINT,
    REWORK,
    SEMIBOLD,
)
from millrace.model.value_stream import ValueClass

_SIZE = 12.0
_ROW = 30.0
_BETWEEN = 26.0
_NOTE_LEADING = 17.0


@dataclass(frozen=True)
class _Entry:
    """A sign of some width, drawn with its left end at (x, y), and its meaning."""

    sign: Callable[[float, float], str]
    width: float
    words: str


def legend(picture: MapPicture, x: float, y: float, width: float) -> tuple[str, float]:
    """The legend, the clock and the footnotes within the width, and their height."""
    drawn, at_x, at_y = [], x, y
    for entry in _entries(picture):
        words = shorten(entry.words, width - entry.width - 8, _SIZE)
        needed = entry.width + 8 + text_width(words, _SIZE)
        if at_x > x and at_x + needed > x + width:
            at_x, at_y = x, at_y + _ROW
        drawn.append(entry.sign(at_x, at_y + _ROW / 2))
        drawn.append(text(words, at_x + entry.width + 8, at_y + _ROW / 2 + 4.2, _SIZE, fill=INK_SOFT))
        at_x += needed + _BETWEEN
    at_y += _ROW if drawn else 0
    for note in filter(None, (picture.clock_note, *picture.footnotes)):
        said = wrap(note, width, _SIZE)
        drawn.append(lines(said, x, at_y + 16, _SIZE, _NOTE_LEADING, fill=INK_SOFT))
        at_y += len(said) * _NOTE_LEADING + 3
    return group("".join(drawn), class_="legend"), at_y - y


def _entries(picture: MapPicture) -> list[_Entry]:
    return [entry for is_used, entry in [*_flow_entries(picture), *_box_entries(picture)] if is_used]


def _flow_entries(picture: MapPicture) -> list[tuple[bool, _Entry]]:
    queues = [step.queue for step in picture.steps if step.queue]
    bursts = [mark for step in picture.steps for mark in (*step.bursts, *(step.queue.bursts if step.queue else ()))]
    return [
        (
            any(queue.n_waiting or queue.wait for queue in queues),
            _Entry(_triangle, 24, "items waiting, and for how long"),
        ),
        (bool(picture.stages), _Entry(lambda x, y: symbols.push_arrow(x, x + 36, y), 36, "push")),
        (bool(picture.rework), _Entry(_dashes, 32, "rework: share of items that go back")),
        (bool(picture.skips), _Entry(lambda x, y: line(x, y, x + 32, y, REST, 2), 32, "skip: share that passes over")),
        (
            any(step.share_ratio is not None for step in picture.steps),
            _Entry(_share, 42, "share of items that take this way"),
        ),
        (
            any(stage.is_parallel and len(stage.steps) > 1 for stage in picture.stages),
            _Entry(lambda x, y: line(x + 2, y - 11, x + 2, y + 11, INK, 4), 5, "done at the same time"),
        ),
        (
            any(queue.is_handoff for queue in queues),
            _Entry(lambda x, y: symbols.handoff(x + 8, y), 17, "handoff to another team"),
        ),
        (
            bool(bursts),
            _Entry(lambda x, y: symbols.burst(x + 11, y, Burst("7"), 11), 22, "finding or improvement, by number"),
        ),
    ]


def _box_entries(picture: MapPicture) -> list[tuple[bool, _Entry]]:
    classes = {step.value_class for step in picture.steps}
    floor = picture.complete_and_accurate_floor
    figures = [step.complete_and_accurate for step in picture.steps]
    is_low = any(is_below(figure, floor) for figure in figures)
    low = f" (red below {show_ratio(floor)})" if is_low else ""
    return [
        *(
            (value_class in classes, _Entry(_disc(value_class), 22, words))
            for value_class, words in (
                (ValueClass.VALUE_ADDING, "adds value"),
                (ValueClass.NECESSARY, "necessary, adds no value"),
                (ValueClass.WASTE, "waste"),
            )
        ),
        (
            any(step.is_automated for step in picture.steps),
            _Entry(lambda x, y: symbols.gear(x + 8, y), 16, "done by a machine"),
        ),
        (any(figures), _word("% C&A", INK, f"share of work received complete and accurate{low}")),
        (
            any(rung.undivided for rung in picture.rungs),
            _Entry(_undivided, 30, "time that cannot be divided into waiting and working"),
        ),
        (
            any(figure.is_estimated or figure.estimated is not None for figure in picture.figures)
            or any(route.estimated_ratio is not None for route in picture.routes),
            _word("≈", INK_SOFT, "estimated, not measured"),
        ),
        (_has_gap(picture), _word(ABSENT, INK, "not known")),
        (
            any(figure.before is not None for figure in picture.figures),
            _Entry(_before, 25, "before; green is better, red is worse"),
        ),
    ]


def _word(words: str, fill: str, meaning: str) -> _Entry:
    width = text_width(words, _SIZE, SEMIBOLD)
    return _Entry(lambda x, y: text(words, x, y + 4.2, _SIZE, weight=SEMIBOLD, fill=fill), width, meaning)


def _disc(value_class: ValueClass) -> Callable[[float, float], str]:
    return lambda x, y: number_mark(x + 11, y, "1", value_class)


def _has_gap(picture: MapPicture) -> bool:
    """Whether a “–” stands anywhere: a figure that cannot be known, or a row that other steps fill."""
    fields = [row.field for row in rows_in_use(picture)]
    return any(figure.value is None for figure in picture.figures) or any(
        getattr(step, field) is None for step in picture.steps for field in fields
    )


def _triangle(x: float, y: float) -> str:
    return symbols.waiting_triangle(x + 12, y + 9, None, 0.62)


def _before(x: float, y: float) -> str:
    return struck("2\u00a0h", x + 24, y + 4.2, INK_SOFT, _SIZE)


def _dashes(x: float, y: float) -> str:
    return line(x, y, x + 32, y, REWORK, 1.6, dash="5 3.5")


def _share(x: float, y: float) -> str:
    return symbols.pill(x, y - 9, 40, ("31\u00a0%",), stroke=REST, fill=REST_TEXT)


def _undivided(x: float, y: float) -> str:
    return rect(x, y - 8, 30, 16, fill=REST_TINT, stroke=REST, stroke_width=1.2)
