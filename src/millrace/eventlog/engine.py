"""Connections to the engine, with memory bounded and spilling to disk."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb

MEMORY_LIMIT, HALF_MEMORY_LIMIT = "1600MB", "800MB"
"""What the engine may hold before it spills; the compiled pass and the writers need a few hundred MB beside it."""


def connect(spill_to: Path | None = None, *, memory_limit: str = MEMORY_LIMIT) -> duckdb.DuckDBPyConnection:
    """Open an embedded engine in memory; larger work spills into `spill_to` (the system's folder for that without it).

    Rows come in no particular order unless a query asks for one: the order of a log is in its columns.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
    }
    # The engine's own default is the current folder, which is the user's.
    settings["temp_directory"] = str(spill_to or gettempdir())
    connection = duckdb.connect(config=settings)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection


def name(identifier: str) -> str:
    """Quote a column's or table's name for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def text(literal: str | Path) -> str:
    """Quote a text for SQL."""
    return "'" + str(literal).replace("'", "''") + "'"


def names(identifiers: Sequence[str]) -> str:
    """Quote several names, separated by commas."""
    return ", ".join(name(identifier) for identifier in identifiers)


def one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The only row of a query's result."""
    (row,) = connection.execute(query).fetchall()
    return tuple(row)
