from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.ingest.importing import import_log
from millrace.ingest.raw import RawTable
from millrace.ingest.reading import read_source


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    yield connection
    connection.close()


@pytest.fixture
def read(tmp_path: Path, engine: duckdb.DuckDBPyConnection) -> Callable[..., RawTable]:
    """Write a file of this content, and read it."""

    def write_and_read(content: str | bytes, name: str = "log.json") -> RawTable:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_source(path, engine)

    return write_and_read


@pytest.fixture
def bring_in(tmp_path: Path) -> Callable[..., EventLog]:
    """Write a file of this content, and import it."""

    def bring(content: str | bytes, name: str = "log.json", **how: object) -> EventLog:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_log([path], tmp_path / f"log of {name}", **how)  # type: ignore[arg-type]

    return bring
