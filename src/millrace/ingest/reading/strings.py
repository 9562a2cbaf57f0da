"""Cells of a block of bytes, given by where they begin and end, as a column of texts."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import pyarrow as pa


@njit(cache=True, nogil=True)
def _offsets(begins, ends, offsets):  # type: ignore[no-untyped-def]
    total = 0
    for i in range(len(begins)):
        if begins[i] >= 0:
            total += ends[i] - begins[i]
        offsets[i + 1] = total
    return total


@njit(cache=True, nogil=True)
def _gather(buffer, begins, ends, offsets, data):  # type: ignore[no-untyped-def]
    for i in range(len(begins)):
        at, begin = offsets[i], begins[i]
        for k in range(offsets[i + 1] - at):
            data[at + k] = buffer[begin + k]


@njit(cache=True, nogil=True)
def _gather_unescaped(buffer, begins, ends, escape, quote, offsets, data):  # type: ignore[no-untyped-def]
    """As `_gather`, leaving out each escape that stands before a quote or another escape; gives the new length."""
    to = 0
    for i in range(len(begins)):
        at = begins[i]
        offsets[i] = to
        while 0 <= at < ends[i]:
            follows = buffer[at + 1] if at + 1 < ends[i] else 0
            if buffer[at] == escape and follows in (quote, escape):
                at += 1
            data[to] = buffer[at]
            to += 1
            at += 1
    offsets[len(begins)] = to
    return to


def texts(buffer: Any, begins: Any, ends: Any) -> "pa.Array":
    """The bytes `buffer[begins[i]:ends[i]]` as UTF-8 texts; a negative begin is nothing (null).

    `buffer` is an array of bytes that hold valid UTF-8 at these places.
    """
    offsets = np.zeros(len(begins) + 1, np.int32)
    data = np.empty(_offsets(begins, ends, offsets), np.uint8)
    _gather(buffer, begins, ends, offsets, data)
    return _array(begins, offsets, data)


def unescaped_texts(buffer: Any, begins: Any, ends: Any, escape: int, quote: int) -> "pa.Array":
    """As `texts`, with each `quote` and `escape` freed from the `escape` in front of it."""
    offsets = np.zeros(len(begins) + 1, np.int32)
    data = np.empty(_offsets(begins, ends, offsets), np.uint8)
    n_bytes = _gather_unescaped(buffer, begins, ends, escape, quote, offsets, data)
    return _array(begins, offsets, data[:n_bytes])


def _array(begins: Any, offsets: Any, data: Any) -> "pa.Array":
    import pyarrow as pa

    known = np.packbits(begins >= 0, bitorder="little")
    return pa.StringArray.from_buffers(len(begins), pa.py_buffer(offsets), pa.py_buffer(data), pa.py_buffer(known))
