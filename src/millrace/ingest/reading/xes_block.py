"""The attributes found in one block of an XES log, as columns of texts."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from millrace.ingest.reading import xes_tags as tags
from millrace.ingest.reading.strings import texts

if TYPE_CHECKING:
    import pyarrow as pa

_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_LINE_ENDS = re.compile(r"\r\n|[\r\n\t]")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Block:
    """The attributes found in one block, by their key."""

    def __init__(self, buffer: Any, found: Any, trace_of_event: Any, n_traces: int) -> None:
        """Sort the attributes `found` in `buffer` by their key; `n_traces` counts those that begin in the block."""
        self.trace_of_event = trace_of_event
        self.n_traces = n_traces
        self._buffer = buffer
        order = np.argsort(found[:, tags.KEY], kind="stable")
        self._found = found[order]
        numbers, begins = np.unique(self._found[:, tags.KEY], return_index=True)
        ends = np.append(begins, len(order))[1:]
        self._slices = {int(number): slice(int(b), int(e)) for number, b, e in zip(numbers, begins, ends, strict=True)}

    def numbers(self, carried: Iterable[int]) -> list[int]:
        """The keys with a value in this block, and those that the open trace brings along."""
        return sorted(self._slices.keys() | set(carried))

    def values(self, number: int, n_rows: int) -> "pa.Array":
        """The values of a key, one per event or trace of the block."""
        found = self._found[self._slices.get(number, slice(0, 0))]
        begins, ends = np.full(n_rows, -1, np.int64), np.zeros(n_rows, np.int64)
        begins[found[:, tags.ROW]] = found[:, tags.BEGIN]
        ends[found[:, tags.ROW]] = found[:, tags.END]
        values = texts(self._buffer, begins, ends)
        return _with_references(values) if found[:, tags.CARE].any() else values


def _with_references(values: "pa.Array") -> "pa.Array":
    """Resolve character references; line ends and tabs that stand in a value as they are become spaces, as XML says."""
    import pyarrow as pa

    distinct = values.dictionary_encode()
    resolved = pa.array([unescaped(text) for text in distinct.dictionary.to_pylist()], pa.string())
    return resolved.take(distinct.indices)


def unescaped(text: str) -> str:
    """`text` with its character references resolved and its line ends and tabs made spaces."""
    return _REFERENCE.sub(_character, _LINE_ENDS.sub(" ", text))


def _character(reference: re.Match[str]) -> str:
    hexadecimal, decimal, name = reference.groups()
    if name:
        return _ENTITIES[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    is_character = code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if is_character else reference[0]
