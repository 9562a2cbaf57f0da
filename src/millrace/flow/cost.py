"""Cost per item: work at the rate of the team that does it."""

from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import ENDS_ONLY, NO_ACTIVE_STATUS, knows_active
from millrace.flow.lead_time import delivered
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.spans import ACTIVE, NOTHING
from millrace.flow.summary import SECOND, Absent, Share

NO_RATES = "no rates are given; add rates_per_hour per team to the stream"


@dataclass(frozen=True)
class Cost:
    """Cost of work before value on delivered items, in the currency of the rates.

    `rated` is the working time of teams with a rate, of all working time: the rest is not in the cost.
    """

    total: float
    per_item: float | None
    n_items: int
    rated: Share


def cost(flow: Flow, *, selection: Selection = EVERYTHING) -> Cost | Absent:
    """Σ active time × rate of its team, over delivered items."""
    rates = flow.about.stream.rates_per_hour
    if not rates:
        return Absent(NO_RATES)
    if not flow.knows_work or not knows_active(flow):
        return Absent(ENDS_ONLY if not flow.knows_work else NO_ACTIVE_STATUS)
    items = delivered(flow, selection)
    spans = flow.spans.filter(flow.spans.is_before_value & (flow.spans.state == ACTIVE)).semi_join(items, "item")
    rows = spans.group_by("team").agg(total=spans.elapsed.sum()).to_pyarrow().to_pylist()
    hours = {
        None if row["team"] == NOTHING else flow.about.teams[row["team"]]: int(row["total"]) / SECOND / 3600
        for row in rows
    }
    total = sum(hours[team] * rates[team] for team in hours if team in rates)
    n_items = items.count().to_pyarrow().as_py()
    rated = Share(sum(h for team, h in hours.items() if team in rates) * 3600, sum(hours.values()) * 3600)
    return Cost(total, total / n_items if n_items else None, n_items, rated)
