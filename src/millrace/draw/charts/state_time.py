"""Time by state: what items spend their life with, as bars."""

from millrace.draw import theme
from millrace.draw.charts.bars import Bar, bars
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.wording import ELAPSED, ITEMS, Noun, TimeScale, days, percent, percent_roughly
from millrace.flow.time_by_state import TimeByState
from millrace.model.state import State, WaitReason

_FILLS = {State.ACTIVE: theme.WORKING, State.WAITING: theme.WAITING, State.NEW: theme.WAITING}
"""Working and waiting have their colours; every other state is plain."""
_FINDINGS = {
    State.NEW: "goes by before anyone takes the work up",
    State.ACTIVE: "is work",
    State.WAITING: "is waiting",
    State.DONE: "comes after the work was done",
    State.CANCELLED: "belongs to cancelled work",
    State.UNKNOWN: "is work or waiting: the log cannot tell which",
}
_Row = tuple[State, str, float]
"""State, what it is called with its reason, seconds."""


def state_time(times: TimeByState, *, noun: Noun = ITEMS, scale: TimeScale = ELAPSED) -> Chart | None:
    """Draw the time that all items together spend in each state, waiting by its reason; None where there is none."""
    rows = _rows(times)
    total = sum(seconds for _, _, seconds in rows)
    if not total:
        return None
    longest = max(State, key=times.seconds)
    return Chart(
        title=f"{percent_roughly(times.seconds(longest) / total)} of all elapsed time {_FINDINGS[longest]}",
        subtitle=f"Time of all {noun.many} in each state in {noun.one}-{scale.days}, from first to last event",
        alt="Bars: " + "; ".join(f"{name} {percent(seconds / total)}" for _, name, seconds in rows) + ".",
        picture=_picture(rows, total, scale),
        table=TableTwin(
            ("State", f"{noun.one.capitalize()}-{scale.days}", "Share"),
            tuple((name, days(seconds, scale), percent(seconds / total)) for _, name, seconds in rows),
        ),
    )


def _rows(times: TimeByState) -> list[_Row]:
    rows = []
    for state in State:
        reasons = {piece.wait_reason for piece in times.pieces if piece.state is state}
        for reason in WaitReason:
            pieces = (piece for piece in times.pieces if (piece.state, piece.wait_reason) == (state, reason))
            if reason in reasons and (seconds := sum(piece.seconds for piece in pieces)) > 0:
                rows.append((state, _name(state, reason), seconds))
    return rows


def _name(state: State, reason: WaitReason) -> str:
    """Only waiting is told apart by its reason; that new items queue and done ones close says nothing more."""
    is_told = state is State.WAITING and reason is not WaitReason.NONE
    return f"{state}: {reason}" if is_told else str(state)


def _picture(rows: list[_Row], total: float, scale: TimeScale) -> Spec:
    return bars(
        [
            Bar(
                name,
                seconds,
                f"{percent(seconds / total)} · {days(seconds, scale)} days",
                _FILLS.get(state, theme.REST),
            )
            for state, name, seconds in rows
        ]
    )
