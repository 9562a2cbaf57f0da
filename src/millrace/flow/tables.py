"""The tables of a flow while they are written: Parquet files that grow by row groups."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_ROWS = 131_072
"""Rows of a row group on disk."""
_INSTANTS = {"began_at", "ended_at", "demand_at", "value_at", "first_owned_at"}
_MAY_BE_NULL = {"value_at", "first_owned_at"}
"""What may not have come. In all other columns a code stands for what is not known: the engine need not look."""
_NARROW = (pa.int8(), pa.int16(), pa.bool_())
"""Types of columns of few values, which compress well and fast. Instants and durations are written as they are: a third
smaller, all of it would take half as long again to write."""

Columns = dict[str, Any]


class Tables:
    """The three tables, written behind the caller's back."""

    def __init__(self, folder: Path) -> None:
        """Begin `spans.parquet`, `visits.parquet` and `items.parquet` in `folder`."""
        self._threads = ThreadPoolExecutor(3)
        self.spans = Table(folder / "spans.parquet", self._threads)
        self.visits = Table(folder / "visits.parquet", self._threads)
        self.items = Table(folder / "items.parquet", self._threads)

    def __enter__(self) -> "Tables":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is left and end the files."""
        with self._threads:
            for table in (self.spans, self.visits, self.items):
                table.close()


class Table:
    """A Parquet file that grows by row groups."""

    def __init__(self, path: Path, threads: ThreadPoolExecutor) -> None:
        """Begin with the first rows, which tell what the columns are."""
        self._path = path
        self._threads = threads
        self._held: list[Columns] = []
        self._n_held = 0
        self._pending: Future[None] | None = None
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: Columns) -> None:
        """Take more rows; once they make a row group, have it written, after the one before."""
        self._held.append(rows)
        self._n_held += len(next(iter(rows.values())))
        if self._n_held >= GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._pending is not None:
            self._pending.result()
        if self._held:
            self._pending = self._threads.submit(self._append, self._held)
        self._held, self._n_held = [], 0

    def _append(self, portions: list[Columns]) -> None:
        columns = {name: _chunks(name, [portion[name] for portion in portions]) for name in portions[0]}
        schema = pa.schema([pa.field(name, each.type, name in _MAY_BE_NULL) for name, each in columns.items()])
        if self._writer is None:
            # Codes are near their neighbours: their differences are written.
            codes = [field.name for field in schema if field.type == pa.int32()]
            self._writer = pq.ParquetWriter(
                self._path,
                schema,
                compression={field.name: "LZ4" if field.type in _NARROW else "NONE" for field in schema},
                use_dictionary=False,
                write_statistics=["item"],  # rows stand by item, so that few row groups hold the one that is sought
                column_encoding=dict.fromkeys(codes, "DELTA_BINARY_PACKED"),
            )
        self._writer.write_table(pa.table(columns, schema), row_group_size=GROUP_ROWS)

    def close(self) -> None:
        """Write what is left and end the file."""
        self._flush()
        if self._pending is not None:
            self._pending.result()
        if self._writer is not None:
            self._writer.close()


def _chunks(name: str, arrays: list[Any]) -> pa.ChunkedArray:
    if name in _INSTANTS:
        arrays = [array.view("datetime64[us]") for array in arrays]
    return pa.chunked_array([pa.array(array) for array in arrays])
