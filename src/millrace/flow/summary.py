"""What a measure says about many durations or counts: figures with n and intervals, absent with a reason."""

from dataclasses import dataclass
from enum import StrEnum

from millrace.model import absent

SECOND = 1_000_000
"""Microseconds, the unit of durations in tables."""
PROBABILITIES = (0.5, 0.85, 0.95)


class Clock(StrEnum):
    """On which clock a duration is read."""

    ELAPSED = "elapsed"
    BUSINESS = "business"


Absent = absent.Absent
"""A number that cannot be known from this log, and why: the same as where a drawn stream cannot tell one."""


@dataclass(frozen=True)
class LeftOut:
    """Items that a measure does not cover, and why."""

    reason: str
    n_items: int


@dataclass(frozen=True)
class Quantile:
    """A quantile with its 95 % interval by order statistics (no interval where n is too small for one)."""

    seconds: float
    low_seconds: float | None = None
    high_seconds: float | None = None


@dataclass(frozen=True)
class DurationSummary:
    """Many durations of one group: n, mean, and linearly interpolated quantiles. All None where n is 0."""

    n: int
    mean_seconds: float | None
    p50: Quantile | None
    p85: Quantile | None
    p95: Quantile | None
    max_seconds: float | None
    total_seconds: float


NO_DURATIONS = DurationSummary(0, None, None, None, None, None, 0.0)


@dataclass(frozen=True)
class Share:
    """A ratio that keeps its counts (or seconds): derive late, add first."""

    part: float
    whole: float

    @property
    def ratio(self) -> float | None:
        """Part of the whole, 0 to 1; None where there is nothing to divide."""
        return self.part / self.whole if self.whole else None
