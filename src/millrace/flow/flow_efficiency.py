"""Flow efficiency: the share of lead time in which somebody works on the item."""

from millrace.flow.flow import Flow
from millrace.flow.lead_time import delivered, with_lead
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import SECOND, Absent, Clock, Share

ENDS_ONLY = (
    "the log has ends of work only, so working cannot be told from waiting; "
    "map a start column or give the steps estimates"
)
NO_ACTIVE_STATUS = "no status of the log is classed as active, so process time is not in it"


def flow_efficiency(flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING) -> Share | Absent:
    """Σ active ÷ Σ lead time over delivered items; Absent where process time cannot be known."""
    if not flow.knows_work:
        return Absent(ENDS_ONLY)
    items = with_lead(delivered(flow, selection), clock)
    active = items.business_active if clock is Clock.BUSINESS else items.active
    row = items.agg(active=active.cast("float64").sum(), lead=items.lead.cast("float64").sum())
    if not knows_active(flow):
        return Absent(NO_ACTIVE_STATUS)
    figures = row.to_pyarrow().to_pylist()[0]
    return Share((figures["active"] or 0.0) / SECOND, (figures["lead"] or 0.0) / SECOND)


def knows_active(flow: Flow) -> bool:
    """True where any time of the log is known to be work."""
    most = flow.items.agg(most=flow.items.active.max()).to_pyarrow()["most"].to_pylist()[0]
    return bool(most)
