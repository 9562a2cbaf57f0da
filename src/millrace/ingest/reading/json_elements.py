"""The compiled pass over a JSON document that finds the elements of its lists, so that it can be read in blocks."""

from typing import Any

import numpy as np
from numba import njit

KEY, ELEMENT = 0, 1
"""What was found: a name in the outermost object, or an object (or list) within a list (or object) below it."""

KIND, BEGIN, END = range(3)
"""The columns of `found`."""

DEPTH, CONSUMED = range(2)
"""What a pass leaves in `place`: how deep the rest begins, and where."""


_inner = njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that only compiled ones call."""


@_inner
def _end_of_text(buffer, at, size):  # type: ignore[no-untyped-def]
    """The place of the quote that ends the text which begins at `at`, or `size` where it does not end."""
    at += 1
    while at < size and buffer[at] != ord('"'):
        at += 2 if buffer[at] == ord("\\") else 1
    return min(at, size)


@_inner
def _note(found, n, kind, begin, end):  # type: ignore[no-untyped-def]
    found[n, KIND], found[n, BEGIN], found[n, END] = kind, begin, end
    return n + 1


@njit(cache=True, nogil=True)
def scan_elements(buffer, size, place, found):  # type: ignore[no-untyped-def]
    """Find names and elements in `buffer[:size]`; how many there are.

    The block is consumed up to the last whole element or name; what is left belongs in front of the next block.
    Where a bracket closes that was never opened, the depth in `place` is negative.
    """
    depth, element, n, at = place[DEPTH], -1, 0, 0
    place[CONSUMED] = size
    while at < size and depth >= 0:
        byte = buffer[at]
        if byte == ord('"'):
            end = _end_of_text(buffer, at, size)
            if end == size:
                # A text that is cut off is read again whole, outside of elements from its own beginning.
                place[CONSUMED] = at
                break
            if depth == 1:
                n = _note(found, n, KEY, at, end + 1)
            at = end
        elif byte == ord("{") or byte == ord("["):
            if depth == 2:
                element = at
            depth += 1
        elif byte == ord("}") or byte == ord("]"):
            depth -= 1
            if depth == 2:
                n, element = _note(found, n, ELEMENT, element, at + 1), -1
        at += 1
    if element >= 0:
        depth, place[CONSUMED] = 2, element
    place[DEPTH] = depth
    return n


def no_elements(size: int) -> Any:
    """Room for what a block of this size can hold."""
    return np.empty((size // 2 + 1, 3), np.int64)
