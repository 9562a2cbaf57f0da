"""Read JSON: one object per line, an array of objects, or an object that wraps one such array."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import duckdb

from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.raw import ROW, RawColumn, RawTable
from millrace.ingest.reading.cells import Grammar, cell_texts, find_records
from millrace.ingest.reading.errors import DamagedFile, NoRows, NotATable
from millrace.ingest.reading.headers import quoted, unique_names
from millrace.ingest.reading.staging import Staging, staging
from millrace.ingest.reading.text_source import TextSource

_OBJECT = "object"
_LINES = Grammar(separator=b"", quote=b"", escape=b"")
_LONGEST_DOCUMENT = 2**30
_DEEPEST = 4
_N_EXAMPLES = 5


@dataclass(frozen=True)
class _Field:
    """A value inside an object: its name with dots, and the JSON pointer that leads to it."""

    name: str
    pointer: str
    is_object: bool


def read_json(source: TextSource, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Read the objects in `source` into a table of `connection`: a text column per field, nested ones with dots."""
    blocks = source.blocks(_LONGEST_DOCUMENT)
    first = next(blocks)
    with staging(connection, {_OBJECT: "VARCHAR"}) as objects:
        if _is_in_lines(first):
            unit = "line"
            _take_in_lines(first, blocks, objects)
            remarks = tuple(_refuse_what_is_no_object(objects, source.name))
        else:
            unit = "object"
            _take_in_document(b"".join([first, *blocks]), objects, source.name)
            remarks = ()
        try:
            table = _as_columns(objects, source.name)
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise DamagedFile(source.name, "JSON", "", str(error).splitlines()[0]) from error
        n_rows = connection.execute(f"SELECT count(*) FROM {objects.relation}").fetchall()[0][0]
    connection.execute(f"DROP TABLE {objects.relation}")
    return RawTable(
        relation=table.relation,
        source_name=source.name,
        unit=unit,
        columns=tuple(RawColumn(name, "VARCHAR") for name in table.types),
        n_rows=n_rows,
        remarks=(*source.remarks(), *remarks),
    )


def _is_in_lines(first: bytes) -> bool:
    """True where the first line is an object of its own and another line follows."""
    lines = [line for line in first.lstrip().split(b"\n", 2)[:2] if line.strip()]
    if not lines or not lines[0].startswith(b"{"):
        return False
    try:
        json.loads(lines[0])
    except (ValueError, RecursionError):
        return False
    return len(lines) > 1 or not _wraps_rows(lines[0])


def _wraps_rows(line: bytes) -> bool:
    return any(isinstance(value, list) for value in json.loads(line).values())


def _take_in_lines(first: bytes, blocks: Iterator[bytes], objects: Staging) -> None:
    import pyarrow as pa

    line = 1
    for block in chain([first], blocks):
        content = block
        while content:
            found = find_records(content, _LINES, 1, first_line=line)
            rows = {ROW: pa.array(found.records.lines), _OBJECT: cell_texts(content, found.records, _LINES, 0)}
            objects.append(pa.table(rows))
            line += found.n_lines
            content = content[found.n_consumed :]


def _refuse_what_is_no_object(objects: Staging, name: str) -> Iterator[RowRemark]:
    connection, relation = objects.connection, objects.relation
    is_no_object = f"NOT json_valid({_OBJECT}) OR json_type(try_cast({_OBJECT} AS JSON)) IS DISTINCT FROM 'OBJECT'"
    bad = connection.execute(
        f"SELECT {quoted(ROW)}, left({_OBJECT}, 40) FROM {relation} WHERE {is_no_object} ORDER BY 1"
    ).fetchall()
    if not bad:
        return
    connection.execute(f"DELETE FROM {relation} WHERE {is_no_object}")
    if not connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0]:
        raise DamagedFile(name, "JSON", "line 1", "no line holds an object")
    yield RowRemark(
        kind="broken_json",
        verdict=Verdict.REFUSED,
        n_rows=len(bad),
        sentence=f"Lines that are not JSON objects: {len(bad):,}.",
        examples=tuple(f"line {line:,}: {text}" for line, text in bad[:_N_EXAMPLES]),
    )


def _take_in_document(document: bytes, objects: Staging, name: str) -> None:
    text = document.decode()
    connection = objects.connection
    if not connection.execute("SELECT json_valid(?)", [text]).fetchall()[0][0]:
        raise DamagedFile(name, "JSON", *_first_fault(text))
    path = _path_to_rows(connection, text, name)
    connection.execute(
        f"INSERT INTO {objects.relation} "
        "SELECT row_number() OVER (), element FROM (SELECT unnest(json_extract(?, ?)) AS element) "
        "WHERE json_type(element) = 'OBJECT'",
        [text, path],
    )


def _first_fault(text: str) -> tuple[str, str]:
    """Where a text stops being JSON, and why."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"line {error.lineno:,}, column {error.colno:,}", error.msg
    except RecursionError:
        return "", "it is nested too deeply"
    return "", "it is not valid JSON"


def _path_to_rows(connection: duckdb.DuckDBPyConnection, text: str, name: str) -> str:
    """The path of the array that holds the objects: the document itself, or its only such member."""
    kind = connection.execute("SELECT json_type(?)", [text]).fetchall()[0][0]
    if kind == "ARRAY":
        return "$[*]"
    members = connection.execute(
        "SELECT key FROM (SELECT unnest(json_keys($1)) AS key) "
        "WHERE json_type($1, '/' || replace(replace(key, '~', '~0'), '/', '~1')) = 'ARRAY'",
        [text],
    ).fetchall()
    if len(members) == 1:
        return '$."' + str(members[0][0]).replace('"', '\\"') + '"[*]'
    shown = ", ".join(f"“{key}”" for (key,) in members) or "none"
    raise NotATable(
        name,
        f"JSON in which the rows cannot be told (lists of objects: {shown})",
        "Export one list of objects, or one object per line.",
    )


def _as_columns(objects: Staging, name: str) -> Staging:
    fields = list(_fields(objects, "", ""))
    if not fields:
        raise NoRows(name, ())
    names = unique_names(field.name for field in fields)
    pointers = ", ".join("'" + field.pointer.replace("'", "''") + "'" for field in fields)
    picks = ", ".join(f"found[{place}] AS {quoted(column)}" for place, column in enumerate(names, start=1))
    table = Staging(objects.connection, {})
    table.connection.execute(
        f"CREATE OR REPLACE TABLE {table.relation} AS SELECT {quoted(ROW)}, {picks} FROM "
        f"(SELECT {quoted(ROW)}, json_extract_string({_OBJECT}, [{pointers}]) AS found FROM {objects.relation})"
    )
    table.types = dict.fromkeys(names, "VARCHAR")
    return table


def _fields(objects: Staging, prefix: str, pointer: str, depth: int = 1) -> Iterator[_Field]:
    """The fields of all objects in order of appearance; those that are objects themselves by their own fields."""
    for field in _own_fields(objects, prefix, pointer):
        if field.is_object and depth < _DEEPEST:
            yield from _fields(objects, field.name + ".", field.pointer, depth + 1)
        else:
            yield field


def _own_fields(objects: Staging, prefix: str, pointer: str) -> list[_Field]:
    found = objects.connection.execute(
        f"""
        WITH keys AS (
            SELECT {quoted(ROW)} AS line, {_OBJECT} AS object, json_keys({_OBJECT}, $1) AS keys FROM {objects.relation}
        ), each AS (
            SELECT line, object, unnest(keys) AS key, generate_subscripts(keys, 1) AS place FROM keys
        ), typed AS (
            SELECT line, key, place,
                json_type(object, $1 || '/' || replace(replace(key, '~', '~0'), '/', '~1')) AS kind FROM each
        )
        SELECT key, coalesce(bool_and(kind = 'OBJECT') FILTER (kind <> 'NULL'), false)
        FROM typed GROUP BY key ORDER BY min((line, place))
        """,
        [pointer],
    ).fetchall()
    return [
        _Field(prefix + key, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", is_object)
        for key, is_object in found
    ]
