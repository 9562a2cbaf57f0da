"""SLA compliance: items delivered within a time, of all that were delivered or should have been."""

from dataclasses import dataclass
from datetime import timedelta

from millrace.flow.flow import Flow
from millrace.flow.lead_time import delivered, is_open, microseconds, with_lead
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summary import Clock, Share


@dataclass(frozen=True)
class SlaCompliance:
    """`met` of met + breached; open items beside it, and how many of them have breached already (elapsed clock)."""

    within: timedelta
    clock: Clock
    met: Share
    n_open: int
    n_open_breached: int


def sla_compliance(
    flow: Flow, *, within: timedelta, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> SlaCompliance:
    """Delivered items whose lead time is at most `within`, of all delivered ones."""
    limit = within // timedelta(microseconds=1)
    items = with_lead(delivered(flow, selection), clock)
    counts = items.agg(n=items.count(), n_met=(items.lead <= limit).sum()).to_pyarrow().to_pylist()[0]
    every = selected(flow, selection, instant=None)
    open_items = every.filter(is_open(every))
    age = flow.about.last_at - microseconds(open_items.demand_at)
    waiting = open_items.agg(n=open_items.count(), n_late=(age > limit).sum()).to_pyarrow().to_pylist()[0]
    return SlaCompliance(within, clock, Share(counts["n_met"] or 0, counts["n"]), waiting["n"], waiting["n_late"] or 0)
