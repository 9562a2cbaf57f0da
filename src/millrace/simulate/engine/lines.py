"""What waits for a pool of people, and what is to happen next: two heaps, compiled.

A waiting line is a pairing heap whose nodes are the items themselves, so that an item can leave it from the middle or
get ahead. (Whoever changes this module has the compiled engine made anew by saving `kernel.py` too.)
"""

from typing import Any

import numba

NONE = -1

_jit = numba.njit(cache=True, nogil=True)


@_jit  # type: ignore[untyped-decorator]
def is_before(items: Any, one: int, other: int) -> bool:
    """Whether one item's turn comes before another's: by rank, then by order, then by number."""
    a, b = items[one], items[other]
    if a.rank != b.rank:
        return bool(a.rank < b.rank)
    if a.order != b.order:
        return bool(a.order < b.order)
    return one < other


@_jit  # type: ignore[untyped-decorator]
def meld(items: Any, one: int, other: int) -> int:
    """Join two lines by their heads; the head of both."""
    if one == NONE:
        return other
    if other == NONE:
        return one
    if is_before(items, other, one):
        one, other = other, one
    first = items[one].child
    items[other].sibling, items[other].before = first, one
    if first != NONE:
        items[first].before = other
    items[one].child = other
    return one


@_jit  # type: ignore[untyped-decorator]
def put_in(items: Any, pool: Any, i: int, rank: int, order: int) -> None:
    """Let an item queue."""
    item = items[i]
    item.rank, item.order = rank, order
    item.child, item.sibling, item.before = NONE, NONE, NONE
    pool.root = meld(items, pool.root, i)


@_jit  # type: ignore[untyped-decorator]
def take_out(items: Any, pool: Any, i: int) -> None:
    """Let an item leave the line, wherever in it it is."""
    item = items[i]
    rest = _paired(items, item.child)
    item.child = NONE
    if i == pool.root:
        pool.root = rest
        return
    if items[item.before].child == i:
        items[item.before].child = item.sibling
    else:
        items[item.before].sibling = item.sibling
    if item.sibling != NONE:
        items[item.sibling].before = item.before
    pool.root = meld(items, pool.root, rest)


@_jit  # type: ignore[untyped-decorator]
def _paired(items: Any, first: int) -> int:
    """One line of a chain of lines: pairs from the left, then all of them from the right."""
    pairs = NONE
    while first != NONE:
        second = items[first].sibling
        following = NONE
        items[first].sibling = NONE
        if second != NONE:
            following = items[second].sibling
            items[second].sibling = NONE
        head = meld(items, first, second)
        items[head].sibling = pairs
        pairs, first = head, following
    joined = NONE
    while pairs != NONE:
        following = items[pairs].sibling
        items[pairs].sibling = NONE
        joined = meld(items, joined, pairs)
        pairs = following
    return joined


@_jit  # type: ignore[untyped-decorator]
def put_on(agenda: Any, n: int, at: int, order: int, what: int, who: int, phase: int) -> None:
    """Put on the agenda of `n` entries what is to happen; where instants are equal, the lower order comes first."""
    place = n
    while place:
        above = (place - 1) >> 1
        if agenda[above].at < at or (agenda[above].at == at and agenda[above].order < order):
            break
        agenda[place] = agenda[above]
        place = above
    entry = agenda[place]
    entry.at, entry.order, entry.what, entry.who, entry.phase = at, order, what, who, phase


@_jit  # type: ignore[untyped-decorator]
def take_off(agenda: Any, n: int) -> None:
    """Take the first of `n` entries off the agenda."""
    last = n - 1
    at, order = agenda[last].at, agenda[last].order
    place, below = 0, 1
    while below < last:
        right = below + 1
        if right < last and (
            agenda[right].at < agenda[below].at
            or (agenda[right].at == agenda[below].at and agenda[right].order < agenda[below].order)
        ):
            below = right
        if at < agenda[below].at or (at == agenda[below].at and order < agenda[below].order):
            break
        agenda[place] = agenda[below]
        place, below = below, 2 * below + 1
    agenda[place] = agenda[last]
