"""How a cell becomes an instant in UTC: expressions of the engine, one per way of writing times.

The connection's own time zone must be UTC (`importing` sees to it).
"""

import difflib
from collections.abc import Iterable

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.engine import text as literal
from millrace.ingest.cleaning import trimmed
from millrace.ingest.mapping import TimeFormat

UTC = "UTC"
_OFFSET_AFTER_TIME = r":\d{2}([.,]\d+)?\s*([+-]\d{2}(:?\d{2})?|[A-Za-z][A-Za-z0-9_+/-]*)$"
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE")
_NAMED_FORMATS = ("iso", "epoch_s", "epoch_ms", "excel")
_MICROSECONDS = {"epoch_s": 1_000_000, "epoch_ms": 1_000}


class UnknownZone(MillraceError):
    """A mapping names a time zone that does not exist."""

    slug = "unknown-zone"

    def __init__(self, zone: str, near: str | None) -> None:
        """Name the zone, and the nearest one that exists."""
        hint = f"; did you mean “{near}”?" if near else "."
        super().__init__(f"There is no time zone “{zone}”{hint} Name it as in “Europe/Amsterdam” or “UTC”.")


class UnknownTimeFormat(MillraceError):
    """A mapping writes times in a format that the engine does not know."""

    slug = "unknown-time-format"

    def __init__(self, format_name: str) -> None:
        """Name the format, and what a format looks like."""
        super().__init__(
            f"“{format_name}” is no format of times. Write `iso`, `epoch_s`, `epoch_ms`, `excel`, "
            "or a pattern such as `%d/%m/%Y %H:%M`."
        )


def check_times(ways: Iterable[TimeFormat], connection: duckdb.DuckDBPyConnection) -> None:
    """Raise `UnknownZone` or `UnknownTimeFormat` unless the engine knows every zone and format."""
    known = [zone for (zone,) in connection.execute("SELECT name FROM pg_timezone_names()").fetchall()]
    for written in ways:
        if written.zone.lower() not in {zone.lower() for zone in known}:
            raise UnknownZone(written.zone, next(iter(difflib.get_close_matches(written.zone, known, n=1)), None))
        for format_name in written.formats:
            if format_name not in _NAMED_FORMATS:
                _check_pattern(format_name, connection)


def _check_pattern(pattern: str, connection: duckdb.DuckDBPyConnection) -> None:
    if "%" not in pattern:
        raise UnknownTimeFormat(pattern)
    try:
        connection.execute(f"SELECT try_strptime('', {literal(pattern)})")
    except duckdb.InvalidInputException as failure:
        raise UnknownTimeFormat(pattern) from failure


def instant(column: str, engine_type: str, written: TimeFormat) -> str:
    """Return the cell as a UTC timestamp; NULL where no format reads it or the year is none from 1 to 9999."""
    ways = (
        [_typed(column, engine_type, written.zone)]
        if _is_time(engine_type)
        else ways_of_reading(column, engine_type, written)
    )
    read = f"coalesce({', '.join(ways)})" if len(ways) > 1 else ways[0]
    return f"CASE WHEN {read} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-30' THEN {read} END"


def ways_of_reading(column: str, engine_type: str, written: TimeFormat) -> list[str]:
    """Return one expression per format, in the order in which they are tried."""
    if _is_time(engine_type):
        return [_typed(column, engine_type, written.zone)]
    return [_read(column, engine_type, format_name, written.zone) for format_name in written.formats]


def _is_time(engine_type: str) -> bool:
    return engine_type.startswith("TIMESTAMP") or engine_type == "DATE"


def _typed(column: str, engine_type: str, zone: str) -> str:
    if engine_type == "TIMESTAMP WITH TIME ZONE":
        return f"({column} AT TIME ZONE 'UTC')"
    return _from_zone(f"CAST({column} AS TIMESTAMP)", zone)


def _read(column: str, engine_type: str, format_name: str, zone: str) -> str:
    cell = trimmed(column, engine_type)
    if format_name == "iso":
        return _iso(cell, zone)
    if format_name in _MICROSECONDS:
        return f"make_timestamp(TRY_CAST({_number(column, engine_type)} * {_MICROSECONDS[format_name]} AS BIGINT))"
    if format_name == "excel":
        # A sheet counts days from 1899-12-30; its doubles carry milliseconds, not more.
        milliseconds = f"TRY_CAST(round({_number(column, engine_type)} * 86400000) AS BIGINT)"
        return _from_zone(f"(TIMESTAMP '1899-12-30' + to_milliseconds({milliseconds}))", zone)
    parsed = f"try_strptime({cell}, {literal(format_name)})"
    has_offset = "%z" in format_name or "%Z" in format_name
    return f"({parsed} AT TIME ZONE 'UTC')" if has_offset else _from_zone(parsed, zone)


def _iso(cell: str, zone: str) -> str:
    with_offset = f"(TRY_CAST({cell} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
    if zone == UTC:
        return with_offset
    has_offset = f"regexp_matches({cell}, {literal(_OFFSET_AFTER_TIME)})"
    return f"CASE WHEN {has_offset} THEN {with_offset} ELSE {_from_zone(f'TRY_CAST({cell} AS TIMESTAMP)', zone)} END"


def _number(column: str, engine_type: str) -> str:
    if engine_type in _NUMBERS:
        return f"CAST({column} AS DOUBLE)"
    return f"TRY_CAST(replace({trimmed(column, engine_type)}, ',', '.') AS DOUBLE)"


def _from_zone(local: str, zone: str) -> str:
    return local if zone == UTC else f"(({local} AT TIME ZONE {literal(zone)}) AT TIME ZONE 'UTC')"
