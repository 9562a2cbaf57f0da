import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millrace.eventlog.export import ExportNotWritten, write_csv


def written(cells: list[str], path: Path) -> list[str]:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE cells (row INTEGER, cell VARCHAR)")
    connection.executemany("INSERT INTO cells VALUES (?, ?)", list(enumerate(cells)))
    write_csv(connection.sql("SELECT cell FROM cells ORDER BY row"), path)
    connection.close()
    with path.open(encoding="utf-8", newline="") as file:
        return [cell for (cell,) in list(csv.reader(file))[1:]]


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "-cmd|' /C calc'!A0"])
def test_a_formula_gets_a_leading_apostrophe(tmp_path: Path, formula: str) -> None:
    assert written([formula], tmp_path / "out.csv") == [f"'{formula}"]


@pytest.mark.parametrize(
    "harmless", ["-5", "+3.25", "-1,234.5", "1e-5", "-2E10", "a=b", "Wait - User", "𝄞", "'quoted'"]
)
def test_numbers_and_plain_words_are_left_alone(tmp_path: Path, harmless: str) -> None:
    assert written([harmless], tmp_path / "out.csv") == [harmless]


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, max_size=5))
def test_no_written_cell_runs(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    for cell, source in zip(written(cells, tmp_path_factory.mktemp("csv") / "out.csv"), cells, strict=True):
        assert cell in (source, f"'{source}")
        assert not cell.startswith(("=", "@", "\t", "\r"))


def test_a_header_that_is_a_formula_is_made_harmless(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_csv(duckdb.sql('SELECT 1 AS "=HYPERLINK()"'), path)
    assert path.read_text("utf-8").startswith("'=HYPERLINK()")


def test_an_export_that_fails_leaves_nothing(tmp_path: Path) -> None:
    failing = duckdb.sql("SELECT CAST(cell AS INTEGER) AS number FROM (VALUES ('1'), ('x')) AS cells (cell)")
    with pytest.raises(duckdb.Error):
        write_csv(failing, tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == []


def test_an_export_to_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportNotWritten, match=r"was not written: the folder “.*nowhere” is not there; make it"):
        write_csv(duckdb.sql("SELECT 1 AS number"), tmp_path / "nowhere" / "out.csv")
