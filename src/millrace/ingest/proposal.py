"""What recognition proposes for sources, or which source is which under a given mapping."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.schema import Shape
from millrace.ingest.canonical import canonical_mapping
from millrace.ingest.lifecycle import with_lifecycle
from millrace.ingest.mapping import ChangesMapping, Guess, Mapping
from millrace.ingest.raw import RawTable
from millrace.ingest.recognition import recognise, recognise_changes


class SourcesDoNotFit(MillraceError):
    """The sources given are neither one log nor records with their changes."""

    slug = "sources-do-not-fit"

    def __init__(self, names: Sequence[str], reason: str) -> None:
        """Say what was found among them."""
        given = ", ".join(f"“{name}”" for name in names)
        super().__init__(
            f"{given or 'No source'}: {reason} Give one log, or one file of records and one of their changes "
            "(item, field, old, new, time)."
        )


@dataclass(frozen=True)
class Sources:
    """Sources told apart: a log (or records), a table of changes, or both; and what their columns mean."""

    log: RawTable | None
    changes: RawTable | None
    mapping: Mapping

    @property
    def main(self) -> RawTable:
        """The log, the records, or the changes that come alone."""
        table = self.log or self.changes
        if table is None:
            raise SourcesDoNotFit((), "nothing was given.")
        return table

    @property
    def name(self) -> str:
        """The names of the files."""
        return " and ".join(table.source_name for table in (self.log, self.changes) if table is not None)


@dataclass(frozen=True)
class Proposed:
    """Sources told apart by recognition, its guesses, and those that are not sure enough to be trusted."""

    sources: Sources
    guesses: tuple[Guess, ...] = ()
    unsure: tuple[Guess, ...] = ()


def propose(tables: Sequence[RawTable], connection: duckdb.DuckDBPyConnection) -> Proposed:
    """Recognise what each source is and what its columns mean."""
    if len(tables) == 1 and (canonical := canonical_mapping(tables[0])):
        return Proposed(Sources(tables[0], None, canonical))
    found = [(table, recognise_changes(table, connection)) for table in tables]
    changes = [(table, meaning) for table, meaning in found if meaning is not None]
    logs = [table for table, meaning in found if meaning is None]
    if len(changes) > 1 or len(logs) > 1:
        raise SourcesDoNotFit([table.source_name for table in tables], f"{len(changes)} of them hold changes.")
    table, meaning = changes[0] if changes else (None, None)
    if not logs:
        return Proposed(Sources(None, table, Mapping(shape=Shape.STATUS_LOG, columns={}, changes=meaning)))
    recognition = recognise(logs[0], connection)
    if meaning is None:
        mapping = with_lifecycle(recognition.mapping, logs[0], connection)
    else:
        known = recognition.mapping
        known = known.model_copy(update={"columns": recognition.present | known.columns})
        mapping = _records_with(meaning, known, logs[0])
    return Proposed(Sources(logs[0], table, mapping), recognition.guesses, recognition.unsure)


def _records_with(changes: ChangesMapping, mapping: Mapping, records: RawTable) -> Mapping:
    """Return the mapping of records that have changes: a field and the column of the same name mean the same."""
    names = {column.name.lower(): column.name for column in records.columns}
    shared = {meaning: names[field.lower()] for meaning, field in changes.fields.items() if field.lower() in names}
    columns = shared | mapping.columns
    return mapping.model_copy(update={"columns": columns, "changes": changes, "shape": Shape.STATUS_LOG})


def tell_apart(tables: Sequence[RawTable], mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> Sources:
    """Say which source is which under a given mapping."""
    names = [table.source_name for table in tables]
    if mapping.changes is None and len(tables) == 2:
        meanings = [(table, recognise_changes(table, connection)) for table in tables]
        found = [(table, meaning) for table, meaning in meanings if meaning is not None]
        if len(found) != 1:
            raise SourcesDoNotFit(names, f"{len(found)} of them hold changes.")
        return _with_changes(tables, mapping.model_copy(update={"changes": found[0][1]}), found[0][0])
    if mapping.changes is None:
        if len(tables) != 1:
            raise SourcesDoNotFit(names, f"{len(tables)} sources were given.")
        return Sources(tables[0], None, mapping)
    needed = {mapping.changes.item, mapping.changes.field, mapping.changes.new, mapping.changes.at}
    changes = [table for table in tables if needed <= {column.name for column in table.columns}]
    if len(changes) != 1 or len(tables) > 2:
        raise SourcesDoNotFit(names, "not exactly one of them has the columns that the mapping's `changes` name.")
    return _with_changes(tables, mapping, changes[0])


def _with_changes(tables: Sequence[RawTable], mapping: Mapping, changes: RawTable) -> Sources:
    records = next((table for table in tables if table is not changes), None)
    return Sources(records, changes, mapping.model_copy(update={"shape": Shape.STATUS_LOG}))
