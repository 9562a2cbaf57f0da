"""Small logs of several record types for tests: records and links in, journeys out. Instants in seconds or hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventClass, EventLog, LogDescription, RecordType
from millrace.eventlog.links import record_id
from millrace.eventlog.readiness import Readiness
from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.journeys import cut_journeys
from millrace.model.follow import Follow
from millrace.model.state import Side, State, WaitReason
from millrace.model.value_stream import Match, Step, ValueStream

SECOND, HOUR = 1_000_000, 3_600_000_000
MONDAY = int(datetime.fromisoformat("2024-01-01T00:00:00+00:00").timestamp()) * SECOND

STATES = {
    "New": State.NEW,
    "Working": State.ACTIVE,
    "Asked": State.WAITING,
    "Done": State.DONE,
    "Cancelled": State.CANCELLED,
    "Noted": None,
}
"""What the statuses of these logs set; “Noted” sets nothing."""

CLASSES = tuple(
    EventClass(
        activity=None,
        status=status,
        state=state,
        wait_reason=WaitReason.REQUESTER if status == "Asked" else WaitReason.NONE,
        side=Side.REQUESTER if status == "Asked" else Side.PROVIDER,
    )
    for status, state in STATES.items()
)
WORK = (EventClass(activity="Solve", state=State.DONE), EventClass(activity="Reopen", state=None, reopens=True))


@dataclass(frozen=True)
class Event:
    """An event of a record, `at` so many units after Monday 1 January 2024."""

    at: float
    status: str
    team: str | None = None
    started_at: float | None = None


@dataclass(frozen=True)
class Record:
    """A record with its events; `key` is unique within its type. `handle` in seconds."""

    item_type: str
    key: str
    events: tuple[Event, ...]
    handle: float | None = None
    attributes: Mapping[str, str] | None = None

    @property
    def item_id(self) -> str:
        """Its id in the log."""
        return record_id(self.item_type, self.key)


Link = tuple[Record, Record] | tuple[Record, Record, str]


def record(item_type: str, key: str, *events: tuple[float, str] | tuple[float, str, str], handle: float | None = None,
           **attributes: str) -> Record:  # fmt: skip
    """A record by its events: (hour, status) or (hour, status, team)."""
    return Record(item_type, key, tuple(Event(*each) for each in events), handle, attributes)


def stream_of(*paths: str | Follow, types: Sequence[str] = ("call", "incident", "change")) -> ValueStream:
    """A stream with a step per record type that follows these paths."""
    follow = tuple(path if isinstance(path, Follow) else Follow.model_validate(path) for path in paths)
    steps = tuple(Step(name=each, match=(Match(item_type=(each,)),)) for each in types)
    return ValueStream(name="desk", follow=follow, steps=steps)


def write_record_log(
    records: Sequence[Record], links: Sequence[Link], folder: Path, *, shapes: Mapping[str, Shape] | None = None,
    unit: int = HOUR,
) -> EventLog:  # fmt: skip
    """Write records and links as a log."""
    rows = [(each, event, position) for each in records for position, event in enumerate(each.events)]
    attributes = sorted({name for each in records for name in each.attributes or {}})
    of_shape = shapes or {}
    is_work = [of_shape.get(each.item_type, Shape.STATUS_LOG) is not Shape.STATUS_LOG for each, *_ in rows]
    table = {
        "item_id": pa.array([each.item_id for each, *_ in rows]),
        "at": pa.array([MONDAY + round(event.at * unit) for _, event, _ in rows], pa.timestamp("us")),
        "started_at": pa.array(
            [None if e.started_at is None else MONDAY + round(e.started_at * unit) for _, e, _ in rows],
            pa.timestamp("us"),
        ),
        "position": pa.array([position for *_, position in rows], pa.int64()),
        "activity": pa.array(
            [e.status if work else None for (_, e, _), work in zip(rows, is_work, strict=True)], pa.string()
        ),
        "status": pa.array(
            [None if work else e.status for (_, e, _), work in zip(rows, is_work, strict=True)], pa.string()
        ),
        "team": pa.array([event.team for _, event, _ in rows], pa.string()),
        "key": pa.array([each.key for each, *_ in rows]),
        "item_type": pa.array([each.item_type for each, *_ in rows]),
        "milestone": pa.array([None for _ in rows], pa.string()),
        "handle_seconds": pa.array([each.handle for each, *_ in rows], pa.float64()),
        **{
            name: pa.array([(each.attributes or {}).get(name) for each, *_ in rows], pa.string()) for name in attributes
        },
    }
    columns = {name: name for name in table if name not in ("milestone", "handle_seconds", *attributes)}
    types = list(dict.fromkeys(each.item_type for each in records))
    described = LogDescription(
        source_name="records.csv",
        shape=Shape.STATUS_LOG,
        columns=columns,
        attributes=("milestone", "handle_seconds", *attributes),
        event_classes=CLASSES,
        readiness=Readiness(n_rows_read=0, n_rows_kept=0, n_rows_repaired=0, n_rows_refused=0),
        record_types=tuple(
            RecordType(
                name=name,
                source_name=f"{name}.csv",
                shape=of_shape.get(name, Shape.STATUS_LOG),
                columns=columns,
                attributes=("milestone", "handle_seconds", *attributes),
                event_classes=CLASSES if of_shape.get(name, Shape.STATUS_LOG) is Shape.STATUS_LOG else WORK,
            )
            for name in types
        ),
    )
    folder.mkdir(parents=True, exist_ok=True)
    log = EventLog(folder, described)
    log.save_description()
    pq.write_table(pa.table(table), log.events_path)
    named = [(*link, "related")[:3] for link in links]
    pq.write_table(
        pa.table(
            {
                "from_item": pa.array([a.item_id for a, *_ in named], pa.string()),
                "to_item": pa.array([b.item_id for _, b, _ in named], pa.string()),
                "from_type": pa.array([a.item_type for a, *_ in named], pa.string()),
                "to_type": pa.array([b.item_type for _, b, _ in named], pa.string()),
                "relation": pa.array([relation for *_, relation in named], pa.string()),
                "row": pa.array(range(len(named)), pa.int64()),
            }
        ),
        log.links_path,
    )
    return log


def journeys_of(
    records: Sequence[Record], links: Sequence[Link], folder: Path, stream: ValueStream, *,
    shapes: Mapping[str, Shape] | None = None, unit: int = HOUR,
) -> Flow:  # fmt: skip
    """Cut records and links by a stream."""
    log = write_record_log(records, links, folder / "log", shapes=shapes, unit=unit)
    (folder / "flow").mkdir()
    with connect() as connection:
        return cut_journeys(log, stream, folder / "flow", connection)
