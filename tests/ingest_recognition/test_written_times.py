"""How instants are written: the patterns that read them, and which of day and month stands first."""

from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_logs import Happening, history, item, status, table, written

from millrace.ingest.instants import instant
from millrace.ingest.mapping import TimeFormat
from millrace.ingest.recognition import recognise
from millrace.ingest.recognition.written_times import written_time

NOON = datetime(2016, 2, 29, 13, 16, 5)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2016-02-29T13:16:05",
        "2016-02-29 13:16:05.000",
        "2016-02-29T14:16:05+01:00",
        "2016-02-29T13:16:05Z",
        "29/2/2016 13:16:05",
        "29.02.2016, 13:16:05",
        "29. 2. 2016 13:16:05",
        "29-02-16 13:16:05",
        "2/29/2016 1:16:05 PM",
        "29/Feb/16 1:16:05 PM",
        "29-FEB-16 01.16.05.000000 PM",
        "Feb 29, 2016 1:16:05 PM",
        "29 February 2016 13:16:05",
        "Monday, February 29, 2016 1:16:05 PM",
        "Mon, 29 Feb 2016 13:16:05 GMT",
        "Mon Feb 29 13:16:05 UTC 2016",
        "29.02.2016 14:16:05 CET",
        "2016/02/29 13:16:05",
        "2016年02月29日 13:16:05",
        "2016년 02월 29일 13:16:05",
        "20160229131605",
        "2016-02-29 13:16:05,000",
        "29.2.2016 klo 13.16.05",
    ],
)
def test_a_way_of_writing_is_read_by_its_pattern(text: str, engine: duckdb.DuckDBPyConnection) -> None:
    way = written_time(text)
    assert way is not None
    patterns = tuple(filter(None, (way.pattern, way.month_first_pattern)))
    read = instant("source", "VARCHAR", TimeFormat(formats=patterns, zone=way.zone or "UTC"))
    assert engine.execute(f"SELECT {read} FROM (SELECT ? AS source)", [text]).fetchone() == (NOON,)


@pytest.mark.parametrize(
    "text", ["INC0000045", "1-364285768", "3871,691111", "10.0.0.1", "Kim Passa", "", "2016", "P1"]
)
def test_what_is_no_instant_is_not_taken_for_one(text: str) -> None:
    assert written_time(text) is None


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    assert written_time(text) is None or written_time(text).pattern  # type: ignore[union-attr]


def recognised(pattern: str, engine: duckdb.DuckDBPyConnection, rows: list[Happening]) -> tuple[TimeFormat, float]:
    columns = written({"Ticket": item(), "Updated": lambda one: one.at.strftime(pattern), "Status": status()}, rows)
    recognition = recognise(table(columns, engine), engine)
    sureness = [guess.sureness_ratio for guess in recognition.guesses if guess.about == "day_first"]
    return recognition.mapping.times["at"], min(sureness, default=1.0)


@pytest.mark.parametrize(("pattern", "day_first"), [("%d/%m/%Y %H:%M", True), ("%m/%d/%Y %H:%M", False)])
def test_a_number_above_twelve_shows_which_is_the_day(
    pattern: str, day_first: bool, engine: duckdb.DuckDBPyConnection
) -> None:
    found, sureness = recognised(pattern, engine, history())
    assert (found.formats, found.day_first, sureness) == ((pattern,), day_first, 1.0)


@pytest.mark.parametrize("pattern", ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"])
def test_otherwise_the_closeness_of_an_items_events_shows_it(pattern: str, engine: duckdb.DuckDBPyConnection) -> None:
    rows = [
        Happening(n, nth, opened + timedelta(days=2 * nth), opened, opened, nth + 3, 0, 0, 0, 0)
        for n, opened in enumerate(datetime(2024, month, 2, 9) for month in range(1, 13) for _ in range(3))  # noqa: DTZ001
        for nth in range(3)
    ]
    found, sureness = recognised(pattern, engine, rows)
    assert found.formats == (pattern,)
    assert 0.5 <= sureness < 1


def test_dates_that_can_be_read_both_ways_are_said_to_be_unsure(engine: duckdb.DuckDBPyConnection) -> None:
    day = datetime(2024, 5, 5, 8)  # noqa: DTZ001
    rows = [
        Happening(n, nth, day + timedelta(hours=nth), day, day, nth, 0, 0, 0, 0) for n in range(9) for nth in range(3)
    ]
    columns = written(
        {"Ticket": item(), "Updated": lambda one: one.at.strftime("%d/%m/%Y %H:%M"), "Status": status()}, rows
    )
    recognition = recognise(table(columns, engine), engine)
    assert [guess.about for guess in recognition.unsure] == ["day_first"]


def test_mixed_ways_of_writing_come_in_the_order_of_their_use(engine: duckdb.DuckDBPyConnection) -> None:
    def at(one: Happening) -> str:
        return one.at.strftime("%d-%m-%Y %H:%M" if one.item % 4 else "%d/%m/%Y %H:%M:%S")

    columns = written({"Ticket": item(), "Updated": at, "Status": status()})
    found = recognise(table(columns, engine), engine).mapping.times["at"]
    assert (found.formats, found.day_first) == (("%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M:%S"), True)


def test_a_word_for_the_zone_gives_the_zone(engine: duckdb.DuckDBPyConnection) -> None:
    found, _ = recognised("%Y-%m-%d %H:%M:%S CET", engine, history())
    assert found.zone == "Europe/Berlin"


def test_numbers_of_items_are_no_seconds_since_1970(engine: duckdb.DuckDBPyConnection) -> None:
    columns = written(
        {
            "a": lambda one: str(1_456_700_000 + one.item),
            "b": status(),
            "c": lambda one: one.at.isoformat(),
        }
    )
    mapping = recognise(table(columns, engine), engine).mapping
    assert (mapping.columns["item_id"], mapping.columns["at"]) == ("a", "c")
