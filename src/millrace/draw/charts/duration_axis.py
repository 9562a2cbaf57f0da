"""An axis of durations: to scale where they are alike, logarithmic where the longest dwarf the median."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from millrace.draw.charts.chart import Spec
from millrace.draw.charts.frame import numbered_axis
from millrace.draw.charts.wording import TimeScale, duration

SKEW = 12.0
"""From this ratio of p95 to p50 on, an axis to scale would press half of all dots onto its zero."""
HEADROOM = 1.9
"""An axis to scale ends at this multiple of p95; what is longer lies on its upper edge."""


@dataclass(frozen=True)
class DurationAxis:
    """From `low` to `high` in seconds; what lies outside is drawn on the edge."""

    low: float
    high: float
    is_log: bool
    scale: TimeScale

    def on_axis(self, seconds: float) -> float:
        """The duration, or the edge that it lies beyond."""
        return min(max(seconds, self.low), self.high)

    def pixels(self, seconds: float, height: float) -> float:
        """Where a duration lies, in pixels below the upper edge of a plot of this height."""
        at = self.on_axis(seconds)
        if self.is_log:
            share = math.log(at / self.low) / math.log(self.high / self.low)
        else:
            share = (at - self.low) / (self.high - self.low)
        return height * (1 - share)

    def encoding(self, field: str = "seconds") -> Spec:
        """The vertical encoding of a field of seconds."""
        ticks = self._ticks()
        words = ", ".join(f"'{tick:.3f}': '{duration(tick, self.scale)}'" for tick in ticks)
        return {
            "field": field,
            "type": "quantitative",
            "scale": {
                "type": "log" if self.is_log else "linear",
                "domain": [self.low, self.high],
                "nice": False,
                "zero": False,
            },
            "axis": numbered_axis(values=ticks, labelExpr=f"({{{words}}})[format(datum.value, '.3f')]"),
        }

    def _ticks(self) -> list[float]:
        day = self.scale.day_seconds
        if self.is_log:
            marks = [
                1.0,
                10.0,
                60.0,
                600.0,
                3600.0,
                4 * 3600.0,
                day,
                7 * day,
                30 * day,
                100 * day,
                365 * day,
                1000 * day,
            ]
            return [mark for mark in marks if self.low <= mark <= self.high]
        unit = next((unit for unit in (day, 3600.0, 60.0, 1.0) if self.high >= 2 * unit), 1.0)
        step = _round_step(self.high / unit / 6) * unit
        return [step * n for n in range(int(self.high / step) + 1)]

    @property
    def words(self) -> str:
        """How to read the axis, for a note; empty where it is to scale."""
        return "The scale is logarithmic: each line is a multiple of the one below." if self.is_log else ""


def _round_step(least: float) -> float:
    """The next of 1, 2, 5, 10, 20 … that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * 0.999)


def duration_axis(
    seconds: Iterable[float], *, p50: float, p95: float, scale: TimeScale, at_least: float = 0.0
) -> DurationAxis:
    """The axis for these durations, of which `p50` and `p95` tell the spread; `at_least` is to lie on it too."""
    longest = max([*seconds, p95, at_least, 1.0])
    if (p50 > 0 and p95 / p50 >= SKEW) or (p50 <= 0 and p95 > 0):
        shortest = max(1.0, min(60.0, p50 / 10 if p50 > 0 else 60.0))
        return DurationAxis(shortest, max(longest * 1.15, shortest * 10), True, scale)
    high = min(longest, max(p95 * HEADROOM, at_least)) * 1.03
    return DurationAxis(0.0, max(high, 1.0), False, scale)
