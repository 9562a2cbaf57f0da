"""Write a log as OCEL 2.0 in XML."""

from pathlib import Path

import duckdb

from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.exports.markup import escaped, escaped_text, instant
from millrace.eventlog.exports.whole_file import text_file, write_rows
from millrace.eventlog.object_centric import EVENT, OBJECT, ObjectTables, object_tables


def write_ocel_xml(log: EventLog, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write `log` to `path`. Raises ExportNotWritten."""
    tables = object_tables(log, connection)
    with text_file(path) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log>\n')
        for scope in (OBJECT, EVENT):
            file.write(f"<{scope}-types>\n")
            write_rows(file, connection, _types(scope, tables))
            file.write(f"</{scope}-types>\n")
        file.write("<objects>\n")
        write_rows(file, connection, _objects(tables))
        file.write("</objects>\n<events>\n")
        write_rows(file, connection, _events(tables) if tables.columns is None else _events_in_columns(tables))
        file.write("</events>\n</log>\n")


def _types(scope: str, tables: ObjectTables) -> str:
    attribute = f"""'<attribute name="' || {escaped("attribute")} || '" type="' || {escaped("kind")} || '"/>'"""
    return f"""
        SELECT '<{scope}-type name="' || {escaped("type")} || '"><attributes>' || coalesce(
            string_agg({attribute}, '' ORDER BY row) FILTER (attribute IS NOT NULL), '')
            || '</attributes></{scope}-type>\n'
        FROM {tables["types"]} WHERE scope = '{scope}' GROUP BY type ORDER BY min(row)"""


def _objects(tables: ObjectTables) -> str:
    value = (
        f"""'<attribute name="' || {escaped("name")} || '" time="' || {instant('"at"')} || '">' """
        f"""|| {escaped("value")} || '</attribute>'"""
    )
    return f"""
        WITH told AS (
            SELECT object, string_agg({value}, '' ORDER BY "at", row) AS told
            FROM {tables["object_values"]} GROUP BY object
        ), related AS (
            SELECT source, string_agg({_relationship("target")}, '' ORDER BY row) AS related
            FROM {tables["relations"]} GROUP BY source
        )
        SELECT '<object id="' || {escaped("o.id")} || '" type="' || {escaped("coalesce(o.type, '')")}
            || '"><attributes>' || coalesce(told, '') || '</attributes><objects>' || coalesce(related, '')
            || '</objects></object>\n'
        FROM {tables["objects"]} o LEFT JOIN told ON told.object = o.id LEFT JOIN related ON related.source = o.id
        ORDER BY o.row"""


def _events(tables: ObjectTables) -> str:
    value = f"""'<attribute name="' || {escaped("name")} || '">' || {escaped("value")} || '</attribute>'"""
    return f"""
        WITH told AS (
            SELECT event, string_agg({value}, '' ORDER BY row, name) AS told
            FROM {tables["event_values"]} GROUP BY event
        ), touched AS (
            SELECT event, string_agg({_relationship("object")}, '' ORDER BY row) AS touched
            FROM {tables["touches"]} GROUP BY event
        )
        SELECT '<event id="' || {escaped("e.id")} || '" type="' || {escaped("coalesce(e.type, '')")}
            || '" time="' || coalesce({instant('e."at"')}, '') || '"><attributes>' || coalesce(told, '')
            || '</attributes><objects>' || coalesce(touched, '') || '</objects></event>\n'
        FROM {tables["events"]} e LEFT JOIN told ON told.event = e.id LEFT JOIN touched ON touched.event = e.id
        ORDER BY e.row"""


def _events_in_columns(tables: ObjectTables) -> str:
    values = ", ".join(
        f"""{literal(f'<attribute name="{escaped_text(each.name)}">')} || {escaped(f"{each.column}::VARCHAR")} """
        "|| '</attribute>'"
        for each in tables.columns or ()
    )
    return f"""
        SELECT '<event id="' || id || '" type="' || {escaped("type")} || '" time="' || {instant('"at"')}
            || '"><attributes>' || concat_ws('', NULL, {values or "NULL"}) || '</attributes><objects>'
            || '<relationship object-id="' || {escaped("object")} || '" qualifier=""/></objects></event>\n'
        FROM {tables["events"]} ORDER BY row"""


def _relationship(column: str) -> str:
    return (
        f"""'<relationship object-id="' || {escaped(column)} || '" qualifier="' """
        f"""|| {escaped("coalesce(qualifier, '')")} || '"/>'"""
    )
