"""Lead time: from demand to value."""

from dataclasses import dataclass
from datetime import datetime

from millrace.flow.summary import Clock, DurationSummary, LeftOut


@dataclass(frozen=True)
class LeadTimes:
    """Lead times of delivered items, whole or per group.

    `groups` maps a group's label ("" for the whole) to its summary. Population: items whose value falls in the
    period. Start and stop are said in `demand` and `value`.
    """

    per: str | None
    clock: Clock
    demand: str
    value: str
    groups: dict[str, DurationSummary]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Delivered:
    """One delivered item: a dot of the lead time scatter."""

    key: str
    value_at: datetime
    lead_time_seconds: float
