"""Signals: what deserves attention in a stream at an instant, each told apart by what and when it is about."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from millrace.eventlog.event_log import EventLog
from millrace.flow.flow import Flow
from millrace.govern.known_columns import missing_columns
from millrace.govern.lives import Lives, lives
from millrace.govern.service_level_record import ServiceLevelRecord, service_level_record
from millrace.model.value_stream import ValueStream


class Severity(StrEnum):
    """How much a signal matters, the least first."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Its place, 0 for the least."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Signal:
    """Something that holds at the instant of looking.

    `subject` is what it is about, within its kind and stream; `occasion` tells one time that it came up from another.
    Both follow from the log alone, so that looking again, or later, yields the same. `began_at` is since when it holds.
    `item` is the key of the one item that it is about.
    """

    kind: str
    subject: str
    severity: Severity
    title: str
    sentence: str
    began_at: datetime
    occasion: str = ""
    item: str | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same occasion, 32 digits."""
        return sha256("\0".join((self.kind, self.subject, self.occasion)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class SourceState:
    """How the stream's source fares: whether new exports are expected, and the problem of the last one brought in."""

    name: str
    is_refreshed: bool = False
    problem: str | None = None
    version: int = 1


@dataclass(frozen=True)
class Watched:
    """A stream with what is known of it at `at`: its flow (which holds nothing later), log and source."""

    stream: ValueStream
    flow: Flow
    log: EventLog
    at: datetime
    source: SourceState | None = None

    @cached_property
    def lives(self) -> Lives:
        """The lives of its items, open ones lasting until `at`."""
        return lives(self.flow, self.at)

    @cached_property
    def records(self) -> tuple[ServiceLevelRecord, ...]:
        """Its items held against each of its service levels, as far as the log holds what they speak of."""
        levels = [level for level in self.stream.service_levels if not missing_columns(self.flow, level.where)]
        return tuple(service_level_record(self.lives, level) for level in levels)
