"""Weekly trend with the natural limits of an XmR chart: which weeks differ by more than the usual variation."""

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.duration_axis import DurationAxis
from millrace.draw.charts.frame import Frame, keep_apart, label, numbered_axis, title, titled, values
from millrace.draw.charts.period import Window, instant, time_axis, window
from millrace.draw.charts.wording import (
    ELAPSED,
    ITEMS,
    Noun,
    TimeScale,
    count,
    day,
    duration,
    percent,
    period,
    sentence,
)
from millrace.draw.figures import ABSENT
from millrace.flow.trend import Trend, TrendPoint

_FRAME = Frame(right=118, height=230)
_WEEKS_IN_WORDS = 3
_HEAVIEST_WEEK = 1000
"""More items than this do not make a week count for more."""
_WEEKS_NAMED = 9
"""Up to so many weeks, each has its own tick."""


def weekly_trend(trend: Trend, *, noun: Noun = ITEMS, scale: TimeScale = ELAPSED) -> Chart | None:
    """Draw a measure per whole week; None where there is no whole week."""
    if not trend.points:
        return None
    shown, points = _shown(trend)
    highest = max(
        [point.value for point in points] + [limit for limit in (trend.upper_limit, trend.centre) if limit is not None]
    )
    axis = DurationAxis(0.0, highest * 1.08 or 1.0, False, scale)
    y = axis.encoding("value") if trend.unit == "seconds" else _counted_axis(axis.high, trend.unit)
    return Chart(
        title=_finding(trend),
        subtitle=f"{sentence(trend.measure)} per week, {period(trend.points[0].week_at, trend.points[-1].week_at)}"
        + (f" · {scale.words}" if trend.unit == "seconds" else f" · {noun.many} delivered")
        + (" · band: natural process limits" if trend.upper_limit is not None else ""),
        alt=f"Line chart of {trend.measure} over {count(len(trend.points))} weeks. {_finding(trend)}.",
        picture=_FRAME.spec([*_limits(trend, axis, y), *_line(trend, points, shown, axis.scale, y)]),
        table=TableTwin(
            ("Week of", sentence(noun.many), sentence(trend.measure), "Signal"),
            tuple(
                (day(p.week_at), count(p.n), figure(trend, p.value, scale), "yes" if p.is_signal else "no")
                for p in trend.points
            ),
        ),
        note=_note(trend, len(trend.points) - len(points), shown),
    )


def figure(trend: Trend, value: float | None, scale: TimeScale) -> str:
    """A value of the trend in its own unit."""
    if value is None:
        return ABSENT
    if trend.unit == "ratio":
        return percent(value)
    return duration(value, scale) if trend.unit == "seconds" else count(value)


def _shown(trend: Trend) -> tuple[Window, list[TrendPoint]]:
    """Weeks count as much as the items in them, so that a lone old item does not stretch the axis."""
    items = [point.week_at for point in trend.points for _ in range(min(point.n, _HEAVIEST_WEEK))]
    heavy = window(items or [point.week_at for point in trend.points])
    points = [point for point in trend.points if point.week_at >= heavy.began_at]
    return Window(points[0].week_at, points[-1].week_at), points


def _counted_axis(high: float, unit: str) -> Spec:
    in_percent = {"format": ".0%"} if unit == "ratio" else {}
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, high], "nice": False},
        "axis": {**numbered_axis(tickCount=6), **in_percent},
    }


def _limits(trend: Trend, axis: DurationAxis, y: Spec) -> list[Spec]:
    if trend.centre is None or trend.upper_limit is None or trend.lower_limit is None:
        return []
    lower = max(trend.lower_limit, 0.0)
    named = [("upper limit", trend.upper_limit), ("mean", trend.centre)]
    if trend.lower_limit > 0:
        named.append(("lower limit", lower))
    places = keep_apart([axis.pixels(value, _FRAME.height) for _, value in named], lowest=_FRAME.height)
    dashed = values([{"value": value} for name, value in named if name != "mean"])
    return [
        {
            "data": values([{"value": lower, "top": trend.upper_limit}]),
            "mark": {"type": "rect", "color": theme.PANEL},
            "encoding": {"y": y, "y2": {"field": "top"}},
        },
        {
            "data": dashed,
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": theme.REST},
            "encoding": {"y": y},
        },
        {
            "data": values([{"value": trend.centre}]),
            "mark": {"type": "rule", "color": theme.INK, "strokeWidth": 1.2},
            "encoding": {"y": y},
        },
        *(
            label(
                f"{name} {figure(trend, value, axis.scale)}",
                x=_FRAME.plot_width + 6,
                y=place,
                fontWeight=theme.SEMIBOLD if name == "mean" else theme.REGULAR,
                color=theme.INK if name == "mean" else theme.REST_TEXT,
            )
            for (name, value), place in zip(named, places, strict=True)
        ),
    ]


def _line(trend: Trend, points: list[TrendPoint], shown: Window, scale: TimeScale, y: Spec) -> list[Spec]:
    rows = [
        {
            "at": instant(point.week_at),
            "value": point.value,
            "signal": point.is_signal,
            "title": title(
                f"Week of {day(point.week_at)}",
                figure(trend, point.value, scale) + (", out of the ordinary" if point.is_signal else ""),
            ),
        }
        for point in points
    ]
    across = time_axis(shown)
    if len(rows) <= _WEEKS_NAMED:
        across["axis"] = {**across["axis"], "values": [row["at"] for row in rows]}
    encoding = {"x": across, "y": y}
    signals = values([row for row in rows if row["signal"]])
    return [
        {
            "data": values(rows),
            "mark": {"type": "line", "color": theme.WORKING, "strokeWidth": 1.6},
            "encoding": encoding,
        },
        titled({
            "data": values(rows),
            "mark": {"type": "circle", "color": theme.WORKING, "size": 34, "opacity": 1, "stroke": theme.PAPER},
            "encoding": encoding,
        }),
        {
            "data": signals,
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90, "opacity": 1,
                     "color": theme.FINDING, "stroke": theme.PAPER},
            "encoding": encoding,
        },
    ]  # fmt: skip


def _finding(trend: Trend) -> str:
    n_signals = sum(point.is_signal for point in trend.points)
    if trend.upper_limit is None:
        return f"Too few whole weeks to tell a trend in {trend.measure} from chance"
    if n_signals == 0:
        return f"{sentence(trend.measure)} varies from week to week, but no week stands out"
    weeks = f"{count(n_signals)} of {count(len(trend.points))} weeks"
    return f"{sentence(trend.measure)} was out of the ordinary in {weeks}"


def _note(trend: Trend, n_left_out: int, shown: Window) -> str:
    said = []
    signals = [point for point in trend.points if point.is_signal]
    if signals:
        named = ", ".join(day(point.week_at) for point in signals[-_WEEKS_IN_WORDS:])
        which = "the latest: " if len(signals) > _WEEKS_IN_WORDS else ""
        weeks = "week" if len(signals) == 1 else "weeks"
        said.append(f"Diamonds mark weeks that break a rule of the XmR chart ({which}{weeks} of {named}).")
    if n_left_out:
        weeks = f"{count(n_left_out)} week{'s' if n_left_out > 1 else ''}"
        said.append(f"{weeks} before {day(shown.began_at)} with hardly any items are in the table only.")
    return " ".join(said)
