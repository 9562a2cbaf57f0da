import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from millrace.ingest.raw import RawTable
from millrace.ingest.reading import SourceError, byte_source
from millrace.ingest.reading.xes import read_xes

Read = Callable[..., RawTable]
Rows = Callable[[RawTable], list[tuple[Any, ...]]]
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n'


def event(name: str = "A", more: str = "") -> str:
    return f'<event><string key="concept:name" value="{name}"/>{more}</event>'


def trace(item: str, *events: str) -> str:
    return f'<trace><string key="concept:name" value="{item}"/>{"".join(events)}</trace>\n'


@pytest.fixture
def column(read: Read, connection: duckdb.DuckDBPyConnection) -> Callable[..., list[Any]]:
    """The values of one column of a log with this body."""

    def of(name: str, *traces: str, head: str = HEAD) -> list[Any]:
        table = read(head + "".join(traces) + "</log>\n", "log.xes")
        return [
            value for (value,) in connection.execute(f'SELECT "{name}" FROM {table.relation} ORDER BY __row').fetchall()
        ]

    return of


def test_a_row_is_an_event_with_its_traces_attributes(read: Read, rows: Rows) -> None:
    table = read(HEAD + trace("I1", event("A"), event("B")) + trace("I2", event("C")) + "</log>", "log.xes")

    assert [column.name for column in table.columns] == ["case:concept:name", "concept:name"]
    assert rows(table) == [(1, "I1", "A"), (2, "I1", "B"), (3, "I2", "C")]


def test_dates_keep_their_instant(column: Callable[..., list[Any]]) -> None:
    written = (
        "2024-03-31T12:00:00.250+02:00",
        "2024-03-31T10:00:00Z",
        "2024-03-31T10:00:00",
        "2024-03-31T04:30:00-0530",
    )
    events = (event("A", f'<date key="time:timestamp" value="{text}"/>') for text in written)

    assert column("time:timestamp", trace("I1", *events)) == [
        dt.datetime(2024, 3, 31, 10, 0, 0, 250_000),  # noqa: DTZ001 (UTC inside)
        *[dt.datetime(2024, 3, 31, 10)] * 3,  # noqa: DTZ001
    ]


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [("int", "7", 7), ("float", "1.5", 1.5), ("boolean", "true", True), ("id", "b8a1", "b8a1"), ("string", "x", "x")],
)
def test_values_have_their_type(column: Callable[..., list[Any]], tag: str, text: str, value: object) -> None:
    assert column("k", trace("I1", event("A", f'<{tag} key="k" value="{text}"/>'))) == [value]


def test_references_are_resolved(column: Callable[..., list[Any]]) -> None:
    written = "R&amp;D &lt;&#233;&#xe9;&gt; &quot;&apos;&#10;x"

    assert column("concept:name", trace("I1", event(written))) == ["R&D <éé> \"'\nx"]


def test_a_line_end_inside_a_value_is_a_space(column: Callable[..., list[Any]]) -> None:
    assert column("concept:name", trace("I1", event("a\r\nb\tc"))) == ["a b c"]


def test_values_may_stand_in_single_quotes_and_hold_tag_ends(column: Callable[..., list[Any]]) -> None:
    written = "<event><string value='say \"a > b\"' key='concept:name' /></event>"

    assert column("concept:name", trace("I1", written)) == ['say "a > b"']


def test_comments_and_character_data_are_no_events(column: Callable[..., list[Any]]) -> None:
    aside = "<!-- <event/> </trace> --><![CDATA[ <event/> </trace> ]]><?note </trace> ?>"

    assert column("concept:name", aside, trace("I1", event("A"), aside, event("B")), aside) == ["A", "B"]


def test_names_may_carry_a_prefix(column: Callable[..., list[Any]]) -> None:
    body = '<x:trace><x:event><x:string key="concept:name" value="A"/></x:event></x:trace>'

    assert column("concept:name", body) == ["A"]


def test_an_attribute_that_comes_late_is_nothing_before(column: Callable[..., list[Any]]) -> None:
    assert column("k", trace("I1", event("A"), event("B", '<int key="k" value="1"/>'))) == [None, 1]


def test_a_trace_attribute_behind_the_events_is_theirs_too(column: Callable[..., list[Any]]) -> None:
    body = f'<trace>{event("A")}<string key="concept:name" value="I1"/></trace>'

    assert column("case:concept:name", body) == ["I1"]


def test_whole_and_broken_numbers_of_one_key_are_numbers(column: Callable[..., list[Any]]) -> None:
    events = (event("A", '<int key="k" value="1"/>'), event("A", '<float key="k" value="2.5"/>'))

    assert column("k", trace("I1", *events)) == [1.0, 2.5]


def test_a_value_that_is_not_of_its_type_makes_the_column_text(column: Callable[..., list[Any]]) -> None:
    events = (event("A", '<int key="k" value="1"/>'), event("A", '<int key="k" value="many"/>'))

    assert column("k", trace("I1", *events)) == ["1", "many"]


def test_nested_attributes_are_left_aside_and_said(read: Read) -> None:
    nested = '<string key="k" value="v"><string key="inner" value="x"/></string>'
    more = nested + '<list key="l"><int key="m" value="1"/></list>'
    table = read(HEAD + trace("I1", event("A", more), event("B")) + "</log>", "log.xes")

    assert [column.name for column in table.columns] == ["case:concept:name", "concept:name", "k"]
    assert [(remark.kind, remark.n_rows) for remark in table.remarks] == [("nested_attributes", 3)]


def test_empty_traces_and_events_do_no_harm(read: Read, rows: Rows) -> None:
    table = read(
        HEAD + "<trace/><trace></trace><trace><event/></trace>" + trace("I1", event("A")) + "</log>", "log.xes"
    )

    assert rows(table) == [(1, None, None), (2, "I1", "A")]


def test_header_attributes_are_no_columns(read: Read) -> None:
    head = '<global scope="event"><string key="g" value="x"/></global><string key="creator" value="y"/>'
    table = read(HEAD + head + trace("I1", event("A")) + "</log>", "log.xes")

    assert [column.name for column in table.columns] == ["case:concept:name", "concept:name"]


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "windows-1250"])
def test_the_declared_encoding_is_heeded(read: Read, rows: Rows, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><log>{trace("I1", event("Gelöst"))}</log>'

    assert rows(read(text.encode(encoding), "log.xes")) == [(1, "I1", "Gelöst")]


def test_the_meanings_of_the_standard_are_declared(read: Read) -> None:
    more = (
        '<date key="time:timestamp" value="2024-01-01T00:00:00Z"/><string key="org:group" value="T"/>'
        '<string key="org:resource" value="P"/><string key="lifecycle:transition" value="{}"/>'
    )
    standard = read(HEAD + trace("I1", event("A", more.format("complete"))) + "</log>", "standard.xes")
    ticket = read(HEAD + trace("I1", event("A", more.format("Wait - User"))) + "</log>", "ticket.xes")

    assert dict(standard.declared) == {
        "item_id": "case:concept:name",
        "activity": "concept:name",
        "at": "time:timestamp",
        "team": "org:group",
        "person": "org:resource",
    }
    assert dict(ticket.declared)["status"] == "lifecycle:transition"


def test_an_item_longer_than_a_block_keeps_its_name(read: Read, connection: duckdb.DuckDBPyConnection) -> None:
    many = "".join(event(f"A{n % 3}", f'<int key="n" value="{n}"/><!-- {"x" * 60} -->') for n in range(60_000))
    table = read(HEAD + trace("long", many) + trace("short", event("B")) + "</log>", "log.xes")

    seen = connection.execute(
        f'SELECT "case:concept:name", count(*), sum(n) FROM {table.relation} GROUP BY 1 ORDER BY 1'
    ).fetchall()
    assert seen == [("long", 60_000, 59_999 * 30_000), ("short", 1, None)]


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]>\n<log></log>', "document-type-refused"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><log></log>', "document-type-refused"),
        ("<log>" + trace("I1", event("A")), "damaged-file"),
        ("<log><trace><event></trace></log>", "damaged-file"),
        ("<log><trace><event><string key=x/></event></trace></log>", "damaged-file"),
        ("<log></log>", "no-rows"),
        ("<logs/>", "not-a-table"),
    ],
)
def test_what_is_no_sound_log_is_told_in_a_sentence(read: Read, body: str, slug: str) -> None:
    with pytest.raises(SourceError) as told:
        read('<?xml version="1.0"?>\n' + body, "log.xes")

    assert told.value.slug == slug
    assert "log.xes" in told.value.sentence


def test_bytes_that_are_not_of_the_declared_encoding_are_told_with_their_line(read: Read) -> None:
    with pytest.raises(SourceError, match="line 3"):
        read((HEAD + trace("I1", event("Gel?st")) + "</log>").encode().replace(b"?st", b"\xf6st"), "log.xes")


@pytest.mark.parametrize("size", [1, 7, 40, 333])
def test_where_the_blocks_are_cut_changes_nothing(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    aside = "<!-- </event> <event> é -->"
    events = [event(f"A{n} &lt;é&gt; 状", f'<int key="n" value="{n}"/>{aside}') for n in range(9)]
    path = tmp_path / "log.xes"
    path.write_text(
        HEAD + trace("I1", *events[:5]) + aside + trace("I2") + trace("I3", *events[5:]) + "</log>", "utf-8"
    )

    with byte_source.ByteSource(path) as source:
        monkeypatch.setattr(byte_source, "BLOCK", len(HEAD))
        source.head()
        monkeypatch.setattr(byte_source, "BLOCK", size)
        table = read_xes(source, connection)

    assert connection.execute(f"FROM {table.relation} ORDER BY __row").fetchall() == [
        (n + 1, "I1" if n < 5 else "I3", f"A{n} <é> 状", n) for n in range(9)
    ]
