"""Closing tail: all elapsed time as one bar to scale, what comes before value and what follows it."""

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.frame import Frame, label, title, titled, values
from millrace.draw.charts.wording import ELAPSED, ITEMS, Noun, TimeScale, duration, item_days, percent, percent_roughly
from millrace.draw.figures import ABSENT
from millrace.flow.closing_tail import ClosingTail

_FRAME = Frame(height=34, left=4, right=4, top=20, bottom=24)

_TAIL: Spec = {"fontWeight": theme.SEMIBOLD, "color": theme.WAITING_TEXT}


def closing_tail(tail: ClosingTail, *, noun: Noun = ITEMS, scale: TimeScale = ELAPSED) -> Chart | None:
    """Draw the share of all life that follows value; None where nothing was delivered."""
    ratio = tail.share_of_life.ratio
    if ratio is None or tail.tail.n == 0:
        return None
    after = tail.share_of_life.part
    before = tail.share_of_life.whole - after
    half = tail.tail.p50.seconds if tail.tail.p50 else None
    return Chart(
        title=_finding(ratio),
        subtitle=f"All elapsed time of all {noun.many}, before value and from value to the last event",
        alt=f"Bar to scale: {percent(1 - ratio)} of elapsed time lies before value, {percent(ratio)} after it.",
        picture=_picture(ratio, item_days(before, scale), item_days(after, scale)),
        table=TableTwin(
            ("From value to the last event", "Figure"),
            (
                (f"{noun.many} delivered", f"{tail.tail.n:,}"),
                ("Half of them closed within", duration(half, scale)),
                ("85 % closed within", duration(tail.tail.p85.seconds, scale) if tail.tail.p85 else ABSENT),
                ("95 % closed within", duration(tail.tail.p95.seconds, scale) if tail.tail.p95 else ABSENT),
                ("All of it together", item_days(after, scale)),
                ("Share of all elapsed time", percent(ratio)),
            ),
        ),
    )


def _finding(ratio: float) -> str:
    if ratio == 0:
        return "No time passes between value and the last event"
    return f"{percent_roughly(ratio)} of all elapsed time comes after the work was done"


def _picture(ratio: float, before: str, after: str) -> Spec:
    parts = [
        {
            "low": 0,
            "high": 1 - ratio,
            "fill": theme.REST,
            "title": title("Before value", f"{percent(1 - ratio)}, {before}"),
        },
        {
            "low": 1 - ratio,
            "high": 1,
            "fill": theme.WAITING,
            "title": title("Closing tail", f"{percent(ratio)}, {after}"),
        },
    ]
    scale = {"domain": [0, 1], "nice": False}
    split = _FRAME.plot_width * (1 - ratio)
    edge = _FRAME.plot_width
    return _FRAME.spec(
        [
            titled(
                {
                    "data": values(parts),
                    "mark": {"type": "rect", "stroke": theme.PAPER},
                    "encoding": {
                        "x": {"field": "low", "type": "quantitative", "scale": scale, "axis": None},
                        "x2": {"field": "high"},
                        "y": {"value": 0},
                        "y2": {"value": _FRAME.height},
                        "color": {"field": "fill", "type": "nominal", "scale": None, "legend": None},
                    },
                }
            ),
            label(f"before value {percent(1 - ratio)}", x=0, y=-10, fontWeight=theme.SEMIBOLD),
            label(f"closing tail {percent(ratio)}", x=edge, y=-10, align="right", **_TAIL),
            label(before, x=0, y=_FRAME.height + 12, color=theme.REST_TEXT, limit=max(split, 120)),
            label(after, x=edge, y=_FRAME.height + 12, align="right", color=theme.REST_TEXT),
        ]
    )
