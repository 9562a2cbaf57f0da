"""Figures as people read them: shares, counts, durations, with what they were before and how well they are known."""

from dataclasses import dataclass
from enum import Enum

from millrace.draw.map_picture import Figure
from millrace.model.duration import show_duration

_SHORT = ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
"""From which count on, in what size, with which sign."""
ABSENT = "–"
NO_BREAK = "\u00a0"
ESTIMATE = f"≈{NO_BREAK}"
"""Stands before a figure that nobody measured."""


class Unit(Enum):
    """What a figure counts."""

    SECONDS = "seconds"
    RATIO = "ratio"
    FINE_RATIO = "fine ratio"
    COUNT = "count"
    SHORT_COUNT = "short count"


class Wish(Enum):
    """Which way a figure should move."""

    LESS = -1
    MORE = 1
    NEITHER = 0


class Tone(Enum):
    """What a figure says beside its value."""

    PLAIN = "plain"
    BETTER = "better"
    WORSE = "worse"
    ESTIMATED = "estimated"
    ABSENT = "absent"


@dataclass(frozen=True)
class ShownFigure:
    """A figure in words: what stands there, what it was before, its tone, what a pointer shows, what people thought.

    Of `before` and `estimated` at most one is given.
    """

    text: str
    before: str = ""
    tone: Tone = Tone.PLAIN
    title: str = ""
    estimated: str = ""

    @property
    def beside(self) -> str:
        """What stands beside the figure to compare it with."""
        return self.before or self.estimated

    @property
    def told(self) -> str:
        """The figure and what it is compared with in one line: `9 min (before: 25 min)`, `9 min (estimated: 5 min)`."""
        if self.before:
            return f"{self.text} (before: {self.before})"
        return f"{self.text} (estimated: {self.estimated.removeprefix(ESTIMATE)})" if self.estimated else self.text


def show_figure(figure: Figure, unit: Unit, wish: Wish = Wish.NEITHER, *, hours_per_day: float = 24) -> ShownFigure:
    """A figure in its unit; “≈” marks an estimate, “–” one that cannot be known."""
    estimated = "" if figure.estimated is None else ESTIMATE + _show(figure.estimated, unit, hours_per_day)
    if figure.value is None:
        return ShownFigure(ABSENT, tone=Tone.ABSENT, title=figure.reason or "not known", estimated=estimated)
    text = _show(figure.value, unit, hours_per_day)
    before = "" if figure.before is None else _show(figure.before, unit, hours_per_day)
    title = figure.note
    if figure.is_estimated:
        text = ESTIMATE + text
        title = f"estimated, not measured; {title}" if title else "estimated, not measured"
    return ShownFigure(text, "" if before == text else before, _tone(figure, wish), title, "" if before else estimated)


def show_ratio(ratio: float, *, is_fine: bool = False) -> str:
    """A ratio as a percentage with two figures (one decimal always, if fine): `7.1 %`, `46 %`; fine `10.4 %`.

    Rounding never claims nothing or everything: `< 0.1 %` and `99.9 %` until it is truly so.
    """
    percent = ratio * 100
    if 0 < percent < 0.1:
        return f"<{NO_BREAK}0.1{NO_BREAK}%"
    if 99.5 <= percent < 100:
        return f"{min(percent, 99.9):.1f}{NO_BREAK}%"
    text = f"{percent:.1f}" if abs(percent) < 9.95 or is_fine else f"{percent:,.0f}"
    return f"{text.removesuffix('.0')}{NO_BREAK}%"


def show_count(count: float, *, is_short: bool = False) -> str:
    """A count with its thousands apart, or short as `12k`, `1.2M`; a mean number keeps one decimal below ten."""
    for least, size, sign in _SHORT if is_short else _SHORT[:1]:
        if abs(count) >= least:
            return f"{show_count(count / size)}{sign}"
    text = f"{count:.1f}" if abs(count) < 9.95 else f"{count:,.0f}"
    return text.removesuffix(".0")


def _show(value: float, unit: Unit, hours_per_day: float) -> str:
    if unit is Unit.SECONDS:
        return show_duration(value, hours_per_day=hours_per_day).replace(" ", NO_BREAK)
    if unit in (Unit.COUNT, Unit.SHORT_COUNT):
        return show_count(value, is_short=unit is Unit.SHORT_COUNT)
    return show_ratio(value, is_fine=unit is Unit.FINE_RATIO)


def _tone(figure: Figure, wish: Wish) -> Tone:
    if figure.value is not None and figure.before is not None and figure.value != figure.before and wish.value:
        return Tone.BETTER if (figure.value > figure.before) == (wish is Wish.MORE) else Tone.WORSE
    return Tone.ESTIMATED if figure.is_estimated else Tone.PLAIN
