"""What a log of several record types tells beside its items, as tables of a report."""

from collections.abc import Iterator
from dataclasses import dataclass

from millrace.draw.charts.chart import TableTwin
from millrace.flow.across_records import AcrossRecords
from millrace.flow.linked_time import LinkedTime
from millrace.flow.record_counts import RecordCounts
from millrace.flow.summary import Quantile
from millrace.flow.time_by import AttributedTime
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio


@dataclass(frozen=True)
class ToldTable:
    """A table with what it shows, and what is to be known of it."""

    title: str
    table: TableTwin
    notes: tuple[str, ...] = ()


def told_across_records(across: AcrossRecords | None) -> tuple[ToldTable, ...]:
    """The tables; none for a log of one record type."""
    if across is None:
        return ()
    tables = [_times("Lead time by record type", "Record type", across.by_record_type)]
    if len(across.by_practice) > 1:
        tables.append(_times("Lead time by practice", "Practice", across.by_practice))
    if across.linked_times:
        tables.append(_linked(across.linked_times))
    tables.append(_counts(across))
    return tuple(tables)


def _times(title: str, label: str, times: tuple[AttributedTime, ...]) -> ToldTable:
    header = (label, "Items", "Share of lead time", "Waiting", "Working", "Not told apart")
    rows = tuple(
        (
            time.label,
            f"{time.n_items:,}",
            _share(time.lead.part, time.lead.whole),
            *(
                _share(seconds, time.lead.part)
                for seconds in (time.wait_seconds, time.active_seconds, time.unknown_seconds)
            ),
        )
        for time in times
    )
    return ToldTable(title, TableTwin(header, rows))


def _share(part: float, whole: float) -> str:
    return show_ratio(part / whole) if whole else "–"


def _linked(times: tuple[LinkedTime, ...]) -> ToldTable:
    header = ("Opened → closed", "n", "p50", "p85", "p95", "Mean")
    rows = tuple(
        (
            f"{each.from_type} → {each.to_type}",
            f"{each.times.n:,}",
            *(_duration(quantile) for quantile in (each.times.p50, each.times.p85, each.times.p95)),
            "–" if each.times.mean_seconds is None else show_duration(each.times.mean_seconds),
        )
        for each in times
    )
    notes = tuple(
        f"{each.n_negative:,} of the {each.from_type} → {each.to_type} times are negative: the dates contradict the "
        f"link ({', '.join(each.negative)}). They are in the figures."
        for each in times
        if each.n_negative
    )
    return ToldTable("From the earliest linked record to the one that it led to", TableTwin(header, rows), notes)


def _duration(quantile: Quantile | None) -> str:
    return "–" if quantile is None else show_duration(quantile.seconds)


def _counts(across: AcrossRecords) -> ToldTable:
    rows = tuple(row for counts in across.counts for row in _of_type(counts))
    journeys = across.journeys
    begun, ended = journeys.n_began_before_demand, journeys.n_ended_before_demand
    notes = (
        f"{journeys.n_shared_records:,} records serve several items: their work counts once, for the earliest demand.",
        f"{begun:,} linked records had begun before the demand, {ended:,} had ended: only what follows it counts.",
    )
    return ToldTable("What the records tell", TableTwin(("What", "Records", "How it is known"), rows), notes)


def _of_type(counts: RecordCounts) -> Iterator[tuple[str, str, str]]:
    name = counts.record_type
    yield f"{name} records", f"{counts.n_records:,}", f"{counts.n_serving:,} of them serve an item"
    told = (
        ("first-call resolutions", counts.n_first_call_by_field, f"field “{counts.first_call_field}”"),
        ("without a further record", counts.n_without_further_record, "no link that is followed leads to another"),
        ("handoffs: changes of team", counts.n_team_changes, "as the events show"),
        ("handoffs: by the field", counts.n_reassignments_by_field, f"field “{counts.reassignment_field}”"),
        ("handoffs: activities", counts.n_reassignment_activities, "activities called a reassignment"),
    )
    for what, figure, how in told:
        if figure is not None:
            yield f"{name}: {what}", f"{figure:,}", how
