"""Coded events: a log read once, its texts replaced by numbers, its rows dealt into hands of whole items.

Events that say the same (activity, status, team, …) share a *kind*: what a kind means is looked up once, not once per
event.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.flow.dealing import deal
from millrace.flow.hands import Hands
from millrace.flow.in_order import in_order
from millrace.flow.spans import NOTHING, Records

_LATEST = 2**63 - 1
_LARGEST_TABLE = 1 << 22
"""Up to so many possible numbers, the distinct ones are found by a table of all of them."""

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CodedEvents:
    """What the numbers in the hands stand for. An event's `kind` is a row of `kinds`; `people` has every person's
    number. Instants in microseconds since 1970 UTC."""

    kinds: pa.Table
    people: dict[str, int]
    first_at: int
    last_at: int


class _Portion(NamedTuple):
    """Rows of the log as they were dealt (see `flow.dealing.deal`), and their first and last instant."""

    dealt: Records
    begins: Int64s
    first_at: int
    last_at: int


def coded_events(log: EventLog, kind_columns: Sequence[str], hands: Hands) -> CodedEvents:
    """Read the events of `log` into `hands`; those that are equal in `kind_columns` are of one kind."""
    source = _Source(log, tuple(kind_columns), hands.n_hands)
    first_at, last_at = _LATEST, -_LATEST
    for portions in in_order(source.portions, range(source.metadata.num_row_groups)):
        for portion in portions:
            hands.put(portion.dealt, portion.begins)
            first_at, last_at = min(first_at, portion.first_at), max(last_at, portion.last_at)
    return CodedEvents(source.kind_table(), source.people.number, first_at, last_at)


class _Codes:
    """Numbers for values, in order of appearance; several threads may ask."""

    def __init__(self) -> None:
        self.number: dict[Any, int] = {}
        self._lock = Lock()

    def of(self, values: Iterable[Hashable]) -> Int32s:
        with self._lock:
            return np.array([self.number.setdefault(value, len(self.number)) for value in values], np.int32)


class _Source:
    """The file of a log, read a row group at a time, by several threads."""

    def __init__(self, log: EventLog, kind_columns: tuple[str, ...], n_hands: int) -> None:
        self.metadata = pq.read_metadata(log.events_path)
        self.kinds, self.people = _Codes(), _Codes()
        self._path, self._kind_columns, self._n_hands = log.events_path, kind_columns, n_hands
        self._starts = ["started_at"] if log.about.shape is Shape.ACTIVITY_LOG else []
        self._person = ["person"] if log.has("person") else []
        rows = [self.metadata.row_group(group).num_rows for group in range(self.metadata.num_row_groups)]
        self._first_row = np.cumsum([0, *rows])

    def portions(self, group: int) -> list[_Portion]:
        """The rows of one row group."""
        columns = ["item_id", "at", "position", *self._starts, *self._person, *self._kind_columns]
        coded = [*self._person, *self._kind_columns]
        with pq.ParquetFile(self._path, metadata=self.metadata, read_dictionary=coded) as file:
            table = file.read_row_group(group, columns=list(dict.fromkeys(columns)), use_threads=False)
        first_row, found = int(self._first_row[group]), []
        for batch in table.to_batches():
            found.append(self._portion(batch, first_row))
            first_row += batch.num_rows
        return found

    def _portion(self, batch: pa.RecordBatch, first_row: int) -> _Portion:
        at = _instants(batch["at"])
        # Work whose start is not known, or would be after its end, begins at its end.
        started_at = pc.min_element_wise(_instants(batch["started_at"]), at) if self._starts else at
        starts, ends = _numbers(started_at), _numbers(at)
        ids, id_ends = _bytes(batch["item_id"])
        dealt, begins = deal(
            ids, id_ends, starts, ends, _numbers(batch["position"]),
            self._kind_of_rows([_coded(batch[column]) for column in self._kind_columns]),
            self._person_of_rows(batch), first_row, self._n_hands,
        )  # fmt: skip
        return _Portion(dealt, begins, int(starts.min()), int(ends.max()))

    def _kind_of_rows(self, columns: list[pa.DictionaryArray]) -> Int32s:
        kinds, first_rows = np.zeros(len(columns[0]), np.int32), np.zeros(1, np.int64)
        for column in columns:
            kinds, first_rows = _told_apart(kinds, len(first_rows), _codes(column), len(column.dictionary) + 1)
        values = [column.take(pa.array(first_rows)).to_pylist() for column in columns]
        return self.kinds.of(zip(*values, strict=True))[kinds]

    def _person_of_rows(self, batch: pa.RecordBatch) -> Int32s:
        if not self._person:
            return np.full(batch.num_rows, NOTHING, np.int32)
        column = _coded(batch["person"])
        return np.append(self.people.of(column.dictionary.to_pylist()), np.int32(NOTHING))[_codes(column)]

    def kind_table(self) -> pa.Table:
        """The distinct kinds, in the order of their numbers, with the types of the log."""
        schema = pq.read_schema(self._path)
        types = [_plain(schema.field(name).type) for name in self._kind_columns]
        columns = zip(*self.kinds.number, strict=True)
        arrays = [pa.array(list(values), type_) for values, type_ in zip(columns, types, strict=True)]
        return pa.table(dict(zip(self._kind_columns, arrays, strict=True)))


def _instants(column: pa.Array) -> pa.Array:
    return pc.cast(pc.cast(column, pa.timestamp("us"), safe=False), pa.int64())


def _numbers(column: pa.Array) -> Int64s:
    """A column of numbers without nulls."""
    numbers: Int64s = pc.cast(column, pa.int64()).to_numpy()
    return numbers


def _bytes(ids: pa.Array) -> tuple[Any, Any]:
    """The bytes of all ids, and where each begins; the last entry is where the last one ends."""
    if ids.type != pa.string():
        ids = pc.cast(ids, pa.string())
    _, ends, data = ids.buffers()
    offsets = np.frombuffer(ends, np.int32)[ids.offset : ids.offset + len(ids) + 1]
    return np.frombuffer(data or b"", np.uint8), offsets


def _coded(column: pa.Array) -> pa.DictionaryArray:
    return column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)


def _plain(given: pa.DataType) -> pa.DataType:
    return given.value_type if pa.types.is_dictionary(given) else given


def _codes(column: pa.DictionaryArray) -> Int32s:
    """Each row's place in the dictionary; one past the last stands for null."""
    indices = pc.fill_null(column.indices, len(column.dictionary)) if column.null_count else column.indices
    codes: Int32s = pc.cast(indices, pa.int32()).to_numpy()
    return codes


def _told_apart(kinds: Int32s, n_kinds: int, codes: Int32s, n_codes: int) -> tuple[Int32s, Int64s]:
    """Kinds by both numbers, and the first row of each."""
    if n_kinds * n_codes <= _LARGEST_TABLE:
        kinds, first_rows = _told_apart_by_table(kinds, n_kinds, codes, n_codes)
    else:
        both = kinds.astype(np.int64) * n_codes + codes
        _, first_rows, places = np.unique(both, return_index=True, return_inverse=True)
        kinds = places.astype(np.int32)
    return kinds, first_rows


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _told_apart_by_table(kinds: Any, n_kinds: int, codes: Any, n_codes: int) -> Any:
    kind_of = np.full(n_kinds * n_codes, -1, np.int32)
    found, first_rows, n_found = np.empty(len(kinds), np.int32), np.empty(min(len(kind_of), len(kinds)), np.int64), 0
    for i in range(len(kinds)):
        both = np.int64(kinds[i]) * n_codes + codes[i]
        if kind_of[both] < 0:
            kind_of[both] = n_found
            first_rows[n_found] = i
            n_found += 1
        found[i] = kind_of[both]
    return found, first_rows[:n_found]
