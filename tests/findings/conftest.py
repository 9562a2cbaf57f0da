"""Logs written by hand, cut into flows for the kinds of findings to look at."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.flow.logs import DESK, Row, flow_of, hour

from millrace.diagnose.findings.evidence import Evidence
from millrace.flow.flow import Flow
from millrace.model.value_stream import ValueStream

Lives = Mapping[str, Sequence[tuple[Any, ...]]]
"""Items by their id, each a list of (hour, status) or (hour, status, {further columns})."""


@pytest.fixture
def desk_flow(tmp_path: Path) -> Callable[..., Flow]:
    """Cut the lives of items of the hand-made desk: steps “Take in”, “Work” and “Fix”."""

    def make(lives: Lives, stream: ValueStream = DESK) -> Flow:
        rows = [
            Row(item, hour(at), status=status, position=position, **(rest[0] if rest else {}))
            for item, events in lives.items()
            for position, (at, status, *rest) in enumerate(events)
        ]
        return flow_of(rows, tmp_path, stream)

    return make


@pytest.fixture
def desk(desk_flow: Callable[..., Flow]) -> Callable[..., Evidence]:
    """What the kinds see of such lives."""
    return lambda lives, stream=DESK: Evidence(desk_flow(lives, stream))


def copies(n: int, events: Sequence[tuple[Any, ...]], called: str = "item") -> dict[str, Sequence[tuple[Any, ...]]]:
    """The same life `n` times."""
    return {f"{called} {number}": events for number in range(n)}
