"""Logs of the hand-made desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.flow.logs import Written, write_log
from watched_desk import Items, rows_of

from millrace.eventlog.event_log import EventLog


@pytest.fixture
def desk_log(tmp_path: Path) -> Callable[[Items], EventLog]:
    """Write the lives of items as a log."""

    def make(items: Items) -> EventLog:
        return write_log(rows_of(items), tmp_path / "log", Written())

    return make
