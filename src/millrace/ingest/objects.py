"""What a log from OCEL has beside its events: its types of record, the links between them, its own tables."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import LogDescription, RecordType
from millrace.eventlog.links import LINKS_FILE
from millrace.eventlog.object_centric import OBJECT_TABLES, table_file
from millrace.ingest.mapping import Mapping
from millrace.ingest.raw import RawTable
from millrace.ingest.reading.ocel import record_id_of, type_of
from millrace.ingest.reading.ocel_tables import OcelTables
from millrace.ingest.reading.ocel_times import at_of
from millrace.ingest.resolving_links import resolve_links
from millrace.ingest.staging import time_format
from millrace.ingest.stated_links import STATED


class SeveralObjectLogs(MillraceError):
    """More than one object-centric log is given."""

    slug = "several-object-logs"

    def __init__(self, names: Sequence[str], told: str) -> None:
        """Name them and say how they compare."""
        given = " and ".join(f"“{name}”" for name in names)
        super().__init__(f"{given} are object-centric logs, of which one can be read at a time. {told}")


def keep_objects(
    tables: OcelTables, about: LogDescription, mapping: Mapping, events: Path, connection: duckdb.DuckDBPyConnection
) -> LogDescription:
    """Write the links and the tables of a log beside its `events`; what is known of the log, with its record types."""
    folder = events.parent
    _state_links(tables, connection)
    remarks = resolve_links(events, folder / LINKS_FILE, connection)
    zone = time_format(mapping, "at").zone
    for table, columns in OBJECT_TABLES.items():
        told = ", ".join(f'{at_of("time", zone)} AS "at"' if column == "at" else column for column in columns)
        connection.execute(
            f"COPY (SELECT row, {told} FROM {tables[table]} ORDER BY row) "
            f"TO {literal(folder / table_file(table))} (FORMAT parquet)"
        )
    tables.drop()
    readiness = about.readiness
    return about.model_copy(
        update={
            "readiness": readiness.model_copy(update={"remarks": (*readiness.remarks, *remarks)}),
            "record_types": _record_types(about, events, connection),
        }
    )


def _state_links(tables: OcelTables, connection: duckdb.DuckDBPyConnection) -> None:
    ends = {
        end: (record_id_of(f"{end}.type", f"r.{column}"), type_of(f"{end}.type"))
        for end, column in (("f", "source"), ("t", "target"))
    }
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {STATED} AS
        SELECT {ends["f"][0]} AS from_item, {ends["t"][0]} AS to_item, {ends["f"][1]} AS from_type,
            {ends["t"][1]} AS to_type, coalesce(nullif(r.qualifier, ''), 'related') AS relation, r.row AS "row"
        FROM {tables["relations"]} r
        LEFT JOIN {tables["objects"]} f ON f.id = r.source LEFT JOIN {tables["objects"]} t ON t.id = r.target
        WHERE r.source IS NOT NULL AND r.target IS NOT NULL""")


def _record_types(about: LogDescription, events: Path, connection: duckdb.DuckDBPyConnection) -> tuple[RecordType, ...]:
    has_status = "status" in about.columns
    found = connection.execute(f"""
        SELECT item_type, count(DISTINCT item_id), list(DISTINCT struct_pack(
            activity := {"activity" if "activity" in about.columns else "NULL::VARCHAR"},
            status := {"status" if has_status else "NULL::VARCHAR"}))
        FROM read_parquet({literal(events)}) GROUP BY item_type ORDER BY item_type""").fetchall()
    made = []
    for item_type, n_records, labels in found:
        said = {(label["activity"], label["status"]) for label in labels}
        made.append(
            RecordType(
                name=item_type,
                source_name=about.source_name,
                shape=about.shape,
                columns=about.columns,
                attributes=about.attributes,
                event_classes=tuple(each for each in about.event_classes if (each.activity, each.status) in said),
                n_records=n_records,
            )
        )
    return tuple(made)


def refuse_several(tables: Sequence[RawTable], connection: duckdb.DuckDBPyConnection) -> None:
    """Raise SeveralObjectLogs where several are given, and say what differs where they hold the same events."""
    logs = [(table, table.object_centric) for table in tables if table.object_centric is not None]
    if len(logs) < 2:
        return
    (_, one), (second, other), *_ = logs
    told = _compared(one, other, second.source_name, connection)
    if any(remark.kind == "times_without_zone" for table, _ in logs for remark in table.remarks):
        told += (
            " Times without a zone are read as UTC: trust the file whose times name their zone, or name the zone of "
            "the other in its mapping (`times`, `at`, `zone`)."
        )
    raise SeveralObjectLogs([table.source_name for table, _ in logs], told)


def _compared(one: OcelTables, other: OcelTables, other_name: str, connection: duckdb.DuckDBPyConnection) -> str:
    n_same, n_apart, seconds = one_row(
        connection,
        f"SELECT count(*), count(*) FILTER (s <> 0), mode(s) FILTER (s <> 0) FROM ("
        f"SELECT epoch({at_of('b.time')}) - epoch({at_of('a.time')}) AS s "
        f"FROM {one['events']} a JOIN {other['events']} b USING (id, type))",
    )
    if not n_same:
        return "They have no event in common."
    same = f"{n_same:,} events are in both"
    if not n_apart:
        return f"{same}, at the same times: either will do."
    hours = abs(seconds) / 3600
    side = "later" if seconds > 0 else "earlier"
    return f"{same}; {n_apart:,} of them are {hours:g} h {side} in “{other_name}”."
