"""An object-centric log as it was read: objects, events and relations as tables of the engine, nothing judged yet."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import duckdb

from millrace.eventlog.object_centric import OBJECT_TABLES

if TYPE_CHECKING:
    import pyarrow as pa

TABLES: Mapping[str, tuple[str, ...]] = {
    table: tuple("time" if column == "at" else column for column in columns) for table, columns in OBJECT_TABLES.items()
}
"""Tables and their columns as in `OBJECT_TABLES`, all of them texts: times stand as they were written."""


_MOST_IN_ONE = 1 << 24
"""Rows of one element that can be told apart by their place in it."""


class OcelTables:
    """The growing tables of one log in the engine."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the tables, empty."""
        self.connection = connection
        self._prefix = f"ocel_{uuid4().hex[:12]}"
        self._n_rows = dict.fromkeys(TABLES, 0)
        for table, columns in TABLES.items():
            texts = ", ".join(f"{column} VARCHAR" for column in columns)
            connection.execute(f"CREATE TABLE {self[table]} (row BIGINT, {texts})")

    def __getitem__(self, table: str) -> str:
        """The name of a table in the engine."""
        return f"{self._prefix}_{table}"

    def append(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Append rows of texts."""
        import pyarrow as pa

        if rows:
            columns = zip(*rows, strict=True)
            named = dict(zip(TABLES[table], (pa.array(column, pa.string()) for column in columns), strict=True))
            self.append_from(table, pa.table(named), ", ".join(TABLES[table]))

    def append_from(self, table: str, rows: "pa.Table", columns: str, *, unnested: str = "") -> None:
        """Append what `SELECT {columns}` yields from these rows, each joined with `unnested`, a list in it."""
        import pyarrow as pa

        view, before = f"{self._prefix}_rows", self._n_rows[table]
        places = pa.array(range(before + 1, before + 1 + rows.num_rows))
        self.connection.register(view, rows.append_column("place", places))
        try:
            # What stands in one element keeps its order: the engine's joins do not.
            nth = "nth" if unnested else "0"
            self.connection.execute(
                f"INSERT INTO {self[table]} SELECT place * {_MOST_IN_ONE} + {nth}, {columns} FROM {view}{unnested}"
            )
        finally:
            self.connection.unregister(view)
        self._n_rows[table] = before + rows.num_rows

    def date_events(self, times: Sequence[tuple[str | None, str | None]]) -> None:
        """Give events that are in their times: pairs of an event's id and its time."""
        import pyarrow as pa

        ids, instants = (pa.array(column, pa.string()) for column in zip(*times, strict=True))
        view = f"{self._prefix}_times"
        self.connection.register(view, pa.table({"event": ids, "dated": instants}))
        try:
            self.connection.execute(f"UPDATE {self['events']} SET time = dated FROM {view} WHERE id = event")
        finally:
            self.connection.unregister(view)

    def drop(self) -> None:
        """Take the tables out of the engine."""
        for table in TABLES:
            self.connection.execute(f"DROP TABLE IF EXISTS {self[table]}")
