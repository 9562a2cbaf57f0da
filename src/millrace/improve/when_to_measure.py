"""When an effect can be seen: how many items it takes, and how long these take to come."""

from dataclasses import dataclass
from math import ceil

from millrace.model.absent import Absent

POWER, CONFIDENCE = 0.8, 0.95
MOST_WEEKS = 52
"""Nobody waits longer for the proof of a change."""


@dataclass(frozen=True)
class Measuring:
    """How many items have to be delivered before and after a change, and how many weeks after it that is."""

    n_items: int
    weeks: int


def when_to_measure(
    effect: float, deviation: float, *, items_per_week: float, delay_seconds: float
) -> Measuring | Absent:
    """Items on either side with which an effect on a mean shows in 80 of 100 cases, with one false alarm in 20.

    `deviation` is the standard deviation of single items; `delay_seconds` passes until items that came after the
    change are delivered. Absent where it would take more than a year.
    """
    from scipy.stats import norm

    if effect <= 0:
        return Absent("no gain is expected")
    if items_per_week <= 0:
        return Absent("nothing is delivered")
    quantiles = float(norm.ppf((1 + CONFIDENCE) / 2) + norm.ppf(POWER))
    n = max(2, ceil(2 * (quantiles * deviation / effect) ** 2))
    weeks = max(1, ceil(n / items_per_week + delay_seconds / 604_800))
    if weeks > MOST_WEEKS:
        return Absent(f"single items differ so much that it would take {n:,} items, more than come in a year")
    return Measuring(n, weeks)
