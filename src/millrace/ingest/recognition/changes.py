"""Tables of changes: a row per field that changed, as audit tables and change logs give them."""

from collections.abc import Sequence

import duckdb

from millrace.ingest.mapping import ChangesMapping
from millrace.ingest.raw import RawTable
from millrace.ingest.recognition.columns import Column, Rows, counted_rows, glance
from millrace.ingest.recognition.errors import NoItemColumn
from millrace.ingest.recognition.headers import read_header
from millrace.ingest.recognition.instant_columns import InstantColumn, instant_columns
from millrace.ingest.recognition.item_column import item_column

_FOLLOWED = ("status", "team", "person", "priority", "item_type", "service", "category", "channel", "requester")
_NAMED = 0.6
_PLAINLY_NAMED = 0.8
_LEAST_CHAINED = 0.6
_MOST_FIELDS = 400


def recognise_changes(table: RawTable, connection: duckdb.DuckDBPyConnection) -> ChangesMapping | None:
    """What the columns of a table of changes mean; None where `table` is none.

    Its mark is a column whose values are names of fields, a status among them, beside a column of new values.
    """
    columns = glance(table, connection)
    texts = [column for column in columns if column.values and not column.is_typed_time]
    field = _field_column(texts)
    if field is None:
        return None
    with counted_rows(table, columns, connection) as rows:
        instants = instant_columns(columns, rows, connection)
        at = _instant(list(instants.values()))
        left = [column for column in texts if column is not field and column.place not in instants]
        if at is None or not left:
            return None
        item = _item(table, left, instants, rows, connection)
        if item is None:
            return None
        left = [column for column in left if column is not item]
        values = _old_and_new(left, field, at, item, rows, connection)
    if values is None:
        return None
    old, new = values
    return ChangesMapping(
        item=item.name,
        field=field.name,
        old=old.name if old else None,
        new=new.name,
        at=at.column.name,
        by=_by([column for column in left if column not in values]),
        fields=fields_followed(field.values),
        time=at.format,
    )


def fields_followed(names: Sequence[str]) -> dict[str, str]:
    """Canonical name → the field's name among `names` (one per change) that means it, the best and most frequent."""
    counts = {name: names.count(name) for name in dict.fromkeys(names)}
    followed = {}
    for meaning in _FOLLOWED:
        strength = {name: _strength(name, meaning) for name in counts}
        best = max(counts, key=lambda name: (strength[name], counts[name]), default=None)
        if best is not None and strength[best] >= _NAMED:
            followed[meaning] = best
    return followed


def _strength(field: str, meaning: str) -> float:
    says = read_header(field, holds_instants=False)
    return says.strength(meaning) if says.best == meaning else 0.0


def _field_column(columns: Sequence[Column]) -> Column | None:
    """The column whose values name fields: by its name and some of its values, or by most of its values alone."""
    for column in sorted(columns, key=lambda one: -one.says.strength("field")):
        if len(column.distinct_values) > _MOST_FIELDS or "status" not in fields_followed(column.values):
            continue
        known = sum(_is_a_field(value) for value in column.values) / len(column.values)
        if column.says.strength("field") >= _NAMED or (known >= 0.7 and len(column.distinct_values) >= 2):
            return column
    return None


def _is_a_field(value: str) -> bool:
    return max(_strength(value, meaning) for meaning in _FOLLOWED) >= _PLAINLY_NAMED


def _instant(instants: Sequence[InstantColumn]) -> InstantColumn | None:
    def weight(one: InstantColumn) -> float:
        says = one.column.says_as_instant
        return max(says.strength("at"), 0.9 * says.strength("opened")) + one.read_ratio - says.strength("other")

    return max(instants, key=weight, default=None)


def _item(
    table: RawTable,
    columns: Sequence[Column],
    instants: dict[int, InstantColumn],
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> Column | None:
    """The item's column, which is none of those that are named for values, people or the row itself."""
    possible = [column for column in columns if max(column.says.strength("old"), column.says.strength("new")) < _NAMED]
    try:
        return item_column(table, possible, instants, rows, connection).column
    except NoItemColumn:
        return None


def _old_and_new(
    columns: Sequence[Column],
    field: Column,
    at: InstantColumn,
    item: Column,
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> tuple[Column | None, Column] | None:
    """The columns of old and new values by their names, or by each old value being the new one before."""
    old = max(columns, key=lambda one: one.says.strength("old"), default=None)
    new = max(columns, key=lambda one: one.says.strength("new"), default=None)
    if new is not None and new.says.strength("new") >= _NAMED:
        return (old if old is not None and old is not new and old.says.strength("old") >= _NAMED else None), new
    pairs = [(one, other) for one in columns[:8] for other in columns[:8] if one is not other]
    chained = {
        number: _chained(one, other, field, at, item, rows, connection) for number, (one, other) in enumerate(pairs)
    }
    best = max(chained, key=lambda number: chained[number], default=None)
    return pairs[best] if best is not None and chained[best] >= _LEAST_CHAINED else None


def _chained(
    old: Column,
    new: Column,
    field: Column,
    at: InstantColumn,
    item: Column,
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> float:
    """The share of changes whose old value is what the field's change before had set, less those without effect."""
    found = connection.execute(
        f"""
        WITH changed AS (
            SELECT {old.cell} AS old, {new.cell} AS new, lag({new.cell}) OVER (
                PARTITION BY {item.cell}, {field.cell} ORDER BY {at.read}, source_row) AS before FROM {rows.relation})
        SELECT avg(CAST(old = before AS INTEGER)), avg(CAST(old = new AS INTEGER)) FROM changed WHERE before IS NOT NULL
        """
    ).fetchone()
    chained, same = found or (None, None)
    return (chained or 0.0) - (same or 0.0)


def _by(columns: Sequence[Column]) -> str | None:
    def strength(column: Column) -> float:
        return max(column.says.strength("person"), column.says.strength("requester"))

    best = max(columns, key=strength, default=None)
    return best.name if best is not None and strength(best) >= 0.5 else None
