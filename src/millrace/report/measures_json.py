"""Measures as JSON: the stable form that `millrace measure --json` prints, and its schema.

Durations are seconds, ratios lie between 0 and 1, instants are ISO 8601 in UTC. A figure that cannot be known is null,
and its reason stands under `absent`, by the figure's name.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from millrace.eventlog.readiness import Readiness
from millrace.report.across_records_form import AcrossRecordsJson


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class IntervalJson(_Part):
    """A 95 % interval in seconds; null where n is too small for a bound."""

    low_seconds: float | None
    high_seconds: float | None


class LifeJson(_Part):
    """First to last event, of every item."""

    n: int
    mean_seconds: float | None
    p50_seconds: float | None
    p90_seconds: float | None
    max_seconds: float | None


class LogJson(_Part):
    """The log that was measured."""

    source: str
    shape: str
    n_items: int
    n_events: int
    first_at: str
    last_at: str
    life: LifeJson


class DurationsJson(_Part):
    """Durations of n items or visits; quantiles interpolate linearly."""

    n: int
    mean_seconds: float | None
    p50_seconds: float | None
    p85_seconds: float | None
    p95_seconds: float | None
    intervals: dict[str, IntervalJson] = Field(default_factory=dict, description="95 % interval of p50, p85, p95")


class LeftOutJson(_Part):
    """Items that a measure does not cover, and why."""

    reason: str
    n_items: int


class LeadTimeJson(DurationsJson):
    """Demand to value, of delivered items."""

    clock: str
    demand: str
    value: str
    left_out: tuple[LeftOutJson, ...]


class SurvivalJson(_Part):
    """Kaplan–Meier quantiles of lead time over finished and unfinished items."""

    n_finished: int
    n_unfinished: int
    p50_seconds: float | None
    p85_seconds: float | None
    p95_seconds: float | None
    note: str | None


class TailJson(_Part):
    """Time after value."""

    total_seconds: float
    share_of_life_ratio: float | None
    p50_seconds: float | None


class ShareJson(_Part):
    """A ratio with its parts."""

    part: float
    whole: float
    ratio: float | None


class StepJson(_Part):
    """One step, over visits that began before value."""

    name: str
    n_visits: int
    n_items: int
    visits_per_month: float
    lead_time: DurationsJson
    process_time: DurationsJson | None
    wait_time: DurationsJson | None
    queue_time: DurationsJson | None
    share_of_delay_ratio: float | None
    rework_ratio: float | None
    complete_and_accurate_ratio: float | None
    automation_ratio: float | None
    n_open: int
    people: int | None
    main_team: str | None
    is_estimated: bool = Field(description="The log cannot tell work from waiting; the step's estimate stands in")


class ItemStepJson(_Part):
    """One step, per item that visited it before value: all its visits there together."""

    name: str
    lead_time: DurationsJson
    process_time: DurationsJson | None
    wait_time: DurationsJson | None


class FiguresJson(_Part):
    """The figures of one selection or group."""

    clock: str
    lead_time: LeadTimeJson
    business_lead_time: LeadTimeJson
    time_to_close: DurationsJson
    survival: SurvivalJson
    closing_tail: TailJson
    time_by_state: dict[str, float]
    time_by_state_before_value: dict[str, float]
    handoffs: dict[str, int | None]
    ping_pong: dict[str, int | None]
    returns: dict[str, int | None]
    reopened: dict[str, int | str]
    rework: dict[str, float | int | None]
    first_time_completion_ratio: float | None
    entry_quality_ratio: float | None
    flow_efficiency_ratio: float | None
    time_to_own: DurationsJson | None
    idle_ratio: float | None
    cost_per_item: float | None
    cost_of_delay_per_item: float | None
    csat_mean: float | None
    variants: dict[str, Any]
    throughput: tuple[dict[str, Any], ...]
    steps: tuple[StepJson, ...]
    absent: dict[str, str] = Field(description="Figures that cannot be known from this log, with the reason")


class MeasuresJson(FiguresJson):
    """Everything `millrace measure --json` prints."""

    log: LogJson
    steps_per_item: tuple[ItemStepJson, ...]
    sla: dict[str, Any] | None = None
    groups: dict[str, FiguresJson] | None = Field(default=None, description="The same per group, where `--per` asks")
    across_records: AcrossRecordsJson | None = Field(
        default=None, description="Beside the items, of a log of several record types"
    )
    readiness: Readiness
