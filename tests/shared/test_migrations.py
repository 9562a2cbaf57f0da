"""The tables are what the code says, from whichever revision they come, on both databases."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from postgres import new_database
from sqlalchemy import inspect

from millrace.store.database import DATABASE_FILE, Database, DatabaseNotReached, UnknownDatabase
from millrace.store.migration import DatabaseTooNew, all_revisions, newest_revision, revision_of
from millrace.store.tables import Table

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'database.sqlite'}"
    return new_database(request.getfixturevalue("postgres"))


def standing(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return revision_of(connection)


def test_revisions_stand_in_one_line() -> None:
    assert list(all_revisions()) == [f"{number:04}" for number in range(1, len(all_revisions()) + 1)]


def test_the_tables_are_what_the_code_says(url: str, tmp_path: Path) -> None:
    database = Database(tmp_path, url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    database.close()


@pytest.mark.parametrize("revision", all_revisions())
def test_older_tables_are_brought_up_to_date(url: str, tmp_path: Path, revision: str) -> None:
    older = Database(tmp_path, url, revision=revision)
    assert standing(older) == revision
    with older.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO settings (name, value, version) VALUES ('kept', '{}', 7)")
    older.close()

    newer = Database(tmp_path, url)

    assert standing(newer) == newest_revision()
    with newer.reading() as session:
        (kept,) = session.connection().exec_driver_sql("SELECT version FROM settings WHERE name = 'kept'").fetchall()
    assert kept == (7,)
    newer.close()


def test_a_migration_that_fails_leaves_the_tables_as_they_were(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from millrace.store import migration

    def go_half_way(config: object, revision: str) -> None:
        config.attributes["connection"].exec_driver_sql("CREATE TABLE half_done (id INTEGER)")  # type: ignore[attr-defined]
        raise InterruptedError(revision)

    with monkeypatch.context() as patch:
        patch.setattr(migration.command, "upgrade", go_half_way)
        with pytest.raises(InterruptedError):
            Database(tmp_path, url)

    database = Database(tmp_path, url)
    assert "half_done" not in inspect(database.engine).get_table_names()
    database.close()


def test_references_hold_again_after_a_migration(url: str, tmp_path: Path) -> None:
    from sqlalchemy.exc import IntegrityError

    database = Database(tmp_path, url)
    astray = "INSERT INTO streams (id, key, source_id, created_at) VALUES ('1', 'a', 'nowhere', '2026-01-01 00:00:00')"
    with database.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql(astray)
    database.close()


def test_tables_of_a_later_release_are_left_alone(url: str, tmp_path: Path) -> None:
    database = Database(tmp_path, url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    with pytest.raises(DatabaseTooNew, match="stand at revision 9999"):
        Database(tmp_path, url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_text("these are not the tables you are looking for " * 100)
    with pytest.raises(DatabaseNotReached, match="not a database"):
        Database(tmp_path)


@pytest.mark.parametrize("unknown", ["nonsense", "oracle://scott:tiger@host/x", "mysql+nothing://a:secret@b/c"])
def test_a_database_that_is_not_understood_is_told_without_its_password(tmp_path: Path, unknown: str) -> None:
    with pytest.raises(UnknownDatabase) as told:
        Database(tmp_path, unknown)
    assert "tiger" not in told.value.sentence
    assert "secret" not in told.value.sentence


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(DatabaseNotReached) as told:
        Database(tmp_path, f"postgresql+psycopg://me:secret@/none?host={tmp_path}")
    assert "secret" not in told.value.sentence


def test_a_locked_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("millrace.store.database._BUSY_SECONDS", 0)
    database = Database(tmp_path)
    other = sqlite3.connect(tmp_path / DATABASE_FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE").close()

    with pytest.raises(DatabaseNotReached, match="locked"), database.transaction() as session:
        session.connection()

    other.close()
    database.close()
