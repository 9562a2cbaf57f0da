"""The closing tail: how long delivered items stay open, and whether a rule closes them by itself after a while.

Lead time ends with value, so nothing of this is simulated. It is told because a rule of closing looks like work where
lead time is measured to the end.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.flow.flow import Flow
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.duration import show_duration
from millrace.simulate.fit.past_visits import instants

Floats = npt.NDArray[np.float64]

LEAST_TAILS = 30
"""Delivered items that stayed open, which tell how long they do."""
DAY_SECONDS = 86_400.0
WITHIN_RATIO = 0.15
"""How late, as a share of its limit but at most a day, a rule of closing may act: such jobs run now and then."""
RULE_RATIO = 0.3
"""Share of the items that have to close so, and …"""
FIRST_LEVEL = 0.05
LEAST_LEAP = 5.0
"""… how many times as many as in as long a time just before."""


@dataclass(frozen=True)
class ClosingTail:
    """Of `n` delivered items that stayed open, the mean tail; and after how long how many close by a rule."""

    n: int
    mean_seconds: float
    automatic_after_seconds: float | Absent
    automatic_ratio: float

    def told(self) -> str:
        """The tail in a sentence."""
        mean = f"After value items stay open for {show_duration(self.mean_seconds)} in the mean"
        if isinstance(self.automatic_after_seconds, Absent):
            return f"{mean}, closed by no rule that could be told."
        after = show_duration(self.automatic_after_seconds)
        return f"{mean}; {100 * self.automatic_ratio:.0f} % of them close by themselves after {after}."


def closing_tail(flow: Flow) -> ClosingTail | Absent:
    """What follows value in a log; Absent where next to nothing does."""
    items = flow.items.filter(flow.items.value_at.notnull()).select("value_at", "ended_at").to_pyarrow()
    tails = (instants(items["ended_at"]) - instants(items["value_at"])) / SECOND
    tails = np.sort(tails[tails > 0])
    if len(tails) < LEAST_TAILS:
        return Absent("hardly any item stays open after value")
    after, ratio = _rule(tails)
    return ClosingTail(len(tails), float(tails.mean()), after, ratio)


def _rule(tails: Floats) -> tuple[float | Absent, float]:
    """The limit after which most items close within a short while of each other, if hardly any close just before."""
    within = np.minimum(WITHIN_RATIO * tails, DAY_SECONDS)
    n_inside = np.searchsorted(tails, tails + within, side="right") - np.arange(len(tails))
    best = int(np.argmax(n_inside))
    n_before = best - int(np.searchsorted(tails, tails[best] - within[best]))
    ratio = float(n_inside[best]) / len(tails)
    if ratio < RULE_RATIO or n_inside[best] < LEAST_LEAP * n_before:
        return Absent("items close after all sorts of times"), 0.0
    # A few happen to close just before the rule does.
    return float(np.quantile(tails[best : best + n_inside[best]], FIRST_LEVEL)), ratio
