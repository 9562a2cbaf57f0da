"""Write a log as OCEL 2.0 in JSON."""

import json
from pathlib import Path
from typing import TextIO

import duckdb

from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.exports.markup import instant
from millrace.eventlog.exports.whole_file import text_file, write_rows
from millrace.eventlog.object_centric import EVENT, OBJECT, ObjectTables, object_tables

_TYPED = {"integer": "BIGINT", "float": "DOUBLE", "boolean": "BOOLEAN"}


def write_ocel_json(log: EventLog, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write `log` to `path`. Raises ExportNotWritten."""
    tables = object_tables(log, connection)
    with text_file(path) as file:
        file.write('{"objectTypes":[')
        _write(file, connection, _types(OBJECT, tables))
        file.write('],"eventTypes":[')
        _write(file, connection, _types(EVENT, tables))
        file.write('],"objects":[')
        _write(file, connection, _objects(tables))
        file.write('],"events":[')
        _write(file, connection, _events(tables) if tables.columns is None else _events_in_columns(tables))
        file.write("]}\n")


def _write(file: TextIO, connection: duckdb.DuckDBPyConnection, query: str) -> None:
    file.write("\n")
    write_rows(file, connection, query, separator=",\n")
    file.write("\n")


def _types(scope: str, tables: ObjectTables) -> str:
    attribute = "json_object('name', attribute, 'type', kind)"
    return f"""
        SELECT json_object('name', type, 'attributes', coalesce(
            list({attribute} ORDER BY row) FILTER (attribute IS NOT NULL), []))::VARCHAR
        FROM {tables["types"]} WHERE scope = '{scope}' GROUP BY type ORDER BY min(row)"""


def _objects(tables: ObjectTables) -> str:
    value = _value("v.value", "t.kind")
    return f"""
        WITH told AS (
            SELECT v.object, list(json_object('name', v.name, 'time', {instant('v."at"')}, 'value', {value})
                ORDER BY v."at", v.row) AS told
            FROM {tables["object_values"]} v LEFT JOIN {tables["objects"]} o ON o.id = v.object
            LEFT JOIN {_kinds(OBJECT, tables)} t ON t.type = o.type AND t.attribute = v.name GROUP BY v.object
        ), related AS (
            SELECT source, list(json_object('objectId', target, 'qualifier', coalesce(qualifier, '')) ORDER BY row)
                AS related FROM {tables["relations"]} GROUP BY source
        )
        SELECT json_object('id', o.id, 'type', o.type, 'attributes', coalesce(told, []),
            'relationships', coalesce(related, []))::VARCHAR
        FROM {tables["objects"]} o LEFT JOIN told ON told.object = o.id LEFT JOIN related ON related.source = o.id
        ORDER BY o.row"""


def _events(tables: ObjectTables) -> str:
    value = _value("v.value", "t.kind")
    return f"""
        WITH told AS (
            SELECT v.event, list(json_object('name', v.name, 'value', {value}) ORDER BY v.row, v.name) AS told
            FROM {tables["event_values"]} v LEFT JOIN {tables["events"]} e ON e.id = v.event
            LEFT JOIN {_kinds(EVENT, tables)} t ON t.type = e.type AND t.attribute = v.name GROUP BY v.event
        ), touched AS (
            SELECT event, list(json_object('objectId', object, 'qualifier', coalesce(qualifier, '')) ORDER BY row)
                AS touched FROM {tables["touches"]} GROUP BY event
        )
        SELECT json_object('id', e.id, 'type', e.type, 'time', {instant('e."at"')}, 'attributes', coalesce(told, []),
            'relationships', coalesce(touched, []))::VARCHAR
        FROM {tables["events"]} e LEFT JOIN told ON told.event = e.id LEFT JOIN touched ON touched.event = e.id
        ORDER BY e.row"""


def _events_in_columns(tables: ObjectTables) -> str:
    values = ", ".join(
        f"CASE WHEN {each.column} IS NOT NULL "
        f"THEN {literal(_named(each.name))} || to_json({each.column})::VARCHAR || '}}' END"
        for each in tables.columns or ()
    )
    return f"""
        SELECT '{{"id":' || to_json(id)::VARCHAR || ',"type":' || to_json(type)::VARCHAR || ',"time":"'
            || {instant('"at"')} || '","attributes":[' || concat_ws(',', NULL, {values or "NULL"})
            || '],"relationships":[{{"objectId":' || to_json(object)::VARCHAR || ',"qualifier":""}}]}}'
        FROM {tables["events"]} ORDER BY row"""


def _named(name: str) -> str:
    return f'{{"name":{json.dumps(name, ensure_ascii=False)},"value":'


def _kinds(scope: str, tables: ObjectTables) -> str:
    return (
        f"(SELECT type, attribute, any_value(kind) AS kind FROM {tables['types']} "
        f"WHERE scope = '{scope}' AND attribute IS NOT NULL GROUP BY type, attribute)"
    )


def _value(value: str, kind: str) -> str:
    """A value of the type that is declared for it; a text where it is none of that type."""
    ways = " ".join(
        f"WHEN {kind} = '{name}' AND TRY_CAST({value} AS {engine_type}) IS NOT NULL "
        f"THEN to_json(TRY_CAST({value} AS {engine_type}))"
        for name, engine_type in _TYPED.items()
    )
    return f"CASE {ways} ELSE to_json({value}) END"
