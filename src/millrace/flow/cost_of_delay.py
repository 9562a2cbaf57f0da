"""Cost of delay: waiting before value at the rate of the item's priority."""

from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import ENDS_ONLY, NO_ACTIVE_STATUS, knows_active
from millrace.flow.lead_time import delivered
from millrace.flow.selection import EVERYTHING, Selection, labelled
from millrace.flow.summary import SECOND, Absent, Share

NO_DELAY_RATES = "no rates of delay are given; add delay_rates_per_hour per priority to the stream"
NO_PRIORITY = "the log has no column “priority” that the rates of delay are given for; map one to priority"


@dataclass(frozen=True)
class CostOfDelay:
    """Cost of the waiting before value of delivered items, in the currency of the rates.

    `rated` is the wait of items whose priority has a rate, of all their wait: the rest is not in the cost.
    """

    total: float
    per_item: float | None
    n_items: int
    rated: Share


def cost_of_delay(flow: Flow, *, selection: Selection = EVERYTHING) -> CostOfDelay | Absent:
    """Σ wait × rate of the item's priority, over delivered items."""
    rates = flow.about.stream.delay_rates_per_hour
    if not rates:
        return Absent(NO_DELAY_RATES)
    if not flow.has("priority"):
        return Absent(NO_PRIORITY)
    if not flow.knows_work or not knows_active(flow):
        return Absent(ENDS_ONLY if not flow.knows_work else NO_ACTIVE_STATUS)
    items = labelled(flow, delivered(flow, selection), "priority")
    rows = items.group_by("label").agg(n=items.count(), wait=items.wait.sum()).to_pyarrow().to_pylist()
    seconds = {row["label"]: int(row["wait"]) / SECOND for row in rows}
    total = sum(seconds[priority] / 3600 * rate for priority, rate in rates.items() if priority in seconds)
    n_items = sum(row["n"] for row in rows)
    rated = Share(sum(wait for priority, wait in seconds.items() if priority in rates), sum(seconds.values()))
    return CostOfDelay(total, total / n_items if n_items else None, n_items, rated)
