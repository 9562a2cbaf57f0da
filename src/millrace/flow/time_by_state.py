"""Time by state: how all the time of all items splits, before value and in whole."""

from dataclasses import dataclass

from millrace.flow.flow import Flow, StateTime
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summary import SECOND, Clock
from millrace.model.state import SIDES, STATES, WAIT_REASONS, Side, State, WaitReason


@dataclass(frozen=True)
class TimeInState:
    """Seconds in one state, for one reason, on one side; `is_before_value` of delivered items."""

    state: State
    wait_reason: WaitReason
    side: Side
    is_before_value: bool
    seconds: float


@dataclass(frozen=True)
class TimeByState:
    """All time of all items from demand to last event, in pieces that add up exactly."""

    clock: Clock
    pieces: tuple[TimeInState, ...]

    def seconds(self, state: State, *, before_value: bool = False) -> float:
        """Seconds in `state`, over whole lives or before value only."""
        return sum(p.seconds for p in self.pieces if p.state is state and (p.is_before_value or not before_value))


def time_by_state(flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING) -> TimeByState:
    """How the items' time splits by state, reason and side."""
    if selection.is_everything:
        return TimeByState(clock, tuple(_piece(time, clock) for time in flow.about.state_times))
    spans = flow.spans.semi_join(selected(flow, selection), "item")
    time = spans.business if clock is Clock.BUSINESS else spans.elapsed
    rows = (
        spans.group_by("state", "wait_reason", "side", "is_before_value")
        .agg(total=time.sum())
        .order_by("state", "wait_reason", "side", "is_before_value")
        .to_pyarrow()
        .to_pylist()
    )
    return TimeByState(
        clock,
        tuple(
            TimeInState(
                STATES[row["state"]],
                WAIT_REASONS[row["wait_reason"]],
                SIDES[row["side"]],
                row["is_before_value"],
                int(row["total"]) / SECOND,
            )
            for row in rows
        ),
    )


def _piece(time: StateTime, clock: Clock) -> TimeInState:
    total = time.business if clock is Clock.BUSINESS else time.elapsed
    return TimeInState(time.state, time.wait_reason, time.side, time.is_before_value, total / SECOND)
