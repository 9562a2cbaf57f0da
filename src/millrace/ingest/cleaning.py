"""How a cell becomes a value: expressions of the engine that trim, void and repair what sources hold."""

from collections.abc import Sequence

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import text as literal

_SPACES = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
_NEVER_IN_AN_ID = "\ufeff\u200b\u2060"
NO_IDS = ("nan", "nat", "null", "none", "<na>", "n/a", "#n/a")
_YES = (
    "true",
    "t",
    "yes",
    "y",
    "1",
    "ja",
    "oui",
    "sí",
    "si",
    "sim",
    "tak",
    "ano",
    "kyllä",
    "automated",
    "automatic",
    "auto",
    "bot",
)
_NO = ("false", "f", "no", "n", "0", "nein", "nee", "non", "não", "nie", "ne", "nej", "nei", "ei", "manual")
_FLOATS = ("DOUBLE", "FLOAT")


def one_of(expression: str, texts: Sequence[str]) -> str:
    """Return the claim that a text is one of `texts`, whatever its case."""
    # A list, not IN: the engine would join a filter on many texts with a table of them, which is slower.
    return f"list_contains([{', '.join(literal(text.strip().lower()) for text in texts)}], lower({expression}))"


def trimmed(column: str, engine_type: str = "VARCHAR") -> str:
    """Return the cell as a text without spaces and invisible signs at its ends; NULL where nothing is left."""
    cell = _as_text(column, engine_type)
    # Trimming by a set of signs is slow; nearly every cell begins and ends in plain ASCII and need not pay for it.
    return (
        f"nullif(CASE WHEN regexp_matches({cell}, '^[^!-~]|[^!-~]$') "
        f"THEN trim({cell}, {literal(_SPACES + _INVISIBLE)}) ELSE {cell} END, '')"
    )


def text(column: str, engine_type: str, nulls: Sequence[str]) -> str:
    """Return the trimmed cell, or NULL where it says in one of the `nulls` that nothing is there."""
    cell = trimmed(column, engine_type)
    return f"CASE WHEN {one_of(cell, nulls)} THEN NULL ELSE {cell} END" if nulls else cell


def identifier(column: str, engine_type: str, nulls: Sequence[str]) -> str:
    """Return the cell as an id: a text without any byte-order mark or zero-width space; `nan` and the like are none."""
    visible = f"translate({_as_text(column, engine_type)}, {literal(_NEVER_IN_AN_ID)}, '')"
    return text(visible, "VARCHAR", (*nulls, *NO_IDS))


def flag(column: str, engine_type: str) -> str:
    """Return the cell as a truth; NULL where it is no word for yes or no."""
    if engine_type == "BOOLEAN":
        return column
    cell = trimmed(column, engine_type)
    return f"CASE WHEN {one_of(cell, _YES)} THEN true WHEN {one_of(cell, _NO)} THEN false END"


def attribute(column: str, engine_type: str, nulls: Sequence[str], *, has_decimal_commas: bool = False) -> str:
    """Return the cell of a further column: texts trimmed and voided, `nan` as NULL, other types as they are."""
    if engine_type == "VARCHAR":
        cell = text(column, engine_type, nulls)
        return f"replace({cell}, ',', '.')" if has_decimal_commas else cell
    if engine_type in _FLOATS:
        return f"CASE WHEN isnan({column}) THEN NULL ELSE {column} END"
    return column


def columns_with_decimal_commas(
    relation: str, columns: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> tuple[str, ...]:
    """Return the text columns whose every value is a number and most are written like `3871,69`.

    A first look at some rows spares the others the full reading. `1,234` alone could be a thousand, so at least one
    value must have other than three digits after the comma.
    """
    likely = _with_decimal_commas(f"(SELECT * FROM {relation} LIMIT 5000)", columns, connection)
    return _with_decimal_commas(relation, likely, connection)


def _with_decimal_commas(
    relation: str, columns: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> tuple[str, ...]:
    if not columns:
        return ()
    claims = ", ".join(_decimal_claim(trimmed(quoted(column))) for column in columns)
    found = connection.execute(f"SELECT {claims} FROM {relation}").fetchone() or ()
    return tuple(column for column, is_decimal in zip(columns, found, strict=True) if is_decimal)


def _decimal_claim(cell: str) -> str:
    with_comma = f"count(*) FILTER (regexp_full_match({cell}, '[+-]?\\d+,\\d+'))"
    without = f"count(*) FILTER (regexp_full_match({cell}, '[+-]?\\d+'))"
    not_thousands = f"count(*) FILTER (regexp_full_match({cell}, '[+-]?\\d+,(\\d{{1,2}}|\\d{{4,}})'))"
    return f"{with_comma} + {without} = count({cell}) AND {with_comma} > {without} AND {not_thousands} > 0"


def _as_text(column: str, engine_type: str) -> str:
    """Whole numbers that a source stored as floats (ids beside a missing one) read without their “.0”."""
    if engine_type == "VARCHAR":
        return column
    if engine_type in _FLOATS:
        is_whole = f"isfinite({column}) AND {column} = trunc({column}) AND abs({column}) < 1e15"
        return (
            f"CASE WHEN isnan({column}) THEN NULL WHEN {is_whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) "
            f"ELSE CAST({column} AS VARCHAR) END"
        )
    return f"CAST({column} AS VARCHAR)"
