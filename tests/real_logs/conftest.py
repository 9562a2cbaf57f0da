"""Published logs, each brought in, discovered and cut once per session, with no mapping given."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.flow.cut import cut
from millrace.flow.discover import discover
from millrace.flow.flow import Flow
from millrace.ingest.importing import import_log
from millrace.model.value_stream import ValueStream

DATA = Path(__file__).parents[3] / "shared" / "data"


@dataclass(frozen=True)
class Measured:
    """A published log, the stream discovered from it, and the flow."""

    log: EventLog
    stream: ValueStream
    flow: Flow


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Measured]:
    """Bring in a published log by its name; skip where it is absent."""
    brought: dict[str, Measured] = {}

    def bring(name: str) -> Measured:
        if not (DATA / name).exists():
            pytest.skip(f"the published log {name} is not in ../shared/data")
        if name not in brought:
            folder = tmp_path_factory.mktemp("log")
            with connect(folder / ".spill") as connection:
                log = import_log([DATA / name], folder / "log", connection=connection)
                stream = discover(log, connection)
                (folder / "flow").mkdir()
                brought[name] = Measured(log, stream, cut(log, stream, folder / "flow", connection))
        return brought[name]

    return bring
