"""Ownership: how long until somebody takes an item, and how long it sits with a team and nobody in it."""

from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.lead_time import microseconds
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summaries import summaries
from millrace.flow.summary import NO_DURATIONS, SECOND, Absent, DurationSummary, Share

NO_PEOPLE = "the log does not say which person holds an item; map a column to person"


@dataclass(frozen=True)
class Ownership:
    """`time_to_own`: demand to the first event with a person (MTTA). `idle`: time before value in which a team is set
    and no person is, of all time before value."""

    time_to_own: DurationSummary
    idle: Share


def ownership(flow: Flow, *, selection: Selection = EVERYTHING) -> Ownership | Absent:
    """Time to first owner and idle time, over all items that the selection covers."""
    if not flow.about.people:
        return Absent(NO_PEOPLE)
    items = selected(flow, selection)
    owned = items.filter(items.first_owned_at.notnull())
    owned = owned.mutate(own=microseconds(owned.first_owned_at) - microseconds(owned.demand_at))
    whole = summaries(owned, None, "own")
    row = items.agg(
        idle=items.idle.cast("float64").sum(), time=(items.active + items.wait + items.unknown).cast("float64").sum()
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    return Ownership(
        whole[""]["own"] if whole else NO_DURATIONS, Share((row["idle"] or 0) / SECOND, (row["time"] or 0) / SECOND)
    )
