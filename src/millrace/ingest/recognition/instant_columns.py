"""Which columns hold instants, and how these are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from millrace.ingest.instants import instant
from millrace.ingest.mapping import TimeFormat
from millrace.ingest.recognition.columns import Column, Rows
from millrace.ingest.recognition.written_times import WrittenTime, written_time

_LEAST_SHARE_READ = 0.7
_MOST_SHAPES = 4_000
_EPOCH = re.compile(r"^-?\d{10}(\.\d+)?$")
_EPOCH_MS = re.compile(r"^\d{13}$")
_SERIAL = re.compile(r"^[2-6]\d{4}([.,]\d+)?$")
_EPOCH_SPAN = (900_000_000, 2_300_000_000)


@dataclass(frozen=True)
class InstantColumn:
    """A column of instants: how they are written, the share of its values that can be read, and how sure the order of
    day and month is, with the reason. `other_way` reads them with day and month exchanged where both are possible."""

    column: Column
    format: TimeFormat
    read_ratio: float
    order_sureness_ratio: float = 1.0
    order_why: str = ""
    other_way: TimeFormat | None = None

    @property
    def read(self) -> str:
        """The engine's expression for the instant (UTC)."""
        return instant(self.column.cell, self._type, self.format)

    @property
    def read_other_way(self) -> str:
        """The same with day and month exchanged."""
        return instant(self.column.cell, self._type, self.other_way or self.format)

    @property
    def _type(self) -> str:
        return self.column.type if self.column.is_typed_time else "VARCHAR"


def instant_columns(
    columns: Sequence[Column], rows: Rows, connection: duckdb.DuckDBPyConnection
) -> dict[int, InstantColumn]:
    """The columns that hold instants, by place. Where a column leaves open which of day and month comes first, the
    other columns of the source decide if they know."""
    found: dict[int, InstantColumn] = {}
    for column in columns:
        instants = _judge(column, rows, connection)
        if instants is not None:
            found[column.place] = instants
    return _agreed(found)


def _judge(column: Column, rows: Rows, connection: duckdb.DuckDBPyConnection) -> InstantColumn | None:
    if column.is_typed_time:
        return InstantColumn(column, TimeFormat(formats=("iso",)), 1.0)
    sample = column.distinct_values[:80]
    if not sample:
        return None
    if all(_EPOCH.match(value) for value in sample) or all(_EPOCH_MS.match(value) for value in sample):
        return _epoch(column)
    if all(_SERIAL.match(value) for value in sample):
        return _excel(column)
    readable = sum(written_time(value) is not None for value in sample)
    if readable < _LEAST_SHARE_READ * len(sample):
        return None
    return _from_shapes(column, rows, connection)


def _epoch(column: Column) -> InstantColumn | None:
    """Ten or thirteen digits are instants if they lie in our time, spread, and their name does not say otherwise."""
    unit = 1_000 if len(column.values[0].split(".")[0]) == 13 else 1
    seconds = sorted(float(value) / unit for value in column.distinct_values)
    in_our_time = _EPOCH_SPAN[0] <= seconds[0] and seconds[-1] <= _EPOCH_SPAN[1]
    is_numbering = len(seconds) > 3 and seconds[-1] - seconds[0] < 3 * len(seconds)
    if not in_our_time or is_numbering or column.says.strength("item_id") >= 0.8:
        return None
    return InstantColumn(column, TimeFormat(formats=("epoch_ms" if unit == 1_000 else "epoch_s",)), 1.0)


def _excel(column: Column) -> InstantColumn | None:
    """Days since 1900 with fractions; whole numbers only where the name speaks of a time."""
    has_fractions = sum("." in value or "," in value for value in column.values) >= 0.8 * len(column.values)
    named = column.says_as_instant.most >= 0.7
    says_otherwise = column.says.most >= 0.7 and not named
    is_narrow = max(map(_number, column.values)) - min(map(_number, column.values)) < 6_000
    if says_otherwise or not (named or has_fractions) or not is_narrow:
        return None
    return InstantColumn(column, TimeFormat(formats=("excel",)), 1.0)


def _number(value: str) -> float:
    return float(value.replace(",", "."))


@dataclass(frozen=True)
class _Shape:
    """Values that differ in digits only: how one of them is written, how many they are, the most that their first
    and second number reach."""

    written: WrittenTime | None
    n_values: int
    most_first: int
    most_second: int


def _from_shapes(column: Column, rows: Rows, connection: duckdb.DuckDBPyConnection) -> InstantColumn | None:
    shapes = _shapes(column, rows, connection)
    n_values = sum(shape.n_values for shape in shapes)
    read = [shape for shape in shapes if shape.written is not None]
    n_read = sum(shape.n_values for shape in read)
    if not n_values or n_read < _LEAST_SHARE_READ * n_values:
        return None
    order = _day_order(read)
    zones = [shape.written.zone for shape in read if shape.written and shape.written.zone]
    zone = max(zones, key=zones.count, default="UTC")
    has_choice = any(shape.written and shape.written.month_first_pattern for shape in read)
    return InstantColumn(
        column,
        TimeFormat(
            formats=_formats(read, order.day_first), zone=zone, day_first=order.day_first if has_choice else None
        ),
        n_read / n_values,
        order.sureness_ratio if has_choice else 1.0,
        order.why if has_choice else "",
        TimeFormat(formats=_formats(read, not order.day_first), zone=zone, day_first=not order.day_first)
        if has_choice and order.sureness_ratio < 1
        else None,
    )


def _shapes(column: Column, rows: Rows, connection: duckdb.DuckDBPyConnection) -> list[_Shape]:
    cell = column.cell
    found = connection.execute(
        f"""
        SELECT any_value({cell}), count(*),
               max(TRY_CAST(regexp_extract({cell}, '^\\D*(\\d+)', 1) AS INTEGER)),
               max(TRY_CAST(regexp_extract({cell}, '^\\D*\\d+\\D+(\\d+)', 1) AS INTEGER))
        FROM {rows.relation} WHERE {cell} IS NOT NULL
        GROUP BY translate({cell}, '012345678', '999999999') ORDER BY 2 DESC LIMIT {_MOST_SHAPES}
        """
    ).fetchall()
    return [
        _Shape(written_time(example), n_values, most_first or 0, most_second or 0)
        for example, n_values, most_first, most_second in found
    ]


@dataclass(frozen=True)
class _DayOrder:
    day_first: bool
    sureness_ratio: float
    why: str


def _day_order(shapes: Sequence[_Shape]) -> _DayOrder:
    open_shapes = [shape for shape in shapes if shape.written and shape.written.month_first_pattern]
    n_day_first = sum(shape.n_values for shape in open_shapes if shape.most_first > 12)
    n_month_first = sum(shape.n_values for shape in open_shapes if shape.most_second > 12)
    if n_day_first and n_month_first:
        return _DayOrder(
            n_day_first >= n_month_first,
            0.4,
            "some dates can only have the day first and some only the month first; both ways are tried in this order",
        )
    if n_day_first:
        return _DayOrder(True, 1.0, "some dates have a first number above 12, so the day stands first")
    if n_month_first:
        return _DayOrder(False, 1.0, "some dates have a second number above 12, so the month stands first")
    if any("." in shape.written.separator for shape in open_shapes if shape.written):
        return _DayOrder(True, 0.9, "dates written with full stops have the day first")
    has_half_days = any(shape.written.has_half_days for shape in open_shapes if shape.written)
    return _DayOrder(
        not has_half_days, 0.45, "no date shows whether the day or the month stands first, so it is a guess"
    )


def _formats(shapes: Sequence[_Shape], day_first: bool) -> tuple[str, ...]:
    """The patterns in order of use; a way of writing that contradicts `day_first` is read its only way."""
    counted: dict[str, int] = {}
    for shape in shapes:
        for pattern in _patterns(shape, day_first):
            counted[pattern] = counted.get(pattern, 0) + shape.n_values
    return tuple(sorted(counted, key=lambda pattern: -counted[pattern]))


def _patterns(shape: _Shape, day_first: bool) -> tuple[str, ...]:
    written = shape.written
    if written is None:
        return ()
    if written.month_first_pattern is None:
        return (written.pattern,)
    can_be_month_first, can_be_day_first = shape.most_first <= 12, shape.most_second <= 12
    if can_be_day_first == can_be_month_first:
        ways = (written.pattern, written.month_first_pattern)
        ways = ways if day_first else ways[::-1]
        return ways[:1] if can_be_day_first else ways
    return (written.pattern if can_be_day_first else written.month_first_pattern,)


def _agreed(found: dict[int, InstantColumn]) -> dict[int, InstantColumn]:
    """One source writes its dates one way: columns that leave the order open follow those that show it."""
    shown = {
        one.format.day_first
        for one in found.values()
        if one.format.day_first is not None and one.order_sureness_ratio == 1
    }
    if len(shown) != 1:
        return found
    (day_first,) = shown
    return {place: _following(one, day_first) for place, one in found.items()}


def _following(one: InstantColumn, day_first: bool | None) -> InstantColumn:
    if one.other_way is None or one.order_sureness_ratio >= 0.9:
        return one
    why = f"other columns show that the {'day' if day_first else 'month'} stands first"
    kept = one if one.format.day_first == day_first else exchanged(one)
    return replace(kept, order_sureness_ratio=0.9, order_why=why, other_way=None)


def exchanged(one: InstantColumn) -> InstantColumn:
    """The same column with day and month exchanged."""
    return one if one.other_way is None else replace(one, format=one.other_way, other_way=one.format)
