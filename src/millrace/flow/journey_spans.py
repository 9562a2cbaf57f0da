"""The spans of journeys: of all records that serve an item, at every instant the one that the requester waits for.

That is the deepest record, counted in links from the root, that has begun and is not settled (done or cancelled for
good); of several equally deep ones the one that is settled last, and of those the one that began first. Where none is
open, the item rests with the one that was settled last, a cancelled one only where all are. A record's last state holds
on after its last event, but for work: nobody is known to work on it any more, so it waits. So the spans partition the
time from the demand to the last event of any of the records.

An item stays in its step until an event of the record that it is with puts it into another: a record taken up again in
the midst of a span, and a pause, leave it where it is.

A record that serves several items keeps all of them waiting, but is worked on once: its work belongs to the item whose
demand came first, and the others wait in its queue.
"""

from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from millrace.flow.handle_time import UNSPECIFIED
from millrace.flow.spans import (
    ACTIVE,
    ACTIVITY_LOG_ENDS,
    CANCELLED,
    DERIVED,
    NOTHING,
    QUEUE,
    SPAN,
    STATUS_LOG,
    WAITING,
    Records,
)


class Lives(NamedTuple):
    """The lives of all records. Record r has the `spans` from `first[r]` to `first[r + 1]`.

    `shape[r]` tells whether its events open its spans or close them. `owner[r]` is the item whose work it is.
    Of each kind, `is_value` tells whether it delivers value by a rule (such an event always shows), `stays` whether it
    is a pause.
    """

    spans: Records
    first: npt.NDArray[np.int64]
    settled_at: npt.NDArray[np.int64]
    shape: npt.NDArray[np.int8]
    owner: npt.NDArray[np.int32]
    is_value: npt.NDArray[np.bool_]
    stays: npt.NDArray[np.bool_]


class Merged(NamedTuple):
    """Merged spans: each with its record, the step that this is in by itself, and whether it was taken up again in the
    midst of a span."""

    spans: Records
    record: npt.NDArray[np.int32]
    own_step: npt.NDArray[np.int16]
    resumed: npt.NDArray[np.bool_]


def journey_spans(lives: Lives, first_item: int, first: Any, records: Any, depths: Any) -> Merged:
    """The spans of the items `first_item`, `first_item + 1`, …

    The items' rows of `records` and `depths` begin at `first`.
    """
    n_spans = np.diff(lives.first)[records[first[0] : first[-1]]]
    room = int(n_spans.sum()) + 6 * int(first[-1] - first[0]) + 6 * (len(first) - 1)
    merged = Merged(np.empty(room, SPAN), np.empty(room, np.int32), np.empty(room, np.int16), np.zeros(room, np.bool_))
    n = _merge(lives, first_item, first, records, depths, merged)
    return Merged(merged.spans[:n], merged.record[:n], merged.own_step[:n], merged.resumed[:n])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _merge(lives: Any, first_item: int, first: Any, records: Any, depths: Any, merged: Any) -> Any:
    n = np.int64(0)
    for place in range(len(first) - 1):
        item, low, high, begin = first_item + place, first[place], first[place + 1], n
        demand_at = lives.spans[lives.first[records[low]]].began_at
        ended_at = demand_at
        for k in range(low, high):
            ended_at = max(ended_at, lives.spans[lives.first[records[k] + 1] - 1].ended_at)
        waited_for, since = NOTHING, demand_at
        for at in _turning_points(lives, records, low, high, demand_at, ended_at):
            record = _waited_for(lives, records, depths, low, high, at)
            if record != waited_for:
                if waited_for != NOTHING:
                    n = _show(lives, item, waited_for, since, at, False, merged, n)
                waited_for, since = record, at
        n = _show(lives, item, waited_for, since, ended_at, True, merged, n)
        _stay_in_step(lives, merged, begin, n)
        for k in range(low, high):
            n = _show_value(lives, item, records[k], ended_at, merged, begin, n)
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _turning_points(lives: Any, records: Any, low: int, high: int, demand_at: int, ended_at: int) -> Any:
    """The instants, in order, at which another record may be waited for: beginnings, settlements, the ends."""
    points = np.empty(2 * (high - low) + 2, np.int64)
    points[0], points[1], n = demand_at, ended_at, 2
    for k in range(low, high):
        for at in (lives.spans[lives.first[records[k]]].began_at, lives.settled_at[records[k]]):
            if demand_at < at < ended_at:
                points[n] = at
                n += 1
    return np.unique(points[:n])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _waited_for(lives: Any, records: Any, depths: Any, low: int, high: int, at: int) -> int:
    """The record that is waited for from the instant `at` on."""
    best, rests = NOTHING, NOTHING
    for k in range(low, high):
        record = records[k]
        if lives.spans[lives.first[record]].began_at > at:
            continue
        if lives.settled_at[record] > at:
            if best == NOTHING or _is_rather_open(lives, records, depths, k, best):
                best = k
        elif rests == NOTHING or _is_rather_rest(lives, records, depths, k, rests):
            rests = k
    return int(records[best] if best != NOTHING else records[rests])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _is_rather_open(lives: Any, records: Any, depths: Any, k: int, other: int) -> bool:
    if depths[k] != depths[other]:
        return bool(depths[k] > depths[other])
    settled, settled_other = lives.settled_at[records[k]], lives.settled_at[records[other]]
    if settled != settled_other:
        return bool(settled > settled_other)
    began, began_other = lives.first[records[k]], lives.first[records[other]]
    return bool(lives.spans[began].began_at < lives.spans[began_other].began_at)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _is_rather_rest(lives: Any, records: Any, depths: Any, k: int, other: int) -> bool:
    cancelled = lives.spans[lives.first[records[k] + 1] - 1].state == CANCELLED
    cancelled_other = lives.spans[lives.first[records[other] + 1] - 1].state == CANCELLED
    if cancelled != cancelled_other:
        return not cancelled
    settled, settled_other = lives.settled_at[records[k]], lives.settled_at[records[other]]
    if settled != settled_other:
        return bool(settled > settled_other)
    return bool(depths[k] > depths[other])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _show(lives: Any, item: int, record: int, since: int, until: int, is_end: bool, merged: Any, n: int) -> int:
    """The part of a record's life from `since` to `until`, with that instant itself at the journey's end."""
    shown, last = n, lives.first[record + 1] - 1
    for i in range(lives.first[record], last + 1):
        began_at, ended_at = lives.spans[i].began_at, lives.spans[i].ended_at
        is_instant, holds_on = began_at == ended_at, i == last and began_at == ended_at
        if holds_on:
            ended_at = max(ended_at, until)
        if is_instant and not (holds_on and began_at < since):
            is_visible = since <= began_at < until or (is_end and began_at == until)
        else:
            is_visible = began_at < until and ended_at > since
        if is_visible:
            n = _put(lives, item, record, i, max(began_at, since), min(ended_at, until), merged, n)
    over = max(lives.spans[last].ended_at, since)
    if over < until and lives.spans[last].began_at != lives.spans[last].ended_at:
        n = _put(lives, item, record, last, over, until, merged, n)
        merged.spans[n - 1].row = NOTHING
    if n == shown:
        n = _put_instant(lives, item, record, until, merged, n)
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _put_instant(lives: Any, item: int, record: int, at: int, merged: Any, n: int) -> int:
    """A span of no length that says in which state the record is at an instant."""
    i = lives.first[record]
    while i + 1 < lives.first[record + 1] and lives.spans[i + 1].began_at <= at:
        i += 1
    n = _put(lives, item, record, i, at, at, merged, n)
    merged.spans[n - 1].row = NOTHING
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _put(lives: Any, item: int, record: int, i: int, began_at: int, ended_at: int, merged: Any, n: int) -> int:
    merged.spans[n] = lives.spans[i]
    span, shape = merged.spans[n], lives.shape[record]
    span.item = item
    span.began_at = began_at
    span.ended_at = ended_at
    hides_event = began_at != lives.spans[i].began_at
    if shape == ACTIVITY_LOG_ENDS:
        hides_event = ended_at != lives.spans[i].ended_at
    if hides_event:
        span.row = NOTHING
    if ended_at > lives.spans[i].ended_at:
        _hold_on(span)
    if span.state == ACTIVE and lives.owner[record] != item:
        span.state = WAITING
        span.wait_reason = QUEUE
        span.fidelity = DERIVED
    merged.record[n] = record
    merged.own_step[n] = span.step
    merged.resumed[n] = shape == STATUS_LOG and began_at > lives.spans[i].began_at
    return n + 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _hold_on(span: Any) -> None:
    """After its last event a record stays as it is; only work is not known to go on."""
    span.fidelity = DERIVED
    if span.state == ACTIVE:
        span.state = WAITING
        span.wait_reason = UNSPECIFIED


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _stay_in_step(lives: Any, merged: Any, begin: int, end: int) -> None:
    """Pauses, and records that are taken up again without an event, leave the item in its step."""
    for k in range(begin + 1, end):
        is_another = merged.record[k] != merged.record[k - 1]
        if lives.stays[merged.spans[k].kind] or (is_another and merged.resumed[k]):
            merged.spans[k].step = merged.spans[k - 1].step


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _show_value(lives: Any, item: int, record: int, ended_at: int, merged: Any, begin: int, n: int) -> int:
    """Where the record's last event that delivers value by a rule does not show, show it as a span of no length."""
    i = lives.first[record + 1] - 1
    while i >= lives.first[record] and not (lives.is_value[lives.spans[i].kind] and lives.spans[i].row != NOTHING):
        i -= 1
    if i < lives.first[record]:
        return n
    at = lives.spans[i].ended_at if lives.shape[record] == ACTIVITY_LOG_ENDS else lives.spans[i].began_at
    if at < merged.spans[begin].began_at or at > ended_at:
        return n
    for k in range(begin, n):
        if merged.spans[k].row == lives.spans[i].row:
            return n
    k = begin
    while k < n and merged.spans[k].ended_at <= at and merged.spans[k].began_at < at:
        k += 1
    is_split = k < n and merged.spans[k].began_at < at
    _make_room(merged, k, n, 2 if is_split else 1)
    if is_split:
        merged.spans[k] = merged.spans[k + 2]
        merged.record[k] = merged.record[k + 2]
        merged.own_step[k] = merged.own_step[k + 2]
        merged.spans[k].ended_at = at
        merged.spans[k + 2].began_at = at
        merged.spans[k + 2].row = NOTHING
        k, n = k + 1, n + 1
    merged.spans[k] = lives.spans[i]
    merged.spans[k].item = item
    merged.spans[k].began_at = at
    merged.spans[k].ended_at = at
    merged.record[k] = record
    merged.own_step[k] = lives.spans[i].step
    return n + 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _make_room(merged: Any, k: int, n: int, size: int) -> None:
    for other in range(n - 1, k - 1, -1):
        merged.spans[other + size] = merged.spans[other]
        merged.record[other + size] = merged.record[other]
        merged.own_step[other + size] = merged.own_step[other]


def owners(items: Any, records: Any, demand_at: Any, n_records: int) -> npt.NDArray[np.int32]:
    """Whose work each record is: the item with the earliest demand among those that it serves, -1 where none."""
    order = np.lexsort((items, demand_at[items], records))
    sorted_records = records[order]
    is_first = np.diff(sorted_records, prepend=-1) != 0
    owner = np.full(n_records, NOTHING, np.int32)
    owner[sorted_records[is_first]] = items[order][is_first]
    return owner
