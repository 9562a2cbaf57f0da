"""The past lived again: what would have been told, look by look, each with nothing known but what had happened."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.flow.cut import cut
from millrace.flow.flow import Flow
from millrace.flow.journeys import cut_journeys
from millrace.govern.log_as_of import NothingKnownYet, log_as_of
from millrace.govern.raising import About, raising
from millrace.govern.signal import Signal, Watched
from millrace.govern.signals import signals
from millrace.model.value_stream import ValueStream


@dataclass(frozen=True)
class Told:
    """A signal, and the look at which it was first seen."""

    at: datetime
    signal: Signal


def replay(log: EventLog, stream: ValueStream, looks: Iterable[datetime]) -> Iterator[Told]:
    """What is told at each of `looks`, in order, by a log that ends there: each occasion once."""
    open_now: set[About] = set()
    told: set[str] = set()
    for at in looks:
        found = raising(signals_as_of(log, stream, at), open_now, told)
        open_now = (open_now - found.over) | {(signal.kind, signal.subject) for signal in found.raised}
        told |= {signal.fingerprint for signal in found.raised}
        yield from (Told(at, signal) for signal in found.raised)


def signals_as_of(log: EventLog, stream: ValueStream, at: datetime) -> tuple[Signal, ...]:
    """The signals at `at` by an export made then: later events are not there to be looked at."""
    with TemporaryDirectory() as folder:
        try:
            known = log_as_of(log, at, _new(Path(folder) / "log"))
        except NothingKnownYet:
            return ()
        flow = cut_as_of(known, stream, _new(Path(folder) / "flow"))
        try:
            return signals(Watched(stream, flow, known, at))
        finally:
            flow.engine.disconnect()


def cut_as_of(log: EventLog, stream: ValueStream, folder: Path) -> Flow:
    """The flow of a log that ends at an instant, in a folder of its own."""
    with closing(connect(folder / "spill")) as connection:
        return (cut_journeys if log.about.record_types else cut)(log, stream, folder, connection)


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder
