"""The columns of the table of spans: what a span says itself, what its kind says, and its length on both clocks."""

from typing import Any

import numba
import numpy as np

from millrace.flow.spans import NOTHING, Records
from millrace.flow.tables import Columns
from millrace.flow.work_time import WorkClock, worked_until

_COLUMNS = (
    "item", "began_at", "person", "step", "state", "wait_reason", "side", "fidelity", "activity", "team",
    "system", "is_automated", "elapsed", "business",
)  # fmt: skip


def span_columns(spans: Records, kinds: Records, clock: WorkClock, calendar_of_kind: Any) -> Columns:
    """The columns of `spans`; the calendar of a kind's team by its number on the clock."""
    return dict(zip(_COLUMNS, _columns(spans, kinds, clock, calendar_of_kind), strict=True))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _columns(spans: Any, kinds: Any, clock: Any, calendar_of_kind: Any) -> Any:
    # One pass in one call: many small ones would have the threads wait for the interpreter, and for each other.
    n = len(spans)
    item, person = np.empty(n, np.int32), np.empty(n, np.int32)
    began_at, elapsed, business = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    step, state, wait_reason = np.empty(n, np.int16), np.empty(n, np.int8), np.empty(n, np.int8)
    side, fidelity, is_automated = np.empty(n, np.int8), np.empty(n, np.int8), np.empty(n, np.int8)
    activity, team, system = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    worked, until, calendar = np.int64(0), np.int64(0), np.int64(NOTHING)
    for i in range(n):
        span, kind = spans[i], kinds[spans[i].kind]
        item[i], person[i] = span.item, span.person
        step[i], state[i], wait_reason[i] = span.step, span.state, span.wait_reason
        side[i], fidelity[i], is_automated[i] = span.side, span.fidelity, kind.is_automated
        activity[i] = NOTHING if span.row == NOTHING else kind.activity
        team[i], system[i] = kind.team, kind.system
        began_at[i], elapsed[i] = span.began_at, span.ended_at - span.began_at
        # Most spans begin where the one before ended: what was worked until then is known.
        if calendar != calendar_of_kind[span.kind] or until != span.began_at:
            calendar = calendar_of_kind[span.kind]
            worked = worked_until(clock, calendar, span.began_at)
        before, worked = worked, np.int64(worked_until(clock, calendar, span.ended_at))
        business[i], until = worked - before, span.ended_at
    return (
        item, began_at, person, step, state, wait_reason, side, fidelity, activity, team, system, is_automated,
        elapsed, business,
    )  # fmt: skip
