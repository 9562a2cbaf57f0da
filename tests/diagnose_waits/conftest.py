"""Published and hand-made logs as flows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.flow.logs import Row, Written, flow_of, hour

from millrace.eventlog.engine import connect
from millrace.eventlog.schema import Shape
from millrace.flow.cut import cut
from millrace.flow.discover import discover
from millrace.flow.flow import Flow
from millrace.ingest.importing import import_log
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def flow_of_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Flow]:
    """Bring in a published log, discover its stream and cut it; skip where it is absent."""

    def bring(name: str, calendar: WorkCalendar | None = None) -> Flow:
        if not (DATA / name).exists():
            pytest.skip(f"the published log {name} is not in ../shared/data")
        folder = tmp_path_factory.mktemp("log")
        with connect(folder / ".spill") as connection:
            log = import_log([DATA / name], folder / "log", connection=connection)
            stream = discover(log, connection).model_copy(update={"calendar": calendar})
            (folder / "flow").mkdir()
            return cut(log, stream, folder / "flow", connection)

    return bring


@pytest.fixture
def ends_only(tmp_path: Path) -> Flow:
    """A log that tells when work ended only."""
    rows = [Row("1", hour(1), activity="A"), Row("1", hour(5), activity="B")]
    return flow_of(rows, tmp_path, ValueStream(name="ends"), Written(Shape.ACTIVITY_LOG_ENDS, ()))
