"""A log parted at an instant: what was known then, and what was demanded from then on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from millrace.errors import MillraceError
from millrace.eventlog.engine import connect, one_row, text
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.flow.cut import cut
from millrace.flow.flow import Flow
from millrace.model.value_stream import ValueStream

LEAST_ITEMS = 50


class TooLittleToSplit(MillraceError):
    """One of the two parts of a log holds too few items."""

    slug = "too-little-to-split"

    def __init__(self, source_name: str, part: str, n_items: int, n_wanted: int) -> None:
        """Name the part and how many items it holds."""
        super().__init__(
            f"The {part} part of {source_name} holds {n_items:,} items, and a back-test wants at least {n_wanted:,}. "
            "Split it at another instant with --at, or give a longer export."
        )


@dataclass(frozen=True)
class Split:
    """A log parted at `at`.

    `earlier` is the log as it was known then: whatever happened later is not in it, and what was open then is open.
    With hindsight it is the items demanded before, with all that became of them. `later` are the items demanded from
    then on, until `until_at`, with all that became of them.
    """

    at: datetime
    until_at: datetime
    earlier: Flow
    later: Flow
    with_hindsight: bool = False


def split(
    log: EventLog, stream: ValueStream, at: datetime, until_at: datetime, folder: Path, *, with_hindsight: bool = False
) -> Split:
    """Part `log` at the instant `at`; the parts are kept in `folder`. Raises TooLittleToSplit."""
    known = _of_items(log, f"< {_instant(at)}") if with_hindsight else f'"at" < {_instant(at)}'
    earlier = _cut(_part(log, folder / "earlier", known), stream)
    coming = _of_items(log, f">= {_instant(at)}", f"< {_instant(until_at)}")
    later = _cut(_part(log, folder / "later", coming), stream)
    return Split(at, until_at, earlier, later, with_hindsight)


def _of_items(log: EventLog, *conditions: str) -> str:
    """The events of items whose first event meets the conditions."""
    having = " AND ".join(f"{_first_event(log)} {condition}" for condition in conditions)
    return f"item_id IN (SELECT item_id FROM {_events(log)} GROUP BY item_id HAVING {having})"


def _first_event(log: EventLog) -> str:
    return 'min(least("at", coalesce(started_at, "at")))' if log.about.shape is Shape.ACTIVITY_LOG else 'min("at")'


def _part(log: EventLog, folder: Path, condition: str) -> EventLog:
    folder.mkdir(parents=True)
    part = EventLog(folder, log.about)
    with connect(folder) as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(
            f"COPY (SELECT * FROM {_events(log)} WHERE {condition}) TO {text(part.events_path)} (FORMAT parquet)"
        )
        (n_items,) = one_row(connection, f"SELECT count(DISTINCT item_id) FROM {_events(part)}")
    if n_items < LEAST_ITEMS:
        raise TooLittleToSplit(log.about.source_name, folder.name, n_items, LEAST_ITEMS)
    part.save_description()
    return part


def _cut(part: EventLog, stream: ValueStream) -> Flow:
    folder = part.folder / "flow"
    folder.mkdir()
    with connect(folder) as connection:
        return cut(part, stream, folder, connection)


def _events(log: EventLog) -> str:
    return f"read_parquet({text(log.events_path)})"


def _instant(at: datetime) -> str:
    return f"TIMESTAMP '{at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}'"
