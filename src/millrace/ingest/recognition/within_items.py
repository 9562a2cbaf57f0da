"""How columns behave within an item: constant ones describe the item, varying ones its events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from millrace.ingest.recognition.columns import Column, Rows
from millrace.ingest.recognition.instant_columns import InstantColumn


@dataclass(frozen=True)
class Within:
    """A column seen item by item: the share of rows it fills, its distinct values, and the share of items with several
    rows in which it takes more than one value (None where no item has several rows)."""

    filled_ratio: float
    n_distinct: int
    varies_ratio: float | None

    @property
    def varies(self) -> bool:
        """True where the column tells of events rather than of items, as far as that can be seen."""
        return self.varies_ratio is None or self.varies_ratio >= 0.15


@dataclass(frozen=True)
class Between:
    """Two columns of instants: how often the first is not after the second, and how often the second is the first
    of the item's next row."""

    in_order_ratio: float
    contiguous_ratio: float


def within_items(
    columns: Sequence[Column], item: Column, rows: Rows, connection: duckdb.DuckDBPyConnection
) -> dict[int, Within]:
    """The behaviour of each column, by place."""
    many = ", ".join(f"count({c.cell}), approx_count_distinct({c.cell})" for c in columns)
    counts = connection.execute(f"SELECT count(*), {many} FROM {rows.relation}").fetchone() or (0,)
    each = ", ".join(f"min({c.cell}) <> max({c.cell}) AS {c.cell}" for c in columns)
    shares = ", ".join(f"avg(CAST({c.cell} AS INTEGER))" for c in columns)
    varying = connection.execute(
        f"""
        WITH by_item AS (SELECT {each} FROM {rows.relation} WHERE {item.cell} IS NOT NULL
                         GROUP BY {item.cell} HAVING count(*) > 1)
        SELECT count(*), {shares} FROM by_item
        """
    ).fetchone() or (0,)
    return {
        column.place: Within(
            counts[1 + 2 * number] / max(1, counts[0]),
            counts[2 + 2 * number],
            varying[1 + number] or 0.0 if varying[0] else None,
        )
        for number, column in enumerate(columns)
    }


def between(
    first: InstantColumn, second: InstantColumn, item: Column, rows: Rows, connection: duckdb.DuckDBPyConnection
) -> Between:
    """How two columns of instants lie to each other."""
    found = connection.execute(
        f"""
        WITH bounds AS (SELECT {item.cell} AS item, {first.read} AS a, {second.read} AS b FROM {rows.relation}),
        followed AS (SELECT a, b, lead(a) OVER (PARTITION BY item ORDER BY a, b) AS next_a FROM bounds
                     WHERE a IS NOT NULL AND b IS NOT NULL)
        SELECT avg(CAST(a <= b AS INTEGER)), avg(CAST(b = next_a AS INTEGER)) FROM followed
        """
    ).fetchone()
    in_order, contiguous = found or (None, None)
    return Between(in_order or 0.0, contiguous or 0.0)


def reach_in_days(
    instants: InstantColumn, item: Column, rows: Rows, connection: duckdb.DuckDBPyConnection, *, other_way: bool = False
) -> float | None:
    """The mean time between the first and the last instant of an item, in days; None where none has two."""
    read = instants.read_other_way if other_way else instants.read
    found = connection.execute(
        f"""
        WITH by_item AS (SELECT max({read}) - min({read}) AS reach FROM {rows.relation}
                         WHERE {item.cell} IS NOT NULL GROUP BY {item.cell} HAVING count({read}) > 1)
        SELECT avg(epoch(reach)) / 86400 FROM by_item
        """
    ).fetchone()
    return float(found[0]) if found and found[0] is not None else None


def repeats(
    column: Column, at: InstantColumn, item: Column, rows: Rows, connection: duckdb.DuckDBPyConnection
) -> float:
    """The share of an item's rows that have the same value as the row before."""
    found = connection.execute(
        f"""
        WITH followed AS (SELECT {column.cell} AS v, lag({column.cell}) OVER
                          (PARTITION BY {item.cell} ORDER BY {at.read}, source_row) AS v_before FROM {rows.relation})
        SELECT avg(CAST(v = v_before AS INTEGER)) FROM followed
        """
    ).fetchone()
    return float(found[0]) if found and found[0] is not None else 0.0


def numbers_the_events(
    column: Column, at: InstantColumn, item: Column, rows: Rows, connection: duckdb.DuckDBPyConnection
) -> float:
    """The share of an item's rows whose number is above that of the row before, in the order of time; 0 where
    the column holds other than whole numbers."""
    found = connection.execute(
        f"""
        WITH numbered AS (SELECT {item.cell} AS item, {at.read} AS moment, TRY_CAST({column.cell} AS BIGINT) AS number
                          FROM {rows.relation}),
        followed AS (SELECT number - lag(number) OVER (PARTITION BY item ORDER BY moment, number) AS step
                     FROM numbered WHERE number IS NOT NULL)
        SELECT avg(CAST(step > 0 AS INTEGER)) FROM followed
        """
    ).fetchone()
    return float(found[0]) if found and found[0] is not None else 0.0


def composed_of(column: Column, parts: Mapping[int, Column], rows: Rows, connection: duckdb.DuckDBPyConnection) -> int:
    """How many of the other columns' values this column's values contain in nearly every row."""
    others = [part for place, part in parts.items() if place != column.place]
    if not others:
        return 0
    many = ", ".join(
        f"avg(CAST(contains({column.cell}, {part.cell}) AND {column.cell} <> {part.cell} AS INTEGER))"
        for part in others
    )
    found = connection.execute(f"SELECT {many} FROM {rows.relation}").fetchone() or ()
    return sum(share is not None and share >= 0.95 for share in found)


def pairs_of(one: Column, other: Column, rows: Rows, connection: duckdb.DuckDBPyConnection) -> int:
    """The number of distinct combinations of two columns' values."""
    found = connection.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT {one.cell}, {other.cell} FROM {rows.relation} "
        f"WHERE {one.cell} IS NOT NULL AND {other.cell} IS NOT NULL)"
    ).fetchone()
    return found[0] if found else 0
