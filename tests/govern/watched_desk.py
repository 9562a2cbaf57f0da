"""Logs of the hand-made desk, watched at an instant that is named in hours after Monday 1 January 2024."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.flow.logs import DESK, Row, hour

from millrace.govern.lives import instant
from millrace.govern.signal import Signal
from millrace.model.value_stream import ValueStream

Items = Mapping[str, Sequence[tuple[Any, ...]]]
"""Items by their id, each a list of (hour, status) or (hour, status, {further columns})."""


def at_hour(number: float) -> datetime:
    return instant(hour(number))


def rows_of(items: Items) -> list[Row]:
    return [
        Row(item, hour(at), status=status, position=position, **(rest[0] if rest else {}))
        for item, events in items.items()
        for position, (at, status, *rest) in enumerate(events)
    ]


def desk_stream(**governing: Any) -> ValueStream:
    """The desk with service levels, targets or a watch."""
    return ValueStream.model_validate({**DESK.model_dump(), **governing})


def of_kind(found: Sequence[Signal], kind: str) -> list[Signal]:
    return [signal for signal in found if signal.kind == kind]
