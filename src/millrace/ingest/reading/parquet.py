"""Read a Parquet file: as a view on the file itself, so that nothing is copied."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import duckdb

from millrace.ingest.raw import ROW, RawColumn, RawTable
from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.errors import DamagedFile, NoRows
from millrace.ingest.reading.headers import quoted, unique_names
from millrace.ingest.reading.spooled import spooled

_ROW_IN_FILE = "file_row_number"


def read_parquet(source: ByteSource, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Give `source` as a view of `connection`, or as a table where it had to be unpacked."""
    relation = f"source_{uuid4().hex[:12]}"
    with _damage_told(source.name), spooled(source) as path:
        columns, picks = _columns(path, connection)
        n_rows = connection.execute(f"SELECT count(*) FROM read_parquet({_text(path)})").fetchall()[0][0]
        if not n_rows:
            raise NoRows(source.name, tuple(column.name for column in columns))
        kind = "TABLE" if source.is_packed else "VIEW"
        connection.execute(
            f"CREATE {kind} {relation} AS SELECT {_ROW_IN_FILE} + 1 AS {quoted(ROW)}, {picks} "
            f"FROM read_parquet({_text(path)}, file_row_number = true)"
        )
    return RawTable(
        relation=relation,
        source_name=source.name,
        unit="row",
        columns=tuple(columns),
        n_rows=n_rows,
        parquet_path=None if source.is_packed else source.path,
    )


def _columns(path: Path, connection: duckdb.DuckDBPyConnection) -> tuple[list[RawColumn], str]:
    """The columns under unique names, and the expressions that select them."""
    found = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_text(path)})").fetchall()
    names = unique_names(str(name) for name, *_ in found)
    columns = [RawColumn(name, str(kind)) for name, (_, kind, *_) in zip(names, found, strict=True)]
    picks = (f"{quoted(str(given))} AS {quoted(name)}" for name, (given, *_) in zip(names, found, strict=True))
    return columns, ", ".join(picks)


def _text(path: Path) -> str:
    return "'" + str(path.absolute()).replace("'", "''") + "'"


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error as error:
        raise DamagedFile(
            name, "a Parquet file", "", str(error).strip().splitlines()[0].rpartition("Error: ")[2]
        ) from error
