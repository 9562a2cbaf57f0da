"""Time by state: what items spend their life with, as bars."""

from collections.abc import Mapping

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.frame import Frame, values
from millrace.draw.charts.wording import ELAPSED, ITEMS, Noun, TimeScale, days, percent, percent_roughly
from millrace.draw.text import text_width
from millrace.model.state import State

_ROW = 32.0
_FILLS = {
    State.ACTIVE: theme.WORKING,
    State.WAITING: theme.WAITING,
    State.NEW: theme.WAITING,
}
"""Working and waiting have their colours; every other state is plain."""
_FINDINGS = {
    State.NEW: "goes by before anyone takes the work up",
    State.ACTIVE: "is work",
    State.WAITING: "is waiting",
    State.DONE: "comes after the work was done",
    State.CANCELLED: "belongs to cancelled work",
    State.UNKNOWN: "is work or waiting: the log cannot tell which",
}


def state_time(
    seconds_by_state: Mapping[str, float], *, noun: Noun = ITEMS, scale: TimeScale = ELAPSED
) -> Chart | None:
    """Draw the time that all items together spend in each state; None where there is none."""
    shown = {state.value: seconds for state in State if (seconds := seconds_by_state.get(state, 0.0)) > 0}
    total = sum(shown.values())
    if not total:
        return None
    longest = max(shown, key=lambda state: shown[state])
    finding = f"{percent_roughly(shown[longest] / total)} of all elapsed time {_FINDINGS[State(longest)]}"
    return Chart(
        title=finding,
        subtitle=f"Time of all {noun.many} in each state in {noun.one}-{scale.days}, from first to last event",
        alt="Bars: " + "; ".join(f"{state} {percent(seconds / total)}" for state, seconds in shown.items()) + ".",
        picture=_picture(shown, total, scale),
        table=TableTwin(
            ("State", f"{noun.one.capitalize()}-{scale.days}", "Share"),
            tuple((state, days(seconds, scale), percent(seconds / total)) for state, seconds in shown.items()),
        ),
    )


def _picture(shown: Mapping[str, float], total: float, scale: TimeScale) -> Spec:
    rows = [
        {
            "state": state,
            "seconds": seconds,
            "fill": _FILLS.get(State(state), theme.REST),
            "text": f"{percent(seconds / total)} · {days(seconds, scale)} days",
        }
        for state, seconds in shown.items()
    ]
    room = max(text_width(str(row["text"]), theme.SIZE_SMALL, theme.SEMIBOLD) for row in rows)
    place: Spec = {
        "x": {
            "field": "seconds",
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, max(shown.values())], "nice": False},
        },
        "y": {
            "field": "state",
            "type": "nominal",
            "sort": None,
            "scale": {"paddingInner": 0.35, "paddingOuter": 0.15},
            "axis": {"domain": False, "ticks": False, "labelColor": theme.INK, "labelFontSize": theme.SIZE_TEXT},
        },
    }
    colour: Spec = {"field": "fill", "type": "nominal", "scale": None, "legend": None}
    return Frame(height=_ROW * len(shown), left=78, right=room + 16, top=4, bottom=4).spec(
        [
            {"data": values(rows), "mark": {"type": "bar"}, "encoding": {**place, "color": colour}},
            {
                "data": values(rows),
                "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": theme.SEMIBOLD},
                "encoding": {**place, "text": {"field": "text"}},
            },
        ]
    )
