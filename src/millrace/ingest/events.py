"""From staged rows to events: one query per kind of source, canonical columns first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import text as literal
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.eventlog.schema import EVENT_COLUMNS
from millrace.ingest.changes import rebuild
from millrace.ingest.cleaning import columns_with_decimal_commas
from millrace.ingest.event_remarks import Sample
from millrace.ingest.lifecycle import names_every_person, pair, unpaired_remarks
from millrace.ingest.mapping import Mapping
from millrace.ingest.milestones import repeated_items, unfolded
from millrace.ingest.raw import ROW, RawTable
from millrace.ingest.row_remarks import count_rows, is_kept
from millrace.ingest.staging import LIFECYCLE, TIE_BREAK, Staged, read_once, stage

_NEVER_WRITTEN = (TIE_BREAK, LIFECYCLE, "position")


@dataclass(frozen=True)
class Events:
    """The events that a source holds: a query, what its columns were called there, and what became of the rows.

    `tie_break` is what orders events of one instant (“the column …”), if not their place in the source. `sample` is
    there where the events were looked at already.
    """

    sql: str
    columns: dict[str, str]
    attributes: tuple[str, ...]
    remarks: tuple[RowRemark, ...]
    n_rows: int
    n_refused: int
    n_repaired: int = 0
    tie_break: str | None = field(default=None)
    sample: Sample | None = None


def events_of(table: RawTable, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> Events:
    """Return the events of a source whose rows are events, or items with milestones."""
    decimal_columns = _decimal_columns(table, mapping, connection)
    staged = read_once(stage(table, mapping, with_decimal_commas=decimal_columns), connection)
    counts = count_rows(staged, decimal_columns, connection)
    kept = f"SELECT *, {_position(staged)} AS position FROM ({staged.sql}) WHERE {is_kept(staged)}"
    columns = {name: source for name, source in staged.columns.items() if name not in _NEVER_WRITTEN}
    remarks: list[RowRemark] = [*table.remarks, *counts.remarks]
    if mapping.milestones:
        remarks += repeated_items(staged, connection)
        kept = unfolded(kept, staged)
        reached = ", ".join(mapping.milestones.values())
        columns |= {"at": reached, "activity": reached, "status": reached}
    elif LIFECYCLE in staged.columns:
        pairing = pair(kept, by_person="person" in columns and names_every_person(kept, connection))
        remarks += unpaired_remarks(pairing, table.unit, connection)
        kept = pairing.events
        columns["started_at"] = columns["at"]
    if mapping.item_type and "item_type" not in columns:
        kept = f"SELECT *, {literal(mapping.item_type)} AS item_type FROM ({kept})"
        columns["item_type"] = mapping.item_type
    n_unread = _n_unread(table)
    return Events(
        _in_order(kept, columns, staged.attributes),
        columns,
        tuple(staged.attributes),
        tuple(remarks),
        table.n_rows + n_unread,
        counts.n_refused + n_unread,
        counts.n_repaired,
        _tie_break(staged),
    )


def events_of_changes(
    changes: RawTable, records: RawTable | None, mapping: Mapping, connection: duckdb.DuckDBPyConnection
) -> Events:
    """Return the events that records and their changes tell, or changes alone."""
    staged = stage(records, mapping) if records else None
    rebuilt = rebuild(changes, staged, mapping, connection)
    tables = (changes,) if records is None else (records, changes)
    n_unread = sum(_n_unread(table) for table in tables)
    return Events(
        _in_order(rebuilt.events, rebuilt.columns, rebuilt.attributes),
        rebuilt.columns,
        tuple(rebuilt.attributes),
        (*(remark for table in tables for remark in table.remarks), *rebuilt.remarks),
        sum(table.n_rows for table in tables) + n_unread,
        rebuilt.n_refused + n_unread,
        tie_break="the order of the changes",
    )


def _n_unread(table: RawTable) -> int:
    """Rows that reading refused, and that the table therefore lacks."""
    return sum(remark.n_rows for remark in table.remarks if remark.verdict is Verdict.REFUSED)


def _decimal_columns(table: RawTable, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    meant = {*mapping.columns.values(), *mapping.milestones.values(), *mapping.leave_out}
    texts = [column.name for column in table.columns if column.type == "VARCHAR" and column.name not in meant]
    return columns_with_decimal_commas(table.relation, texts, connection)


def _tie_break(staged: Staged) -> str | None:
    if staged.mapping.milestones:
        return "the order of the milestones"
    column = staged.columns.get(TIE_BREAK) or staged.columns.get("position")
    return f"column “{column}”" if column else None


def _position(staged: Staged) -> str:
    """The order in the source; where a column orders events of one instant, its order, numbers by their size."""
    by = next((name for name in (TIE_BREAK, "position") if name in staged.columns), None)
    if by is None:
        return ROW
    return f"row_number() OVER (ORDER BY TRY_CAST({by} AS DOUBLE) NULLS FIRST, {by} NULLS FIRST, {ROW})"


def _in_order(events: str, columns: Iterable[str], attributes: Iterable[str]) -> str:
    written: Sequence[str] = [name for name in EVENT_COLUMNS if name in {*columns, "position"}]
    return f"SELECT {', '.join(quoted(name) for name in (*written, *attributes))} FROM ({events})"
