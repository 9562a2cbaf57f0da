"""Rows of all tables as lines of JSON: the same whichever database they come from or go to."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from millrace.store.migration import VERSION_TABLE
from millrace.store.tables import Instant

CARRIED = (String, Integer, Float, Boolean, JSON, DateTime, Date)
"""The types of columns whose values go through JSON and come back equal."""
_BATCH = 500


def all_tables(connection: Connection) -> Sequence[Table]:
    """The tables as they stand in the database, each after those that it refers to; not that of revisions."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name != VERSION_TABLE)
    return found.sorted_tables


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows of a table in the order of their keys, a line each."""
    rows = connection.execute(select(table).order_by(*table.primary_key.columns)).yield_per(_BATCH)
    for row in rows.mappings():
        yield json.dumps({name: _written(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def put_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Add rows to a table as `lines_of` wrote them; how many there are."""
    days = {column.name for column in table.columns if isinstance(column.type, Date)}
    instants = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    for name in instants:
        table.columns[name].type = Instant()
    reads = dict.fromkeys(days, date.fromisoformat) | dict.fromkeys(instants, datetime.fromisoformat)
    rows = ({name: _read(value, reads.get(name)) for name, value in json.loads(line).items()} for line in lines)
    n_rows = 0
    while batch := list(islice(rows, _BATCH)):
        connection.execute(insert(table), batch)
        n_rows += len(batch)
    if connection.dialect.name == "postgresql":
        _count_on(connection, table)
    return n_rows


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(value: Any, read: Callable[[str], date] | None) -> Any:
    return value if read is None or value is None else read(value)


def _count_on(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows after the last one that was put in."""
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer) and column.server_default is not None:
            place = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
            connection.exec_driver_sql(
                f'SELECT setval({place}, (SELECT max("{column.name}") FROM "{table.name}")) WHERE {place} IS NOT NULL '
                f'AND EXISTS (SELECT FROM "{table.name}")'
            )
