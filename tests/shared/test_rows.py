"""Rows go through a backup and come back equal, whatever is in them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Boolean, Column, Connection, Date, Float, Integer, MetaData, String
from sqlalchemy import Table as AnyTable

from millrace.store.database import emptied_database
from millrace.store.rows import CARRIED, all_tables, lines_of, put_lines
from millrace.store.tables import Instant, Table

METADATA = MetaData()
ANYTHING = AnyTable(
    "anything",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("words", String),
    Column("number", Float),
    Column("is_so", Boolean),
    Column("details", JSON),
    Column("at", Instant()),
    Column("on", Date),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "words": st.none() | TEXTS,
            "number": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "is_so": st.none() | st.booleans(),
            "details": st.dictionaries(TEXTS, st.integers() | TEXTS | st.lists(TEXTS), max_size=3),
            "at": st.none() | st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
            "on": st.none() | st.dates(date(1, 1, 1)),
        }
    ),
    max_size=5,
)


@pytest.mark.parametrize("table", Table.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_column_is_of_a_type_that_is_carried(table: AnyTable) -> None:
    types = [getattr(column.type, "impl", column.type) for column in table.columns]
    assert [each for each in types if not isinstance(each, CARRIED)] == []


@pytest.mark.parametrize("table", Table.metadata.sorted_tables, ids=lambda table: table.name)
def test_rows_can_be_put_in_table_after_table(table: AnyTable) -> None:
    """No table refers to itself: its rows would have to be put in in an order of their own."""
    assert [key for key in table.foreign_keys if key.column.table is table] == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_rows_come_back_equal(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    numbered = [{"id": number, **row} for number, row in enumerate(rows, 1)]
    with emptied_database(tmp_path / "one", replace=True) as one:
        METADATA.create_all(one)
        if numbered:
            one.execute(ANYTHING.insert(), numbered)
        written = list(lines_of(one, _anything(one)))
    with emptied_database(tmp_path / "other", replace=True) as other:
        METADATA.create_all(other)
        assert put_lines(other, _anything(other), written) == len(numbered)
        assert [dict(row) for row in other.execute(ANYTHING.select()).mappings()] == numbered


def _anything(connection: Connection) -> AnyTable:
    (found,) = all_tables(connection)
    return found
