"""Spans: the life of an item, cut into half-open pieces without gap or overlap. The one thing all measures stand on.

A compiled pass reads events sorted by item and time, whole items at a time. For every item the durations of its spans
add up to (last event − demand) exactly. The last event opens a span of no length that says where the item is.
"""

from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from millrace.flow.matching import STAYS
from millrace.model.state import FIDELITIES, STATES, WAIT_REASONS, Fidelity, State, WaitReason

ACTIVE = STATES.index(State.ACTIVE)
WAITING = STATES.index(State.WAITING)
DONE = STATES.index(State.DONE)
CANCELLED = STATES.index(State.CANCELLED)
UNKNOWN = STATES.index(State.UNKNOWN)
NO_REASON = WAIT_REASONS.index(WaitReason.NONE)
QUEUE = WAIT_REASONS.index(WaitReason.QUEUE)
CLOSING = WAIT_REASONS.index(WaitReason.CLOSING)
MEASURED = FIDELITIES.index(Fidelity.MEASURED)
DERIVED = FIDELITIES.index(Fidelity.DERIVED)
NOTHING = -1
"""A code that stands for no value: unknown team, no state of its own, no event behind a span."""

NEVER = -(2**63)
"""An instant that did not come: numpy's NaT, the engine's null."""

STATUS_LOG, ACTIVITY_LOG, ACTIVITY_LOG_ENDS = 0, 1, 2


class Events(NamedTuple):
    """Events of whole items in order: arrays of one length. Instants in microseconds since 1970 UTC."""

    item: npt.NDArray[np.int32]
    at: npt.NDArray[np.int64]
    started_at: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int32]
    person: npt.NDArray[np.int32]
    row: npt.NDArray[np.int64]


KIND = np.dtype(
    [
        ("state", np.int8),
        ("wait_reason", np.int8),
        ("side", np.int8),
        ("is_automated", np.int8),
        ("step", np.int16),
        ("team", np.int32),
        ("system", np.int32),
        ("activity", np.int32),
        ("reopens", np.bool_),
        ("is_demand", np.bool_),
        ("is_value", np.bool_),
    ]
)
"""What the events of one kind say (see `flow.coding`). `state` is `NOTHING` where they change nothing."""

SPAN = np.dtype(
    [
        ("item", np.int32),
        ("began_at", np.int64),
        ("ended_at", np.int64),
        ("kind", np.int32),
        ("person", np.int32),
        ("row", np.int64),
        ("step", np.int16),
        ("state", np.int8),
        ("wait_reason", np.int8),
        ("side", np.int8),
        ("fidelity", np.int8),
    ]
)
"""A span. `row` is its event's row in the log, `NOTHING` for a wait before work, which no event reports."""

Records = npt.NDArray[np.void]


def spans(events: Events, kinds: Records, unmapped: int, shape: int, demand_is_rule: bool) -> Records:
    """Cut the items in `events` into spans; items without a demand (where a rule defines it) have none.

    `unmapped` is the number of the step that stands for events no rule of the stream matches.
    """
    cut = np.empty(2 * len(events.item) + 2, SPAN)
    # Only the one that is called is compiled.
    cut_items = {STATUS_LOG: _status_log, ACTIVITY_LOG: _activity_log, ACTIVITY_LOG_ENDS: _activity_log_ends}[shape]
    return cut[: cut_items(events, kinds, unmapped, demand_is_rule, cut)]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _status_log(events: Any, kinds: Any, unmapped: int, demand_is_rule: bool, spans: Any) -> Any:
    n, begin = np.int64(0), np.int64(0)
    while begin < len(events.item):
        demand, end = _item(events, kinds, begin, demand_is_rule)
        if demand < end:
            n = _cut_statuses(events, kinds, unmapped, begin, demand, end, spans, n)
        begin = end
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _activity_log(events: Any, kinds: Any, unmapped: int, demand_is_rule: bool, spans: Any) -> Any:
    n, begin = np.int64(0), np.int64(0)
    while begin < len(events.item):
        demand, end = _item(events, kinds, begin, demand_is_rule)
        if demand < end:
            n = _cut_work(events, kinds, unmapped, demand, end, spans, n)
        begin = end
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _activity_log_ends(events: Any, kinds: Any, unmapped: int, demand_is_rule: bool, spans: Any) -> Any:
    n, begin = np.int64(0), np.int64(0)
    while begin < len(events.item):
        demand, end = _item(events, kinds, begin, demand_is_rule)
        if demand < end:
            n = _cut_ends(events, kinds, unmapped, demand, end, spans, n)
        begin = end
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _item(events: Any, kinds: Any, begin: int, demand_is_rule: bool) -> Any:
    """The demand of the item that begins at `begin`, and where it ends; the same where it has no demand."""
    end = begin + 1
    while end < len(events.item) and events.item[end] == events.item[begin]:
        end += 1
    demand = begin
    if demand_is_rule:
        while demand < end and not kinds[events.kind[demand]].is_demand:
            demand += 1
    return demand, end


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _cut_statuses(events: Any, kinds: Any, unmapped: int, begin: int, demand: int, end: int, spans: Any, n: int) -> Any:
    """Each event opens a span that the next event closes; an event that sets nothing leaves what held before."""
    state, reason, side, step = UNKNOWN, NO_REASON, 0, unmapped
    for i in range(begin, end):
        kind = kinds[events.kind[i]]
        if kind.state != NOTHING:
            state, reason, side = int(kind.state), int(kind.wait_reason), int(kind.side)
            step = _step(kind, step)
        elif kind.step != unmapped:
            step = _step(kind, step)
        if i >= demand:
            ended_at = events.at[i + 1] if i + 1 < end else events.at[i]
            n = _put(spans, n, events, i, events.at[i], ended_at, step, state, reason, side, MEASURED, True)
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _cut_work(events: Any, kinds: Any, unmapped: int, begin: int, end: int, spans: Any, n: int) -> Any:
    """From available to start an item waits for the step, from start to end it is worked on.

    Work that overlaps belongs to the activity that started first, so that no instant counts twice; an activity that
    lies wholly within another leaves a span of no length. An item is done once the work that ends it is.
    """
    reached, ended, step = events.started_at[begin], NOTHING, unmapped
    for i in range(begin, end):
        kind = kinds[events.kind[i]]
        step = _step(kind, step)
        if events.started_at[i] > reached or (kind.reopens and ended != NOTHING):
            waiting, until = WAITING if ended == NOTHING else ended, max(events.started_at[i], reached)
            n = _put_work(spans, n, events, kind, i, reached, until, step, waiting, DERIVED, False)
            reached = until
        until = max(events.at[i], reached)
        working = ACTIVE if ended == NOTHING or kind.reopens else ended
        n = _put_work(spans, n, events, kind, i, reached, until, step, working, MEASURED, True)
        reached, ended = until, _ending(kind, ended)
    return _put_last(spans, n, events, kinds, end - 1, reached, step, WAITING if ended == NOTHING else ended)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _cut_ends(events: Any, kinds: Any, unmapped: int, begin: int, end: int, spans: Any, n: int) -> Any:
    """From the previous end to this one the time belongs to this activity; working or waiting cannot be told."""
    reached, ended, step = events.at[begin], NOTHING, unmapped
    for i in range(begin, end):
        kind = kinds[events.kind[i]]
        step = _step(kind, step)
        n = _put_work(
            spans,
            n,
            events,
            kind,
            i,
            reached,
            events.at[i],
            step,
            UNKNOWN if ended == NOTHING else ended,
            DERIVED,
            True,
        )
        reached = events.at[i]
        ended = _ending(kind, ended)
    return _put_last(spans, n, events, kinds, end - 1, reached, step, UNKNOWN if ended == NOTHING else ended)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _step(kind: Any, step: int) -> int:
    """The step that an event puts an item into; a pause leaves it in `step`."""
    return step if kind.step == STAYS else int(kind.step)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _ending(kind: Any, ended: int) -> int:
    """`DONE` or `CANCELLED` once an activity ended the item and until one reopens it, else `NOTHING`."""
    if kind.reopens:
        return NOTHING
    if kind.state == DONE or kind.state == CANCELLED:
        return int(kind.state)
    return ended


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _put_last(spans: Any, n: int, events: Any, kinds: Any, i: int, at: int, step: int, state: int) -> int:
    """Where the last activity ended or reopened the item: a span of no length that says so."""
    before = spans[n - 1].state
    if state == before or not (state in (DONE, CANCELLED) or before in (DONE, CANCELLED)):
        return n
    return int(_put_work(spans, n, events, kinds[events.kind[i]], i, at, at, step, state, DERIVED, False))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _put_work(
    spans: Any, n: int, events: Any, kind: Any, i: int, began_at: int, ended_at: int, step: int, state: int,
    fidelity: int, is_event: bool,
) -> int:  # fmt: skip
    """A span of an activity log: its reason follows from its state."""
    reason = NO_REASON
    if state == WAITING:
        reason = QUEUE
    elif state in (DONE, CANCELLED):
        reason = CLOSING
    return int(_put(spans, n, events, i, began_at, ended_at, step, state, reason, int(kind.side), fidelity, is_event))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _put(
    spans: Any, n: int, events: Any, i: int, began_at: int, ended_at: int,
    step: int, state: int, reason: int, side: int, fidelity: int, is_event: bool,
) -> int:  # fmt: skip
    span = spans[n]
    span.item = events.item[i]
    span.began_at = began_at
    span.ended_at = ended_at
    span.kind = events.kind[i]
    span.step = step
    span.state = state
    span.wait_reason = reason
    span.side = side
    span.person = events.person[i]
    span.fidelity = fidelity
    span.row = events.row[i] if is_event else NOTHING
    return n + 1
