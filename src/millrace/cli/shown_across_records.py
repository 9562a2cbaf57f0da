"""Figures across records in the terminal: whose time it is, from record to record, counts that compete."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.flow.across_records import AcrossRecords
from millrace.flow.linked_time import LinkedTime
from millrace.flow.record_counts import RecordCounts
from millrace.flow.time_by import AttributedTime
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio


def show_across_records(across: AcrossRecords, console: Console) -> None:
    """Print them, after the measures of the items."""
    console.print()
    console.print(_times("Record type", across.by_record_type))
    if len(across.by_practice) > 1:
        console.print()
        console.print(_times("Practice", across.by_practice))
    if across.linked_times:
        console.print()
        console.print(_linked(across.linked_times))
        for linked in across.linked_times:
            if linked.n_negative:
                console.print(Text(f"  {_negative(linked)}", "yellow"))
    console.print()
    console.print(_counts(across))


def _times(label: str, times: tuple[AttributedTime, ...]) -> Table:
    figures = ("items", "share of\nlead time", "waiting", "working", "not told\napart")
    shown = table(label, *figures, figures=figures)
    for time in times:
        lead = time.lead.part
        shown.add_row(
            time.label,
            f"{time.n_items:,}",
            "–" if time.lead.ratio is None else show_ratio(time.lead.ratio),
            *(_part(seconds, lead) for seconds in (time.wait_seconds, time.active_seconds, time.unknown_seconds)),
        )
    return shown


def _part(seconds: float, whole: float) -> str:
    return show_ratio(seconds / whole) if whole else "–"


def _linked(times: tuple[LinkedTime, ...]) -> Table:
    figures = ("n", "p50", "p85", "p90", "p95", "mean")
    shown = table("Earliest linked, opened → closed", *figures, figures=figures)
    for linked in times:
        known = linked.times
        quantiles = (known.p50, known.p85, linked.p90_seconds, known.p95, known.mean_seconds)
        seconds = (each if each is None or isinstance(each, float) else each.seconds for each in quantiles)
        shown.add_row(
            f"{linked.from_type} → {linked.to_type}",
            f"{known.n:,}",
            *("–" if each is None else show_duration(each) for each in seconds),
        )
    return shown


def _negative(linked: LinkedTime) -> str:
    examples = ", ".join(linked.negative)
    return (
        f"{linked.n_negative:,} of the {linked.from_type} → {linked.to_type} times are negative: closed before the "
        f"earliest linked {linked.from_type} was opened ({examples}). They are in the figures."
    )


def _counts(across: AcrossRecords) -> Table:
    shown = table("what", "figure", "of", figures=("figure",), has_head=False)
    for counts in across.counts:
        for what, figure, of in _of_type(counts):
            shown.add_row(what, f"{figure:,}", Text(of, DIM))
    journeys = across.journeys
    for what, figure, of in (
        ("Served by one record", journeys.n_alone, "items that nothing else is linked with"),
        ("Left out", journeys.n_left_out, "demands that nothing is linked with, as the stream asks"),
        ("Shared records", journeys.n_shared_records, "their work counts once, for the earliest demand"),
        ("Linked, but begun before", journeys.n_began_before_demand, "the demand: only what follows it counts"),
        ("Linked, but over before", journeys.n_ended_before_demand, "the demand: adds no time"),
        ("Handle time too long", journeys.n_handle_cut_short, "for the record’s own dates: what fits counts as work"),
    ):
        if figure:
            shown.add_row(what, f"{figure:,}", Text(of, DIM))
    return shown


def _of_type(counts: RecordCounts) -> Iterator[tuple[str, int, str]]:
    named = f"{counts.record_type} records"
    yield f"{counts.record_type.capitalize()} records", counts.n_records, f"{counts.n_serving:,} of them serve an item"
    if counts.n_first_call_by_field is not None:
        yield "First-call resolution", counts.n_first_call_by_field, f"by the field “{counts.first_call_field}”"
    if counts.n_without_further_record is not None:
        yield "No further record", counts.n_without_further_record, f"{named} that led to no other"
    if counts.n_team_changes is not None:
        yield "Handoffs: changes of team", counts.n_team_changes, f"in {named}, as the events show"
    if counts.n_reassignments_by_field is not None:
        yield "Handoffs: by the field", counts.n_reassignments_by_field, f"“{counts.reassignment_field}” of {named}"
    if counts.n_reassignment_activities is not None:
        yield "Handoffs: activities", counts.n_reassignment_activities, f"called a reassignment, on {named}"
