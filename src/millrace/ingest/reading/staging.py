"""A table of the engine that grows block by block and vanishes again if reading fails."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import duckdb

from millrace.ingest.raw import ROW
from millrace.ingest.reading.headers import quoted

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_BYTES = 32 * 2**20


class Staging:
    """A growing table: `relation` in the engine, with `ROW` and the columns that were added."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, types: Mapping[str, str]) -> None:
        """Create the table with columns of these types."""
        self.connection = connection
        self.relation = f"source_{uuid4().hex[:12]}"
        self.types = dict(types)
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in ((ROW, "BIGINT"), *types.items()))
        connection.execute(f"CREATE TABLE {self.relation} ({columns})")

    def add_columns(self, types: Mapping[str, str]) -> None:
        """Add columns of these types; rows that are in have nothing there."""
        for name, kind in types.items():
            self.connection.execute(f"ALTER TABLE {self.relation} ADD COLUMN {quoted(name)} {kind}")
            self.types[name] = kind

    def widen(self, name: str, kind: str) -> None:
        """Make a column of a type that holds more."""
        self.connection.execute(f"ALTER TABLE {self.relation} ALTER COLUMN {quoted(name)} TYPE {kind}")
        self.types[name] = kind

    def append(self, rows: "pa.Table", expressions: Mapping[str, str] | None = None) -> None:
        """Append Arrow columns by name; `expressions` says how some of them become what the table holds."""
        expressions = expressions or {}
        parts = (f"{expressions.get(name, quoted(name))} AS {quoted(name)}" for name in rows.column_names)
        view = f"{self.relation}_rows"
        self.connection.register(view, rows)
        try:
            self.connection.execute(f"INSERT INTO {self.relation} BY NAME SELECT {', '.join(parts)} FROM {view}")
        finally:
            self.connection.unregister(view)

    def delete(self, where: Mapping[str, str]) -> int:
        """Delete the rows that hold these texts in these columns; how many there were."""
        condition = " AND ".join(f"{quoted(name)} = ?" for name in where) or "false"
        values = list(where.values())
        found = self.connection.execute(f"SELECT count(*) FROM {self.relation} WHERE {condition}", values).fetchall()
        if n_rows := int(found[0][0]):
            self.connection.execute(f"DELETE FROM {self.relation} WHERE {condition}", values)
        return n_rows

    def drop_column(self, name: str) -> None:
        """Take a column out."""
        self.connection.execute(f"ALTER TABLE {self.relation} DROP COLUMN {quoted(name)}")
        del self.types[name]


def in_batches(tables: Iterable["pa.Table"]) -> Iterator["pa.Table"]:
    """The rows of small tables in larger ones: the engine takes few large batches far faster than many small ones."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(rows.nbytes for rows in waiting) > _BATCH_BYTES:
            yield pa.concat_tables(waiting, promote_options="default")
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting, promote_options="default")


@contextmanager
def staging(connection: duckdb.DuckDBPyConnection, types: Mapping[str, str] | None = None) -> Iterator[Staging]:
    """A staging table that stays if the block ends well and is dropped if it does not."""
    table = Staging(connection, types or {})
    try:
        yield table
    except BaseException:
        connection.execute(f"DROP TABLE IF EXISTS {table.relation}")
        raise
