"""Lead time scatter: every delivered item as a dot, with the lines that half, 85 % and 95 % of them stay under."""

from collections.abc import Sequence

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.duration_axis import DurationAxis, duration_axis
from millrace.draw.charts.frame import Frame, keep_apart, label, title, titled, values
from millrace.draw.charts.period import instant, time_axis, window
from millrace.draw.charts.wording import ELAPSED, ITEMS, Noun, TimeScale, count, day, duration, interval, period
from millrace.flow.lead_time import Delivered
from millrace.flow.summary import DurationSummary, Quantile

MOST_DOTS = 2000
"""More dots than this cover each other and weigh down the page."""
_FRAME = Frame(right=118)


def lead_time_scatter(
    delivered: Sequence[Delivered],
    summary: DurationSummary,
    *,
    noun: Noun = ITEMS,
    scale: TimeScale = ELAPSED,
) -> Chart | None:
    """Draw the lead times of delivered items against the day of delivery; None where nothing was delivered.

    `summary` covers all delivered items. Where `delivered` holds more than can be told apart, every k-th by date
    of delivery is drawn, which keeps the density over time, and the chart says so.
    """
    if not delivered or summary.p50 is None or summary.p85 is None or summary.p95 is None:
        return None
    shown = window([item.value_at for item in delivered])
    within = sorted((item for item in delivered if item.value_at >= shown.began_at), key=lambda item: item.value_at)
    dots = within[:: _step(len(within))]
    marks = (("50", summary.p50), ("85", summary.p85), ("95", summary.p95))
    axis = duration_axis(
        (item.lead_time_seconds for item in dots), p50=summary.p50.seconds, p95=summary.p95.seconds, scale=scale
    )
    subtitle = f"Lead time of each delivered {noun.one} by day of delivery, {period(shown.began_at, shown.ended_at)} · "
    return Chart(
        title=f"Half of all {noun.many} take longer than {duration(summary.p50.seconds, scale)}",
        subtitle=subtitle + scale.words,
        alt=(
            f"Scatter chart of lead time by day of delivery for {noun.counted(summary.n)}: "
            + "; ".join(f"{name} % within {duration(mark.seconds, scale)}" for name, mark in marks)
            + "."
        ),
        picture=_FRAME.spec(
            [
                titled(
                    {
                        "data": values([_row(dot, axis) for dot in dots]),
                        "mark": {
                            "type": "circle",
                            "size": _dot_size(len(dots)),
                            "color": theme.WORKING,
                            "opacity": 0.45,
                        },
                        "encoding": {"x": time_axis(shown), "y": axis.encoding()},
                    }
                ),
                *_percentile_lines(marks, axis, scale),
            ]
        ),
        table=TableTwin(
            ("Share of items", "Lead time within", "95 % interval"),
            tuple((f"{name} %", duration(mark.seconds, scale), interval(mark, scale)) for name, mark in marks),
        ),
        note=_note(dots, within, summary.n, shown.n_before, axis, noun),
    )


def _row(dot: Delivered, axis: DurationAxis) -> Spec:
    took = duration(dot.lead_time_seconds, axis.scale)
    return {
        "at": instant(dot.value_at),
        "seconds": axis.on_axis(dot.lead_time_seconds),
        "title": title(dot.key, f"{took}, delivered {day(dot.value_at)}"),
    }


def _dot_size(n: int) -> int:
    """Area of a dot: few dots may be seen from afar, many must not run together."""
    return 42 if n <= 150 else 24 if n <= 700 else 14


def _step(n: int) -> int:
    """Every how many-th of n items is drawn."""
    return max(-(-n // MOST_DOTS), 1)


def _percentile_lines(marks: Sequence[tuple[str, Quantile]], axis: DurationAxis, scale: TimeScale) -> list[Spec]:
    rules: list[Spec] = [
        {
            "data": values([{"seconds": axis.on_axis(mark.seconds)} for _, mark in marks]),
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": theme.INK, "strokeWidth": 1.2},
            "encoding": {"y": axis.encoding()},
        }
    ]
    places = keep_apart([axis.pixels(mark.seconds, _FRAME.height) for _, mark in marks], lowest=_FRAME.height)
    labels = [
        label(
            f"{name} % within {duration(mark.seconds, scale)}",
            x=_FRAME.plot_width + 6,
            y=place,
            fontWeight=theme.SEMIBOLD,
        )
        for (name, mark), place in zip(marks, places, strict=True)
    ]
    return rules + labels


def _note(
    dots: Sequence[Delivered], within: Sequence[Delivered], n: int, n_before: int, axis: DurationAxis, noun: Noun
) -> str:
    said = []
    if len(dots) < n:
        said.append(f"{count(len(dots))} of {noun.counted(n)} shown" + _why_fewer(dots, within, n_before) + ".")
    for side, n_beyond in (
        (
            f"above {duration(axis.high, axis.scale)} lie on the upper",
            sum(x.lead_time_seconds > axis.high for x in dots),
        ),
        (f"below {duration(axis.low, axis.scale)} lie on the lower", sum(x.lead_time_seconds < axis.low for x in dots)),
    ):
        if n_beyond:
            said.append(f"{count(n_beyond)} {side} edge.")
    if axis.is_log:
        said.append(axis.words)
    return " ".join(said)


def _why_fewer(dots: Sequence[Delivered], within: Sequence[Delivered], n_before: int) -> str:
    reasons = []
    if len(dots) < len(within):
        reasons.append(f"one in {_step(len(within))} by date of delivery")
    if n_before:
        reasons.append(f"{count(n_before)} delivered before {day(dots[0].value_at)} left out")
    return f" ({'; '.join(reasons)})" if reasons else ""
