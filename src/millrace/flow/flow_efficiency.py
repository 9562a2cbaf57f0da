"""Flow efficiency: the share of lead time in which somebody works on the item."""

from millrace.flow.estimates import estimated_steps, with_estimates
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
    """Σ active ÷ Σ lead time over delivered items; Absent where process time cannot be known.

    On a log with ends of work only it rests on the estimates of the steps, where all of them have one.
    """
    items = with_lead(delivered(flow, selection), clock)
    prefix = "business_" if clock is Clock.BUSINESS else ""
    if flow.knows_work:
        unknown, active = why_unknown(flow), items[f"{prefix}active"].cast("float64").sum()
        work = items.agg(active=active, lead=items.lead.cast("float64").sum())
    else:
        visits = with_estimates(flow, flow.visits.filter(~flow.visits.is_after_value)).semi_join(items, "item")
        steps = visits.select("step").distinct().to_pyarrow()["step"].to_pylist()
        unknown = why_unknown(flow, frozenset(steps))
        work = visits.agg(
            active=visits[f"{prefix}active"].cast("float64").sum(), lead=visits[f"{prefix}lead"].cast("float64").sum()
        )
    if unknown is not None:
        return unknown
    figures = work.to_pyarrow().to_pylist()[0]
    return Share((figures["active"] or 0.0) / SECOND, (figures["lead"] or 0.0) / SECOND)


def why_unknown(flow: Flow, steps: frozenset[int] = frozenset()) -> Absent | None:
    """Why process time over these steps (codes) cannot be known; None where it can."""
    if not flow.knows_work:
        return None if steps and steps <= estimated_steps(flow).keys() else Absent(ENDS_ONLY)
    return None if knows_active(flow) else Absent(NO_ACTIVE_STATUS)


def knows_active(flow: Flow) -> bool:
    """True where any time of the log is known to be work."""
    most = flow.items.agg(most=flow.items.active.max()).to_pyarrow()["most"].to_pylist()[0]
    return bool(most)
