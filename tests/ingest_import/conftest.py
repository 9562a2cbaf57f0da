"""What the tests of the import share: sources as short texts, and the events that came of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.ingest.importing import import_log
from millrace.ingest.mapping import Mapping

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect(tmp_path / ".spill")
    yield connection
    connection.close()


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Path]:
    """Write lines as a file."""

    def write(*lines: str, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write


@pytest.fixture
def bring_in(source: Callable[..., Path], tmp_path: Path) -> Callable[..., EventLog]:
    """Import lines under a mapping."""

    def bring(*lines: str, shape: Shape = Shape.STATUS_LOG, columns: dict[str, str], **mapping: Any) -> EventLog:
        given = Mapping(shape=shape, columns=columns, **mapping)
        return import_log([source(*lines)], tmp_path / "log", mapping=given)

    return bring


@pytest.fixture
def real() -> Callable[[str], Path]:
    """Find a published log; skip where it is absent."""

    def find(name: str) -> Path:
        if not (DATA / name).exists():
            pytest.skip(f"the published log {name} is not in ../shared/data")
        return DATA / name

    return find
