"""A log as objects and the events that touch them: what OCEL 2.0 holds, whichever way the log came in.

A log that was read from OCEL keeps its tables beside its events and gives them back whole; of any other log every
item is an object of its type, every event touches its item, and links are relations.
"""

from collections.abc import Mapping

import duckdb

from millrace.eventlog.engine import name as quoted
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


def object_tables(log: EventLog, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The tables of a log by name, each as a relation of `connection` (see `OBJECT_TABLES`)."""
    if is_kept(log):
        kept = {table: f"read_parquet({literal(log.folder / table_file(table))})" for table in OBJECT_TABLES}
        return kept | {"types": f"({_declared_or_used(kept)})"}
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


def _made_of_items(log: EventLog, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    source = f"read_parquet({literal(log.events_path)})"
    types = {name: str(kind) for name, kind, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
    item_type = f"coalesce(item_type, '{_NO_TYPE}')" if "item_type" in types else f"'{_NO_TYPE}'"
    label = " , ".join(name for name in ("activity", "status") if name in types)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE __events AS
        SELECT *, row_number() OVER (ORDER BY "at", position, item_id) AS row, 'event ' || row AS event_id,
            {item_type} AS object_type, coalesce({label}, '–') AS event_type
        FROM {source}""")
    of_events = [name for name in types if name not in _NOT_VALUES]
    of_objects = [name for name in _OF_OBJECT if name in types]
    has_links = log.links_path.exists()
    queries = {
        "objects": "SELECT min(row) AS row, item_id AS id, any_value(object_type) AS type "
        "FROM __events GROUP BY item_id",
        "object_values": _changes_of(of_objects),
        "events": 'SELECT row, event_id AS id, event_type AS type, "at" FROM __events',
        "event_values": _values_of(of_events, types),
        "touches": "SELECT row, event_id AS event, item_id AS object, '' AS qualifier FROM __events",
        "relations": 'SELECT "row", from_item AS source, to_item AS target, relation AS qualifier '
        f"FROM read_parquet({literal(log.links_path)})"
        if has_links
        else "SELECT 0 AS row, '' AS source, '' AS target, '' AS qualifier WHERE false",
    }
    tables = {}
    for table, query in queries.items():
        tables[table] = f"__ocel_{table}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {tables[table]} AS {query}")
    tables["types"] = "__ocel_types"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE __ocel_types AS {_types(of_objects, tables, types)}")
    return tables


def _values_of(columns: list[str], types: Mapping[str, str]) -> str:
    """Every filled cell of an event as a value of its own."""
    if not columns:
        return "SELECT 0 AS row, '' AS event, '' AS name, '' AS value WHERE false"
    parts = (
        f"SELECT row, event_id AS event, {literal(name)} AS name, {_as_text(name, types[name])} AS value "
        f"FROM __events WHERE {quoted(name)} IS NOT NULL"
        for name in columns
    )
    return " UNION ALL ".join(parts)


def _changes_of(columns: list[str]) -> str:
    """What the columns of an item held first, and each time that they changed."""
    if not columns:
        return f"SELECT 0 AS row, '' AS object, '' AS name, {FIRST} AS at, '' AS value WHERE false"
    parts = (
        f"""SELECT row, item_id AS object, {literal(name)} AS name,
                CASE WHEN before IS NULL THEN {FIRST} ELSE "at" END AS "at", value
            FROM (SELECT *, {quoted(name)} AS value, lag({quoted(name)} IGNORE NULLS) OVER (
                      PARTITION BY item_id ORDER BY "at", position) AS before FROM __events)
            WHERE value IS NOT NULL AND value IS DISTINCT FROM before"""
        for name in columns
    )
    return " UNION ALL ".join(parts)


def _types(of_objects: list[str], tables: Mapping[str, str], types: Mapping[str, str]) -> str:
    kinds = " ".join(f"WHEN {literal(name)} THEN {literal(_kind(told))}" for name, told in types.items())
    kind = f"CASE name {kinds} ELSE 'string' END"
    return f"""
        SELECT row_number() OVER (ORDER BY scope, type, attribute NULLS FIRST) AS row, * FROM (
            SELECT DISTINCT '{OBJECT}' AS scope, type, NULL AS attribute, NULL AS kind FROM {tables["objects"]}
            UNION ALL SELECT DISTINCT '{OBJECT}', o.type, v.name, 'string'
            FROM {tables["object_values"]} v JOIN {tables["objects"]} o ON o.id = v.object
            UNION ALL SELECT DISTINCT '{EVENT}', type, NULL, NULL FROM {tables["events"]}
            UNION ALL SELECT DISTINCT '{EVENT}', e.type, v.name, {kind}
            FROM {tables["event_values"]} v JOIN {tables["events"]} e ON e.id = v.event)"""


def _kind(engine_type: str) -> str:
    return _KINDS.get(engine_type, "string")


def _as_text(name: str, engine_type: str) -> str:
    cell = quoted(name)
    return f"strftime({cell}, '%Y-%m-%dT%H:%M:%S.%fZ')" if engine_type == "TIMESTAMP" else f"{cell}::VARCHAR"
