import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from millrace.ingest.raw import RawTable
from millrace.ingest.reading import SourceError, read_source

Read = Callable[..., RawTable]
Rows = Callable[[RawTable], list[tuple[Any, ...]]]


def columns(table: RawTable) -> dict[str, str]:
    return {column.name: column.type for column in table.columns}


def workbook(path: Path, *sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet_rows in sheets:
        sheet = book.create_sheet()
        for row in sheet_rows:
            sheet.append(row)
    book.save(path)
    return path


def test_json_lines_are_rows(read: Read, rows: Rows) -> None:
    table = read('{"id": 1, "state": "New"}\n{"id": 2, "team": "A"}\n', "log.jsonl")

    assert (table.unit, rows(table)) == ("line", [(1, "1", "New", None), (2, "2", None, "A")])


def test_a_broken_json_line_is_refused_and_shown(read: Read) -> None:
    table = read('{"id": 1}\n{"id": 2\n[3]\n{"id": 4}\n', "log.jsonl")

    assert table.n_rows == 2
    assert [(found.n_rows, found.examples[0]) for found in table.remarks] == [(2, 'line 2: {"id": 2')]


@pytest.mark.parametrize("wrap", ["{}", '{{"result": {}, "count": 2}}', "\n  {}\n"])
def test_an_array_of_objects_may_be_wrapped(read: Read, rows: Rows, wrap: str) -> None:
    table = read(wrap.format('[\n{"id": "1"},\n{"id": "2"}]'), "log.json")

    assert rows(table) == [(1, "1"), (2, "2")]


def test_nested_objects_are_columns_with_dots(read: Read, rows: Rows) -> None:
    lines = [{"key": "A-1", "fields": {"status": {"name": "New"}, "a/b": 1}}, {"key": "A-2", "fields": None}]
    table = read("\n".join(map(json.dumps, lines)), "log.jsonl")

    assert list(columns(table)) == ["key", "fields.status.name", "fields.a/b"]
    assert rows(table) == [(1, "A-1", "New", "1"), (2, "A-2", None, None)]


def test_a_sheet_keeps_dates_numbers_and_truth_values(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    opened = dt.datetime(2024, 5, 1, 10, 30)  # noqa: DTZ001 (a sheet has no zones)
    path = workbook(tmp_path / "log.xlsx", [["id", "opened", "n", "hours", "ok"], ["I1", opened, 1, 1.5, True]])

    table = read_source(path, connection)

    assert columns(table) == {"id": "VARCHAR", "opened": "TIMESTAMP", "n": "BIGINT", "hours": "DOUBLE", "ok": "BOOLEAN"}
    assert connection.execute(f"FROM {table.relation}").fetchall() == [(2, "I1", opened, 1, 1.5, True)]


def test_mixed_cells_of_a_column_are_texts(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = workbook(tmp_path / "log.xlsx", [["id", "mixed"], [1, 7], [2, "seven"], [3, dt.date(2024, 5, 1)]])

    table = read_source(path, connection)

    texts = connection.execute(f"SELECT mixed FROM {table.relation} ORDER BY __row").fetchall()
    assert texts == [("7",), ("seven",), ("2024-05-01 00:00:00",)]


def test_the_first_sheet_with_a_table_is_read(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    cover: list[list[Any]] = [["Report"]]
    data = [["Incidents"], [], ["id", "state", None], [1, "New", None], [], [2, "Old", None]]

    table = read_source(workbook(tmp_path / "log.xlsx", cover, data), connection)

    assert connection.execute(f"FROM {table.relation} ORDER BY 1").fetchall() == [(4, 1, "New"), (6, 2, "Old")]
    assert [found.kind for found in table.remarks] == ["one_sheet_of_several"]


def test_a_parquet_file_is_read_in_place(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "it's a log.parquet"
    duckdb.execute("COPY (SELECT range AS n, 'x' AS state FROM range(3)) TO '{}'".format(str(path).replace("'", "''")))

    table = read_source(path, connection)

    assert (table.parquet_path, table.n_rows, columns(table)) == (path, 3, {"n": "BIGINT", "state": "VARCHAR"})
    assert connection.execute(f"SELECT __row, n FROM {table.relation}").fetchall() == [(1, 0), (2, 1), (3, 2)]


def test_any_format_may_be_packed_with_gzip(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    parquet = tmp_path / "a.parquet"
    duckdb.execute(f"COPY (SELECT 1 AS id, 'x' AS state) TO '{parquet}'")
    contents = {
        "csv": b"id,state\n1,x\n",
        "json": b'[{"id": 1, "state": "x"}]',
        "xlsx": workbook(tmp_path / "a.xlsx", [["id", "state"], [1, "x"]]).read_bytes(),
        "parquet": parquet.read_bytes(),
        "xes": b'<log><trace><event><int key="id" value="1"/><string key="state" value="x"/></event></trace></log>',
    }

    for name, content in contents.items():
        packed = tmp_path / f"log.{name}.gz"
        packed.write_bytes(gzip.compress(content))
        table = read_source(packed, connection)
        seen = connection.execute(f"SELECT id::VARCHAR, state FROM {table.relation}").fetchall()
        assert (name, seen) == (name, [("1", "x")])
        assert table.parquet_path is None


def test_progress_is_told_and_ends_at_one(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "log.csv"
    path.write_text("id,state\n" + "1,New\n" * 1_500_000)
    told: list[float] = []

    read_source(path, connection, progress=told.append)

    assert told == sorted(told)
    assert (len(told) > 1, told[-1]) == (True, 1.0)


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_the_only_file_of_a_zip_archive_is_read(read: Read, rows: Rows) -> None:
    content = "id;state\n" + "".join(f"{n};New\n" for n in range(50_000))
    table = read(zipped({"out/log.csv": content.encode(), ".DS_Store": b"x"}), "export.zip")

    assert columns(table) == {"id": "VARCHAR", "state": "VARCHAR"}
    assert len(rows(table)) == 50_000


def test_a_parquet_file_in_a_zip_archive_is_read(read: Read, rows: Rows, tmp_path: Path) -> None:
    duckdb.execute(f"COPY (SELECT 'A' AS id) TO '{tmp_path / 'a.parquet'}'")
    table = read(zipped({"a.parquet": (tmp_path / "a.parquet").read_bytes()}), "a.zip")

    assert [row[1] for row in rows(table)] == ["A"]


def test_a_zip_archive_of_several_files_is_refused(read: Read) -> None:
    with pytest.raises(SourceError, match=r"ZIP archive of 2 files .“a.csv”, “b.csv”."):
        read(zipped({"a.csv": b"id\n1\n", "b.csv": b"id\n2\n"}), "export.zip")


@pytest.mark.parametrize("keep", [40, 400, -30])
def test_a_damaged_zip_archive_is_refused(read: Read, keep: int) -> None:
    whole = zipped({"log.csv": b"".join(b"%d,%d\n" % (n, n * n) for n in range(5_000))})
    with pytest.raises(SourceError, match=r"damaged ZIP file"):
        read(whole[:keep], "log.zip")
