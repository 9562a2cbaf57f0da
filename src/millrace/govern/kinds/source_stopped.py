"""The stream runs blind: its source has stopped, could not be brought in, or lacks a column that it had."""

from collections.abc import Iterator

import numpy as np

from millrace.govern.known_columns import missing_columns, spoken_of, why_missing
from millrace.govern.lives import instant, microseconds
from millrace.govern.signal import Severity, Signal, Watched
from millrace.model.duration import show_duration

TITLE = "Source stopped"
_DAY = 86_400_000_000
_LOOKS_BACK = 90 * _DAY
_TIMES_LONGEST = 2
"""A pause so many times longer than the longest of the last 90 days is none of the usual ones."""


def source_stopped(watched: Watched) -> Iterator[Signal]:
    """A source whose last export could not be read or lacks columns, and one that has been silent unusually long."""
    source = watched.source
    if source is not None and source.problem:
        yield Signal(
            "source_stopped",
            "problem",
            Severity.CRITICAL,
            f"“{source.name}” could not be brought in",
            f"{source.problem} Figures are those of the export before.",
            watched.at,
            occasion=str(source.version),
        )
    yield from _columns_gone(watched)
    if source is not None and not source.is_refreshed:
        return
    last_at, allowed = watched.flow.about.last_at, _allowed(watched)
    if microseconds(watched.at) - last_at > allowed:
        silent = (microseconds(watched.at) - last_at) / 1e6
        yield Signal(
            "source_stopped",
            "silence",
            Severity.CRITICAL,
            f"Nothing new from “{source.name if source else watched.log.about.source_name}”",
            f"The last event is {show_duration(silent)} old; so far the longest pause was "
            f"{show_duration(allowed / _TIMES_LONGEST / 1e6)}. Look whether exports still arrive."
            if watched.stream.watch.silent_after is None
            else f"The last event is {show_duration(silent)} old. Look whether exports still arrive.",
            instant(last_at + allowed),
            occasion=str(last_at),
        )


def _columns_gone(watched: Watched) -> Iterator[Signal]:
    """Targets and service levels that speak of a column which the log does not hold."""
    for name, where in spoken_of(watched.stream):
        missing = missing_columns(watched.flow, where)
        if missing:
            why = why_missing(missing)
            yield Signal(
                "source_stopped",
                f"columns: {name}",
                Severity.CRITICAL,
                f"“{name}” cannot be told any more",
                f"{why[:1].upper()}{why[1:]}. Correct how the source is read, or what “{name}” covers.",
                watched.at,
                occasion=", ".join(missing),
            )


def _allowed(watched: Watched) -> int:
    """How long a source may be silent, in microseconds."""
    if watched.stream.watch.silent_after is not None:
        return int(watched.stream.watch.silent_after.total_seconds() * 1_000_000)
    last_at = watched.flow.about.last_at
    events = np.unique(watched.lives.began_at)
    pauses = np.diff(events[events >= last_at - _LOOKS_BACK])
    return max(_TIMES_LONGEST * int(pauses.max(initial=0)), _DAY)
