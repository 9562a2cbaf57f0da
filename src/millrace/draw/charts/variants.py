"""Variants: the most frequent sequences as rows of chips, with a bar for how many items follow each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, TableTwin
from millrace.draw.charts.frame import WIDTH
from millrace.draw.charts.wording import ELAPSED, ITEMS, Noun, TimeScale, count, duration, percent, percent_roughly
from millrace.draw.svg import element, group, number, rect, text
from millrace.draw.text import shorten, text_width
from millrace.flow.variants import Variants

MOST_ROWS = 12
_ROW, _CHIP, _GAP, _SIZE = 30.0, 18.0, 3.0, theme.SIZE_SMALL
_BAR_LEFT, _BAR_WIDTH, _MEDIAN_RIGHT, _CHIPS_LEFT = 54.0, 64.0, 178.0, 190.0
_COLUMNS, _KEY_ROW = 3, 22.0

_Run = tuple[str, int]
"""An activity, and how often it stands in a row."""


def variants(found: Variants, *, noun: Noun = ITEMS, scale: TimeScale = ELAPSED) -> Chart | None:
    """Draw the top sequences; None where there is none.

    Chips bear the names of activities where the longest row has room for them, else numbers with a key above.
    """
    top = found.top[:MOST_ROWS]
    if not top or not found.n_items:
        return None
    rows = [_runs(variant.sequence) for variant in top]
    finding = _finding(found, len(top), noun)
    return Chart(
        title=finding,
        subtitle=f"Most frequent sequences of activities, their share of {noun.counted(found.n_items)} and median life",
        alt=f"Bars with sequences. {finding}. The most frequent: {' → '.join(_written(rows[0]))}.",
        picture=_picture(found, rows, scale),
        table=TableTwin(
            (noun.many.capitalize(), "Share", "Median life", "Sequence"),
            tuple(
                (
                    count(variant.n_items),
                    percent(variant.n_items / found.n_items),
                    duration(variant.p50_seconds, scale),
                    " → ".join(_written(runs)),
                )
                for variant, runs in zip(top, rows, strict=True)
            ),
        ),
        note="×2 marks an activity that is recorded twice in a row."
        if any(n > 1 for row in rows for _, n in row)
        else "",
    )


def _finding(found: Variants, n_shown: int, noun: Noun) -> str:
    if found.n == 1:
        return f"All {noun.many} follow one and the same sequence"
    covered = sum(variant.n_items for variant in found.top[:n_shown])
    which = f"{n_shown} of {count(found.n)} variants cover" if n_shown < found.n else f"{count(found.n)} variants cover"
    return f"{which} {percent_roughly(covered / found.n_items)} of all {noun.many}"


def _runs(sequence: Sequence[str]) -> list[_Run]:
    return [(activity, len(list(run))) for activity, run in groupby(sequence)]


def _written(runs: Sequence[_Run]) -> list[str]:
    return [activity if n == 1 else f"{activity} ×{n}" for activity, n in runs]


@dataclass(frozen=True)
class _Key:
    """What chips say: the activities' names, or their numbers."""

    activities: tuple[str, ...]
    is_numbered: bool

    def words(self, run: _Run) -> str:
        activity, n = run
        name = str(self.activities.index(activity) + 1) if self.is_numbered else activity
        return name if n == 1 else f"{name} ×{n}"

    def colour(self, activity: str) -> str:
        return theme.CATEGORY[self.activities.index(activity) % len(theme.CATEGORY)]

    def width(self, run: _Run) -> float:
        return text_width(self.words(run), _SIZE, theme.SEMIBOLD) + 12

    @property
    def height(self) -> float:
        return -(-len(self.activities) // _COLUMNS) * _KEY_ROW + 12 if self.is_numbered else 0.0


def _key(rows: Sequence[Sequence[_Run]]) -> _Key:
    activities = tuple(dict.fromkeys(activity for runs in rows for activity, _ in runs))
    named = _Key(activities, is_numbered=False)
    longest = max(sum(named.width(run) + _GAP for run in runs) for runs in rows)
    return named if _CHIPS_LEFT + longest <= WIDTH else _Key(activities, is_numbered=True)


def _picture(found: Variants, rows: Sequence[Sequence[_Run]], scale: TimeScale) -> str:
    key = _key(rows)
    parts = [_key_chips(key)] if key.is_numbered else []
    heading = key.height + 12
    parts += [
        text("share", _BAR_LEFT - 6, heading, _SIZE, fill=theme.REST_TEXT, anchor="end"),
        text("median life", _MEDIAN_RIGHT, heading, _SIZE, fill=theme.REST_TEXT, anchor="end"),
    ]
    for at, runs in enumerate(rows):
        variant = found.top[at]
        middle = key.height + 22 + _ROW * (at + 0.5)
        bar = _BAR_WIDTH * variant.n_items / found.top[0].n_items
        base = middle + 4
        share = percent(variant.n_items / found.n_items)
        life = duration(variant.p50_seconds, scale)
        row = [
            text(share, _BAR_LEFT - 6, base, _SIZE, weight=theme.SEMIBOLD, anchor="end"),
            rect(_BAR_LEFT, middle - 7, bar, 14, fill=theme.REST),
            text(life, _MEDIAN_RIGHT, base, _SIZE, anchor="end"),
            _chips(runs, key, middle),
        ]
        parts.append(group("".join(row), f"{share}, median life {life}: {' → '.join(_written(runs))}"))
    height = key.height + 22 + _ROW * len(rows)
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        width=WIDTH,
        height=height,
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        font_family=theme.FONT_FAMILY,
    )


def _key_chips(key: _Key) -> str:
    parts = []
    column = WIDTH / _COLUMNS
    for at, activity in enumerate(key.activities):
        x, middle = at % _COLUMNS * column, at // _COLUMNS * _KEY_ROW + 10
        width = key.width((activity, 1))
        name = shorten(activity, column - width - 16, _SIZE)
        parts += [_chip((activity, 1), key, x, middle), text(name, x + width + 6, middle + 4, _SIZE)]
    return "".join(parts)


def _chips(runs: Sequence[_Run], key: _Key, middle: float) -> str:
    """The sequence as far as it fits; what does not fit is counted."""
    parts, x = [], _CHIPS_LEFT
    for at, run in enumerate(runs):
        room = WIDTH if at == len(runs) - 1 else WIDTH - 30
        if x + key.width(run) > room:
            parts.append(text(f"+ {len(runs) - at}", x + 2, middle + 4, _SIZE, fill=theme.REST_TEXT))
            break
        parts.append(_chip(run, key, x, middle))
        x += key.width(run) + _GAP
    return "".join(parts)


def _chip(run: _Run, key: _Key, x: float, middle: float) -> str:
    width = key.width(run)
    words = text(
        key.words(run), x + width / 2, middle + 4, _SIZE, weight=theme.SEMIBOLD, fill=theme.ON_DARK, anchor="middle"
    )
    return rect(x, middle - _CHIP / 2, width, _CHIP, fill=key.colour(run[0]), rx=4) + words
