"""The JSON of targets, service levels and alerts: one stable form for commands and the REST API.

A field is added without notice; one that goes or changes its meaning raises the number in `millrace_targets` or
`millrace_alerts`. Durations are in seconds, ratios from 0 to 1, instants in UTC.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from millrace.govern.replay import Told
from millrace.govern.service_level_standing import ServiceLevelStanding
from millrace.govern.target_status import TargetStatus
from millrace.model.service_level import ServiceLevel
from millrace.model.target import Target

FORMAT = 1


class _Json(BaseModel):
    model_config = ConfigDict(frozen=True)


class PeriodJson(_Json):
    """One whole period, [since_at, until_at): the figure and how many items it rests on, or why there is none."""

    since_at: datetime
    until_at: datetime
    value: float | None
    n: int
    standing: str = Field(description="kept, close, missed or unknown")
    reason: str | None


class TargetJson(_Json):
    """A target as it is stated, on which side good lies, and its last whole periods, the oldest first."""

    target: Target
    direction: str
    periods: list[PeriodJson]

    @classmethod
    def of(cls, status: TargetStatus) -> Self:
        """Of a target’s status."""
        periods = [
            PeriodJson(
                since_at=point.since_at, until_at=point.until_at, value=point.value, n=point.n,
                standing=point.standing, reason=point.reason or None,
            )
            for point in status.points
        ]  # fmt: skip
        return cls(target=status.target, direction=status.target.better, periods=periods)


class NearItemJson(_Json):
    """An open item: the time it used and has left; `due_at` is null while its clock stands still."""

    item: str
    state: str = Field(description="running, paused or overdue")
    used_seconds: float
    remaining_seconds: float
    due_at: datetime | None
    breach_ratio: float | None = Field(description="Share of items that ever used as much time and ended too late")


class ServiceLevelJson(_Json):
    """A service level as it is stated, and how it stands; `reason` where it cannot be told."""

    service_level: ServiceLevel
    n_met: int
    n_ended: int
    met_ratio: float | None
    n_open: int
    n_overdue: int
    n_paused: int
    near: list[NearItemJson]
    reason: str | None

    @classmethod
    def of(cls, standing: ServiceLevelStanding) -> Self:
        """Of a service level’s standing."""
        near = [
            NearItemJson(
                item=item.key, state=item.state, used_seconds=item.used_seconds,
                remaining_seconds=item.remaining_seconds, due_at=item.due_at, breach_ratio=item.breach_ratio,
            )
            for item in standing.near
        ]  # fmt: skip
        return cls(
            service_level=standing.level, n_met=int(standing.met.part), n_ended=int(standing.met.whole),
            met_ratio=standing.met.ratio, n_open=standing.n_open, n_overdue=standing.n_overdue,
            n_paused=standing.n_paused, near=near, reason=standing.reason or None,
        )  # fmt: skip


class TargetsJson(_Json):
    """How a stream stands at `at`, the last event of its log."""

    millrace_targets: int = FORMAT
    at: datetime
    targets: list[TargetJson]
    service_levels: list[ServiceLevelJson]


class SignalJson(_Json):
    """What deserves attention, and the look at which it was told; `fingerprint` is the same for the same occasion."""

    told_at: datetime
    kind: str
    severity: str
    title: str
    sentence: str
    item: str | None
    began_at: datetime
    fingerprint: str

    @classmethod
    def of(cls, told: Told) -> Self:
        """Of a signal that was told."""
        signal = told.signal
        return cls(
            told_at=told.at, kind=signal.kind, severity=signal.severity, title=signal.title, sentence=signal.sentence,
            item=signal.item, began_at=signal.began_at, fingerprint=signal.fingerprint,
        )  # fmt: skip


class SignalsJson(_Json):
    """What deserves attention in a stream."""

    millrace_alerts: int = FORMAT
    alerts: list[SignalJson]


def targets_json(
    at: datetime, targets: Iterable[TargetStatus], service_levels: Iterable[ServiceLevelStanding]
) -> TargetsJson:
    """How targets and service levels stand."""
    return TargetsJson(
        at=at, targets=[*map(TargetJson.of, targets)], service_levels=[*map(ServiceLevelJson.of, service_levels)]
    )


def signals_json(found: Iterable[Told]) -> SignalsJson:
    """What was told, in its order."""
    return SignalsJson(alerts=[*map(SignalJson.of, found)])
