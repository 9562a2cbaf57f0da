"""Across records: what a log of several record types tells beside the measures of its items."""

from dataclasses import dataclass

from millrace.flow.flow import Flow, JourneyCounts
from millrace.flow.linked_time import LinkedTime, linked_time
from millrace.flow.record_counts import RecordCounts, record_counts
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Clock
from millrace.flow.time_by import AttributedTime, time_by


@dataclass(frozen=True)
class AcrossRecords:
    """Lead time by record type and practice, times from record to record, counts, and what journeys rest on."""

    by_record_type: tuple[AttributedTime, ...]
    by_practice: tuple[AttributedTime, ...]
    linked_times: tuple[LinkedTime, ...]
    counts: tuple[RecordCounts, ...]
    journeys: JourneyCounts


def across_records(
    flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> AcrossRecords | None:
    """The figures across records; None for a log of one record type. Times are of the items that are selected."""
    if flow.about.journeys is None:
        return None
    return AcrossRecords(
        time_by(flow, "record_type", clock=clock, selection=selection),
        time_by(flow, "practice", clock=clock, selection=selection),
        linked_time(flow),
        record_counts(flow),
        flow.about.journeys,
    )
