"""A source as it was read, before anyone says what its columns mean."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.eventlog.readiness import RowRemark

if TYPE_CHECKING:
    from millrace.ingest.reading.ocel_tables import OcelTables

ROW = "__row"
"""Column that numbers the source's rows as a person would find them (a CSV's line, a sheet's row, an XES event)."""


@dataclass(frozen=True)
class RawColumn:
    """A column under its source's name (made unique), with its engine type; text sources give VARCHAR only."""

    name: str
    type: str


@dataclass(frozen=True)
class RawTable:
    """A source's rows in the engine: `SELECT … FROM {relation}`, `ROW` first, then `columns` under their names.

    `relation` is a table or view name, safe to put into SQL as it is. `source_name` is the file's name, for
    sentences. `unit` is what a row is called there: line, row, event. `remarks` are what reading had to repair or
    refuse (rows with too many cells, undecodable bytes). `declared` keeps the meanings that the format itself
    fixes, canonical name → column: XES's `time:timestamp` is its instant without guessing. `parquet_path` is set
    where the source is a Parquet file, so that a clean one need not be written again. `object_centric` is set where
    it is an object-centric log: its objects, their values over time and their relations.
    """

    relation: str
    source_name: str
    unit: str
    columns: tuple[RawColumn, ...]
    n_rows: int
    remarks: tuple[RowRemark, ...] = ()
    declared: tuple[tuple[str, str], ...] = ()
    parquet_path: Path | None = None
    object_centric: "OcelTables | None" = None
