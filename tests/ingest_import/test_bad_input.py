import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imported import rows

from millrace.errors import MillraceError
from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.ingest import importing
from millrace.ingest.importing import UnsureMapping, import_log
from millrace.ingest.kept_recognition import kept_recognition
from millrace.ingest.mapping import Mapping
from millrace.ingest.writing import CannotWrite, DiskFull, LogInPlace, OutOfMemory

PLAIN = Mapping(shape=Shape.STATUS_LOG, columns={"item_id": "id", "at": "time", "status": "status"})
GOOD = ("id,time,status", "A,2024-01-01,New", "A,2024-01-02,Closed")
Source = Callable[..., Path]


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
        (OSError(errno.EROFS, "Read-only file system"), CannotWrite),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), DiskFull),
        (duckdb.IOException("IO Error: Cannot open file: Permission denied"), CannotWrite),
        (duckdb.OutOfMemoryException("failed to allocate"), OutOfMemory),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (RuntimeError("Query interrupted"), KeyboardInterrupt),
    ],
)
@pytest.mark.parametrize("was_there", [True, False])
def test_a_failure_while_writing_leaves_nothing(
    source: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    told: type[BaseException],
    was_there: bool,
) -> None:
    def fail(_query: str, path: Path, _connection: object) -> None:
        path.write_bytes(b"half")
        raise failure

    monkeypatch.setattr(importing, "_copy", fail)
    folder = tmp_path / "log"
    if was_there:
        folder.mkdir()
    with pytest.raises(told):
        import_log([source(*GOOD)], folder, mapping=PLAIN)
    assert folder.exists() == was_there
    assert not was_there or list(folder.iterdir()) == []


def test_a_failure_while_describing_leaves_nothing(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_log: EventLog) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(EventLog, "save_description", fail)
    with pytest.raises(DiskFull):
        import_log([source(*GOOD)], tmp_path / "log", mapping=PLAIN)
    assert not (tmp_path / "log").exists()


def test_a_folder_that_cannot_be_made_is_a_sentence(source: Source, tmp_path: Path) -> None:
    path = source(*GOOD)
    with pytest.raises(CannotWrite, match="Nothing could be written"):
        import_log([path], path / "log", mapping=PLAIN)


def test_a_log_is_never_written_over(source: Source, tmp_path: Path) -> None:
    path = source(*GOOD)
    log = import_log([path], tmp_path / "log", mapping=PLAIN)
    before = log.events_path.read_bytes()
    with pytest.raises(LogInPlace):
        import_log([path], tmp_path / "log", mapping=PLAIN)
    assert log.events_path.read_bytes() == before


def test_only_the_log_lies_in_its_folder(source: Source, tmp_path: Path) -> None:
    log = import_log([source(*GOOD)], tmp_path / "log", mapping=PLAIN)
    assert {path.name for path in log.folder.iterdir()} == {"events.parquet", "log.json", "recognition.json"}


def test_a_given_connection_stays_open(source: Source, tmp_path: Path, engine: duckdb.DuckDBPyConnection) -> None:
    import_log([source(*GOOD)], tmp_path / "log", mapping=PLAIN, connection=engine)
    assert engine.execute("SELECT 1").fetchone() == (1,)


def test_progress_ends_at_one_and_never_goes_back(source: Source, tmp_path: Path) -> None:
    told: list[float] = []
    import_log([source(*GOOD)], tmp_path / "log", mapping=PLAIN, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_strictness_refuses_what_is_only_guessed(source: Source, tmp_path: Path) -> None:
    path = source("x,y,z", *(f"{n % 3},{n}/{n}/2024,{'ab'[n % 2]}" for n in range(1, 12)))
    with pytest.raises(MillraceError) as raised:
        import_log([path], tmp_path / "log", strict=True)
    assert isinstance(raised.value, UnsureMapping) or "column" in raised.value.sentence
    assert not (tmp_path / "log").exists()


def test_two_logs_are_no_records_and_changes(source: Source, tmp_path: Path) -> None:
    paths = [source(*GOOD, name="one.csv"), source(*GOOD, name="two.csv")]
    with pytest.raises(MillraceError, match=r"one\.csv"):
        import_log(paths, tmp_path / "log")


def test_no_source_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MillraceError, match="No source"):
        import_log([], tmp_path / "log")


def test_one_item_may_have_very_many_events_of_one_instant(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    events = "SELECT 'A' AS id, TIMESTAMP '2024-01-01' AS \"time\", 'New' AS status FROM range(300000)"
    duckdb.connect().execute(f"COPY ({events}) TO '{path}' (FORMAT parquet)")
    log = import_log([path], tmp_path / "log", mapping=PLAIN)
    assert len(set(rows(log, "position"))) == 300_000
    assert log.about.readiness.n_rows_kept == 300_000


def test_what_was_recognised_is_kept_with_the_log(source: Source, tmp_path: Path) -> None:
    lines = ["number,sys_updated_at,state,assignment_group"]
    for n in range(30):
        lines += [
            f"INC{n},2024-01-{1 + n % 28:02} 10:00:00,New,Desk",
            f"INC{n},2024-02-{1 + n % 28:02} 10:00:00,Closed,Field",
        ]
    log = import_log([source(*lines)], tmp_path / "log")
    recognised = kept_recognition(log)
    assert recognised.mapping.columns["item_id"] == "number"
    assert recognised.mapping.columns["team"] == "assignment_group"
    assert any(guess.about.endswith("item_id") for guess in recognised.guesses)
    assert recognised.sample[0]["number"] == "INC0"
    assert {event_class.status for event_class in log.about.event_classes} == {"New", "Closed"}


cell = st.one_of(
    st.sampled_from(
        ["A", "B", "", "NaN", "New", "Closed", "2024-01-01", "1/2/2024 10:00", "1900-01-01", "?", "0", "=1"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=6),
)


@pytest.fixture(scope="module")
def shared_engine() -> duckdb.DuckDBPyConnection:
    return connect()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), max_size=8)))
def test_any_small_table_is_a_log_or_a_sentence(
    tmp_path: Path, shared_engine: duckdb.DuckDBPyConnection, table: list[list[str]]
) -> None:
    path, folder = tmp_path / "any.csv", tmp_path / "any"
    path.write_text("\n".join(",".join(row) for row in table), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        log = import_log([path], folder, connection=shared_engine)
    except MillraceError:
        assert not folder.exists()
    else:
        ready = log.about.readiness
        assert ready.n_rows_read == ready.n_rows_kept + ready.n_rows_refused
        assert ready.n_rows_kept > 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cell, cell, cell, cell), max_size=8))
def test_any_cells_under_a_mapping_are_a_log_or_a_sentence(
    tmp_path: Path, shared_engine: duckdb.DuckDBPyConnection, table: list[tuple[str, ...]]
) -> None:
    path, folder = tmp_path / "any.csv", tmp_path / "any"
    quoted = (",".join('"' + one.replace('"', '""') + '"' for one in row) for row in table)
    path.write_text("\n".join(("id,time,status,start", *quoted)), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    columns = {"item_id": "id", "at": "time", "activity": "status", "started_at": "start"}
    mapping = Mapping(shape=Shape.ACTIVITY_LOG, columns=columns, nulls=("?",))
    try:
        log = import_log([path], folder, connection=shared_engine, mapping=mapping)
    except MillraceError:
        assert not folder.exists()
    else:
        assert all(item for item, *_ in rows(log, "item_id"))
