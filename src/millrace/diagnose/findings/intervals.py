"""Intervals of shares, means and medians, at 95 %."""

from typing import Any

import numpy as np

from millrace.diagnose.findings.finding import Interval
from millrace.flow.summary import SECOND

Z = 1.959964


def interval_of_share(part: int, whole: int) -> Interval | None:
    """Wilson's interval of a share; None where there is nothing to divide."""
    if not whole:
        return None
    p = part / whole
    middle = p + Z**2 / (2 * whole)
    reach = Z * np.sqrt(p * (1 - p) / whole + Z**2 / (4 * whole**2))
    shrink = 1 + Z**2 / whole
    return Interval(max(0.0, float((middle - reach) / shrink)), min(1.0, float((middle + reach) / shrink)))


def surely(part: float, whole: float, least: float) -> bool:
    """Whether a share is at least `least` by the lower end of its interval."""
    interval = interval_of_share(int(part), int(whole))
    return interval is not None and interval.low >= least


def interval_of_mean(values: Any) -> Interval | None:
    """Interval of a mean by its standard error; None for fewer than two values."""
    if len(values) < 2:
        return None
    mean, reach = float(np.mean(values)), Z * float(np.std(values, ddof=1)) / np.sqrt(len(values))
    return Interval(mean - reach, mean + reach)


def interval_of_median(microseconds: Any) -> Interval | None:
    """Interval of the median of durations, in seconds, by order statistics (ranks by the normal approximation)."""
    n = len(microseconds)
    if n < 6:
        return None
    ordered, reach = np.sort(microseconds), Z * np.sqrt(n) / 2
    low, high = max(int(n / 2 - reach), 0), min(int(np.ceil(n / 2 + reach)), n - 1)
    return Interval(float(ordered[low]) / SECOND, float(ordered[high]) / SECOND)
