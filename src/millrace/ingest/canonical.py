"""A Parquet file that already is an event log: canonical names and types, nothing to clean."""

import shutil
from pathlib import Path

import duckdb

from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.schema import EVENT_COLUMNS, Shape
from millrace.ingest.cleaning import NO_IDS
from millrace.ingest.mapping import Mapping
from millrace.ingest.raw import RawTable

_WOULD_NEED_CLEANING = (
    "item_id < '!' OR item_id > '~'",
    f"strlen(item_id) <= {max(map(len, NO_IDS))} AND lower(item_id) IN ({', '.join(map(literal, NO_IDS))})",
    "item_id LIKE '% '",
)
"""Claims about ids, each on its own: the engine answers the first from the file's statistics, reading nothing (as it
does where instants are compared)."""


def canonical_mapping(table: RawTable) -> Mapping | None:
    """Return the mapping of a Parquet file whose columns bear canonical names and types, None for any other source."""
    types = {column.name: column.type for column in table.columns}
    known = {name: name for name in EVENT_COLUMNS if name in types}
    if table.parquet_path is None or not {"item_id", "at"} <= known.keys() or not {"activity", "status"} & known.keys():
        return None
    if any(types[name] != EVENT_COLUMNS[name] for name in known):
        return None
    if "started_at" in known:
        return Mapping(shape=Shape.ACTIVITY_LOG, columns=known)
    return Mapping(shape=Shape.STATUS_LOG if "status" in known else Shape.ACTIVITY_LOG_ENDS, columns=known)


def needs_no_change(table: RawTable, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> bool:
    """True where the file can serve as the log's events as it is: ids, instants and positions are all there."""
    only_names = mapping.model_copy(update={"statuses": ()})
    if only_names != canonical_mapping(table) or "position" not in mapping.columns:
        return False
    shadows = {column.name.lower() for column in table.columns if column.name not in mapping.columns}
    if shadows & EVENT_COLUMNS.keys():
        return False
    labels = ", ".join(name for name in ("activity", "status") if name in mapping.columns)
    claims = [
        f'item_id IS NULL OR "at" IS NULL OR position IS NULL OR coalesce({labels}, NULL) IS NULL',
        """"at" <= TIMESTAMP '-infinity' OR "at" >= TIMESTAMP 'infinity'""",
        *(['started_at > "at"'] if "started_at" in mapping.columns else []),
        *_WOULD_NEED_CLEANING,
    ]
    return not any(_some_row(claim, table, connection) for claim in claims)


def _some_row(claim: str, table: RawTable, connection: duckdb.DuckDBPyConnection) -> bool:
    # Counting uses all processors; looking for a first row would use one.
    (n_rows,) = one_row(connection, f"SELECT count(*) FROM {table.relation} WHERE {claim}")
    return bool(n_rows)


def copy_events(table: RawTable, unfinished: Path) -> None:
    """Copy the file as the log's events. A link would be cheaper, and would change with its source."""
    if table.parquet_path is not None:
        shutil.copyfile(table.parquet_path, unfinished)
