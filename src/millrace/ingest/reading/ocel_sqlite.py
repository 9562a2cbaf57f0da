"""Read the SQLite form of an object-centric log (OCEL 2.0)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from millrace.eventlog.object_centric import EVENT, OBJECT
from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.errors import DamagedFile, NotATable
from millrace.ingest.reading.headers import quoted
from millrace.ingest.reading.ocel_tables import OcelTables
from millrace.ingest.reading.spooled import spooled

FORMAT = "an object-centric log (OCEL 2.0, SQLite)"
_BATCH = 50_000
_NEEDED = {"event", "object", "event_object", "event_map_type", "object_map_type"}
_ID, _TIME, _CHANGED = "ocel_id", "ocel_time", "ocel_changed_field"
_KINDS = {"INT": "integer", "REAL": "float", "FLOA": "float", "DOUB": "float", "BOOL": "boolean", "TIME": "time"}


def read_ocel_sqlite(source: ByteSource, tables: OcelTables) -> None:
    """Read the log in `source` into `tables`. Raises DamagedFile, NotATable."""
    with spooled(source) as path, closing(_opened(path)) as database:
        try:
            _Database(source.name, database, tables).read()
        except sqlite3.Error as error:
            raise DamagedFile(source.name, FORMAT, "", str(error)) from error


def _opened(path: Path) -> sqlite3.Connection:
    """The file, read only; nothing that it holds may run."""
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    database.execute("PRAGMA trusted_schema = OFF")
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return database


class _Database:
    """The tables of the file, as far as they are tables and not views."""

    def __init__(self, name: str, database: sqlite3.Connection, tables: OcelTables) -> None:
        self._name = name
        self._database = database
        self._tables = tables
        listed = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        self._there = {name for (name,) in listed}
        if not self._there >= _NEEDED:
            lacking = ", ".join(sorted(_NEEDED - self._there))
            raise NotATable(
                name,
                f"a SQLite database without the tables of an object-centric log (it lacks {lacking})",
                "Export the log as OCEL 2.0, or its table as CSV, XLSX, JSON or Parquet.",
            )

    def read(self) -> None:
        # The table of all events holds their order, the tables of their types the times.
        self._copy("events", 'SELECT ocel_id, ocel_type, NULL FROM "event"')
        self._copy("objects", 'SELECT ocel_id, ocel_type FROM "object"')
        self._copy("touches", "SELECT ocel_event_id, ocel_object_id, ocel_qualifier FROM event_object")
        if "object_object" in self._there:
            self._copy("relations", "SELECT ocel_source_id, ocel_target_id, ocel_qualifier FROM object_object")
        for scope in (EVENT, OBJECT):
            for kind, mapped in self._database.execute(f"SELECT ocel_type, ocel_type_map FROM {scope}_map_type"):
                self._declare(scope, kind, f"{scope}_{mapped}")

    def _declare(self, scope: str, kind: str, table: str) -> None:
        """Take in a type: its attributes, and what its own table holds of them."""
        if table not in self._there:
            raise DamagedFile(self._name, FORMAT, f"the type “{kind}”", f"its table “{table}” is missing")
        columns = self._database.execute(f"SELECT name, type FROM pragma_table_info({_text(table)})").fetchall()
        attributes = [(name, told) for name, told in columns if name not in (_ID, _TIME, _CHANGED)]
        declared = [(scope, kind, None, None), *((scope, kind, name, _kind(told)) for name, told in attributes)]
        self._tables.append("types", declared)
        names = [name for name, _ in attributes]
        if scope == EVENT:
            for rows in _batches(self._database.execute(f"SELECT ocel_id, ocel_time FROM {quoted(table)}")):
                self._tables.date_events([(_as_text(event), _as_text(time)) for event, time in rows])
            for name in names:
                filled = f"WHERE {quoted(name)} IS NOT NULL"
                self._copy(
                    "event_values", f"SELECT ocel_id, {_text(name)}, {quoted(name)} FROM {quoted(table)} {filled}"
                )
            return
        has_changes = _CHANGED in {name for name, _ in columns}
        for name in names:
            changed = f"AND coalesce({_CHANGED}, {_text(name)}) = {_text(name)}" if has_changes else ""
            self._copy(
                "object_values",
                f"SELECT ocel_id, {_text(name)}, ocel_time, {quoted(name)} FROM {quoted(table)} "
                f"WHERE {quoted(name)} IS NOT NULL {changed}",
            )

    def _copy(self, table: str, query: str) -> None:
        for rows in _batches(self._database.execute(query)):
            self._tables.append(table, [tuple(map(_as_text, row)) for row in rows])


def _batches(cursor: sqlite3.Cursor) -> Iterator[list[tuple[object, ...]]]:
    while rows := cursor.fetchmany(_BATCH):
        yield rows


def _as_text(cell: object) -> str | None:
    return cell if cell is None or isinstance(cell, str) else str(cell)


def _kind(told: str) -> str:
    """The type of an attribute, from how its column was declared."""
    return next((kind for sign, kind in _KINDS.items() if told.upper().startswith(sign)), "string")


def _text(literal: str) -> str:
    return "'" + literal.replace("'", "''") + "'"
