"""Estimates for logs that know ends of work only: what people say a step's work takes stands in, and is called so.

Of a visit's time, the estimated process time (at the most the whole visit) counts as work, the rest as wait. How much
of the wait came before work stays unknown.
"""

from datetime import timedelta
from typing import Any

from millrace.flow.flow import Flow

_MICROSECOND = timedelta(microseconds=1)


def estimated_steps(flow: Flow) -> dict[int, int]:
    """Code of each step whose process time is an estimate → that estimate in microseconds; empty where logs tell."""
    if flow.knows_work:
        return {}
    return {
        code: step.estimate.process_time // _MICROSECOND
        for code, step in enumerate(flow.about.stream.steps)
        if step.estimate is not None and step.estimate.process_time is not None
    }


def with_estimates(flow: Flow, visits: Any) -> Any:
    """`visits` with work and wait as estimated, on both clocks, in the steps that have an estimate."""
    import ibis

    estimates = estimated_steps(flow)
    if not estimates:
        return visits
    work = ibis.cases(
        *((visits.step == code, ibis.literal(size, "int64")) for code, size in estimates.items()), else_=0
    )
    columns = {}
    for clock in ("", "business_"):
        lead = visits[f"{clock}lead"]
        columns[f"{clock}active"] = ibis.least(lead, work)
        columns[f"{clock}wait"] = lead - ibis.least(lead, work)
    return visits.mutate(**columns)
