"""Closing tail: what follows value, on its own, never mixed into lead time."""

from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.lead_time import delivered, microseconds
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summaries import summaries
from millrace.flow.summary import NO_DURATIONS, SECOND, DurationSummary, Share


@dataclass(frozen=True)
class ClosingTail:
    """Time from value to the last event of delivered items, and its share of all life."""

    tail: DurationSummary
    share_of_life: Share


def closing_tail(flow: Flow, *, selection: Selection = EVERYTHING) -> ClosingTail:
    """Time from value to the last event; its share of the whole life (demand to last event) of all items."""
    items = delivered(flow, selection)
    tail = microseconds(items.ended_at) - microseconds(items.value_at)
    whole = summaries(items.mutate(tail=tail), None, "tail")
    summary = whole[""]["tail"] if whole else NO_DURATIONS
    every = selected(flow, selection)
    life = (microseconds(every.ended_at) - microseconds(every.demand_at)).cast("float64").sum()
    seconds = (every.agg(life=life).to_pyarrow().to_pylist()[0]["life"] or 0.0) / SECOND
    return ClosingTail(summary, Share(summary.total_seconds, seconds))
