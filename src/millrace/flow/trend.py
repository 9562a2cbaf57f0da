"""Weekly trend of a measure with the natural limits of an XmR chart."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TrendPoint:
    """One week: its Monday (UTC midnight), how many items, the figure, and whether it breaks an XmR rule."""

    week_at: datetime
    n: int
    value: float
    is_signal: bool


@dataclass(frozen=True)
class Trend:
    """A figure per week with centre line and natural process limits (mean ± 2.66 × mean moving range).

    `unit` is `seconds` or `items`. Limits are None with fewer than six whole weeks.
    """

    measure: str
    unit: str
    points: tuple[TrendPoint, ...]
    centre: float | None
    lower_limit: float | None
    upper_limit: float | None
