"""The columns of a source as recognition looks at them: a glance at values, and a table of rows to count in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.ingest.cleaning import one_of, trimmed
from millrace.ingest.raw import ROW, RawColumn, RawTable
from millrace.ingest.recognition.headers import HeaderSays, read_header
from millrace.ingest.recognition.vocabulary import phrases, vocabulary

_GLANCE_CELLS = 400_000
_GLANCE_ROWS = 1_500
_MOST_COLUMNS = 72
_ROWS_COUNTED = 40_000
_TIME_TYPES = ("TIMESTAMP", "DATE")
_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
_NESTED = ("[]", "STRUCT", "MAP", "UNION", "BLOB")


@cache
def null_words() -> frozenset[str]:
    """Texts that mean “nothing here”, in lower case."""
    return frozenset(word.lower() for word in phrases(vocabulary("values")["nulls"]))


@dataclass(frozen=True)
class Column:
    """A column: its place, name and engine type, and the values of some rows (nulls left out)."""

    place: int
    name: str
    type: str
    values: tuple[str, ...]
    n_glanced: int
    nulls: frozenset[str]

    @property
    def cell(self) -> str:
        """The column's name in the tables of recognition: cleaned text, or the engine's own time."""
        return f"c{self.place}"

    @property
    def is_typed_time(self) -> bool:
        """True where the engine already holds instants."""
        return self.type.startswith(_TIME_TYPES)

    @cached_property
    def says(self) -> HeaderSays:
        """What the name says, taken as a column that holds no instants."""
        return read_header(self.name, holds_instants=False)

    @cached_property
    def says_as_instant(self) -> HeaderSays:
        """What the name says, taken as a column that holds instants."""
        return read_header(self.name, holds_instants=True)

    @cached_property
    def distinct_values(self) -> tuple[str, ...]:
        """The values of the glance, each once, the most frequent first."""
        counts: dict[str, int] = {}
        for value in self.values:
            counts[value] = counts.get(value, 0) + 1
        return tuple(sorted(counts, key=lambda value: -counts[value]))


@dataclass(frozen=True)
class Rows:
    """A table of the engine with the columns' cleaned cells (`c0`, `c1`, …) and `ROW`."""

    relation: str
    n_rows: int
    is_whole: bool


def glance(table: RawTable, connection: duckdb.DuckDBPyConnection) -> list[Column]:
    """The columns that hold anything, with the values of up to some hundred rows spread over the source."""
    flat = [column for column in table.columns if not any(sign in column.type for sign in _NESTED)]
    if not flat or not table.n_rows:
        return []
    n_rows = max(40, min(_GLANCE_ROWS, _GLANCE_CELLS // len(flat)))
    step = max(1, table.n_rows // n_rows)
    spread = f"WHERE hash({ROW}) % {step} = 0" if step > 1 else ""
    cells = ", ".join(_as_read(column) for column in flat)
    rows = connection.execute(f"SELECT {cells} FROM {table.relation} {spread} LIMIT {2 * n_rows}").fetchall()
    columns = []
    for place, (column, values) in enumerate(zip(flat, zip(*rows, strict=True), strict=True)):
        texts = [text for value in values if value is not None and (text := value.strip().strip(_INVISIBLE))]
        kept = tuple(text for text in texts if text.lower() not in null_words())
        nulls = frozenset(text for text in texts if text.lower() in null_words())
        columns.append(Column(place, column.name, column.type, kept, len(values), nulls))
    return _most_telling(columns)


def _as_read(column: RawColumn) -> str:
    """Texts are trimmed after the glance: thousands of expressions would cost more than thousands of columns."""
    return quoted(column.name) if column.type == "VARCHAR" else trimmed(quoted(column.name), column.type)


def _most_telling(columns: list[Column]) -> list[Column]:
    """Of very many columns those whose names say something or that are filled; in the source's order."""
    if len(columns) <= _MOST_COLUMNS:
        return columns
    filled = [column for column in columns if column.values]
    weight = {column.place: _weight(column) for column in filled}
    chosen = sorted(filled, key=lambda column: -weight[column.place])[:_MOST_COLUMNS]
    return sorted(chosen, key=lambda column: column.place)


def _weight(column: Column) -> float:
    says = max(
        (strength for said in (column.says, column.says_as_instant) for strength in said.strengths.values()),
        default=0.0,
    )
    varies = len(column.distinct_values) > 1
    return says + len(column.values) / column.n_glanced + varies


@contextmanager
def counted_rows(table: RawTable, columns: Sequence[Column], connection: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    """The source's rows (of a large source a share of them, drawn by row) with cleaned cells, for a while."""
    step = max(1, table.n_rows // _ROWS_COUNTED) if table.n_rows > 2 * _ROWS_COUNTED else 1
    where = f"WHERE hash({ROW}) % {step} = 0" if step > 1 else ""
    with _held(table, columns, where, connection) as n_rows:
        yield Rows("recognition_rows", n_rows, step == 1)


@contextmanager
def rows_of_items(
    table: RawTable, columns: Sequence[Column], item: Column, rows: Rows, connection: duckdb.DuckDBPyConnection
) -> Iterator[Rows]:
    """Whole items: every row of some of them, as statistics within an item need it."""
    if rows.is_whole:
        yield rows
        return
    step = max(1, table.n_rows // _ROWS_COUNTED)
    where = f"WHERE hash({quoted(item.name)}) % {step} = 0"
    with _held(table, columns, where, connection, name="recognition_items") as n_rows:
        yield Rows("recognition_items", n_rows, False)


@contextmanager
def _held(
    table: RawTable,
    columns: Sequence[Column],
    where: str,
    connection: duckdb.DuckDBPyConnection,
    *,
    name: str = "recognition_rows",
) -> Iterator[int]:
    cells = ", ".join(f"{_cleaned(column)} AS {column.cell}" for column in columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {ROW} AS source_row, {cells} FROM {table.relation} {where}"
    )
    try:
        counted = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
        yield counted[0] if counted else 0
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def _cleaned(column: Column) -> str:
    if column.is_typed_time:
        return quoted(column.name)
    # Statistics need no more than plain trimming, which is many times faster than what the import does.
    cell = quoted(column.name) if column.type == "VARCHAR" else trimmed(quoted(column.name), column.type)
    nulls = sorted({word.lower() for word in column.nulls})
    cleaned = f"nullif(trim({cell}), '')"
    return f"CASE WHEN {one_of(f'trim({cell})', nulls)} THEN NULL ELSE {cleaned} END" if nulls else cleaned
