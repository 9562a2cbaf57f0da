"""A Parquet file that already is an event log: canonical names and types, nothing to clean."""

import shutil
from pathlib import Path

import duckdb

from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.schema import EVENT_COLUMNS, Shape
from millrace.ingest.cleaning import NO_IDS
from millrace.ingest.event_remarks import Sample, draw_clean_sample
from millrace.ingest.mapping import Mapping
from millrace.ingest.raw import RawTable

_BEYOND_ASCII = "item_id < '!' OR item_id > '~'"
"""A claim about ids on its own: the engine answers it from the file's statistics, reading nothing (as it does where
instants are compared)."""
_WOULD_NEED_CLEANING = (
    f"(item_id LIKE '% ' OR CASE WHEN strlen(item_id) <= {max(map(len, NO_IDS))} "
    f"THEN lower(item_id) IN ({', '.join(map(literal, NO_IDS))}) ELSE false END)"
)
"""A claim about ids that only reading them can answer."""


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


def sample_as_it_is(table: RawTable, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> Sample | None:
    """A sample of a file that can serve as the log's events as it is: ids, instants and positions are all there.

    None for any other source.
    """
    only_names = mapping.model_copy(update={"statuses": ()})
    if table.parquet_path is None or only_names != canonical_mapping(table) or "position" not in mapping.columns:
        return None
    shadows = {column.name.lower() for column in table.columns if column.name not in mapping.columns}
    if shadows & EVENT_COLUMNS.keys():
        return None
    labels = tuple(name for name in ("activity", "status") if name in mapping.columns)
    claims = [
        f'item_id IS NULL OR "at" IS NULL OR position IS NULL OR coalesce({", ".join(labels)}, NULL) IS NULL',
        """"at" <= TIMESTAMP '-infinity' OR "at" >= TIMESTAMP 'infinity'""",
        *(['started_at > "at"'] if "started_at" in mapping.columns else []),
        _BEYOND_ASCII,
    ]
    if any(_some_row(claim, table, connection) for claim in claims):
        return None
    return draw_clean_sample(f"read_parquet({literal(table.parquet_path)})", _WOULD_NEED_CLEANING, labels, connection)


def _some_row(claim: str, table: RawTable, connection: duckdb.DuckDBPyConnection) -> bool:
    # Counting uses all processors; looking for a first row would use one.
    (n_rows,) = one_row(connection, f"SELECT count(*) FROM {table.relation} WHERE {claim}")
    return bool(n_rows)


def copy_events(table: RawTable, unfinished: Path) -> None:
    """Copy the file as the log's events. A link would be cheaper, and would change with its source."""
    if table.parquet_path is not None:
        shutil.copyfile(table.parquet_path, unfinished)
