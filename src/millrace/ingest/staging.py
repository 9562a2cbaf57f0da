"""A source under its mapping: canonical columns, cleaned, before any row is refused."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass, replace

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import text as literal
from millrace.eventlog.schema import EVENT_COLUMNS
from millrace.ingest.cleaning import attribute, flag, identifier, one_of, text, trimmed
from millrace.ingest.instants import instant
from millrace.ingest.mapping import Mapping, TimeFormat
from millrace.ingest.raw import ROW, RawColumn, RawTable

STAGED = "__staged"
TIE_BREAK = "tie_break"
LIFECYCLE = "lifecycle"
ID_AS_WRITTEN, AT_AS_WRITTEN, START_AS_WRITTEN = "__id_as_written", "__at_as_written", "__start_as_written"
AT_READ, START_READ = "__at_read", "__start_read"
VOIDED, UNREAD = "__voided", "__unread"

_LABELS = ("activity", "status")
_TIMES = ("at", "started_at")
ISO = TimeFormat(formats=("iso",))


class UnknownColumn(MillraceError):
    """A mapping names a column that its source lacks."""

    slug = "unknown-column"

    def __init__(self, source_name: str, meaning: str, column: str, known: Collection[str]) -> None:
        """Name the column and the nearest one that is there."""
        near = next(iter(difflib.get_close_matches(column, list(known), n=1)), None)
        hint = f"; did you mean “{near}”?" if near else f". It has: {', '.join(list(known)[:12])}."
        super().__init__(f"The mapping takes {meaning} from column “{column}”, which “{source_name}” lacks{hint}")


class IncompleteMapping(MillraceError):
    """A mapping does not say what every log needs: which item, when, and what."""

    slug = "incomplete-mapping"

    def __init__(self, source_name: str, lacks: str) -> None:
        """Say what is missing and how to give it."""
        super().__init__(
            f"No column of “{source_name}” is known to hold {lacks}. "
            "Write the proposed mapping to a file with `millrace inspect`, name the column there and give it back."
        )


@dataclass(frozen=True)
class Staged:
    """A source under its mapping: `SELECT` that yields `ROW`, the canonical `columns` and the `attributes`.

    `columns` and `attributes` map the name in the log to the name in the source. Beside them the query yields the
    milestones as `milestone_column(0)`, …, the cells as they were written (`ID_AS_WRITTEN`, …), which columns held a
    text for “nothing here” (`VOIDED`), and which cells could not be read (`UNREAD`).
    """

    table: RawTable
    mapping: Mapping
    sql: str
    columns: dict[str, str]
    attributes: dict[str, str]


def stage(
    table: RawTable, mapping: Mapping, *, with_decimal_commas: Collection[str] = (), tells_events: bool = True
) -> Staged:
    """Return the source under its mapping; raise where the mapping does not fit the source.

    A source of records whose events stand elsewhere does not tell events.
    """
    check_mapping(table, mapping, tells_events=tells_events)
    sources = _Sources(mapping, {column.name: column.type for column in table.columns}, with_decimal_commas)
    columns = {name: source for name, source in mapping.columns.items() if name not in _unused(mapping)}
    attributes = _attributes(table, mapping, columns)
    cells = {name: sources.cell(name, source) for name, source in columns.items()}
    cells |= {milestone_column(place): sources.milestone(label) for place, label in enumerate(mapping.milestones)}
    cells |= {name: sources.attribute(source) for name, source in attributes.items()}
    cells |= _as_written(sources, columns)
    cells[VOIDED] = _voided(sources, {*columns.values(), *attributes.values()} - _label_sources(columns))
    cells[UNREAD] = _unread(sources, columns)
    selected = ", ".join(f"{expression} AS {quoted(name)}" for name, expression in cells.items())
    sql = f"SELECT {ROW}, {selected} FROM {table.relation}"
    return Staged(table, mapping, _with_sound_starts(sql, columns), columns, attributes)


def read_once(staged: Staged, connection: duckdb.DuckDBPyConnection) -> Staged:
    """Return the same rows from a table (`STAGED`), so that every cell is cleaned once and not once per question."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {STAGED} AS {staged.sql}")
    return replace(staged, sql=f"SELECT * FROM {STAGED}")


def milestone_column(place: int) -> str:
    """Return the staged name of the milestone at that place of the mapping."""
    return f"__milestone_{place}"


def time_format(mapping: Mapping, *names: str) -> TimeFormat:
    """Return how the first of these columns that the mapping speaks of is written; ISO and UTC otherwise."""
    return next((mapping.times[name] for name in names if name in mapping.times), ISO)


def check_mapping(table: RawTable, mapping: Mapping, *, tells_events: bool = True) -> None:
    """Raise `UnknownColumn` or `IncompleteMapping` where the mapping does not fit the source."""
    known = [column.name for column in table.columns]
    left_out = (("nothing (`leave_out`)", source) for source in mapping.leave_out)
    for meaning, source in (*mapping.columns.items(), *mapping.milestones.items(), *left_out):
        if source not in known:
            raise UnknownColumn(table.source_name, meaning, source, known)
    if "item_id" not in mapping.columns:
        raise IncompleteMapping(table.source_name, "the id of the item (`item_id`)")
    if mapping.milestones or not tells_events:
        return
    if not set(_TIMES) & mapping.columns.keys():
        raise IncompleteMapping(table.source_name, "the instant of each event (`at`)")
    if not set(_LABELS) & mapping.columns.keys() and mapping.changes is None:
        raise IncompleteMapping(table.source_name, "what each event is (`activity` or `status`)")


def _unused(mapping: Mapping) -> tuple[str, ...]:
    """A record's own status and time stay attributes where its milestones are the events."""
    return (*_LABELS, *_TIMES) if mapping.milestones and mapping.changes is None else ()


def _attributes(table: RawTable, mapping: Mapping, columns: dict[str, str]) -> dict[str, str]:
    """Further columns keep their names; one that would shadow a canonical name says where it is from."""
    spoken_for = {*columns.values(), *mapping.milestones.values(), *mapping.leave_out}
    names: dict[str, str] = {}
    for column in table.columns:
        if column.name not in spoken_for:
            names[_unshadowed(column)] = column.name
    return names


def _unshadowed(column: RawColumn) -> str:
    return f"{column.name} (source)" if column.name.lower() in EVENT_COLUMNS else column.name


@dataclass(frozen=True)
class _Sources:
    """The cells of a source's columns as expressions."""

    mapping: Mapping
    types: dict[str, str]
    with_decimal_commas: Collection[str]

    def cell(self, name: str, source: str) -> str:
        column, engine_type = quoted(source), self.types[source]
        if name == "item_id":
            return identifier(column, engine_type, self.mapping.nulls)
        if name in _TIMES:
            return instant(column, engine_type, time_format(self.mapping, name, source, "at"))
        if name == "is_automated":
            return flag(column, engine_type)
        # A status that says nothing is still what the log says: it stays, and its class sets nothing.
        return text(column, engine_type, () if name in _LABELS else self.mapping.nulls)

    def milestone(self, label: str) -> str:
        source = self.mapping.milestones[label]
        return instant(quoted(source), self.types[source], time_format(self.mapping, label, source, "at"))

    def attribute(self, source: str) -> str:
        has_commas = source in self.with_decimal_commas
        return attribute(quoted(source), self.types[source], self.mapping.nulls, has_decimal_commas=has_commas)

    def written(self, source: str) -> str:
        return text(quoted(source), self.types[source], self.mapping.nulls)


def _label_sources(columns: dict[str, str]) -> set[str]:
    return {columns[name] for name in _LABELS if name in columns}


def _as_written(sources: _Sources, columns: dict[str, str]) -> dict[str, str]:
    times = {"at": AT_AS_WRITTEN, "started_at": START_AS_WRITTEN}
    written = {name: sources.written(columns[time]) for time, name in times.items() if time in columns}
    return written | {ID_AS_WRITTEN: f"CAST({quoted(columns['item_id'])} AS VARCHAR)"}


def _voided(sources: _Sources, columns: set[str]) -> str:
    texts = [column for column in sources.types if column in columns and sources.types[column] == "VARCHAR"]
    if not texts or not sources.mapping.nulls:
        return "''"
    names = (
        f"CASE WHEN {one_of(trimmed(quoted(name)), sources.mapping.nulls)} THEN {literal(name)} END" for name in texts
    )
    return f"concat_ws(', ', {', '.join(names)})"


def _unread(sources: _Sources, columns: dict[str, str]) -> str:
    read = {
        columns[name]: sources.cell(name, columns[name]) for name in ("started_at", "is_automated") if name in columns
    }
    read |= {source: sources.milestone(label) for label, source in sources.mapping.milestones.items()}
    if not read:
        return "''"
    cells = (
        f"CASE WHEN {cell} IS NULL THEN {literal(f'{source} “')} || {sources.written(source)} || '”' END"
        for source, cell in read.items()
    )
    return f"concat_ws(', ', {', '.join(cells)})"


def _with_sound_starts(sql: str, columns: dict[str, str]) -> str:
    """A start after its end is unknown; a start without an end is an instant."""
    if "started_at" not in columns:
        return sql
    if "at" not in columns:
        return f'SELECT *, started_at AS "at", started_at AS {START_READ}, NULL::TIMESTAMP AS {AT_READ} FROM ({sql})'
    return (
        'SELECT * REPLACE (coalesce("at", started_at) AS "at", '
        'CASE WHEN started_at <= coalesce("at", started_at) THEN started_at END AS started_at), '
        f'"at" AS {AT_READ}, started_at AS {START_READ} FROM ({sql})'
    )
