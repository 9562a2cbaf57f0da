"""Which column numbers the work items, and whether a row is an event or a whole item."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.ingest.mapping import Guess
from millrace.ingest.raw import RawTable
from millrace.ingest.recognition.columns import Column, Rows
from millrace.ingest.recognition.errors import NoItemColumn
from millrace.ingest.recognition.instant_columns import InstantColumn
from millrace.ingest.recognition.status_words import reads_as_state

_LIKE_AN_ID = re.compile(
    r"^(?:[^\W\d_]{0,8}[-_# :/]{0,2}\d[\d\-_/.#]*[A-Za-z]?|[0-9a-fA-F]{8,64}|[0-9a-fA-F]{8}-[0-9a-fA-F-]{20,30}"
    r"|[A-Za-z][\w-]*[-_]\d+)$"
)
_DECIMAL = re.compile(r"^-?\d+[.,]\d+$")
_SPEAKS_OTHERWISE = 0.75
_OTHER_MEANINGS = (
    "team", "person", "priority", "requester", "category", "service", "status", "substatus", "activity", "channel",
    "item_type", "tie_break", "other", "field", "old", "new",
)  # fmt: skip


@dataclass(frozen=True)
class ItemColumn:
    """The column that numbers the items, whether each has one row only, the guess, and further columns that number
    them as well (one value per item and one item per value)."""

    column: Column
    has_one_row_per_item: bool
    guess: Guess


@dataclass(frozen=True)
class _Candidate:
    column: Column
    filled_ratio: float
    rows_per_value: float
    n_distinct: int
    named: float
    like_an_id: float
    together: float
    """How much closer in time the rows of one value lie than any rows do: 0 not at all, 1 all at once."""

    @property
    def is_repeated(self) -> bool:
        return self.rows_per_value >= 1.08

    def score(self, most_distinct: int) -> float:
        share = self.n_distinct / max(1, most_distinct)
        closeness = self.together if self.is_repeated else 0.0
        return 2.2 * self.named + 1.0 * closeness + 0.7 * self.like_an_id + 0.9 * share + 0.5 * (self.filled_ratio - 1)


def item_column(
    table: RawTable,
    columns: Sequence[Column],
    instants: Mapping[int, InstantColumn],
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> ItemColumn:
    """The item's column. Raises `NoItemColumn` where there is none."""
    declared = dict(table.declared).get("item_id")
    candidates = _candidates(table, columns, instants, rows, connection)
    for candidate in candidates:
        if candidate.column.name == declared:
            guess = Guess(about="item_id", answer=declared, sureness_ratio=1.0, why="the file's format says so")
            return ItemColumn(candidate.column, not candidate.is_repeated and not _has_events(columns), guess)
    repeated = _best([candidate for candidate in candidates if candidate.is_repeated])
    unique = _best([candidate for candidate in candidates if not candidate.is_repeated])
    chosen = _choose(repeated, unique, n_instants=len(instants))
    if chosen is None:
        raise NoItemColumn(table.source_name)
    rivals = tuple(one.column.name for one in candidates if one is not chosen and one.score(chosen.n_distinct) > 1.2)
    return ItemColumn(chosen.column, not chosen.is_repeated, _guess(chosen, rivals[:3]))


def _has_events(columns: Sequence[Column]) -> bool:
    return any(column.says.strength("activity") >= 0.8 for column in columns)


def _candidates(
    table: RawTable,
    columns: Sequence[Column],
    instants: Mapping[int, InstantColumn],
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> list[_Candidate]:
    possible = [column for column in columns if column.place not in instants and _can_number(column)]
    if not possible:
        return []
    counts = _counts(table, possible, rows, connection)
    kept = [column for column in possible if counts[column.place][0] >= 0.5 * rows.n_rows]
    togetherness = _togetherness(kept, counts, instants, rows, connection)
    return [
        _Candidate(
            column,
            counts[column.place][0] / max(1, rows.n_rows),
            counts[column.place][0] / max(1, counts[column.place][1]),
            counts[column.place][1],
            _named(column),
            sum(bool(_LIKE_AN_ID.match(value)) for value in column.values) / len(column.values),
            togetherness.get(column.place, 0.0),
        )
        for column in kept
    ]


def _can_number(column: Column) -> bool:
    """Neither long text nor measured figures nor states number items."""
    if not column.values:
        return False
    n_values = len(column.values)
    is_text = sum(value.count(" ") > 3 or len(value) > 70 for value in column.values) > 0.2 * n_values
    is_figure = sum(bool(_DECIMAL.match(value)) for value in column.values) > 0.2 * n_values
    is_flag = len(column.distinct_values) == 2 and all(len(value) <= 5 for value in column.distinct_values)
    is_state = sum(map(reads_as_state, column.distinct_values[:40])) > 0.5 * len(column.distinct_values[:40])
    return not (is_text or is_figure or is_state or (is_flag and column.says.strength("item_id") < 0.5))


def _named(column: Column) -> float:
    named = max(column.says.strength("item_id"), 0.7 * column.says.strength("key"))
    otherwise = max(column.says.strength(meaning) for meaning in _OTHER_MEANINGS)
    return named - (0.6 if otherwise >= _SPEAKS_OTHERWISE and otherwise > named else 0.0)


def _counts(
    table: RawTable, columns: Sequence[Column], rows: Rows, connection: duckdb.DuckDBPyConnection
) -> dict[int, tuple[int, int]]:
    """Filled rows and distinct values of each column; of a sample, scaled by what whole values in it would show."""
    many = ", ".join(f"count({column.cell}), approx_count_distinct({column.cell})" for column in columns)
    found = connection.execute(f"SELECT {many} FROM {rows.relation}").fetchone() or ()
    counts = {
        column.place: (found[2 * number], min(found[2 * number], found[2 * number + 1]))
        for number, column in enumerate(columns)
    }
    close = [column for column in columns if counts[column.place][1] > 0.6 * counts[column.place][0]]
    if rows.is_whole:
        return {**counts, **_exact(close, rows.relation, counts, connection)}
    return {**counts, **_of_whole_values(close, counts, table, rows, connection)}


def _exact(
    columns: Sequence[Column],
    relation: str,
    counts: Mapping[int, tuple[int, int]],
    connection: duckdb.DuckDBPyConnection,
) -> dict[int, tuple[int, int]]:
    if not columns:
        return {}
    many = ", ".join(f"count(DISTINCT {column.cell})" for column in columns)
    found = connection.execute(f"SELECT {many} FROM {relation}").fetchone() or ()
    return {column.place: (counts[column.place][0], found[number]) for number, column in enumerate(columns)}


def _of_whole_values(
    columns: Sequence[Column],
    counts: Mapping[int, tuple[int, int]],
    table: RawTable,
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> dict[int, tuple[int, int]]:
    """A share of rows makes everything look unique: count all rows of a share of the values instead."""
    if not columns:
        return {}
    share = max(1, table.n_rows // 20_000)
    cells = [f"CAST({quoted(column.name)} AS VARCHAR)" for column in columns]
    many = ", ".join(
        f"count({cell}) FILTER (hash({cell}) % {share} = 0), count(DISTINCT {cell}) FILTER (hash({cell}) % {share} = 0)"
        for cell in cells
    )
    found = connection.execute(f"SELECT {many} FROM {table.relation}").fetchone() or ()
    scaled = {}
    for number, column in enumerate(columns):
        n_filled = counts[column.place][0]
        of_values, n_values = found[2 * number], max(1, found[2 * number + 1])
        scaled[column.place] = (n_filled, max(1, round(n_filled * n_values / max(1, of_values))))
    return scaled


def _togetherness(
    columns: Sequence[Column],
    counts: Mapping[int, tuple[int, int]],
    instants: Mapping[int, InstantColumn],
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> dict[int, float]:
    """For each repeated column: 1 − (mean reach in time of a value's rows ÷ what rows drawn at random would reach)."""
    if not instants:
        return {}
    clock = max(instants.values(), key=lambda one: (len(one.column.values), len(one.column.distinct_values)))
    found = {}
    for column in columns:
        n_filled, n_distinct = counts[column.place]
        if n_distinct < 2 or n_filled < 1.05 * n_distinct:
            continue
        reach = connection.execute(
            f"""
            WITH rows_at AS (SELECT {column.cell} AS v, epoch({clock.read}) AS moment FROM {rows.relation}),
            whole AS (SELECT quantile_cont(moment, 0.98) - quantile_cont(moment, 0.02) AS reach FROM rows_at),
            by_value AS (
                SELECT max(moment) - min(moment) AS reach, count(moment) AS n FROM rows_at WHERE v IS NOT NULL
                GROUP BY v HAVING count(moment) > 1)
            SELECT avg(least(1, by_value.reach / nullif(whole.reach * (n - 1) / (n + 1), 0))) FROM by_value, whole
            """
        ).fetchone()
        if reach and reach[0] is not None:
            found[column.place] = max(0.0, 1.0 - float(reach[0]))
    return found


def _best(candidates: Sequence[_Candidate]) -> _Candidate | None:
    most_distinct = max((one.n_distinct for one in candidates), default=1)
    return max(candidates, key=lambda one: one.score(most_distinct), default=None)


def _choose(repeated: _Candidate | None, unique: _Candidate | None, *, n_instants: int) -> _Candidate | None:
    if unique is not None and unique.like_an_id < 0.5 and unique.named < 0.5:
        unique = None
    if repeated is not None and repeated.named < 0.45 and repeated.together < 0.25:
        repeated = None
    if repeated is None or unique is None:
        return repeated or unique
    if unique.named >= 0.8 and repeated.named < 0.8:
        is_numbered_rows = unique.named < 1.0 and repeated.together > 0.5
        return repeated if is_numbered_rows else unique
    if repeated.named >= 0.45:
        return repeated
    is_plainly_together = repeated.together >= 0.5 and repeated.like_an_id >= 0.5
    return repeated if is_plainly_together or n_instants < 2 else unique


def _guess(chosen: _Candidate, rivals: tuple[str, ...]) -> Guess:
    reasons = []
    if chosen.named >= 0.45:
        reasons.append("its name says so")
    if chosen.like_an_id >= 0.8:
        reasons.append("its values look like numbers of items")
    if chosen.is_repeated and chosen.together >= 0.3:
        reasons.append("the rows that share a value lie close together in time")
    reasons.append(
        f"a value has {chosen.rows_per_value:.1f} rows on average" if chosen.is_repeated else "every row has its own"
    )
    sureness = 0.3 + 0.45 * max(0.0, chosen.named) + 0.15 * chosen.like_an_id
    sureness += 0.3 * chosen.together if chosen.is_repeated else 0.1
    return Guess(
        about="item_id",
        answer=chosen.column.name,
        sureness_ratio=round(min(0.99, sureness * (0.5 + 0.5 * chosen.filled_ratio)), 2),
        why=_sentence(reasons),
        rivals=rivals,
    )


def _sentence(reasons: Sequence[str]) -> str:
    return reasons[0] if len(reasons) == 1 else ", ".join(reasons[:-1]) + " and " + reasons[-1]
