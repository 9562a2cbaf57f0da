"""Sources of any size and content: recognition answers or says what is missing, and never fails otherwise."""

from contextlib import suppress
from dataclasses import replace

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_logs import at, item, status, table, team, written

from millrace.errors import MillraceError
from millrace.eventlog.schema import EVENT_COLUMNS
from millrace.ingest.raw import ROW, RawColumn
from millrace.ingest.recognition import recognise, recognise_changes

CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ("INC001", "INC002", "New", "Closed", "?", "2024-01-03 08:00", "3/4/2024 9:00", "31/12/2024 9:00", "1", "2.5")
    ),
    st.sampled_from(
        ("nan", "1456700000", "45000,25", "Kim Passa", "Service Desk", "true", "status", "\ufeffINC001", "🙂", "مفتوح")
    ),
)
NAMES = st.sampled_from(
    [
        "id",
        "Ticket",
        "Status",
        "Updated",
        "Start",
        "End",
        "Opened",
        "Closed",
        "field",
        "old",
        "new",
        "Group",
        "a",
        "é",
        '"',
        "状态",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_table_is_recognised_or_refused_with_a_sentence(data: st.DataObject) -> None:
    names = data.draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    n_rows = data.draw(st.integers(0, 8))
    columns = {name: data.draw(st.lists(CELLS, min_size=n_rows, max_size=n_rows)) for name in names}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        source = table(columns, connection)
        changes = recognise_changes(source, connection)
        assert changes is None or {changes.item, changes.field, changes.new, changes.at} <= set(names)
        with suppress(MillraceError):
            mapping = recognise(source, connection).mapping
            assert {*mapping.columns.values(), *mapping.milestones.values()} <= set(names)
            assert set(mapping.columns) <= {*EVENT_COLUMNS, "tie_break"}


def test_a_large_source_is_judged_by_some_of_its_items(engine: duckdb.DuckDBPyConnection) -> None:
    small = table(written({"c1": team(), "c2": item("A"), "c3": at(), "c4": status()}), engine)
    engine.execute(
        f"""CREATE TABLE large AS SELECT row_number() OVER () AS {ROW}, c1, c2 || copy AS c2, c3, c4
            FROM source, (SELECT unnest(range(100, 400)) AS copy)"""
    )
    (n_rows,) = engine.execute("SELECT count(*) FROM large").fetchone() or (0,)
    mapping = recognise(replace(small, relation="large", n_rows=n_rows), engine).mapping
    assert n_rows > 100_000
    assert mapping.columns == {"item_id": "c2", "at": "c3", "activity": "c4", "status": "c4", "team": "c1"}


def test_typed_columns_need_no_reading(engine: duckdb.DuckDBPyConnection) -> None:
    columns = written({"Ticket": lambda one: str(one.item), "Changed": at(), "Status": status()})
    source = table(columns, engine, types={"Ticket": "BIGINT", "Changed": "TIMESTAMP"})
    mapping = recognise(source, engine).mapping
    assert mapping.columns == {"item_id": "Ticket", "at": "Changed", "activity": "Status", "status": "Status"}


def test_the_telling_columns_of_very_many_are_found(engine: duckdb.DuckDBPyConnection) -> None:
    small = table(written({"Ticket": item(), "Updated": at(), "Status": status()}), engine)
    more = [f"x{number}" for number in range(600)]
    engine.execute(
        f"CREATE TABLE wide AS SELECT source.*, {', '.join(f'NULL::VARCHAR AS {name}' for name in more)} FROM source"
    )
    wide = replace(small, relation="wide", columns=(*(RawColumn(name, "VARCHAR") for name in more), *small.columns))
    assert recognise(wide, engine).mapping.columns["item_id"] == "Ticket"


def test_nothing_is_left_in_the_engine(engine: duckdb.DuckDBPyConnection) -> None:
    source = table(written({"Ticket": item(), "Updated": at(), "Status": status()}), engine)
    recognise(source, engine)
    assert engine.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("source",)]
