"""Dealing: the events of a log as numbers, in hands of whole items, each item in the order of its events.

A log comes in any order, larger than memory perhaps. Its rows are dealt by item into hands small enough for the
processor's cache; larger logs keep their hands on disk until they are taken up. A hand is then laid out: its items
found by their keys, their events sorted by start, end and position, equal ones as they stand in the log.
"""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from millrace.flow.item_keys import item_key, mixed
from millrace.flow.spans import Events, Records

DEALT = np.dtype(
    [
        ("key_low", np.uint64),
        ("key_high", np.uint64),
        ("started_at", np.int64),
        ("at", np.int64),
        ("position", np.int64),
        ("row", np.int64),
        ("kind", np.int32),
        ("person", np.int32),
    ]
)
"""An event in a hand, its item by its key (see `flow.item_keys`)."""

_SHORT_RUN = 16
"""So few events are sorted by insertion."""


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def deal(
    ids: Any, id_ends: Any, started_at: Any, at: Any, position: Any, kind: Any, person: Any, first_row: int,
    n_hands: int,
) -> Any:  # fmt: skip
    """Rows of a log that follow `first_row`, hand after hand; and where each hand begins.

    Id i lies in bytes `id_ends[i] : id_ends[i + 1]` of `ids`. The rows of a hand stay in their order.
    """
    n_rows = len(at)
    lows, highs = np.empty(n_rows, np.uint64), np.empty(n_rows, np.uint64)
    hands = np.empty(n_rows, np.int32)
    begins = np.zeros(n_hands + 1, np.int64)
    for i in range(n_rows):
        lows[i], highs[i] = item_key(ids, id_ends[i], id_ends[i + 1])
        # The upper half of the bits, scaled to the number of hands: a division would cost more.
        hands[i] = ((_spread(lows[i], highs[i]) >> np.uint64(32)) * np.uint64(n_hands)) >> np.uint64(32)
        begins[hands[i] + 1] += 1
    for hand in range(n_hands):
        begins[hand + 1] += begins[hand]
    room, dealt = begins.copy(), np.empty(n_rows, DEALT)
    for i in range(n_rows):
        event = dealt[room[hands[i]]]
        room[hands[i]] += 1
        event.key_low = lows[i]
        event.key_high = highs[i]
        event.started_at = started_at[i]
        event.at = at[i]
        event.position = position[i]
        event.row = first_row + i
        event.kind = kind[i]
        event.person = person[i]
    return dealt, begins


def laid_out(hand: Records, people: npt.NDArray[np.int32]) -> tuple[Events, int]:
    """The events of a hand, whole items in a row, and the number of its items; the first is item 0.

    `people` tells for each number of a person the one to take instead.
    """
    columns, n_items = _laid_out(hand, people)
    return Events(*columns), n_items


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _laid_out(hand: Any, people: Any) -> Any:
    items, n_items = _items(hand)
    return _in_order(hand, items, _order(hand, items, n_items), people), n_items


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _items(hand: Any) -> Any:
    """The number of each event's item, in order of appearance, and how many there are."""
    n_slots = 16
    while n_slots < 2 * len(hand):
        n_slots *= 2
    first_event = np.full(n_slots, -1, np.int32)
    items, n_items = np.empty(len(hand), np.int32), 0
    for i in range(len(hand)):
        low, high = hand[i].key_low, hand[i].key_high
        slot = np.int64(_spread(low, high) & np.uint64(n_slots - 1))
        while True:
            first = first_event[slot]
            if first < 0:
                first_event[slot] = i
                items[i] = n_items
                n_items += 1
                break
            if hand[first].key_low == low and hand[first].key_high == high:
                items[i] = items[first]
                break
            slot = (slot + 1) & (n_slots - 1)
    return items, n_items


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _spread(low: Any, high: Any) -> Any:
    return mixed(low ^ mixed(high))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _order(hand: Any, items: Any, n_items: int) -> Any:
    """Places in the hand, item after item, each in the order of its events."""
    begins = np.zeros(n_items + 1, np.int64)
    for item in items:
        begins[item + 1] += 1
    for item in range(n_items):
        begins[item + 1] += begins[item]
    room, order = begins.copy(), np.empty(len(hand), np.int32)
    for i in range(len(hand)):
        order[room[items[i]]] = i
        room[items[i]] += 1
    spare = np.empty(len(hand), np.int32)
    for item in range(n_items):
        _sort(hand, order, spare, begins[item], begins[item + 1])
    return order


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _in_order(hand: Any, items: Any, order: Any, people: Any) -> Any:
    """The columns of `Events`, each in the order of places."""
    n = len(order)
    item, kind, person = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    at, started_at, row = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    for i in range(n):
        event = hand[order[i]]
        item[i] = items[order[i]]
        at[i] = event.at
        started_at[i] = event.started_at
        kind[i] = event.kind
        person[i] = people[event.person]
        row[i] = event.row
    return item, at, started_at, kind, person, row


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _sort(hand: Any, order: Any, spare: Any, begin: int, end: int) -> None:
    """Sort one item's events: short runs by insertion, and these merged. Equal events keep their order."""
    for run in range(begin, end, _SHORT_RUN):
        for i in range(run + 1, min(run + _SHORT_RUN, end)):
            place, k = order[i], i
            while k > run and _is_before(hand[place], hand[order[k - 1]]):
                order[k] = order[k - 1]
                k -= 1
            order[k] = place
    width = _SHORT_RUN
    while width < end - begin:
        for run in range(begin, end, 2 * width):
            _merge(hand, order, spare, run, min(run + width, end), min(run + 2 * width, end))
        for k in range(begin, end):  # as a slice it takes seconds to compile
            order[k] = spare[k]
        width *= 2


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _merge(hand: Any, order: Any, spare: Any, begin: int, middle: int, end: int) -> None:
    left, right = begin, middle
    for k in range(begin, end):
        if right == end or (left < middle and not _is_before(hand[order[right]], hand[order[left]])):
            spare[k] = order[left]
            left += 1
        else:
            spare[k] = order[right]
            right += 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _is_before(event: Any, other: Any) -> bool:
    if event.started_at != other.started_at:
        return bool(event.started_at < other.started_at)
    if event.at != other.at:
        return bool(event.at < other.at)
    return bool(event.position < other.position)
