"""How a target stands, period by period."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice

from millrace.flow.flow import Flow
from millrace.flow.selection import Selection
from millrace.flow.summary import Absent
from millrace.govern.target_figure import Asked, target_figure
from millrace.model.target import Per, Target
from millrace.model.value_stream import ValueStream

N_SHOWN = 13
"""Periods that are shown: a quarter of weeks, or a year of months."""
_WEEK = timedelta(days=7)


class Standing(StrEnum):
    """How a figure stands to its target."""

    KEPT = "kept"
    CLOSE = "close"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class TargetPoint:
    """One period, [since_at, until_at) in UTC: the figure (durations in seconds) and how many items it rests on.

    Where there is no figure, `reason` says why.
    """

    since_at: datetime
    until_at: datetime
    value: float | None
    n: int
    standing: Standing
    reason: str = ""

    @property
    def label(self) -> str:
        """The day on which the period begins."""
        return f"{self.since_at:%Y-%m-%d}"


@dataclass(frozen=True)
class TargetStatus:
    """A target and its periods, the oldest first. The last one is how it stands now."""

    target: Target
    points: tuple[TargetPoint, ...]

    @property
    def now(self) -> TargetPoint | None:
        """The last whole period; None where the log is shorter than one."""
        return self.points[-1] if self.points else None


def target_status(
    flow: Flow, stream: ValueStream, target: Target, *, n_periods: int = N_SHOWN, at: datetime | None = None
) -> TargetStatus:
    """The last whole periods of a target up to `at` (the log's last event without it)."""
    points = tuple(islice(points_back(flow, stream, target, at=at), n_periods))
    return TargetStatus(target, points[::-1])


def points_back(
    flow: Flow, stream: ValueStream, target: Target, *, at: datetime | None = None
) -> Iterator[TargetPoint]:
    """A target's whole periods from the latest back, as far as the log reaches; each is measured when it is asked."""
    for since_at, until_at in _periods_back(target, at or flow.now_at, flow.began_at):
        yield _point(flow, stream, target, since_at, until_at)


def _point(flow: Flow, stream: ValueStream, target: Target, since_at: datetime, until_at: datetime) -> TargetPoint:
    found = target_figure(Asked(flow, stream, target, Selection(since_at, until_at, target.where)))
    if isinstance(found, Absent):
        return TargetPoint(since_at, until_at, None, 0, Standing.UNKNOWN, found.reason)
    value, n = found
    standing = Standing.KEPT
    if not target.is_kept_by(value):
        standing = Standing.MISSED
    elif target.is_close_at(value):
        standing = Standing.CLOSE
    return TargetPoint(since_at, until_at, value, n, standing)


def _periods_back(target: Target, at: datetime, began_at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Periods that have ended by `at` and begin no earlier than the log, the latest first."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until_at = midnight.replace(day=1) if target.per is Per.MONTH else midnight - timedelta(days=midnight.weekday())
    while True:
        if target.per is Per.MONTH:
            since_at = (until_at - timedelta(days=1)).replace(day=1)
        else:
            since_at = until_at - (_WEEK if target.per is Per.WEEK else timedelta(days=target.rolling_days))
        if since_at < began_at:
            return
        yield since_at, until_at
        until_at = until_at - _WEEK if target.per is Per.ROLLING else since_at
