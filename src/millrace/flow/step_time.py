"""Step time: how the lead time of delivered items divides over the steps; it adds up to all lead time exactly."""

from dataclasses import dataclass

from millrace.flow.estimates import with_estimates
from millrace.flow.flow import Flow
from millrace.flow.lead_time import delivered
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import SECOND, Clock


@dataclass(frozen=True)
class StepTime:
    """Seconds that delivered items spent in a step before value: working, and the rest (waiting, or not known)."""

    step: str
    lead_seconds: float
    active_seconds: float


@dataclass(frozen=True)
class StepTimes:
    """The steps in the stream's order, over `n_items` delivered items; ÷ n is the flow-weighted mean per item."""

    n_items: int
    steps: tuple[StepTime, ...]


def step_time(flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING) -> StepTimes:
    """Lead and process time per step over delivered items, all visits together."""
    items = delivered(flow, selection)
    visits = with_estimates(flow, flow.visits.filter(flow.visits.is_delivered & ~flow.visits.is_after_value))
    if not selection.is_everything:
        visits = visits.semi_join(items, "item")
    prefix = "business_" if clock is Clock.BUSINESS else ""
    rows = (
        visits.group_by("step")
        .agg(lead=visits[f"{prefix}lead"].sum(), active=visits[f"{prefix}active"].sum())
        .to_pyarrow()
        .to_pylist()
    )
    by_step = {row["step"]: row for row in rows}
    names = flow.step_names
    return StepTimes(
        items.count().to_pyarrow().as_py(),
        tuple(
            StepTime(names[step], int(row["lead"]) / SECOND, int(row["active"]) / SECOND)
            for step, row in sorted(by_step.items())
        ),
    )
