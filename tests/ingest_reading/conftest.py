from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from millrace.ingest.raw import ROW, RawTable
from millrace.ingest.reading import read_source

REAL_LOGS = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def read(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> Callable[..., RawTable]:
    """Write a file of this content, and read it."""

    def write_and_read(content: str | bytes, name: str = "log.csv") -> RawTable:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_source(path, connection)

    return write_and_read


@pytest.fixture
def rows(connection: duckdb.DuckDBPyConnection) -> Callable[[RawTable], list[tuple[Any, ...]]]:
    """The rows of a table, each with its place in the source first."""

    def of(table: RawTable) -> list[tuple[Any, ...]]:
        return connection.execute(f'FROM {table.relation} ORDER BY "{ROW}"').fetchall()

    return of


@pytest.fixture
def real_log() -> Callable[[str], Path]:
    """The path of a real log, or a skip where the logs are not at hand."""

    def of(name: str) -> Path:
        if not REAL_LOGS.is_dir():
            pytest.skip("the folder of real logs (../shared/data) is not at hand")
        return REAL_LOGS / name

    return of
