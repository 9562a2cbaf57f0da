"""A log as it was known at an instant: nothing that came later is in it."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

from millrace.errors import MillraceError
from millrace.eventlog.engine import connect, one_row, text
from millrace.eventlog.event_log import EVENTS_FILE, EventLog
from millrace.eventlog.links import LINKS_FILE


class NothingKnownYet(MillraceError):
    """A log has no event up to an instant."""

    slug = "nothing-known-yet"

    def __init__(self, log: EventLog, at: datetime) -> None:
        """Name the log and the instant."""
        super().__init__(f"{log.about.source_name} has no event up to {at:%Y-%m-%d %H:%M} UTC. Choose a later instant.")


def log_as_of(log: EventLog, at: datetime, folder: Path) -> EventLog:
    """`log` with its events up to `at` alone, written into `folder`: what an export made then would hold.

    An event says what it says in its own row. A column that tells of the whole item in every row, such as when it was
    closed, tells it here too: measures do not read such columns, but a filter by one looks ahead. Raises
    NothingKnownYet.
    """
    until = at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    events = folder / EVENTS_FILE
    with closing(connect(folder / "spill")) as connection:
        # The order of the rows is the order in which the log was brought in.
        connection.execute("SET preserve_insertion_order = true")
        known = f'FROM read_parquet({text(log.events_path)}) WHERE "at" <= TIMESTAMP {text(until)}'
        if not one_row(connection, f"SELECT count(*) {known}")[0]:
            raise NothingKnownYet(log, at)
        connection.execute(f"COPY (SELECT * {known}) TO {text(events)} (FORMAT parquet)")
    if log.links_path.exists():
        copyfile(log.links_path, folder / LINKS_FILE)
    cut_off = EventLog(folder, log.about)
    cut_off.save_description()
    return cut_off
