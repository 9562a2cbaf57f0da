"""A log as objects and the events that touch them: what OCEL 2.0 holds, whichever way the log came in.

A log that was read from OCEL keeps its tables beside its events and gives them back whole; of any other log every
item is an object of its type, every event touches its item, and links are relations.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import ITEM_COLUMNS

EVENT, OBJECT = "event", "object"
"""The scopes of a declared type."""

FIRST = "TIMESTAMP '1970-01-01'"
"""When a value is dated that an object had from the beginning."""

OBJECT_TABLES: Mapping[str, tuple[str, ...]] = {
    "types": ("scope", "type", "attribute", "kind"),
    "objects": ("id", "type"),
    "object_values": ("object", "name", "at", "value"),
    "events": ("id", "type", "at"),
    "event_values": ("event", "name", "value"),
    "touches": ("event", "object", "qualifier"),
    "relations": ("source", "target", "qualifier"),
}
"""Tables and their columns: texts, but for `at`, a UTC timestamp without zone; `row` tells the order of each table.

`types` has a row per type (`scope` is event or object, `attribute` null) and one per attribute of a type, whose
`kind` is string, time, integer, float or boolean. `object_values` tells which value an attribute of an object took
when, `touches` which objects an event belongs to.
"""

_KINDS = {"BIGINT": "integer", "DOUBLE": "float", "BOOLEAN": "boolean", "TIMESTAMP": "time"}
_NO_TYPE = "item"
_OF_OBJECT = tuple(name for name in ITEM_COLUMNS if name not in ("item_type", "key"))
_NOT_VALUES = {"item_id", "at", "position", "activity", "item_type", "key", *_OF_OBJECT}


def table_file(table: str) -> str:
    """The name of the Parquet file in which a log from OCEL keeps a table."""
    return f"ocel_{table}.parquet"


def is_kept(log: EventLog) -> bool:
    """True where the log was read from OCEL and keeps its tables."""
    return (log.folder / table_file("events")).exists()


@dataclass(frozen=True)
class EventColumn:
    """A column of `events` that holds an attribute of events, under its name and of this kind."""

    name: str
    column: str
    kind: str


@dataclass(frozen=True)
class ObjectTables:
    """The tables of a log by name, each as a relation of a connection (see `OBJECT_TABLES`).

    Where `columns` is given there are no tables `event_values` and `touches`: `events` itself holds the attributes in
    these columns, and the one object of each event in `object`.
    """

    relations: Mapping[str, str]
    columns: tuple[EventColumn, ...] | None = None

    def __getitem__(self, table: str) -> str:
        """The relation of a table."""
        return self.relations[table]


def object_tables(log: EventLog, connection: duckdb.DuckDBPyConnection) -> ObjectTables:
    """The tables of a log: those that it keeps, or what its items and events make."""
    if is_kept(log):
        kept = {table: f"read_parquet({literal(log.folder / table_file(table))})" for table in OBJECT_TABLES}
        return ObjectTables(kept | {"types": f"({_declared_or_used(kept)})"})
    return _made_of_items(log, connection)


def _declared_or_used(kept: Mapping[str, str]) -> str:
    """The declared types, and after them those that the log uses without declaring them."""
    return f"""
        SELECT min(row) AS row, scope, type, attribute, coalesce(any_value(kind), 'string') AS kind FROM (
            SELECT row, scope, type, attribute, kind FROM {kept["types"]}
            UNION ALL SELECT NULL, '{OBJECT}', type, NULL, NULL FROM {kept["objects"]} WHERE type IS NOT NULL
            UNION ALL SELECT NULL, '{EVENT}', type, NULL, NULL FROM {kept["events"]} WHERE type IS NOT NULL
            UNION ALL SELECT NULL, '{OBJECT}', o.type, v.name, NULL
            FROM {kept["object_values"]} v JOIN {kept["objects"]} o ON o.id = v.object WHERE v.name IS NOT NULL
            UNION ALL SELECT NULL, '{EVENT}', e.type, v.name, NULL
            FROM {kept["event_values"]} v JOIN {kept["events"]} e ON e.id = v.event WHERE v.name IS NOT NULL
        ) GROUP BY scope, type, attribute"""


def _made_of_items(log: EventLog, connection: duckdb.DuckDBPyConnection) -> ObjectTables:
    source = f"read_parquet({literal(log.events_path)}, file_row_number = true)"
    types = {name: str(kind) for name, kind, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
    types.pop("file_row_number")
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE __order AS
        SELECT file_row_number AS place, row_number() OVER (ORDER BY "at", position, item_id) AS row FROM {source}""")
    item_type = f"coalesce(item_type, '{_NO_TYPE}')" if "item_type" in types else f"'{_NO_TYPE}'"
    label = ", ".join(name for name in ("activity", "status") if name in types)
    object_id = _object_id(log, source, connection)
    columns = tuple(
        EventColumn(name, f"v{at}", _KINDS.get(types[name], "string"))
        for at, name in enumerate(name for name in types if name not in _NOT_VALUES)
    )
    values = "".join(f", {_value(each, types[each.name])} AS {each.column}" for each in columns)
    of_objects = [name for name in _OF_OBJECT if name in types]
    events = f"""(
        SELECT row, 'event ' || row AS id, coalesce({label}, '–') AS type, "at", position, item_id,
            {object_id.format(item="item_id", type="item_type")} AS object, {item_type} AS object_type{values}
            {"".join(f", {quoted(name)}::VARCHAR AS o{at}" for at, name in enumerate(of_objects))}
        FROM {source} JOIN __order ON place = file_row_number)"""
    made = {
        "objects": "SELECT min(row) AS row, object AS id, any_value(object_type) AS type "
        f"FROM {events} GROUP BY object",
        "object_values": _changes(of_objects, events),
        "relations": _relations(log, object_id),
    }
    relations = {"events": events}
    for table, query in made.items():
        relations[table] = f"__ocel_{table}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {relations[table]} AS {query}")
    relations["types"] = "__ocel_types"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE __ocel_types AS {_types(columns, relations)}")
    return ObjectTables(relations, columns)


def _object_id(log: EventLog, source: str, connection: duckdb.DuckDBPyConnection) -> str:
    """How an item is called among all objects: as people know it, where records of two types never share a number."""
    if not log.about.record_types:
        return "{item}"
    bare = "substr({item}, length({type}) + 2)"
    number = bare.format(item="item_id", type="item_type")
    n_items, n_bare = one_row(connection, f"SELECT count(DISTINCT item_id), count(DISTINCT {number}) FROM {source}")
    return bare if n_items == n_bare else "{item}"


def _relations(log: EventLog, object_id: str) -> str:
    if not log.links_path.exists():
        return "SELECT 0 AS row, '' AS source, '' AS target, '' AS qualifier WHERE false"
    source, target = (object_id.format(item=f"{end}_item", type=f"{end}_type") for end in ("from", "to"))
    return (
        f'SELECT "row", {source} AS source, {target} AS target, relation AS qualifier '
        f"FROM read_parquet({literal(log.links_path)})"
    )


def _changes(columns: list[str], events: str) -> str:
    """What the columns of an item held first, and each time that they changed."""
    if not columns:
        return f"SELECT 0 AS row, '' AS object, '' AS name, {FIRST} AS \"at\", '' AS value WHERE false"
    parts = (
        f"""SELECT row, object, {literal(name)} AS name,
                CASE WHEN before IS NULL THEN {FIRST} ELSE "at" END AS "at", value
            FROM (SELECT row, object, "at", o{at} AS value, lag(o{at} IGNORE NULLS) OVER (
                      PARTITION BY item_id ORDER BY "at", position) AS before FROM {events})
            WHERE value IS NOT NULL AND value IS DISTINCT FROM before"""
        for at, name in enumerate(columns)
    )
    return " UNION ALL ".join(parts)


def _types(columns: tuple[EventColumn, ...], relations: Mapping[str, str]) -> str:
    """The types that occur, each with the attributes that any of its events or objects has."""
    filled = "".join(f", count({each.column}) > 0 AS {each.column}" for each in columns)
    of_events = " ".join(
        f"UNION ALL SELECT '{EVENT}', type, {literal(each.name)}, '{each.kind}' FROM filled WHERE {each.column}"
        for each in columns
    )
    return f"""
        WITH filled AS (SELECT type{filled} FROM {relations["events"]} GROUP BY type)
        SELECT row_number() OVER (ORDER BY scope, type, attribute NULLS FIRST) AS row, * FROM (
            SELECT DISTINCT '{OBJECT}' AS scope, type, NULL AS attribute, NULL AS kind FROM {relations["objects"]}
            UNION ALL SELECT DISTINCT '{OBJECT}', o.type, v.name, 'string'
            FROM {relations["object_values"]} v JOIN {relations["objects"]} o ON o.id = v.object
            UNION ALL SELECT '{EVENT}', type, NULL, NULL FROM filled {of_events})"""


def _value(of: EventColumn, engine_type: str) -> str:
    """A cell as its kind is written: instants as texts that name their zone, what has no kind of its own as text."""
    cell = quoted(of.name)
    if engine_type == "TIMESTAMP":
        return f"strftime({cell}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    return cell if of.kind != "string" else f"{cell}::VARCHAR"
