"""Read an object-centric log (OCEL 2.0) in any of its three forms.

A row is an event of one object: an event that touches several objects is an event of each. The objects are the work
items, their types the types of record; what an attribute of an object was at the time stands in the row.
"""

from collections.abc import Iterator

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.eventlog.schema import EVENT_COLUMNS
from millrace.ingest.raw import ROW, RawColumn, RawTable
from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.content import Format
from millrace.ingest.reading.errors import DamagedFile, NoRows
from millrace.ingest.reading.headers import ColumnNames
from millrace.ingest.reading.ocel_tables import OcelTables
from millrace.ingest.reading.ocel_times import at_of, remarks_on_times

EVENT_ID, ACTIVITY, TIME, RECORD, OBJECT_ID, OBJECT_TYPE, QUALIFIER = (
    "ocel:eid",
    "ocel:activity",
    "ocel:timestamp",
    "ocel:record",
    "ocel:oid",
    "ocel:type",
    "ocel:qualifier",
)
_MEANINGS = {"item_id": RECORD, "key": OBJECT_ID, "at": TIME, "activity": ACTIVITY, "item_type": OBJECT_TYPE}
NO_TYPE = "unlisted"
"""The record type of objects that events name and that the log does not list."""
_N_EXAMPLES = 5


def read_ocel(found: Format, source: ByteSource, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Read the log in `source` into a table of `connection`; its objects and relations stay beside it."""
    tables = OcelTables(connection)
    try:
        _read(found, source, tables)
        if not one_row(connection, f"SELECT count(*) FROM {tables['touches']}")[0]:
            raise NoRows(source.name, ())
        return _as_rows(source.name, tables)
    except BaseException:
        tables.drop()
        raise


def _read(found: Format, source: ByteSource, tables: OcelTables) -> None:
    match found:
        case Format.OCEL_JSON:
            from millrace.ingest.reading.ocel_json import read_ocel_json

            read_ocel_json(source, tables)
        case Format.OCEL_XML:
            from millrace.ingest.reading.ocel_xml import read_ocel_xml

            read_ocel_xml(source, tables)
        case _:
            from millrace.ingest.reading.ocel_sqlite import read_ocel_sqlite

            read_ocel_sqlite(source, tables)
    _refuse_twins(found, source.name, tables)


def _refuse_twins(found: Format, name: str, tables: OcelTables) -> None:
    """Two events or objects of one id cannot be told apart by what names them."""
    for table in ("events", "objects"):
        twins = tables.connection.execute(
            f"SELECT id, count(*) AS n FROM {tables[table]} GROUP BY id HAVING n > 1 OR id IS NULL ORDER BY id LIMIT 1"
        ).fetchall()
        for id_, n_rows in twins:
            reason = f"it lists the id “{id_}” {n_rows:,} times" if id_ else f"an entry of “{table}” has no id"
            raise DamagedFile(name, str(found), f"“{table}”", reason)


def _as_rows(source_name: str, tables: OcelTables) -> RawTable:
    connection, names = tables.connection, ColumnNames()
    relation = f"{tables['events']}_of_objects"
    fixed = {
        EVENT_ID: "event.id",
        ACTIVITY: "event.type",
        TIME: "event.time",
        RECORD: record_id_of("object.type", "touched.object"),
        OBJECT_ID: "touched.object",
        OBJECT_TYPE: type_of("object.type"),
        QUALIFIER: "touched.qualifier",
    }
    for name in fixed:
        names.add(name)
    of_events = {names.add(name): name for name in _attribute_names("event_values", tables)}
    of_objects = {names.add(_beside(name, of_events)): name for name in _attribute_names("object_values", tables)}
    told = "".join(_last_value(column, name, "nth") for column, name in of_events.items())
    held = "".join(_last_value(column, name, "changed_at, nth") for column, name in of_objects.items())
    chosen = "".join(f", {expression} AS {quoted(name)}" for name, expression in fixed.items())
    connection.execute(f"""
        CREATE TABLE {relation} AS
        WITH touched AS (
            SELECT event, object, string_agg(DISTINCT qualifier, ', ' ORDER BY qualifier) AS qualifier, min(row) AS row
            FROM {tables["touches"]} GROUP BY event, object
        ),
        told AS (SELECT event{told} FROM (SELECT *, row AS nth FROM {tables["event_values"]}) GROUP BY event),
        changes AS (
            SELECT object, name, value, row AS nth, {at_of("time")} AS changed_at FROM {tables["object_values"]}
        ),
        held AS (
            SELECT touched.event, touched.object{held}
            FROM touched JOIN {tables["events"]} AS event ON event.id = touched.event
            JOIN changes ON changes.object = touched.object AND changed_at <= {at_of("event.time")}
            GROUP BY ALL
        )
        SELECT row_number() OVER (ORDER BY event.row, touched.row) AS {ROW}{chosen},
            told.* EXCLUDE (event), held.* EXCLUDE (event, object)
        FROM {tables["events"]} AS event JOIN touched ON touched.event = event.id
        LEFT JOIN {tables["objects"]} AS object ON object.id = touched.object
        LEFT JOIN told ON told.event = event.id
        LEFT JOIN held ON held.event = event.id AND held.object = touched.object
    """)
    columns = (*fixed, *of_events, *of_objects)
    (n_rows,) = one_row(connection, f"SELECT count(*) FROM {relation}")
    named = {name: column for column, name in (of_objects | of_events).items() if name in EVENT_COLUMNS}
    return RawTable(
        relation=relation,
        source_name=source_name,
        unit="event",
        columns=tuple(RawColumn(name, "VARCHAR") for name in columns),
        n_rows=n_rows,
        remarks=tuple(_remarks(tables)),
        declared=tuple((named | _MEANINGS).items()),
        object_centric=tables,
    )


def type_of(type_: str) -> str:
    """The record type of an object, whose own type is given as an expression."""
    return f"coalesce({type_}, {literal(NO_TYPE)})"


def record_id_of(type_: str, object_: str) -> str:
    """The item id of an object (see `eventlog.links`), both given as expressions."""
    return f"{type_of(type_)} || ':' || {object_}"


def _attribute_names(table: str, tables: OcelTables) -> list[str]:
    found = tables.connection.execute(
        f"SELECT name FROM {tables[table]} WHERE name IS NOT NULL GROUP BY name ORDER BY min(row), name"
    )
    return [name for (name,) in found.fetchall()]


def _beside(name: str, others: dict[str, str]) -> str:
    """An attribute of objects that shares its name with one of events says so."""
    return f"{name} (of the record)" if name.casefold() in {other.casefold() for other in others} else name


def _last_value(column: str, name: str, order: str) -> str:
    return f", arg_max(value, ({order})) FILTER (name = {literal(name)}) AS {quoted(column)}"


def _remarks(tables: OcelTables) -> Iterator[RowRemark]:
    yield from _on_shared_events(tables)
    events, touches, objects = tables["events"], tables["touches"], tables["objects"]
    yield from _on_strays(
        tables,
        f"SELECT id, row FROM {events} WHERE id NOT IN (SELECT event FROM {touches} WHERE event IS NOT NULL)",
        "event_of_nothing",
        Verdict.REFUSED,
        "Events that belong to no object, and so to no record: {n}; left out.",
    )
    yield from _on_strays(
        tables,
        f"SELECT event || ' → ' || object, row FROM {touches} WHERE event NOT IN (SELECT id FROM {events})",
        "relation_of_no_event",
        Verdict.REFUSED,
        "Objects named by events that the log does not hold: {n}; left out.",
    )
    yield from _on_strays(
        tables,
        f"SELECT event || ' → ' || object, row FROM {touches} WHERE object NOT IN (SELECT id FROM {objects}) "
        f"AND event IN (SELECT id FROM {events})",
        "unlisted_object",
        Verdict.KEPT,
        "Events of objects that the log does not list: {n}; kept as events of records of the type “unlisted”.",
    )
    yield from _on_strays(
        tables,
        f"SELECT id, row FROM {objects} WHERE id NOT IN (SELECT object FROM {touches} WHERE object IS NOT NULL)",
        "object_without_events",
        Verdict.KEPT,
        "Objects without a single event: {n}; known by their relations only.",
    )
    yield from remarks_on_times(tables)


def _on_shared_events(tables: OcelTables) -> Iterator[RowRemark]:
    n_events, n_rows = one_row(
        tables.connection,
        f"SELECT count(*), coalesce(sum(n), 0) FROM (SELECT count(DISTINCT object) AS n FROM {tables['touches']} "
        "GROUP BY event HAVING n > 1)",
    )
    if n_events:
        yield RowRemark(
            kind="shared_event",
            verdict=Verdict.KEPT,
            n_rows=int(n_rows),
            sentence=f"Events that touch several records: {n_events:,}; each is an event of every record that it "
            f"touches, {n_rows:,} in all.",
        )


def _on_strays(tables: OcelTables, query: str, kind: str, verdict: Verdict, sentence: str) -> Iterator[RowRemark]:
    n_rows, examples = one_row(
        tables.connection,
        f"SELECT count(*), min(struct_pack(r := row, e := id), {_N_EXAMPLES}) FROM ({query}) AS s(id, row)",
    )
    if n_rows:
        yield RowRemark(
            kind=kind,
            verdict=verdict,
            n_rows=int(n_rows),
            sentence=sentence.format(n=f"{n_rows:,}"),
            examples=tuple(str(example["e"]) for example in examples),
        )
