"""Reading OCEL 2.0: what becomes of objects, events and relations, and of files that break the rules."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import object_files as files
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millrace.ingest.raw import RawTable
from millrace.ingest.reading import SourceError, byte_source, ocel_json, ocel_xml
from millrace.ingest.reading import json_elements as scan
from millrace.ingest.reading.ocel_times import at_of

Read = Callable[..., RawTable]
FORMS = ("json", "xml", "sqlite")


def form(name: str, folder: Path) -> str | bytes:
    return {"json": files.as_json, "xml": files.as_xml, "sqlite": lambda: files.as_sqlite(folder / "made")}[name]()


def rows(table: RawTable, engine: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    return engine.execute(f"SELECT {columns} FROM {table.relation} ORDER BY __row").fetchall()


def kinds(table: RawTable) -> set[str]:
    return {remark.kind for remark in table.remarks}


@pytest.mark.parametrize("name", FORMS)
def test_an_event_is_an_event_of_every_object_that_it_touches(
    name: str, read: Read, engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    table = read(form(name, tmp_path))

    assert rows(table, engine, '"ocel:eid", "ocel:record", "ocel:activity", "ocel:qualifier"') == [
        ("e1", "call:C1", "Opened", "opens"),
        ("e2", "call:C1", "Settled", "ends"),
        ("e2", "incident:I1", "Settled", "ends"),
    ]
    (shared,) = (remark for remark in table.remarks if remark.kind == "shared_event")
    assert shared.sentence == (
        "Events that touch several records: 1; each is an event of every record that it touches, 2 in all."
    )


@pytest.mark.parametrize("name", FORMS)
def test_a_row_holds_what_the_object_was_at_the_time(
    name: str, read: Read, engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert rows(read(form(name, tmp_path)), engine, "urgency, minutes") == [("low", "5"), ("high", None), (None, None)]


@pytest.mark.parametrize("name", FORMS)
def test_what_kind_a_file_is_shows_in_its_content_not_in_its_name(name: str, read: Read, tmp_path: Path) -> None:
    table = read(form(name, tmp_path), "export.csv")

    assert table.object_centric is not None
    assert "other_format" in kinds(table)


def test_a_packed_database_is_unpacked(read: Read, tmp_path: Path) -> None:
    assert read(gzip.compress(files.as_sqlite(tmp_path / "made")), "log.sqlite.gz").n_rows == 3


def test_what_the_format_fixes_needs_no_guess(read: Read) -> None:
    assert dict(read(files.as_json()).declared) == {
        "item_id": "ocel:record",
        "key": "ocel:oid",
        "at": "ocel:timestamp",
        "activity": "ocel:activity",
        "item_type": "ocel:type",
    }


def test_an_event_of_no_object_is_refused_and_counted(read: Read) -> None:
    alone = {"id": "e3", "type": "Settled", "time": "2024-05-06T12:00:00Z", "attributes": [], "relationships": []}
    table = read(files.as_json(events=[*files.EVENTS, alone]))

    assert table.n_rows == 3
    (remark,) = (remark for remark in table.remarks if remark.kind == "event_of_nothing")
    assert (remark.n_rows, remark.examples) == (1, ("e3",))


def test_an_event_of_an_object_that_is_not_listed_is_kept(read: Read, engine: duckdb.DuckDBPyConnection) -> None:
    table = read(files.as_json(objects=files.OBJECTS[:1]))

    assert ("unlisted:I1", "unlisted") in rows(table, engine, '"ocel:record", "ocel:type"')
    assert "unlisted_object" in kinds(table)


def test_an_object_without_events_is_told(read: Read) -> None:
    idle = {"id": "I2", "type": "incident"}
    assert "object_without_events" in kinds(read(files.as_json(objects=[*files.OBJECTS, idle])))


def test_times_without_a_zone_are_counted(read: Read) -> None:
    local = [event | {"time": event["time"].removesuffix("Z")} for event in files.EVENTS]
    (remark,) = (each for each in read(files.as_json(events=local)).remarks if each.kind == "times_without_zone")

    assert remark.sentence.startswith("2 of 4 times do not name a time zone; they are read as UTC")


def test_first_values_betray_the_clock_of_the_file(read: Read) -> None:
    text = files.as_json().replace("1970-01-01T00:00:00Z", "1970-01-01T05:30:00").replace("00Z", "00")
    (remark,) = (each for each in read(text).remarks if each.kind == "times_without_zone")

    assert "the clock of this file stood 5 h 30 min ahead of UTC then" in remark.sentence


def test_a_first_value_is_dated_to_the_beginning_whatever_the_clock(engine: duckdb.DuckDBPyConnection) -> None:
    query = f"SELECT {at_of('time')}::VARCHAR FROM (VALUES ('1970-01-01 01:00:00'), (NULL), ('1971-01-01')) t(time)"
    assert [at for (at,) in engine.execute(query).fetchall()] == [
        "1970-01-01 00:00:00",
        "1970-01-01 00:00:00",
        "1971-01-01 00:00:00",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (files.as_json()[:-40], "it breaks off before its last bracket"),
        (files.as_json().replace('"e2", "type"', '"e2" "type"'), "“events”, entry 2: it is not valid JSON"),
        (files.as_json() + "]}", "its brackets do not match"),
        (files.as_json(events=[*files.EVENTS, files.EVENTS[0]]), "it lists the id “e1” 2 times"),
        (files.as_xml()[:-20], "at line 3: unclosed token"),
        (files.as_xml(head="<!DOCTYPE log [<!ENTITY a 'aaaa'>]>"), "declares a document type"),
        (files.as_xml().replace("call", "&unknown;", 1), "undefined entity"),
        ('{"ocel:global-log": {}, "ocel:events": {}}', "OCEL 1.0"),
        (files.as_json(events=[]), "not a single row"),
    ],
)
def test_a_file_that_breaks_the_rules_is_refused_in_a_sentence(content: str, told: str, read: Read) -> None:
    with pytest.raises(SourceError, match="log") as refused:
        read(content)
    assert told in refused.value.sentence


def test_a_database_of_something_else_says_what_it_lacks(read: Read, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "other").executescript("CREATE TABLE event (id TEXT)")
    with pytest.raises(SourceError, match="it lacks event_map_type, event_object, object, object_map_type"):
        read((tmp_path / "other").read_bytes(), "log.sqlite")


def test_a_damaged_database_is_refused(read: Read, tmp_path: Path) -> None:
    whole = files.as_sqlite(tmp_path / "made")
    with pytest.raises(SourceError, match="is damaged"):
        read(whole[:4096] + b"\xff" * 4096 + whole[8192:], "log.sqlite")


@pytest.mark.parametrize(
    "content",
    [
        files.as_xml().replace("C1", "C" * 20_000),
        files.as_xml().replace(">low<", f">{'x' * 20_000}<"),
        files.as_json().replace("low", "x" * 20_000),
    ],
    ids=["an id in XML", "a value in XML", "an object in JSON"],
)
def test_what_is_longer_than_memory_should_hold_is_refused(
    content: str, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_source, "BLOCK", 1000)
    monkeypatch.setattr(ocel_xml, "_LONGEST_VALUE", 8000)
    monkeypatch.setattr(ocel_json, "_LONGEST_ELEMENT", 8000)

    with pytest.raises(SourceError, match="is longer than"):
        read(content)


def test_nothing_is_left_in_the_engine_where_reading_fails(read: Read, engine: duckdb.DuckDBPyConnection) -> None:
    before = engine.execute("SHOW TABLES").fetchall()
    with pytest.raises(SourceError):
        read(files.as_json()[:-40])
    assert engine.execute("SHOW TABLES").fetchall() == before


documents = st.dictionaries(
    st.text(max_size=4),
    st.lists(st.dictionaries(st.text(max_size=3), st.recursive(st.text(max_size=4), st.lists), max_size=3), max_size=3),
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(documents, st.integers(1, 9))
def test_elements_are_found_whatever_the_size_of_the_blocks(document: dict[str, list[object]], size: int) -> None:
    text = json.dumps(document, ensure_ascii=False).encode()
    place, rest, found = np.zeros(2, np.int64), b"", []
    for at in range(0, len(text), size):
        content = rest + text[at : at + size]
        elements = scan.no_elements(len(content))
        n = scan.scan_elements(np.frombuffer(content, np.uint8), len(content), place, elements)
        found += [(int(kind), json.loads(content[begin:end])) for kind, begin, end in elements[:n]]
        rest = content[place[scan.CONSUMED] :]

    expected: list[tuple[int, object]] = []
    for name, elements in document.items():
        expected += [(scan.KEY, name), *((scan.ELEMENT, element) for element in elements)]
    assert found == expected
    assert (place[scan.DEPTH], rest) == (0, b"")
