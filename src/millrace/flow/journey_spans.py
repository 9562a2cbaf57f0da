"""The spans of journeys: of all records that serve an item, at every instant the one that the requester waits for.

That is the deepest record, counted in links from the root, that has begun and is not settled (done or cancelled for
good); of several equally deep ones the one that is settled last, and of those the one that began first. Where none is
open, the item rests with the one that was settled last, a cancelled one only where all are. A record's last state holds
on after its last event, but for work: nobody is known to work on it any more, so it waits. So the spans partition the
time from the demand to the last event of any of the records.

A record that serves several items keeps all of them waiting, but is worked on once: its work belongs to the item whose
demand came first, and the others wait in its queue.
"""

from typing import Any

import numba
import numpy as np

from millrace.flow.handle_time import UNSPECIFIED
from millrace.flow.spans import (
    ACTIVE,
    CANCELLED,
    DERIVED,
    NOTHING,
    QUEUE,
    SPAN,
    WAITING,
    Records,
)


def journey_spans(
    spans: Records, first_span: Any, settled_at: Any, closes: Any, is_value: Any,
    first_item: int, first: Any, records: Any, depths: Any, owner: Any,
) -> tuple[Records, Any]:  # fmt: skip
    """The spans of the items `first_item`, `first_item + 1`, …, and the record of each span.

    Record r has the `spans` from `first_span[r]` to `first_span[r + 1]`; it `closes` its spans by its events where it
    reports ends of work only. The items' rows of `records` and `depths` begin at `first`. `owner[r]` is the item whose
    work r is. `is_value` tells of each kind whether it delivers value by a rule: such an event always shows.
    """
    n_spans = np.diff(first_span)[records[first[0] : first[-1]]]
    room = int(n_spans.sum()) + 6 * int(first[-1] - first[0]) + 6 * (len(first) - 1)
    merged, record_of = np.empty(room, SPAN), np.empty(room, np.int32)
    n = _merge(
        spans, first_span, settled_at, closes, is_value, first_item, first, records, depths, owner, merged, record_of
    )
    return merged[:n], record_of[:n]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _merge(
    spans: Any, first_span: Any, settled_at: Any, closes: Any, is_value: Any, first_item: int, first: Any,
    records: Any, depths: Any, owner: Any, merged: Any, record_of: Any,
) -> Any:  # fmt: skip
    n = np.int64(0)
    for place in range(len(first) - 1):
        item, low, high = first_item + place, first[place], first[place + 1]
        begin = n
        demand_at = spans[first_span[records[low]]].began_at
        ended_at = demand_at
        for k in range(low, high):
            ended_at = max(ended_at, spans[first_span[records[k] + 1] - 1].ended_at)
        points = _turning_points(spans, first_span, settled_at, records, low, high, demand_at, ended_at)
        waited_for, since = NOTHING, demand_at
        for at in points:
            record = _waited_for(spans, first_span, settled_at, records, depths, low, high, at)
            if record != waited_for:
                if waited_for != NOTHING:
                    n = _show(
                        spans, first_span, closes, owner, item, waited_for, since, at, False, merged, record_of, n
                    )
                waited_for, since = record, at
        n = _show(spans, first_span, closes, owner, item, waited_for, since, ended_at, True, merged, record_of, n)
        for k in range(low, high):
            n = _show_value(
                spans, first_span, closes, is_value, item, records[k], ended_at, merged, record_of, begin, n
            )
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _turning_points(
    spans: Any, first_span: Any, settled_at: Any, records: Any, low: int, high: int, demand_at: int, ended_at: int
) -> Any:
    """The instants, in order, at which another record may be waited for: beginnings, settlements, the ends."""
    points = np.empty(2 * (high - low) + 2, np.int64)
    points[0], points[1], n = demand_at, ended_at, 2
    for k in range(low, high):
        for at in (spans[first_span[records[k]]].began_at, settled_at[records[k]]):
            if demand_at < at < ended_at:
                points[n] = at
                n += 1
    return np.unique(points[:n])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _waited_for(
    spans: Any, first_span: Any, settled_at: Any, records: Any, depths: Any, low: int, high: int, at: int
) -> int:
    """The record that is waited for from the instant `at` on."""
    best, rests = NOTHING, NOTHING
    for k in range(low, high):
        record = records[k]
        if spans[first_span[record]].began_at > at:
            continue
        if settled_at[record] > at:
            if best == NOTHING or _is_rather_open(spans, first_span, settled_at, records, depths, k, best):
                best = k
        elif rests == NOTHING or _is_rather_rest(spans, first_span, settled_at, records, depths, k, rests):
            rests = k
    return int(records[best] if best != NOTHING else records[rests])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _is_rather_open(
    spans: Any, first_span: Any, settled_at: Any, records: Any, depths: Any, k: int, other: int
) -> bool:
    if depths[k] != depths[other]:
        return bool(depths[k] > depths[other])
    settled, settled_other = settled_at[records[k]], settled_at[records[other]]
    if settled != settled_other:
        return bool(settled > settled_other)
    began, began_other = spans[first_span[records[k]]].began_at, spans[first_span[records[other]]].began_at
    return bool(began < began_other)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _is_rather_rest(
    spans: Any, first_span: Any, settled_at: Any, records: Any, depths: Any, k: int, other: int
) -> bool:
    cancelled = spans[first_span[records[k] + 1] - 1].state == CANCELLED
    cancelled_other = spans[first_span[records[other] + 1] - 1].state == CANCELLED
    if cancelled != cancelled_other:
        return not cancelled
    settled, settled_other = settled_at[records[k]], settled_at[records[other]]
    if settled != settled_other:
        return bool(settled > settled_other)
    return bool(depths[k] > depths[other])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _show(
    spans: Any, first_span: Any, closes: Any, owner: Any, item: int, record: int, since: int, until: int,
    is_end: bool, merged: Any, record_of: Any, n: int,
) -> int:  # fmt: skip
    """The part of a record's life from `since` to `until`, with that instant itself at the journey's end."""
    shown, last = n, first_span[record + 1] - 1
    for i in range(first_span[record], last + 1):
        began_at, ended_at = spans[i].began_at, spans[i].ended_at
        holds_on = i == last and began_at == ended_at
        if holds_on:
            ended_at = max(ended_at, until)
        if began_at == spans[i].ended_at and not (holds_on and began_at < since):
            is_visible = since <= began_at < until or (is_end and began_at == until)
        else:
            is_visible = began_at < until and ended_at > since
        if is_visible:
            n = _put(spans, closes, owner, item, record, i, max(began_at, since), min(ended_at, until), merged,
                     record_of, n)  # fmt: skip
    over = max(spans[last].ended_at, since)
    if over < until and spans[last].began_at != spans[last].ended_at:
        n = _put(spans, closes, owner, item, record, last, over, until, merged, record_of, n)
        merged[n - 1].row = NOTHING
    if n == shown:
        n = _put_instant(spans, first_span, closes, owner, item, record, until, merged, record_of, n)
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _put_instant(
    spans: Any, first_span: Any, closes: Any, owner: Any, item: int, record: int, at: int, merged: Any,
    record_of: Any, n: int,
) -> int:  # fmt: skip
    """A span of no length that says in which state the record is at an instant."""
    i = first_span[record]
    while i + 1 < first_span[record + 1] and spans[i + 1].began_at <= at:
        i += 1
    n = _put(spans, closes, owner, item, record, i, at, at, merged, record_of, n)
    merged[n - 1].row = NOTHING
    return n


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _put(
    spans: Any, closes: Any, owner: Any, item: int, record: int, i: int, began_at: int, ended_at: int, merged: Any,
    record_of: Any, n: int,
) -> int:  # fmt: skip
    merged[n] = spans[i]
    span = merged[n]
    span.item = item
    span.began_at = began_at
    span.ended_at = ended_at
    if (ended_at if closes[record] else began_at) != (spans[i].ended_at if closes[record] else spans[i].began_at):
        span.row = NOTHING
    if ended_at > spans[i].ended_at:
        _hold_on(span)
    if span.state == ACTIVE and owner[record] != item:
        span.state = WAITING
        span.wait_reason = QUEUE
        span.fidelity = DERIVED
    record_of[n] = record
    return n + 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _hold_on(span: Any) -> None:
    """After its last event a record stays as it is; only work is not known to go on."""
    span.fidelity = DERIVED
    if span.state == ACTIVE:
        span.state = WAITING
        span.wait_reason = UNSPECIFIED


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _show_value(
    spans: Any, first_span: Any, closes: Any, is_value: Any, item: int, record: int, ended_at: int, merged: Any,
    record_of: Any, begin: int, n: int,
) -> int:  # fmt: skip
    """Where the record's last event that delivers value by a rule does not show, show it as a span of no length."""
    i = first_span[record + 1] - 1
    while i >= first_span[record] and not (is_value[spans[i].kind] and spans[i].row != NOTHING):
        i -= 1
    if i < first_span[record]:
        return n
    at = spans[i].ended_at if closes[record] else spans[i].began_at
    k = begin
    while k < n and merged[k].ended_at <= at and not (merged[k].began_at == at == merged[k].ended_at):
        k += 1
    for other in range(begin, n):
        if merged[other].row == spans[i].row:
            return n
    if at < merged[begin].began_at or at > ended_at:
        return n
    is_split = k < n and merged[k].began_at < at
    moved = 2 if is_split else 1
    for other in range(n - 1, k - 1, -1):
        merged[other + moved] = merged[other]
        record_of[other + moved] = record_of[other]
    if is_split:
        merged[k] = merged[k + 2]
        record_of[k] = record_of[k + 2]
        merged[k].ended_at = at
        merged[k + 2].began_at = at
        merged[k + 2].row = NOTHING
        k += 1
    merged[k] = spans[i]
    merged[k].item = item
    merged[k].began_at = at
    merged[k].ended_at = at
    record_of[k] = record
    return n + moved


def owners(items: Any, records: Any, demand_at: Any, n_records: int) -> Any:
    """Whose work each record is: the item with the earliest demand among those that it serves, -1 where none."""
    order = np.lexsort((items, demand_at[items], records))
    sorted_records = records[order]
    is_first = np.diff(sorted_records, prepend=-1) != 0
    owner = np.full(n_records, NOTHING, np.int32)
    owner[sorted_records[is_first]] = items[order][is_first]
    return owner
