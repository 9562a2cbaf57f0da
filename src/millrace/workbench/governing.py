"""Targets, service levels and alerts of a stream, from files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.errors import MillraceError
from millrace.model.value_stream import ValueStream
from millrace.workbench.bench import Bench, Source, stream_given

if TYPE_CHECKING:
    from millrace.govern.replay import Told
    from millrace.govern.service_level_standing import ServiceLevelStanding
    from millrace.govern.target_status import TargetStatus


class LooksBackwards(MillraceError):
    """A time to live again ends before it begins."""

    slug = "looks-backwards"

    def __init__(self, since: datetime, until: datetime) -> None:
        """Name both ends."""
        super().__init__(f"The time from {since:%Y-%m-%d} to {until:%Y-%m-%d} ends before it begins.")


@dataclass(frozen=True)
class TargetReport:
    """How a stream stands at `at`, the last event of its log."""

    at: datetime
    targets: tuple[TargetStatus, ...]
    service_levels: tuple[ServiceLevelStanding, ...]


class GoverningOperations(Bench):
    """Hold streams against what is wanted of them."""

    def targets(
        self, source: Source, *, stream: Path | str | ValueStream, mapping: Path | str | None = None
    ) -> TargetReport:
        """How the targets and service levels that `stream` states stand. Raises UnknownColumn."""
        from millrace.govern.lives import lives
        from millrace.govern.service_level_standing import service_level_standing
        from millrace.govern.target_status import target_status

        given = stream_given(stream)
        _, flow = self._flow(source, given, mapping, None, strict=False)
        known = lives(flow)
        return TargetReport(
            flow.now_at,
            tuple(target_status(flow, given, target) for target in given.targets),
            tuple(service_level_standing(known, level) for level in given.service_levels),
        )

    def alerts(
        self,
        source: Source,
        *,
        stream: Path | str | ValueStream,
        mapping: Path | str | None = None,
        as_of: datetime | None = None,
    ) -> tuple[Told, ...]:
        """What deserves attention in a stream by all that was known `as_of` an instant; at the log's end without it."""
        from millrace.govern.replay import Told, signals_as_of
        from millrace.govern.signal import Watched
        from millrace.govern.signals import signals

        given = stream_given(stream)
        if as_of is not None:
            found = signals_as_of(self._log(source, mapping, strict=False), given, as_of)
            return tuple(Told(as_of, signal) for signal in found)
        log, flow = self._flow(source, given, mapping, None, strict=False)
        return tuple(Told(flow.now_at, signal) for signal in signals(Watched(given, flow, log, flow.now_at)))

    def replayed_alerts(
        self,
        source: Source,
        *,
        stream: Path | str | ValueStream,
        since: datetime,
        until: datetime | None = None,
        mapping: Path | str | None = None,
    ) -> Sequence[Told]:
        """What would have been told day by day from `since` until `until`, each alert once. Raises LooksBackwards.

        Without `until`, until the log's last event.
        """
        from millrace.govern.replay import replay

        given = stream_given(stream)
        log, flow = self._flow(source, given, mapping, None, strict=False)
        last = until or flow.now_at
        if last < since:
            raise LooksBackwards(since, last)
        return list(replay(log, given, self._days(since, last)))

    def _days(self, since: datetime, until: datetime) -> Iterable[datetime]:
        n_days = (until - since) // timedelta(days=1) + 1
        for number in range(n_days):
            self._progress("looking back", number / n_days)
            yield since + timedelta(days=number)
