from pathlib import Path

import duckdb
import pytest
from imported import kinds, rows

from millrace.eventlog.schema import Shape
from millrace.ingest.importing import import_log

CLEAN = """
    SELECT printf('INC%03d', i // 3) AS item_id, TIMESTAMP '2025-01-01' + to_hours(i) AS "at", i AS position,
        ['New', 'In Progress', 'Closed'][1 + i % 3] AS status, 'Desk' AS team, 7 AS size
    FROM range(30) AS t (i)"""


def parquet(tmp_path: Path, query: str) -> Path:
    path = tmp_path / "events in.parquet"
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_a_clean_file_is_taken_as_it_is(tmp_path: Path) -> None:
    source = parquet(tmp_path, CLEAN)
    log = import_log([source], tmp_path / "log")
    assert log.events_path.read_bytes() == source.read_bytes()
    assert log.about.shape is Shape.STATUS_LOG
    assert log.about.attributes == ("size",)
    assert log.about.readiness.n_rows_kept == 30
    assert {event_class.status for event_class in log.about.event_classes} == {"New", "In Progress", "Closed"}


def test_the_log_does_not_change_with_its_source(tmp_path: Path) -> None:
    source = parquet(tmp_path, CLEAN)
    log = import_log([source], tmp_path / "log")
    source.write_bytes(b"gone")
    assert len(rows(log, "item_id")) == 30


def test_a_file_without_positions_gets_them(tmp_path: Path) -> None:
    log = import_log([parquet(tmp_path, f"SELECT * EXCLUDE (position) FROM ({CLEAN})")], tmp_path / "log")
    assert [position for (position,) in rows(log, "position")] == sorted({p for (p,) in rows(log, "position")})


@pytest.mark.parametrize("odd", ["NULL", "'\ufeff'", "'nan'"])
def test_a_file_with_missing_ids_is_cleaned(tmp_path: Path, odd: str) -> None:
    query = f"SELECT * REPLACE (CASE WHEN position = 3 THEN {odd} ELSE item_id END AS item_id) FROM ({CLEAN})"
    log = import_log([parquet(tmp_path, query)], tmp_path / "log")
    assert "missing_id" in kinds(log)
    assert log.about.readiness.n_rows_kept == 29


def test_ids_stored_as_floats_read_as_whole_numbers(tmp_path: Path) -> None:
    query = f"""
        SELECT * REPLACE (CASE WHEN position = 3 THEN 'NaN'::DOUBLE ELSE (position // 3)::DOUBLE END AS item_id)
        FROM ({CLEAN})"""
    log = import_log([parquet(tmp_path, query)], tmp_path / "log")
    assert rows(log, "item_id")[0] == ("0",)
    assert log.about.readiness.n_rows_refused == 1
    assert "mended_id" not in kinds(log)


def test_instants_with_a_zone_become_utc(tmp_path: Path) -> None:
    query = f"""SELECT * REPLACE ("at" AT TIME ZONE 'Europe/Berlin' AS "at") FROM ({CLEAN})"""
    log = import_log([parquet(tmp_path, query)], tmp_path / "log")
    assert rows(log, 'CAST("at" AS VARCHAR)')[0] == ("2024-12-31 23:00:00",)
