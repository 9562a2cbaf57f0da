"""The time axis of a journey: to scale until value, and a closing tail that may not push the rest aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MOST_OF_TAIL = 0.22
"""A closing tail that would take more of the width than this is drawn in this much, and not to scale."""

_MOST_TICKS = 9
_DAY = timedelta(days=1)
_STEPS = (
    *(timedelta(minutes=n) for n in (1, 5, 10, 15, 30)),
    *(timedelta(hours=n) for n in (1, 2, 3, 6, 12)),
    *(timedelta(days=n) for n in (1, 2, 7, 14)),
)
_MONTHS = (1, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class TimeAxis:
    """Instants as places between `left` and `right`; `turn` is where the closing tail begins, if there is one."""

    began_at: datetime
    turned_at: datetime
    ended_at: datetime
    left: float
    turn: float
    right: float
    zone: ZoneInfo

    @property
    def tail_is_to_scale(self) -> bool:
        """Whether the closing tail has the same scale as what stands before it."""
        before, after = (
            (self.turned_at - self.began_at).total_seconds(),
            (self.ended_at - self.turned_at).total_seconds(),
        )
        return not after or abs(before * (self.right - self.turn) - after * (self.turn - self.left)) < before + after

    def x(self, at: datetime) -> float:
        """The place of an instant; one outside lies on the edge."""
        if at <= self.turned_at:
            return self._between(self.began_at, self.turned_at, self.left, self.turn, at)
        return self._between(self.turned_at, self.ended_at, self.turn, self.right, at)

    @staticmethod
    def _between(first: datetime, last: datetime, left: float, right: float, at: datetime) -> float:
        whole = (last - first).total_seconds()
        if not whole:
            return left
        share = (at - first).total_seconds() / whole
        return left + (right - left) * min(max(share, 0.0), 1.0)

    def ticks(self) -> list[tuple[datetime, str, str]]:
        """Round instants on the part to scale: when, what it is called, and what stands below it (or nothing)."""
        until = self.ended_at if self.tail_is_to_scale else self.turned_at
        whole = until - self.began_at
        step = next((step for step in _STEPS if whole <= step * _MOST_TICKS), None)
        instants = self._every(step, until) if step else self._every_months(until)
        return list(self._told(list(instants), is_within_days=step is not None and step < _DAY))

    def _every(self, step: timedelta, until: datetime) -> Iterator[datetime]:
        local = self.began_at.astimezone(self.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        if step >= timedelta(days=7):
            midnight -= timedelta(days=midnight.weekday())
        wall = midnight
        while (at := wall.replace(tzinfo=self.zone)) <= until:
            if at >= self.began_at:
                yield at
            wall += step

    def _every_months(self, until: datetime) -> Iterator[datetime]:
        days = (until - self.began_at).days
        step = next((n for n in _MONTHS if days <= n * 30 * _MOST_TICKS), _MONTHS[-1])
        local = self.began_at.astimezone(self.zone)
        month = local.year * 12
        while (at := datetime(month // 12, month % 12 + 1, 1, tzinfo=self.zone)) <= until:
            if at >= self.began_at:
                yield at
            month += step

    def _told(self, instants: list[datetime], *, is_within_days: bool) -> Iterator[tuple[datetime, str, str]]:
        below = ""
        for at in instants:
            word = f"{at:%H:%M}" if is_within_days else f"{at.day} {at:%b}"
            beside = f"{at:%a} {at.day} {at:%b}" if is_within_days else f"{at.year}"
            yield at, word, beside if beside != below else ""
            below = beside


def time_axis(
    began_at: datetime, value_at: datetime | None, ended_at: datetime, zone: ZoneInfo, left: float, right: float
) -> TimeAxis:
    """The axis of a journey between two places; one without length has all its instants on the left."""
    turned_at = value_at or ended_at
    before, tail = (turned_at - began_at).total_seconds(), (ended_at - turned_at).total_seconds()
    share = min(tail / (before + tail), MOST_OF_TAIL) if before + tail else 0.0
    if not before and tail:
        share = 1.0
    return TimeAxis(began_at, turned_at, ended_at, left, right - (right - left) * share, right, zone)
