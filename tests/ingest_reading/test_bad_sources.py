import gzip
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from millrace.errors import MillraceError
from millrace.ingest.raw import RawTable
from millrace.ingest.reading import SourceError, byte_source, read_source, spooled

Read = Callable[..., RawTable]

CSV = b"id,state\n" + b"1,New\n" * 5_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


BAD = {
    "nothing at all": (b"", "empty-source"),
    "blanks only": (b" \n\t\n \n", "empty-source"),
    "a mark only": (b"\xef\xbb\xbf", "empty-source"),
    "a header only": (b"id,state\n", "no-rows"),
    "an empty array": (b"[]", "no-rows"),
    "binary junk": (bytes(range(256)) * 40, "not-a-table"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not-a-table"),
    "a PDF": (b"%PDF-1.7 ...", "not-a-table"),
    "a web page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "not-a-table"),
    "other XML": (b"<?xml version='1.0'?><rss/>", "not-a-table"),
    "a zip of two": (zipped(log=CSV, more=CSV), "not-a-table"),
    "a cut zip": (zipped(log=CSV)[:-40], "broken-archive"),
    "an old workbook": (OLE + "Workbook".encode("utf-16-le"), "not-a-table"),
    "an old document": (OLE + "WordDocument".encode("utf-16-le"), "not-a-table"),
    "a locked workbook": (OLE + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
    "a broken workbook": (zipped(**{"xl/workbook.xml": b"<no"}), "damaged-file"),
    "a cut workbook": (zipped(**{"xl/workbook.xml": b"x" * 900})[:200], "damaged-file"),
    "a cut gzip": (gzip.compress(CSV)[:-30], "broken-archive"),
    "a spoilt gzip": (gzip.compress(os.urandom(5_000))[:2_000] + b"x" * 3_000, "broken-archive"),
    "a cut Parquet": (b"PAR1" + b"x" * 200, "damaged-file"),
    "a spoilt Parquet": (b"PAR1" + b"\xff" * 200 + b"\x10\0\0\0PAR1", "damaged-file"),
    "broken JSON": (b'[{"id": 1},\n {"id": }]', "damaged-file"),
    "two lists": (b'{"a": [{"id": 1}], "b": [{"id": 2}]}', "not-a-table"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_source_is_told_in_a_sentence(read: Read, what: str) -> None:
    content, slug = BAD[what]

    with pytest.raises(SourceError) as told:
        read(content)

    assert told.value.slug == slug
    assert "log.csv" in told.value.sentence


@pytest.mark.parametrize("what", BAD)
def test_a_bad_source_leaves_no_table_behind(read: Read, connection: duckdb.DuckDBPyConnection, what: str) -> None:
    with pytest.raises(SourceError):
        read(BAD[what][0])

    assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_a_missing_file_is_told_with_one_of_like_name(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    (tmp_path / "incidents.csv").write_bytes(CSV)

    with pytest.raises(SourceError, match=r"Did you mean “incidents.csv”"):
        read_source(tmp_path / "incident.csv", connection)


def test_a_folder_is_no_source(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        read_source(tmp_path, connection)


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(CSV)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(SourceError, match="cannot be opened: Permission denied"):
        read_source(path, connection)


def test_content_that_unpacks_without_end_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_source, "_FREE_EXPANSION", 2**20)

    with pytest.raises(SourceError, match="500 times its size"):
        read(gzip.compress(b"a,b\n" * 4_000_000), "log.csv.gz")


def test_a_workbook_that_unpacks_without_end_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    from millrace.ingest.reading import sheet

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 20_000_000)
    monkeypatch.setattr(sheet, "_FREE_EXPANSION", 0)

    with pytest.raises(SourceError, match="500 times its size"):
        read(packed.getvalue(), "log.xlsx")


def test_a_full_disk_is_told_and_leaves_nothing(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    monkeypatch.setattr(spooled, "_ROOM_TO_LEAVE", 2**62)
    duckdb.execute(f"COPY (SELECT 1 AS id) TO '{tmp_path / 'a.parquet'}'")

    with pytest.raises(SourceError, match="does not fit"):
        read(gzip.compress((tmp_path / "a.parquet").read_bytes()), "log.parquet.gz")

    assert list(room.iterdir()) == []


def test_an_engine_without_room_is_told(read: Read, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET memory_limit = '20MB'; SET max_temp_directory_size = '1MB'")

    with pytest.raises(SourceError) as told:
        read("id,note\n" + "".join(f"{n},{'x' * 90}{n}\n" for n in range(400_000)))

    assert told.value.slug == "no-room"


def test_an_interrupted_reading_leaves_no_table_behind(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(CSV * 400)

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_source(path, connection, progress=interrupt)

    assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


BEGINNINGS = st.sampled_from(
    [
        b"",
        b"id,state\n",
        b'"a";"b"\r\n',
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"[",
        b'{"a":',
        b"<log>",
        b"<log><trace><event>",
        b'<log><trace><string key="a" value="b"/>',
        b"PAR1",
        b"PK\x03\x04xl/",
        b"\x1f\x8b\x08",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ]
)
PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [b",", b";", b"\n", b"\r\n", b'"', b"'", b"\\", b"\0", b"<", b">", b"</trace>", b"&#0;", b"]", b"}"]
    ),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@given(beginning=BEGINNINGS, pieces=st.lists(PIECES, max_size=30), is_packed=st.booleans())
@example(beginning=b"", pieces=[b"\xe9"], is_packed=False)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_table_or_a_sentence(
    tmp_path: Path, engine: duckdb.DuckDBPyConnection, beginning: bytes, pieces: list[bytes], is_packed: bool
) -> None:
    content = beginning + b"".join(pieces)
    path = tmp_path / "log.csv"
    path.write_bytes(gzip.compress(content) if is_packed else content)

    with suppress(MillraceError):
        table = read_source(path, engine)
        counted = engine.execute(f"SELECT count(*), count(__row) FROM {table.relation}").fetchall()[0]
        engine.execute(f"DROP TABLE {table.relation}")
        assert counted == (table.n_rows, table.n_rows)
    assert engine.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n", exclude_characters="\ufeff"),
    min_size=1,
    max_size=12,
)


@given(cells=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=20), separator=st.sampled_from(",;\t|"))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_quoted_by_the_rules_comes_back_as_it_was(
    tmp_path: Path, engine: duckdb.DuckDBPyConnection, cells: list[tuple[str, str, str]], separator: str
) -> None:
    lines = [
        separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [("i", "ii", "iii"), *cells]
    ]
    path = tmp_path / "log.csv"
    path.write_bytes("\r\n".join(lines).encode() + b"\r\n")

    table = read_source(path, engine)
    found = engine.execute(f"SELECT i, ii, iii FROM {table.relation} ORDER BY __row").fetchall()
    engine.execute(f"DROP TABLE {table.relation}")

    assert found == cells
