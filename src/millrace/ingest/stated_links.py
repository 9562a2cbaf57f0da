"""Links as sources state them: in a column of a record file, or in a file of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.links import record_id_sql
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.cleaning import NO_IDS, identifier, one_of, trimmed
from millrace.ingest.raw import ROW, RawTable
from millrace.ingest.record_files import RecordFile
from millrace.ingest.records_mapping import LinkColumn, LinkEnd, LinkFile
from millrace.ingest.row_remarks import N_EXAMPLES, counted
from millrace.ingest.staging import UnknownColumn

STATED = "__stated_links"
"""Table of the links as they are stated, with the columns of `eventlog.links`; nothing is resolved yet."""


@dataclass(frozen=True)
class StatedLinks:
    """What became of the cells that name other records, beside the rows of `STATED`."""

    remarks: tuple[RowRemark, ...]


def state_links(
    files: Sequence[RecordFile], link_files: Sequence[tuple[RawTable, LinkFile]], connection: duckdb.DuckDBPyConnection
) -> StatedLinks:
    """Fill the table `STATED` from every column and file that names links."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {STATED} (from_item VARCHAR, to_item VARCHAR, from_type VARCHAR, "
        'to_type VARCHAR, relation VARCHAR, "row" BIGINT)'
    )
    remarks: list[RowRemark] = []
    for file in files:
        for link in file.mapping.links:
            remarks += _of_column(file, link, connection)
    for table, link_file in link_files:
        _of_file(table, link_file, connection)
    return StatedLinks(tuple(remarks))


def _of_column(file: RecordFile, link: LinkColumn, connection: duckdb.DuckDBPyConnection) -> list[RowRemark]:
    types = _types(file.table)
    if link.column not in types:
        raise UnknownColumn(file.table.source_name, f"links to {link.item_type} records", link.column, list(types))
    item, other = file.mapping.columns["item_id"], link.column
    own_type, written = file.mapping.item_type, trimmed(quoted(other), types[other])
    nothing = tuple(
        text for text in (*file.mapping.nulls, *NO_IDS) if text not in (*link.many_valued, *link.unreadable)
    )
    cells = f"""
        SELECT {ROW}, {identifier(quoted(item), types[item], file.mapping.nulls)} AS item,
               {written} AS written, {one_of(written, link.many_valued)} AS is_many,
               {one_of(written, link.unreadable)} AS is_lost
        FROM {file.table.relation}
        WHERE {written} IS NOT NULL AND NOT {one_of(written, nothing)}"""
    named = "unnest(str_split(written, " + literal(link.separator) + "))" if link.separator else "written"
    ends = [(own_type, "item"), (link.item_type, "named")]
    if link.end is LinkEnd.FROM:
        ends.reverse()
    (from_type, from_key), (to_type, to_key) = ends
    connection.execute(f"""
        INSERT INTO {STATED}
        SELECT {record_id_sql(from_type, from_key)}, {record_id_sql(to_type, to_key)},
               {literal(from_type)}, {literal(to_type)}, {literal(link.relation)}, {ROW}
        FROM (SELECT {ROW}, item, {identifier("cell", "VARCHAR", ())} AS named
              FROM (SELECT {ROW}, item, {named} AS cell FROM ({cells})
                    WHERE item IS NOT NULL AND NOT is_many AND NOT is_lost))
        WHERE named IS NOT NULL""")
    return [
        *_cells_not_read(file.table, link, cells, "is_many", connection),
        *_cells_not_read(file.table, link, cells, "is_lost", connection),
    ]


def _cells_not_read(
    table: RawTable, link: LinkColumn, cells: str, claim: str, connection: duckdb.DuckDBPyConnection
) -> list[RowRemark]:
    n_rows, written, examples = one_row(
        connection,
        f"SELECT count(*), min(written), min(coalesce(item, '?'), {N_EXAMPLES}) FROM ({cells}) WHERE {claim}",
    )
    if not n_rows:
        return []
    cells_told, kind = counted(n_rows, table.unit), "many_valued_link" if claim == "is_many" else "unreadable_link"
    sentences = {
        "many_valued_link": f"“{link.column}” stands for several {link.item_type} records (“{written}”) in "
        f"{cells_told} of {table.source_name} without naming them: those links are not known from here.",
        "unreadable_link": f"“{link.column}” says “{written}” in {cells_told} of {table.source_name}: "
        "those links are lost.",
    }
    return [
        RowRemark(kind=kind, verdict=Verdict.REFUSED, n_rows=n_rows, sentence=sentences[kind], examples=tuple(examples))
    ]


def _of_file(table: RawTable, link: LinkFile, connection: duckdb.DuckDBPyConnection) -> None:
    types = _types(table)
    wanted = {"the start of a link": link.from_item, "the end of a link": link.to_item}
    if link.types_are_columns:
        wanted |= {"the type a link starts from": link.from_type, "the type it leads to": link.to_type}
    if link.relation_column is not None:
        wanted["the relation"] = link.relation_column
    for meaning, column in wanted.items():
        if column not in types:
            raise UnknownColumn(table.source_name, meaning, column, list(types))
    from_key, to_key = (identifier(quoted(column), types[column], ()) for column in (link.from_item, link.to_item))
    from_type, to_type = (
        trimmed(quoted(each), types[each]) if link.types_are_columns else literal(each)
        for each in (link.from_type, link.to_type)
    )
    relation = literal(link.relation)
    if link.relation_column is not None:
        relation = f"coalesce({trimmed(quoted(link.relation_column), types[link.relation_column])}, {relation})"
    connection.execute(f"""
        INSERT INTO {STATED}
        SELECT from_type || ':' || from_key, to_type || ':' || to_key, from_type, to_type, relation, {ROW}
        FROM (SELECT {ROW}, {from_key} AS from_key, {to_key} AS to_key, {from_type} AS from_type,
                     {to_type} AS to_type, {relation} AS relation FROM {table.relation})
        WHERE from_key IS NOT NULL AND to_key IS NOT NULL""")


def _types(table: RawTable) -> dict[str, str]:
    return {column.name: column.type for column in table.columns}
