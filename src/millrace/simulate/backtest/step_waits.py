"""How long items wait in each step, in the real later part and in the simulated one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from millrace.flow.flow import Flow
from millrace.flow.summary import SECOND


@dataclass(frozen=True)
class StepWait:
    """Mean time in a step per item of the part, and the wait in it, real and simulated, in seconds."""

    step: str
    real_seconds: float
    simulated_seconds: float
    real_lead_seconds: float
    simulated_lead_seconds: float


def step_waits(real: Flow, simulated: Sequence[Flow]) -> tuple[StepWait, ...]:
    """The steps in the stream's order, those that nobody visits left out."""
    found, many = _per_item(real), [_per_item(flow) for flow in simulated]
    return tuple(
        StepWait(
            name,
            found[name][0],
            float(np.mean([each.get(name, (0.0, 0.0))[0] for each in many])),
            found[name][1],
            float(np.mean([each.get(name, (0.0, 0.0))[1] for each in many])),
        )
        for name in real.step_names
        if name in found
    )


def _per_item(flow: Flow) -> dict[str, tuple[float, float]]:
    """Per step, wait and lead time in seconds, shared by all items."""
    visits = flow.visits.filter(~flow.visits.is_after_value)
    rows = visits.group_by("step").agg(wait=visits.wait.sum(), lead=visits.lead.sum()).to_pyarrow().to_pylist()
    per_item = SECOND * flow.about.n_items
    return {flow.step_names[row["step"]]: (row["wait"] / per_item, row["lead"] / per_item) for row in rows}
