"""Small logs for tests: rows in, a flow out.

An event is a `Row`; instants are microseconds since 1970, or hours where the log is written by hand (`hour`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventClass, EventLog, LogDescription
from millrace.eventlog.readiness import Readiness
from millrace.eventlog.schema import Shape
from millrace.flow.cut import cut
from millrace.flow.flow import Flow
from millrace.model.state import Side, State, WaitReason
from millrace.model.value_stream import Match, Step, ValueStream

HOUR = 3_600_000_000
DAY = 24 * HOUR
MONDAY = int(datetime.fromisoformat("2024-01-01T00:00:00+00:00").timestamp()) * 1_000_000
"""Monday 1 January 2024, 00:00 UTC: hour 0 of the logs that are written by hand."""


@dataclass(frozen=True)
class Row:
    """An event; `more` holds further columns by name."""

    item_id: str
    at: int
    activity: str | None = None
    status: str | None = None
    team: str | None = None
    person: str | None = None
    system: str | None = None
    started_at: int | None = None
    is_automated: bool | None = None
    position: int = 0
    more: tuple[tuple[str, str | None], ...] = ()


def hour(number: float) -> int:
    """An instant, in hours after Monday 1 January 2024."""
    return MONDAY + round(number * HOUR)


_TYPES = {
    "item_id": pa.string(),
    "at": pa.timestamp("us"),
    "activity": pa.string(),
    "status": pa.string(),
    "team": pa.string(),
    "person": pa.string(),
    "system": pa.string(),
    "started_at": pa.timestamp("us"),
    "is_automated": pa.bool_(),
    "position": pa.int64(),
}
_ALWAYS = ("item_id", "at", "position")

STATUSES = (
    EventClass(status="New", state=State.NEW, wait_reason=WaitReason.QUEUE),
    EventClass(status="In progress", state=State.ACTIVE),
    EventClass(status="Fixing", state=State.ACTIVE),
    EventClass(status="Awaiting user", state=State.WAITING, wait_reason=WaitReason.REQUESTER, side=Side.REQUESTER),
    EventClass(status="Awaiting vendor", state=State.WAITING, wait_reason=WaitReason.SUPPLIER, side=Side.SUPPLIER),
    EventClass(status="Resolved", state=State.DONE),
    EventClass(status="Closed", state=State.DONE),
    EventClass(status="Cancelled", state=State.CANCELLED),
    EventClass(status="Updated", state=None),
)
"""What the statuses of the hand-made status logs set; “Updated” sets nothing."""

ACTIVITIES = (
    EventClass(activity="Resolve", state=State.DONE),
    EventClass(activity="Withdraw", state=State.CANCELLED),
    EventClass(activity="Reopen", state=None, reopens=True),
)
"""What ends and reopens an item in the hand-made activity logs; other activities are work."""

DESK = ValueStream(
    name="desk",
    steps=(
        Step(name="Take in", match=(Match(status=("New",)),)),
        Step(name="Work", match=(Match(status=("In progress",)),)),
        Step(name="Fix", match=(Match(status=("Fixing",)),)),
    ),
    pauses=(Match(status=("Awaiting*", "Resolved", "Closed", "Cancelled")),),
)
"""Three steps; waits and what follows value happen inside whatever step the item is in."""

SHOP = ValueStream(
    name="shop",
    steps=tuple(Step(name=name, match=(Match(activity=(name,)),)) for name in ("Register", "Check", "Repair")),
    pauses=(Match(activity=("Resolve", "Withdraw", "Reopen")),),
)
"""Three steps of a log of activities."""


@dataclass(frozen=True)
class Written:
    """What there is to say of a log beside its rows."""

    shape: Shape = Shape.STATUS_LOG
    classes: tuple[EventClass, ...] = STATUSES
    zone: str = "UTC"
    columns: frozenset[str] = field(default_factory=frozenset)


def write_log(rows: Sequence[Row], folder: Path, about: Written) -> EventLog:
    """Write rows as an event log; columns that no row fills are left out."""
    filled = [
        name
        for name in _TYPES
        if name in _ALWAYS or name in about.columns or any(getattr(r, name) is not None for r in rows)
    ]
    table = {name: pa.array([getattr(row, name) for row in rows], _TYPES[name]) for name in filled}
    further = sorted({name for row in rows for name, _ in row.more})
    table |= {name: pa.array([dict(row.more).get(name) for row in rows], pa.string()) for name in further}
    folder.mkdir(parents=True, exist_ok=True)
    described = LogDescription(
        source_name="log.csv",
        shape=about.shape,
        zone=about.zone,
        columns={name: name for name in filled},
        attributes=tuple(further),
        event_classes=about.classes,
        readiness=Readiness(n_rows_read=len(rows), n_rows_kept=len(rows), n_rows_repaired=0, n_rows_refused=0),
    )
    log = EventLog(folder, described)
    pq.write_table(pa.table(table), log.events_path)
    return log


def flow_of(rows: Sequence[Row], folder: Path, stream: ValueStream = DESK, about: Written = Written()) -> Flow:
    """Cut rows by a stream."""
    log = write_log(rows, folder, about)
    with connect() as connection:
        return cut(log, stream, folder, connection)


MakeFlow = Callable[..., Flow]
