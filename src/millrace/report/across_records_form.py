"""The figures across records as JSON, in the form that `millrace measure --json` prints."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from millrace.flow.across_records import AcrossRecords
from millrace.flow.linked_time import LinkedTime
from millrace.flow.record_counts import RecordCounts
from millrace.flow.summary import Quantile
from millrace.flow.time_by import AttributedTime


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


def _seconds(quantile: Quantile | None) -> float | None:
    return None if quantile is None else quantile.seconds


class AttributedTimeJson(_Part):
    """Lead time of delivered items that one record type or practice has."""

    label: str
    n_items: int
    lead_seconds: float
    share_of_lead_time_ratio: float | None
    active_seconds: float
    wait_seconds: float
    unknown_seconds: float = Field(description="Time in which working and waiting cannot be told apart")

    @classmethod
    def of(cls, time: AttributedTime) -> Self:
        """Put into its form."""
        return cls(
            label=time.label,
            n_items=time.n_items,
            lead_seconds=time.lead.part,
            share_of_lead_time_ratio=time.lead.ratio,
            active_seconds=time.active_seconds,
            wait_seconds=time.wait_seconds,
            unknown_seconds=time.unknown_seconds,
        )


class LinkedTimeJson(_Part):
    """From the opening of the earliest linked record to the close of the one that it led to, once per such record."""

    from_type: str
    to_type: str
    n: int
    mean_seconds: float | None
    p50_seconds: float | None
    p85_seconds: float | None
    p90_seconds: float
    p95_seconds: float | None
    min_seconds: float
    n_negative: int = Field(description="Closed before the earliest linked record was opened; in the figures")
    negative: tuple[str, ...] = Field(description="Keys of a few of them")

    @classmethod
    def of(cls, linked: LinkedTime) -> Self:
        """Put into its form."""
        times = linked.times
        return cls(
            from_type=linked.from_type,
            to_type=linked.to_type,
            n=times.n,
            mean_seconds=times.mean_seconds,
            p50_seconds=_seconds(times.p50),
            p85_seconds=_seconds(times.p85),
            p90_seconds=linked.p90_seconds,
            p95_seconds=_seconds(times.p95),
            min_seconds=linked.min_seconds,
            n_negative=linked.n_negative,
            negative=linked.negative,
        )


class RecordCountsJson(_Part):
    """Counts over all records of a type; null where the log cannot tell."""

    record_type: str
    n_records: int
    n_serving: int = Field(description="Records that serve an item of the stream")
    n_shared: int = Field(description="Records that serve several items")
    n_team_changes: int | None = Field(description="Handoffs as the events show them")
    n_reassignments_by_field: int | None = Field(description="Handoffs as a field of the records counts them")
    reassignment_field: str | None
    n_reassignment_activities: int | None = Field(description="Activities that are called a reassignment")
    n_first_call_by_field: int | None = Field(description="First-call resolutions as a field says")
    first_call_field: str | None
    n_without_further_record: int | None = Field(description="Demands that led to no other record")

    @classmethod
    def of(cls, counts: RecordCounts) -> Self:
        """Put into its form."""
        return cls.model_validate(vars(counts))


class JourneyCountsJson(_Part):
    """What the journeys rest on."""

    n_alone: int = Field(description="Items that one record serves alone")
    n_left_out: int = Field(description="Demands that the stream leaves out, since nothing is linked with them")
    n_shared_records: int
    n_began_before_demand: int = Field(description="Pairs of an item and a linked record that had begun before it")
    n_ended_before_demand: int = Field(description="Of these, the record had even ended: it adds no time")
    n_handle_cut_short: int = Field(description="Records whose handle time is longer than their time undone")


class AcrossRecordsJson(_Part):
    """What a log of several record types tells beside the measures of its items."""

    by_record_type: tuple[AttributedTimeJson, ...]
    by_practice: tuple[AttributedTimeJson, ...]
    linked_times: tuple[LinkedTimeJson, ...]
    counts: tuple[RecordCountsJson, ...]
    journeys: JourneyCountsJson

    @classmethod
    def of(cls, across: AcrossRecords) -> Self:
        """Put into its form."""
        return cls(
            by_record_type=tuple(map(AttributedTimeJson.of, across.by_record_type)),
            by_practice=tuple(map(AttributedTimeJson.of, across.by_practice)),
            linked_times=tuple(map(LinkedTimeJson.of, across.linked_times)),
            counts=tuple(map(RecordCountsJson.of, across.counts)),
            journeys=JourneyCountsJson.model_validate(across.journeys.model_dump()),
        )
