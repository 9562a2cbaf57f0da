"""Work item age: how old open items are, beside the ages at which finished ones left the same step."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class OpenItem:
    """An item demanded and not delivered at the log's end."""

    key: str
    step: str
    state: str
    age_seconds: float
    demand_at: datetime


@dataclass(frozen=True)
class StepAges:
    """Ages (since demand) at which delivered items left a step for the last time; None where none did."""

    step: str
    p50_seconds: float | None
    p70_seconds: float | None
    p85_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True)
class AgeingWork:
    """Open items at `now_at` and the ages to hold them against, steps in the stream's order."""

    now_at: datetime
    steps: tuple[StepAges, ...]
    items: tuple[OpenItem, ...]
