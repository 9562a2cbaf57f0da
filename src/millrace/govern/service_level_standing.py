"""How a service level stands: what was met, what is open, and the items nearest to their limit."""

from dataclasses import dataclass
from datetime import datetime

from millrace.flow.spans import NEVER
from millrace.flow.summary import Absent, Share
from millrace.govern.kinds.breach_foreseen import LEAST_ALIKE, chances, is_within
from millrace.govern.known_columns import missing_columns, why_missing
from millrace.govern.lives import Lives, instant
from millrace.govern.service_level_check import ServiceLevelCheck, service_level_check
from millrace.govern.service_level_record import (
    OVERDUE,
    PAUSED,
    RUNNING,
    STATES,
    ServiceLevelRecord,
    service_level_record,
)
from millrace.model.service_level import ServiceLevel

_MOST_NEAR = 20


@dataclass(frozen=True)
class NearItem:
    """An open item near its limit, or beyond it. `due_at` is None while its clock stands still.

    `breach_ratio` is the share of items that ever used as much time and ended too late; None where too few did.
    """

    key: str
    state: str
    used_seconds: float
    remaining_seconds: float
    due_at: datetime | None
    breach_ratio: float | None


@dataclass(frozen=True)
class ServiceLevelStanding:
    """A service level: met of met and breached, what is open, the items nearest to their limit;
    and what the log says itself.
    """

    level: ServiceLevel
    met: Share
    n_open: int
    n_overdue: int
    n_paused: int
    near: tuple[NearItem, ...]
    check: ServiceLevelCheck | Absent | None
    reason: str = ""


def service_level_standing(lives: Lives, level: ServiceLevel) -> ServiceLevelStanding:
    """How a service level stands as of the instant of the lives. Where the log lacks a column, `reason` says so."""
    missing = missing_columns(lives.flow, level.where)
    if missing:
        return ServiceLevelStanding(level, Share(0, 0), 0, 0, 0, (), None, why_missing(missing))
    record = service_level_record(lives, level)
    return ServiceLevelStanding(
        record.level,
        record.met,
        record.count(RUNNING, PAUSED, OVERDUE),
        record.count(OVERDUE),
        record.count(PAUSED),
        _near(record),
        service_level_check(record) if record.level.recorded_in else None,
    )


def _near(record: ServiceLevelRecord) -> tuple[NearItem, ...]:
    """Open items by the time that is left to them, those within their limit first."""
    chance, n_alike = chances(record)
    remaining = record.limit - record.used
    inside = [k for k in remaining.argsort(kind="stable").tolist() if is_within(record)[k]]
    late = [k for k in remaining.argsort(kind="stable").tolist() if record.state[k] == OVERDUE]
    places = (inside + late)[:_MOST_NEAR]
    return tuple(
        NearItem(
            key,
            STATES[record.state[k]],
            float(record.used[k] / 1e6),
            float(remaining[k] / 1e6),
            None if record.due_at[k] == NEVER else instant(record.due_at[k]),
            float(chance[k]) if n_alike[k] >= LEAST_ALIKE and record.state[k] != OVERDUE else None,
        )
        for k, key in zip(places, record.lives.keys(record.places[places]), strict=True)
    )
