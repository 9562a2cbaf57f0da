"""The proof of a change, drawn: the weeks before and after, what would have come without it, and the difference."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from millrace.draw.charts.wording import count, day, sentence
from millrace.draw.proof_words import effect_in_words, figure, headline, measure_in_words
from millrace.draw.svg import Anchor, circle, element, escape, group, line, lines, number, path, rect, text
from millrace.draw.text import text_width, wrap
from millrace.draw.theme import (
    BETTER,
    BETTER_TEXT,
    BETTER_TINT,
    BOLD,
    FONT_FAMILY,
    HAIRLINE,
    INK,
    INK_SOFT,
    PANEL,
    PAPER,
    REST,
    REST_TEXT,
    SEMIBOLD,
    SIZE_TEXT,
    SIZE_TITLE,
    WAITING,
    WAITING_TEXT,
    WAITING_TINT,
    WORSE,
    WORSE_TEXT,
    WORSE_TINT,
)
from millrace.improve.proof.effect import Estimated
from millrace.improve.proof.hypothesis import DURATIONS
from millrace.improve.proof.series import Bools, Floats
from millrace.improve.proof.verdict import Outcome, Verdict
from millrace.model.absent import Absent

WIDTH, HEIGHT = 960.0, 470.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 76.0, 800.0, 118.0, 400.0
_COLOURS = {
    Outcome.CONFIRMED: (BETTER, BETTER_TEXT, BETTER_TINT),
    Outcome.REFUTED: (WORSE, WORSE_TEXT, WORSE_TINT),
    Outcome.NOT_YET_KNOWN: (WAITING, WAITING_TEXT, WAITING_TINT),
}
_TIME_STEPS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14400, 21600, 43200)
_MOST_TICKS = 6


@dataclass(frozen=True)
class _Frame:
    """Where weeks and figures lie."""

    first: int
    last: int
    low: float
    high: float

    def x(self, week: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (week - self.first) / max(1, self.last - self.first)

    def y(self, value: float) -> float:
        share = (min(value, self.high) - self.low) / (self.high - self.low)
        return _BOTTOM - (_BOTTOM - _TOP) * share


def proof_drawing(verdict: Verdict, *, called: str = "") -> str:
    """Draw the verdict as an SVG of its own: a title that says it, the weeks, the line they were on, the effect."""
    title = headline(verdict)
    said = effect_in_words(verdict)
    found = verdict.effect
    content = _nothing(found) if isinstance(found, Absent) else _drawn(verdict, found)
    rows = wrap(title, WIDTH - 48, SIZE_TITLE, weight=BOLD, max_lines=2)
    head = rect(0, 0, WIDTH, HEIGHT, fill=PAPER)
    head += rect(0, 0, 6, HEIGHT, fill=_COLOURS[verdict.outcome][0])
    head += lines(rows, 24, 38, SIZE_TITLE, 27, weight=BOLD)
    head += text(_subtitle(verdict, called), 24, 38 + 27 * (len(rows) - 1) + 24, 13, fill=INK_SOFT)
    return element(
        "svg", element("title", escape(title)) + element("desc", escape(said)) + head + content,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        width=WIDTH, height=HEIGHT, role="img", font_family=FONT_FAMILY,
    )  # fmt: skip


def alt_text(verdict: Verdict) -> str:
    """What the drawing shows, in words."""
    return f"{headline(verdict)}. {effect_in_words(verdict)}"


def _subtitle(verdict: Verdict, called: str) -> str:
    of = f"{called} · " if called else ""
    n = verdict.n_before + verdict.n_after
    return f"{of}{sentence(measure_in_words(verdict.hypothesis))} per week · {count(n)} items · mix of work held equal"


def _nothing(why: Absent) -> str:
    box = rect(_LEFT, _TOP, _RIGHT - _LEFT, _BOTTOM - _TOP, fill=PANEL, rx=8)
    rows = wrap(f"{sentence(why.reason)}.", _RIGHT - _LEFT - 80, 15)
    return box + lines(rows, (_LEFT + _RIGHT) / 2, (_TOP + _BOTTOM) / 2, 15, 22, fill=REST_TEXT, anchor="middle")


def _drawn(verdict: Verdict, found: Estimated) -> str:
    series, asked = found.series, verdict.hypothesis
    shown = np.exp if series.is_log else np.asarray
    figures, without = shown(series.figure), shown(found.without)
    with_change = shown(found.without + (found.fitted.fitted - found.fitted.without))
    highest = float(max(np.quantile(figures, 0.98) * 1.1, without.max(), with_change.max()))
    ticks = _ticks(highest, is_time=asked.measure in DURATIONS)
    frame = _Frame(int(series.week.min()), int(series.week.max()), 0.0, max(ticks[-1], highest))
    full, ink, tint = _COLOURS[verdict.outcome]
    after, weeks = ~series.before, series.week.astype(float)
    parts = [
        _grid(frame, ticks, verdict),
        _months(frame, verdict),
        _shade(frame, weeks[after], without[after], with_change[after], tint),
        _dots(frame, weeks, figures, after, full),
        _line(frame, weeks[~after], without[~after], INK, 2.0),
        _line(frame, weeks[after], without[after], INK_SOFT, 2.0, "6 5"),
        _line(frame, weeks[after], with_change[after], full, 3.0),
        _change(frame, verdict),
        _ends(frame, verdict, float(without[-1]), float(with_change[-1]), ink),
        _foot(is_compared=found.is_compared),
    ]
    return group("".join(parts))


def _grid(frame: _Frame, ticks: list[float], verdict: Verdict) -> str:
    drawn = []
    for tick in ticks:
        y = frame.y(tick)
        drawn.append(line(_LEFT, y, _RIGHT, y, HAIRLINE))
        label = "0" if tick == 0 else figure(verdict.hypothesis, tick).removesuffix(" a week")
        drawn.append(text(label, _LEFT - 8, y + 4, SIZE_TEXT, fill=INK_SOFT, anchor="end"))
    return "".join(drawn)


def _months(frame: _Frame, verdict: Verdict) -> str:
    """The months under the weeks, as many as there is room for."""
    changed = _changed_at(verdict)
    begins = changed + timedelta(weeks=frame.first)
    ends = changed + timedelta(weeks=frame.last + 1)
    month = (begins.replace(day=1) + timedelta(days=32)).replace(day=1)
    drawn: list[str] = []
    free = 0.0
    while month < ends:
        x = frame.x((month - changed) / timedelta(weeks=1))
        label = f"{month:%b}" if month.month > 1 and drawn else f"{month:%b %Y}"
        if _LEFT <= x <= _RIGHT - text_width(label, SIZE_TEXT) / 2 and x - text_width(label, SIZE_TEXT) / 2 > free:
            drawn.append(line(x, _BOTTOM, x, _BOTTOM + 5, REST))
            drawn.append(text(label, x, _BOTTOM + 20, SIZE_TEXT, fill=INK_SOFT, anchor="middle"))
            free = x + text_width(label, SIZE_TEXT) / 2 + 10
        month = (month + timedelta(days=32)).replace(day=1)
    return line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, REST) + "".join(drawn)


def _shade(frame: _Frame, weeks: Floats, without: Floats, with_change: Floats, tint: str) -> str:
    there = [(frame.x(w), frame.y(v)) for w, v in zip(weeks, without, strict=True)]
    back = [(frame.x(w), frame.y(v)) for w, v in zip(weeks[::-1], with_change[::-1], strict=True)]
    return path("M" + "L".join(f"{number(x)} {number(y)}" for x, y in there + back) + "Z", fill=tint)


def _dots(frame: _Frame, weeks: Floats, figures: Floats, after: Bools, full: str) -> str:
    return "".join(
        circle(frame.x(week), frame.y(value), 3.2, fill=full if is_after else REST)
        for week, value, is_after in zip(weeks, figures, after, strict=True)
    )


def _line(frame: _Frame, weeks: Floats, values: Floats, colour: str, width: float, dash: str | None = None) -> str:
    points = [(frame.x(week), frame.y(value)) for week, value in zip(weeks, values, strict=True)]
    d = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return path(d, stroke=colour, stroke_width=width, dash=dash, join="round")


def _change(frame: _Frame, verdict: Verdict) -> str:
    x = frame.x(-0.5)
    label = f"changed on {day(_changed_at(verdict))}"
    if len(verdict.hypothesis.phases) > 1:
        label = f"rolled out from {day(_changed_at(verdict))}"
    anchor: Anchor = "start" if x < (_LEFT + _RIGHT) / 2 else "end"
    beside = x + 6 if anchor == "start" else x - 6
    return line(x, _TOP - 18, x, _BOTTOM, INK, 1.5) + text(
        label, beside, _TOP - 8, SIZE_TEXT, weight=SEMIBOLD, anchor=anchor
    )


def _ends(frame: _Frame, verdict: Verdict, without: float, with_change: float, ink: str) -> str:
    """Both lines named where they end, kept apart."""
    asked = verdict.hypothesis
    labels = [
        (frame.y(without), ("without the change", figure(asked, without)), INK_SOFT),
        (frame.y(with_change), ("as it is", figure(asked, with_change)), ink),
    ]
    labels.sort(key=lambda label: label[0])
    first, second = labels[0][0], labels[1][0]
    if second - first < 36:
        middle = (first + second) / 2
        first, second = middle - 18, middle + 18
    drawn = []
    for y, (_, (name, value), colour) in zip((first, second), labels, strict=True):
        drawn.append(text(value, _RIGHT + 12, y, 13.5, weight=BOLD, fill=colour))
        drawn.append(text(name, _RIGHT + 12, y + 15, SIZE_TEXT, fill=colour))
    return "".join(drawn)


def _foot(*, is_compared: bool) -> str:
    """What the marks mean."""
    before, after = "the line it was on", "the same line, continued: what would have come"
    if is_compared:
        before, after = "as what was not changed", "the same, continued: what would have come"
    y = HEIGHT - 20
    parts, x = [], _LEFT
    for mark, words in (
        (circle(0, -4, 3.2, fill=REST), "a week"),
        (line(-9, -4, 9, -4, INK, 2.0), before),
        (line(-9, -4, 9, -4, INK_SOFT, 2.0, "6 5"), after),
    ):
        parts.append(group(mark, transform=f"translate({number(x + 9)} {number(y)})"))
        parts.append(text(words, x + 24, y, SIZE_TEXT, fill=INK_SOFT))
        x += 24 + text_width(words, SIZE_TEXT) + 26
    return "".join(parts)


def _changed_at(verdict: Verdict) -> datetime:
    on = verdict.hypothesis.changed_on
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _ticks(highest: float, *, is_time: bool) -> list[float]:
    """Round figures from 0 to the highest."""
    days = [86_400.0 * n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500)]
    magnitude = 10.0 ** np.floor(np.log10(max(highest, 1e-9)))
    plain = [magnitude * factor for factor in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0)]
    steps = [*map(float, _TIME_STEPS), *days] if is_time else plain
    step = next((each for each in steps if highest / each <= _MOST_TICKS), steps[-1])
    return [float(step * at) for at in range(int(highest // step) + 2)]
