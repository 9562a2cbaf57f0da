"""Columns of records: the fields of a structured array, each laid out by itself, in one compiled pass."""

from typing import Any

import numba
import numpy as np

from millrace.flow.spans import Records

_WORD = 8
_UNSIGNED = (np.uint8, np.uint16, np.uint32, np.uint64)


def record_columns(records: Records, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of `records` but those to `leave_out`.

    Their type must be aligned (`numpy.dtype(…, align=True)`). Copying field by field with numpy would take the
    interpreter's lock, and a wait for it, per field.
    """
    fields = {name: place for name, place in (records.dtype.fields or {}).items() if name not in leave_out}
    places = np.array([(of_type.itemsize, offset) for of_type, offset, *_ in fields.values()], np.int64)
    n_words = -(-len(records) * places[:, 0] // _WORD)
    begins = np.concatenate(([0], np.cumsum(n_words)))
    room = np.empty(begins[-1], np.uint64)
    rows = np.ascontiguousarray(records).view(np.uint8).reshape(len(records), records.dtype.itemsize)
    _lay_out(tuple(map(rows.view, _UNSIGNED)), tuple(map(room.view, _UNSIGNED)), places, begins)
    return {
        name: room[begin:end].view(records.dtype[name])[: len(records)]
        for name, begin, end in zip(fields, begins[:-1], begins[1:], strict=True)
    }


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _lay_out(rows: Any, room: Any, places: Any, begins: Any) -> None:
    """Copy each field to where its column begins (in words); `rows` and `room` as numbers of 1, 2, 4 and 8 bytes."""
    for field in range(len(places)):
        width, offset = places[field]
        at, begin = offset // width, begins[field] * _WORD // width
        if width == 8:
            _copy(rows[3], at, room[3], begin)
        elif width == 4:
            _copy(rows[2], at, room[2], begin)
        elif width == 2:
            _copy(rows[1], at, room[1], begin)
        else:
            _copy(rows[0], at, room[0], begin)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _copy(rows: Any, field: int, column: Any, begin: int) -> None:
    for i in range(len(rows)):
        column[begin + i] = rows[i, field]
