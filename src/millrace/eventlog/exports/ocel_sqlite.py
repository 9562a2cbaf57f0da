"""Write a log as OCEL 2.0 in SQLite."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.export import ExportNotWritten
from millrace.eventlog.exports.whole_file import unfinished
from millrace.eventlog.object_centric import EVENT, FIRST, OBJECT, ObjectTables, object_tables

_BATCH = 20_000
_SQL_TYPES = {"integer": "INTEGER", "float": "REAL", "boolean": "BOOLEAN", "time": "TIMESTAMP"}
_RESERVED = ("ocel_id", "ocel_time", "ocel_changed_field")


@dataclass(frozen=True)
class _Type:
    """A declared type: its table, and its attributes, each with its column and its type."""

    scope: str
    name: str
    table: str
    attributes: tuple[tuple[str, str, str], ...]


def write_ocel_sqlite(log: EventLog, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write `log` to `path`; times name their zone, UTC. Raises ExportNotWritten."""
    tables = object_tables(log, connection)
    types = _types(tables, connection)
    with unfinished(path) as beside:
        beside.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(beside)) as database, database:
                database.executescript(_schema(types))
                _Writer(tables, types, connection, database).write()
        except sqlite3.Error as failure:
            raise ExportNotWritten(path, failure) from failure


def _types(tables: ObjectTables, connection: duckdb.DuckDBPyConnection) -> list[_Type]:
    found = connection.execute(f"""
        SELECT scope, type, list(struct_pack(a := attribute, k := kind) ORDER BY row) FILTER (attribute IS NOT NULL)
        FROM {tables["types"]} GROUP BY scope, type ORDER BY scope, min(row)""").fetchall()
    types, taken = [], set[str]()
    for scope, name, attributes in found:
        table = _unused(f"{scope}_{re.sub(r'[^0-9A-Za-z_]', '', name) or 'type'}", taken)
        columns = set(_RESERVED)
        told = tuple((each["a"], _unused(each["a"], columns), each["k"] or "string") for each in attributes or ())
        types.append(_Type(scope, name, table, told))
    return types


def _unused(name: str, taken: set[str]) -> str:
    """The name, or one made from it: to SQLite two that differ in case only are one."""
    given, n = name, 1
    while given.casefold() in taken:
        n += 1
        given = f"{name}_{n}"
    taken.add(given.casefold())
    return given


def _schema(types: Sequence[_Type]) -> str:
    parts = [
        f"CREATE TABLE {scope}_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);"
        f'CREATE TABLE "{scope}" (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES {scope}_map_type(ocel_type));'
        for scope in (EVENT, OBJECT)
    ]
    parts.append(
        'CREATE TABLE event_object (ocel_event_id TEXT REFERENCES "event"(ocel_id), '
        'ocel_object_id TEXT REFERENCES "object"(ocel_id), ocel_qualifier TEXT, '
        "PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));"
        'CREATE TABLE object_object (ocel_source_id TEXT REFERENCES "object"(ocel_id), '
        'ocel_target_id TEXT REFERENCES "object"(ocel_id), ocel_qualifier TEXT, '
        "PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));"
    )
    for each in types:
        own = "".join(f", {quoted(column)} {_SQL_TYPES.get(kind, 'TEXT')}" for _, column, kind in each.attributes)
        changed = ", ocel_changed_field TEXT" if each.scope == OBJECT else ""
        key = " PRIMARY KEY" if each.scope == EVENT else ""
        parts.append(
            f'CREATE TABLE {quoted(each.table)} (ocel_id TEXT{key} REFERENCES "{each.scope}"(ocel_id), '
            f"ocel_time TIMESTAMP{own}{changed});"
        )
    return "".join(parts)


@dataclass(frozen=True)
class _Writer:
    tables: ObjectTables
    types: Sequence[_Type]
    connection: duckdb.DuckDBPyConnection
    database: sqlite3.Connection

    def write(self) -> None:
        for scope in (EVENT, OBJECT):
            self._put(
                f"{scope}_map_type",
                [(each.name, each.table.removeprefix(f"{scope}_")) for each in self.types if each.scope == scope],
            )
            self._copy(f'"{scope}"', f"SELECT id, type FROM {self.tables[f'{scope}s']} ORDER BY row", 2)
        touches = "SELECT id, object, '' FROM {} ORDER BY row"
        if self.tables.columns is None:
            self._copy("event_object", _distinct("event", "object", self.tables["touches"]), 3)
        else:
            self._copy("event_object", touches.format(self.tables["events"]), 3)
        self._copy("object_object", _distinct("source", "target", self.tables["relations"]), 3)
        for each in self.types:
            if each.scope == EVENT:
                self._copy(quoted(each.table), self._events_of(each), 2 + len(each.attributes))
            else:
                self._copy(quoted(each.table), self._objects_of(each), 3 + len(each.attributes))

    def _events_of(self, type_: _Type) -> str:
        if self.tables.columns is not None:
            column_of = {each.name: each.column for each in self.tables.columns}
            own = "".join(f", {column_of[name]}" for name, _, _ in type_.attributes)
            return f"""
                SELECT id, {_instant('"at"')}{own} FROM {self.tables["events"]}
                WHERE type = {literal(type_.name)} ORDER BY row"""
        values = "".join(f", any_value(v.value) FILTER (v.name = {literal(name)})" for name, _, _ in type_.attributes)
        return f"""
            SELECT e.id, {_instant('e."at"')}{values} FROM {self.tables["events"]} e
            LEFT JOIN {self.tables["event_values"]} v ON v.event = e.id
            WHERE e.type = {literal(type_.name)} GROUP BY e.id, e."at", e.row ORDER BY e.row"""

    def _objects_of(self, type_: _Type) -> str:
        """A row for what an object had from the beginning, then one for each change."""
        of_type = f"(SELECT * FROM {self.tables['objects']} WHERE type = {literal(type_.name)})"
        columns = [f"v{at}" for at in range(len(type_.attributes))]
        at_first = "".join(
            f", any_value(v.value) FILTER (v.name = {literal(name)}) AS {column}"
            for column, (name, _, _) in zip(columns, type_.attributes, strict=True)
        )
        changed = "".join(
            f", CASE WHEN v.name = {literal(name)} THEN v.value END AS {column}"
            for column, (name, _, _) in zip(columns, type_.attributes, strict=True)
        )
        picked = "".join(f", {column}" for column in columns)
        column_of = " ".join(f"WHEN {literal(name)} THEN {literal(column)}" for name, column, _ in type_.attributes)
        told = f"CASE v.name {column_of} END" if column_of else "NULL"
        return f"""
            SELECT id, at_text{picked}, changed FROM (
                SELECT o.id, {_instant(FIRST)} AS at_text{at_first}, NULL AS changed, o.row AS o_row, -1 AS v_row
                FROM {of_type} o LEFT JOIN {self.tables["object_values"]} v ON v.object = o.id AND v."at" = {FIRST}
                GROUP BY o.id, o.row
                UNION ALL BY NAME
                SELECT o.id, {_instant('v."at"')} AS at_text{changed}, {told} AS changed, o.row AS o_row, v.row AS v_row
                FROM {of_type} o JOIN {self.tables["object_values"]} v ON v.object = o.id AND v."at" <> {FIRST}
            ) ORDER BY o_row, v_row"""

    def _copy(self, table: str, query: str, n_columns: int) -> None:
        cursor = self.connection.execute(query)
        while rows := cursor.fetchmany(_BATCH):
            self._put(table, rows, n_columns)

    def _put(self, table: str, rows: Iterable[Sequence[object]], n_columns: int = 2) -> None:
        marks = ", ".join("?" * n_columns)
        self.database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _distinct(one: str, other: str, relation: str) -> str:
    return (
        f"SELECT {one}, {other}, coalesce(qualifier, '') AS q FROM {relation} "
        f"GROUP BY {one}, {other}, q ORDER BY min(row)"
    )


def _instant(expression: str) -> str:
    return f"replace(strftime({expression}, '%Y-%m-%d %H:%M:%S.%f'), '.000000', '') || '+00:00'"
