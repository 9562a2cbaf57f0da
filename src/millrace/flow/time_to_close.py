"""Time to close: from demand to the last event."""

from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.lead_time import delivered, microseconds
from millrace.flow.selection import EVERYTHING, Selection, labelled
from millrace.flow.summaries import summaries
from millrace.flow.summary import Clock, DurationSummary


@dataclass(frozen=True)
class TimesToClose:
    """Durations from demand to the last event of delivered items, per group ("" for the whole)."""

    per: str | None
    clock: Clock
    groups: dict[str, DurationSummary]


def time_to_close(
    flow: Flow, *, per: str | None = None, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> TimesToClose:
    """Durations from demand to the last event, of the items that `lead_time` covers."""
    items = delivered(flow, selection)
    close = (
        items.business_close
        if clock is Clock.BUSINESS
        else microseconds(items.ended_at) - microseconds(items.demand_at)
    )
    by_label = summaries(labelled(flow, items.mutate(close=close), per), per and "label", "close")
    return TimesToClose(per, clock, {label: by_label[label]["close"] for label in sorted(by_label)})
