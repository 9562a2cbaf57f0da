"""What the tests of measures share: rows written by hand, cut into a flow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from logs import ACTIVITIES, DESK, SHOP, Row, Written, flow_of, hour

from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow


@pytest.fixture
def desk(tmp_path: Path) -> Callable[..., Flow]:
    """Cut a status log of the desk; each item is a list of (hour, status, …) under its id."""

    def make(stream: Any = DESK, /, **items: list[tuple[Any, ...]]) -> Flow:
        rows = [
            Row(item, hour(at), status=status, position=position, **(rest[0] if rest else {}))
            for item, events in items.items()
            for position, (at, status, *rest) in enumerate(events)
        ]
        return flow_of(rows, tmp_path, stream)

    return make


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Flow]:
    """Cut a log of work with starts; each item is a list of (start hour, end hour, activity, …) under its id."""

    def make(stream: Any = SHOP, /, **items: list[tuple[Any, ...]]) -> Flow:
        rows = [
            Row(
                item, hour(end), activity=activity, started_at=None if start is None else hour(start),
                position=position, **(rest[0] if rest else {}),
            )
            for item, events in items.items()
            for position, (start, end, activity, *rest) in enumerate(events)
        ]  # fmt: skip
        return flow_of(rows, tmp_path, stream, Written(Shape.ACTIVITY_LOG, ACTIVITIES))

    return make


@pytest.fixture
def ends(tmp_path: Path) -> Callable[..., Flow]:
    """Cut a log of work with ends only; each item is a list of (hour, activity, …) under its id."""

    def make(stream: Any = SHOP, /, **items: list[tuple[Any, ...]]) -> Flow:
        rows = [
            Row(item, hour(at), activity=activity, position=position, **(rest[0] if rest else {}))
            for item, events in items.items()
            for position, (at, activity, *rest) in enumerate(events)
        ]
        return flow_of(rows, tmp_path, stream, Written(Shape.ACTIVITY_LOG_ENDS, ACTIVITIES))

    return make
