"""The database beside the log files: what people decided. SQLite in the workspace's folder, or PostgreSQL by URL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from millrace.errors import MillraceError

DATABASE_FILE = "millrace.sqlite"
_BUSY_SECONDS = 15


class DatabaseNotReached(MillraceError):
    """The database does not answer, or its file cannot be opened."""

    slug = "database-not-reached"

    def __init__(self, where: str, reason: str) -> None:
        """Name the database without its password, and what it said."""
        super().__init__(f"The database {where} cannot be reached: {reason}. Check --database and that it is running.")


class Database:
    """A database of decisions, at the newest revision of its tables once it is open."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """Open the database at `url`, or the one in `folder`; missing tables are made, older ones brought up to date.

        Raises DatabaseNotReached.
        """
        if url is None:
            folder.mkdir(parents=True, exist_ok=True)
            url = f"sqlite:///{folder / DATABASE_FILE}"
        self.engine = create_engine(url, **_options(url))
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _settle_sqlite)
            event.listen(self.engine, "begin", _begin_at_once)
        try:
            _bring_up_to_date(self.engine)
        except OperationalError as error:
            shown = make_url(url).render_as_string(hide_password=True)
            raise DatabaseNotReached(f"“{shown}”", str(error.orig).strip().partition("\n")[0]) from error

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction: all of what is done within is kept when it ends, none of it where it fails."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _options(url: str) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": _BUSY_SECONDS, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}


def _settle_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Readers beside one writer; what was acknowledged is on disk; references hold."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_at_once(connection: Any) -> None:
    """Take the writer's place when a transaction begins: one that reads and then writes would fail half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _bring_up_to_date(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
