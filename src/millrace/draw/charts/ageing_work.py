"""Ageing work: each open item as a dot in its step, on bands of the ages at which delivered items left that step."""

from collections.abc import Sequence
from dataclasses import replace

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.duration_axis import DurationAxis, duration_axis
from millrace.draw.charts.frame import Frame, label, title, titled, values
from millrace.draw.charts.wording import ELAPSED, ITEMS, THIN, Noun, TimeScale, count, day, duration
from millrace.draw.figures import ABSENT
from millrace.draw.text import shorten, text_width, wrap
from millrace.flow.work_item_age import AgeingWork, OpenItem, StepAges

MOST_DOTS = 1000
_FRAME = Frame(right=12, left=50, top=34, bottom=18, height=270)
_LINE = 14.0
_LONGEST_NAME = 130.0
_BANDS = (
    ("to 50 %", "#e2f1ec"),
    ("50–70 %", "#eef3d9"),
    ("70–85 %", "#fdf0d0"),
    ("85–95 %", "#fadcc2"),
    ("over 95 %", "#f3c4bd"),
)
"""Share of delivered items that left the step at this age or younger, from calm to alarming."""
_OLDEST_IN_TABLE = 10
_GOLDEN = 0.6180339887498949


def ageing_work(ageing: AgeingWork, *, noun: Noun = ITEMS, scale: TimeScale = ELAPSED) -> Chart | None:
    """Draw the ages of open items by step; the bands stand also where nothing is open. None without any step."""
    if not ageing.steps:
        return None
    steps = [ages.step for ages in ageing.steps]
    items = [item for item in ageing.items if item.step in steps]
    dots = items[:: -(-len(items) // MOST_DOTS) or 1]
    n_over = _n_over(ageing)
    return Chart(
        title=_finding(ageing, n_over, noun),
        subtitle=f"Age of open {noun.many} by the step they are in on {day(ageing.now_at)} · {scale.words}",
        alt=f"Dot chart over bands. {_finding(ageing, n_over, noun)}.",
        picture=_picture(ageing, dots, _axis(ageing, dots, scale)),
        table=_table(ageing, scale),
        note=_note(ageing, items, dots, noun, _axis(ageing, dots, scale)),
    )


def _finding(ageing: AgeingWork, n_over: int, noun: Noun) -> str:
    n = len(ageing.items)
    if n == 0:
        return f"Nothing is open: every one of the {noun.many} was delivered by {day(ageing.now_at)}"
    are = "is" if n == 1 else "are"
    if n_over == 0:
        return f"{noun.counted(n)} {are} open, none older than 95{THIN}% of the delivered ones were at its step"
    return (
        f"{noun.counted(n)} {are} open; {count(n_over)} {'is' if n_over == 1 else 'are'} older than "
        f"95{THIN}% of the delivered ones were at that step"
    )


def _n_over(ageing: AgeingWork) -> int:
    limits = {ages.step: ages.p95_seconds for ages in ageing.steps}
    return sum((limit := limits.get(item.step)) is not None and item.age_seconds > limit for item in ageing.items)


def _axis(ageing: AgeingWork, dots: Sequence[OpenItem], scale: TimeScale) -> DurationAxis:
    p50s = sorted(ages.p50_seconds for ages in ageing.steps if ages.p50_seconds is not None)
    p95s = [ages.p95_seconds for ages in ageing.steps if ages.p95_seconds is not None]
    seconds = [dot.age_seconds for dot in dots]
    oldest = max([*p95s, *seconds], default=scale.day_seconds)
    typical = p50s[len(p50s) // 2] if p50s else oldest / 2
    return duration_axis(seconds, p50=typical, p95=max(p95s, default=oldest), scale=scale, at_least=oldest)


def _picture(ageing: AgeingWork, dots: Sequence[OpenItem], axis: DurationAxis) -> Spec:
    n = len(ageing.steps)
    column = _FRAME.plot_width / n
    open_in = {ages.step: sum(item.step == ages.step for item in ageing.items) for ages in ageing.steps}
    layers: list[Spec] = [
        {
            "data": values([row for at, ages in enumerate(ageing.steps) for row in _bands(at, ages, axis)]),
            "mark": {"type": "rect"},
            "encoding": {
                "x": _place("left", n),
                "x2": {"field": "right"},
                "y": axis.encoding("low"),
                "y2": {"field": "high"},
                "color": {"field": "fill", "type": "nominal", "scale": None, "legend": None},
            },
        },
        titled(
            {
                "data": values(_dots(ageing, dots, axis)),
                "mark": {"type": "circle", "size": 26, "color": theme.INK, "opacity": 0.8},
                "encoding": {"x": _place("x", n), "y": axis.encoding()},
            }
        ),
        *_legend(),
    ]
    for at, ages in enumerate(ageing.steps):
        words = f"{count(open_in[ages.step])} open"
        if text_width(words, theme.SIZE_SMALL, theme.SEMIBOLD) > column - 4:
            words = count(open_in[ages.step])
        layers.append(label(words, x=(at + 0.5) * column, y=11, align="center", fontWeight=theme.SEMIBOLD))
    names, below = _step_names([ages.step for ages in ageing.steps], column)
    return replace(_FRAME, bottom=below).spec([*layers, *names])


def _step_names(steps: Sequence[str], column: float) -> tuple[list[Spec], float]:
    """The names below their columns and the room they take: on lines, or slanted where a word is too long for one."""
    y = _FRAME.height + 16
    middles = [(at + 0.5) * column for at in range(len(steps))]
    if all(text_width(word, theme.SIZE_SMALL) <= column - 6 for step in steps for word in step.split()):
        lines = [wrap(step, column - 6, theme.SIZE_SMALL, max_lines=3) for step in steps]
        names = [
            label(text, x=x, y=y, align="center", lineHeight=_LINE) for x, text in zip(middles, lines, strict=True)
        ]
        return names, 18 + _LINE * max(map(len, lines))
    short = [shorten(step, _LONGEST_NAME, theme.SIZE_SMALL) for step in steps]
    names = [label(text, x=x, y=y - 4, align="right", angle=-35) for x, text in zip(middles, short, strict=True)]
    return names, 26 + 0.6 * max(text_width(text, theme.SIZE_SMALL) for text in short)


def _place(field: str, n: int) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, n], "nice": False},
        "axis": {"labels": False, "ticks": False, "grid": False, "domain": True},
    }


def _bands(at: int, ages: StepAges, axis: DurationAxis) -> list[Spec]:
    """The five bands of a step's column; one plain band where nothing was ever delivered through the step."""
    edge = {"left": at + 0.02, "right": at + 0.98}
    limits = (ages.p50_seconds, ages.p70_seconds, ages.p85_seconds, ages.p95_seconds)
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        return [{**edge, "low": axis.low, "high": axis.high, "fill": theme.REST_TINT}]
    marks = [axis.low, *(axis.on_axis(limit) for limit in known), axis.high]
    return [
        {**edge, "low": low, "high": high, "fill": fill}
        for low, high, (_, fill) in zip(marks, marks[1:], _BANDS, strict=False)
        if high > low
    ]


def _dots(ageing: AgeingWork, dots: Sequence[OpenItem], axis: DurationAxis) -> list[Spec]:
    """Spread the dots of a column by the golden ratio: even, and the same at every drawing."""
    column = {ages.step: at for at, ages in enumerate(ageing.steps)}
    return [
        {
            "x": column[dot.step] + 0.1 + 0.8 * (at * _GOLDEN % 1),
            "seconds": axis.on_axis(dot.age_seconds),
            "title": title(dot.key, f"{dot.step}: {duration(dot.age_seconds, axis.scale)} old"),
        }
        for at, dot in enumerate(dots)
    ]


def _legend() -> list[Spec]:
    words = "Delivered ones that left this step younger:"
    layers = [label(words, x=0, y=-20, color=theme.REST_TEXT)]
    x = text_width(words, theme.SIZE_SMALL) + 16
    for name, fill in _BANDS:
        chip = {"type": "square", "filled": True, "size": 110, "color": fill, "opacity": 1, "stroke": theme.HAIRLINE}
        layers += [label("", x=x, y=-20) | {"mark": chip}, label(name, x=x + 9, y=-20)]
        x += 24 + text_width(name, theme.SIZE_SMALL)
    return layers


def _note(
    ageing: AgeingWork, items: Sequence[OpenItem], dots: Sequence[OpenItem], noun: Noun, axis: DurationAxis
) -> str:
    said = []
    if len(dots) < len(items):
        said.append(f"{count(len(dots))} of {count(len(items))} open {noun.many} are drawn, evenly picked.")
    if len(items) < len(ageing.items):
        said.append(f"{count(len(ageing.items) - len(items))} are in steps not shown here.")
    if axis.is_log:
        said.append(axis.words)
    return " ".join(said)


def _table(ageing: AgeingWork, scale: TimeScale) -> TableTwin:
    def oldest(step: str) -> str:
        ages = [item.age_seconds for item in ageing.items if item.step == step]
        return duration(max(ages), scale) if ages else ABSENT

    return TableTwin(
        ("Step", "Open", "Oldest", "Delivered ones left it: 50 % by", "70 % by", "85 % by", "95 % by"),
        tuple(
            (
                ages.step,
                count(sum(item.step == ages.step for item in ageing.items)),
                oldest(ages.step),
                *(
                    duration(limit, scale)
                    for limit in (ages.p50_seconds, ages.p70_seconds, ages.p85_seconds, ages.p95_seconds)
                ),
            )
            for ages in ageing.steps
        ),
    )
