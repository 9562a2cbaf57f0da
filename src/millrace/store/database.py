"""The database beside the log files: what people decided. SQLite in the workspace's folder, or PostgreSQL by URL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.store.migration import VERSION_TABLE, bring_up_to_date, references_at_rest

DATABASE_FILE = "millrace.sqlite"
_BUSY_SECONDS = 15
_WRITER_LOCK = 0x4D696C6C72616365
"""The number of PostgreSQL's lock that the one writer holds."""
_SQLITE_TROUBLES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    }
)
_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"is_reading": True},
    "postgresql": {"is_reading": True, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


class DatabaseNotReached(MillraceError):
    """The database does not answer, its file cannot be opened, or it has no room left."""

    slug = "database-not-reached"

    def __init__(self, where: str, reason: str) -> None:
        """Name the database without its password, and what it said."""
        super().__init__(
            f"The database “{where}” cannot be used: {reason}. "
            "Check --database, that it is running, and that its disk has room."
        )


class UnknownDatabase(MillraceError):
    """The database's URL names nothing that Millrace can speak to."""

    slug = "unknown-database"

    def __init__(self, url: str) -> None:
        """Say what is understood; the URL itself may hold a password."""
        kind = url.partition("://")[0] if "://" in url else "this"
        super().__init__(
            f"Millrace cannot keep its decisions in “{kind}”. Write postgresql+psycopg://user@host/name, with the "
            "extra “postgresql” installed (pip install 'millrace[postgresql]'), or leave --database out for a file."
        )


class TextNotKept(MillraceError):
    """A text holds the character NUL: PostgreSQL keeps none such, and nobody writes it on purpose."""

    slug = "text-not-kept"

    def __init__(self) -> None:
        """Say what to take out."""
        super().__init__("A text holds the character NUL, which cannot be kept. Take it out and send it again.")


class DatabaseInUse(MillraceError):
    """What is to be filled from a backup holds rows already."""

    slug = "database-in-use"

    def __init__(self, where: str) -> None:
        """Name the database without its password, and the way to go on."""
        super().__init__(
            f"The database “{where}” is in use: its tables have rows. "
            "Name an empty one with --database, or add --replace to lose what is in it."
        )


class Database:
    """A database of decisions, at the newest revision of its tables once it is open.

    On either kind there is one writer at a time, and any number of readers beside it who each see one state of all.
    """

    def __init__(self, folder: Path, url: str | None = None, *, revision: str = "head") -> None:
        """Open the database at `url`, or the one in `folder`; its tables are made, or brought to `revision`.

        Raises DatabaseNotReached, UnknownDatabase, DatabaseTooNew.
        """
        self.engine = _engine(folder, url)
        self._readers = self.engine.execution_options(**_READING[self.engine.dialect.name])
        try:
            with _failures_told(self.engine):
                bring_up_to_date(self.engine, revision)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction: all of what is done within is kept when it ends, none of it where it fails."""
        with _failures_told(self.engine), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look at one state of everything; it waits for no writer and keeps none waiting, and cannot write."""
        with _failures_told(self.engine), Session(self._readers, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


@contextmanager
def emptied_database(folder: Path, url: str | None = None, *, replace: bool = False) -> Iterator[Connection]:
    """A database without tables; what is done to it within is kept when that ends, all of it or nothing.

    Raises DatabaseInUse for one that has rows, unless they are to be replaced; DatabaseNotReached, UnknownDatabase.
    """
    engine = _engine(folder, url)
    try:
        with (
            _failures_told(engine),
            engine.connect() as connection,
            references_at_rest(connection),
            connection.begin(),
        ):
            found = MetaData()
            found.reflect(connection)
            if not replace and any(_has_rows(connection, table) for table in found.sorted_tables):
                raise DatabaseInUse(engine.url.render_as_string(hide_password=True))
            found.drop_all(connection)
            yield connection
    finally:
        engine.dispose()


def _has_rows(connection: Connection, table: Table) -> bool:
    if table.name == VERSION_TABLE:
        return False
    return connection.execute(select(table).limit(1)).first() is not None


@contextmanager
def _failures_told(engine: Engine) -> Iterator[None]:
    """A database that is away, locked or full is said in a sentence; what is wrong in itself stays a fault."""
    try:
        yield
    except DBAPIError as error:
        if not _is_unusable(error):
            raise
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseNotReached(where, str(error.orig).strip().partition("\n")[0]) from error


def _engine(folder: Path, url: str | None) -> Engine:
    if url is None:
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / DATABASE_FILE}"
    try:
        made = create_engine(url, **_options(url))
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise UnknownDatabase(url) from error
    if made.dialect.name not in _READING:
        raise UnknownDatabase(url)
    event.listen(made, "before_cursor_execute", _refuse_nul)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _settle_sqlite)
        event.listen(made, "begin", _begin_in_sqlite)
    else:
        event.listen(made, "begin", _begin_in_postgresql)
    return made


def _options(url: str) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": _BUSY_SECONDS, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}


def _settle_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Readers beside one writer; what was acknowledged is on disk; references hold."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_in_sqlite(connection: Connection) -> None:
    """Take the writer's place when a transaction begins: one that reads and then writes would fail half-way."""
    is_reading = _is_reading(connection)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(is_reading)}")
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _begin_in_postgresql(connection: Connection) -> None:
    """Let one write at a time here too, so that what was looked at before a change still holds when it is made."""
    if not _is_reading(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")


def _is_reading(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("is_reading"))


def _is_unusable(error: DBAPIError) -> bool:
    """The database is away, locked, full or damaged; a mistake in a statement is a fault of ours."""
    if isinstance(error.orig, sqlite3.Error):
        return (error.orig.sqlite_errorcode & 0xFF) in _SQLITE_TROUBLES
    return isinstance(error, OperationalError)


def _refuse_nul(_: Connection, cursor: Any, statement: str, parameters: Any, context: Any, is_many: bool) -> None:
    """Both databases keep the same texts."""
    del cursor, statement, context
    for row in parameters if is_many else (parameters,):
        values = row.values() if isinstance(row, dict) else row
        if any(isinstance(value, str) and "\x00" in value for value in values or ()):
            raise TextNotKept
