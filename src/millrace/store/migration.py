"""Revisions of the database's tables: which it stands at, and bringing it to the newest in one transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from millrace.errors import MillraceError

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"


class DatabaseTooNew(MillraceError):
    """The tables were made by a later release, whose meaning this one cannot know."""

    slug = "database-too-new"

    def __init__(self, revision: str, known: str) -> None:
        """Name both revisions."""
        super().__init__(
            f"The tables stand at revision {revision}; this release of Millrace knows them up to {known}. "
            "Install the release that was used last, or restore a backup from before it."
        )


def all_revisions() -> tuple[str, ...]:
    """The revisions of the tables from the first to the newest."""
    return tuple(reversed([each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]))


def newest_revision() -> str:
    """The revision that this release works with."""
    return all_revisions()[-1]


def bring_up_to_date(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`, all of the way or not at all. Raises DatabaseTooNew.

    Who opens the database at the same time waits, and finds the work done.
    """
    with engine.connect() as connection, references_at_rest(connection), connection.begin():
        upgrade(connection, revision)


@contextmanager
def references_at_rest(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild a table that others refer to, which drops the old one; not to be said in a transaction."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.execute("PRAGMA foreign_keys = OFF").close()
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON").close()


def revision_of(connection: Connection) -> str | None:
    """The revision at which the tables stand; None where there are none yet."""
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return None
    found: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
    return found


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to `revision` within the connection's transaction, references at rest. Raises DatabaseTooNew."""
    stands_at = revision_of(connection)
    if stands_at is not None and stands_at not in all_revisions():
        raise DatabaseTooNew(stands_at, newest_revision())
    if stands_at == newest_revision():
        return
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, revision)
    broken = broken_references(connection)
    assert not broken, f"rows refer to what is not there after the migration: {broken}"


def broken_references(connection: Connection) -> tuple[str, ...]:
    """The tables with rows that refer to what is not there; only SQLite lets such rows in while references rest."""
    if connection.dialect.name != "sqlite":
        return ()
    return tuple(sorted({row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}))
