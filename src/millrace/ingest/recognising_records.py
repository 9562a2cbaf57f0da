"""Several record files recognised: what each holds by itself, and which columns of one name records of another.

Links are told by values, not by names: a column names records of another file where most of its values are ids there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import one_row
from millrace.ingest.cleaning import identifier
from millrace.ingest.lifecycle import with_lifecycle
from millrace.ingest.mapping import Guess, Mapping
from millrace.ingest.proposal import SourcesDoNotFit
from millrace.ingest.raw import RawTable
from millrace.ingest.recognition import recognise
from millrace.ingest.records_mapping import LinkColumn, RecordMapping, RecordsMapping

TYPES = ("interaction", "incident", "problem", "change", "request", "call", "task", "case", "order", "ticket")
"""Words in the name of an id's column, or of a file, that say what its records are."""
_ENOUGH = 0.5
"""A column names records of another file where so large a share of its distinct values are ids there."""
_MOST_VALUES = 20_000
_FIRST_ROWS = 5_000
_LOST = ("#N/B", "#N/A")
_MANY = ("#MULTIVALUE",)


@dataclass(frozen=True)
class ProposedRecords:
    """A mapping of several record files, and how sure each part of it is."""

    mapping: RecordsMapping
    guesses: tuple[Guess, ...]
    unsure: tuple[Guess, ...]


@dataclass(frozen=True)
class _File:
    table: RawTable
    mapping: Mapping
    item_type: str

    @property
    def ids(self) -> str:
        """The ids of its records, for SQL."""
        column = self.mapping.columns["item_id"]
        types = {each.name: each.type for each in self.table.columns}
        return (
            f"SELECT DISTINCT {identifier(quoted(column), types[column], self.mapping.nulls)} AS id "
            f"FROM {self.table.relation}"
        )


def recognise_records(tables: Sequence[RawTable], connection: duckdb.DuckDBPyConnection) -> ProposedRecords:
    """Propose a mapping of several files. Raises SourcesDoNotFit where no column of one names records of another."""
    files, guesses, unsure = [], list[Guess](), list[Guess]()
    for table in tables:
        recognition = recognise(table, connection)
        mapping = with_lifecycle(recognition.mapping, table, connection)
        columns = {name: source for name, source in mapping.columns.items() if name != "item_type"}
        files.append(_File(table, mapping.model_copy(update={"columns": columns}), _type_of(table, columns)))
        guesses += [_of_file(table, guess) for guess in recognition.guesses]
        unsure += [_of_file(table, guess) for guess in recognition.unsure]
    for place, file in enumerate(files):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE __ids_{place} AS {file.ids}")
    linked = [_links(place, files, connection) for place in range(len(files))]
    for place in range(len(files)):
        connection.execute(f"DROP TABLE __ids_{place}")
    if not any(links for links, _ in linked) and len({file.item_type for file in files}) > 1:
        names = [table.source_name for table in tables]
        raise SourcesDoNotFit(names, "no column of one names records of another.")
    guesses += [guess for _, of_links in linked for guess in of_links]
    records = tuple(_record(file, links) for file, (links, _) in zip(files, linked, strict=True))
    return ProposedRecords(RecordsMapping(records=records), tuple(guesses), tuple(unsure))


def _of_file(table: RawTable, guess: Guess) -> Guess:
    return guess.model_copy(update={"about": f"{table.source_name}: {guess.about}"})


def _type_of(table: RawTable, columns: dict[str, str]) -> str:
    for words in (columns.get("item_id", ""), table.source_name):
        for item_type in TYPES:
            if item_type in words.lower():
                return item_type
    return PurePath(table.source_name).name.split(".")[0].lower().replace(" ", "_")


def _record(file: _File, links: tuple[LinkColumn, ...]) -> RecordMapping:
    named = {link.column for link in links}
    nulls = tuple(text for text in file.mapping.nulls if not named or text not in (*_LOST, *_MANY))
    return RecordMapping.model_validate(
        {
            **{name: getattr(file.mapping, name) for name in Mapping.model_fields},
            "nulls": nulls,
            "file": file.table.source_name,
            "item_type": file.item_type,
            "links": links,
        }
    )


def _links(
    place: int, files: Sequence[_File], connection: duckdb.DuckDBPyConnection
) -> tuple[tuple[LinkColumn, ...], tuple[Guess, ...]]:
    """Columns of one file that name records of another type, with how sure that is."""
    file, links, guesses = files[place], list[LinkColumn](), list[Guess]()
    meant = {*file.mapping.columns.values(), *file.mapping.milestones.values(), *file.mapping.leave_out}
    for column in file.table.columns:
        if column.type != "VARCHAR" or column.name in meant:
            continue
        found = [
            (_share(column.name, file, other, connection), each.item_type)
            for other, each in enumerate(files)
            if each.item_type != file.item_type
        ]
        share, item_type = max(found, default=(0.0, ""))
        if share >= _ENOUGH:
            links.append(LinkColumn(column=column.name, item_type=item_type, many_valued=_MANY, unreadable=_LOST))
            guesses.append(
                Guess(
                    about=f"{file.table.source_name}: links",
                    answer=column.name,
                    sureness_ratio=min(share, 0.99),
                    why=f"{100 * share:.0f} % of its values are ids of {item_type} records",
                )
            )
    return tuple(links), tuple(guesses)


def _share(column: str, file: _File, other: int, connection: duckdb.DuckDBPyConnection) -> float:
    """The share of a column's distinct values that are ids of records of another file.

    A first look at some rows spares most columns the full reading: few columns hold any id of another file.
    """
    n_values, n_ids = _found(column, file, other, f"LIMIT {_FIRST_ROWS}", connection)
    if n_values and n_ids < _ENOUGH / 2 * n_values:
        return 0.0
    n_values, n_ids = _found(column, file, other, "", connection)
    return n_ids / n_values if n_values else 0.0


def _found(column: str, file: _File, other: int, limit: str, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many distinct values the rows have, and how many of these are ids."""
    told = (*file.mapping.nulls, *_LOST, *_MANY)
    written = f"SELECT {quoted(column)} AS cell FROM {file.table.relation} WHERE {quoted(column)} IS NOT NULL {limit}"
    distinct = f"SELECT DISTINCT cell FROM ({written}) LIMIT {_MOST_VALUES}"
    values = f"SELECT {identifier('cell', 'VARCHAR', told)} AS value FROM ({distinct})"
    n_values, n_ids = one_row(
        connection,
        f"SELECT count(value), count(id) FROM ({values}) LEFT JOIN __ids_{other} ON id = value WHERE value IS NOT NULL",
    )
    return n_values, n_ids
