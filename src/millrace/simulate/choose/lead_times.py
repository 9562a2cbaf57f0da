"""Lead times read from a run itself, without writing its log: what thousands of sets of moves are compared by."""

import numpy as np
import numpy.typing as npt

from millrace.model.state import State
from millrace.simulate.engine.demanded import microseconds
from millrace.simulate.engine.run import Period, Run

LEAD_TIME_FIGURES = {
    "lead_time_mean": None,
    "lead_time_p50": 0.5,
    "lead_time_p85": 0.85,
    "lead_time_p95": 0.95,
}
"""Figures that follow from lead times alone, with their quantile (None: the mean)."""


def lead_times(run: Run, counted: Period) -> npt.NDArray[np.float64]:
    """Seconds from demand to value of the items delivered from the beginning of the period on."""
    is_done = np.array([label.state is State.DONE for label in run.labels], bool)
    delivered = run.phases[is_done[run.phases["code"]]]
    value_at = np.full(len(run.items.uid), np.iinfo(np.int64).max)
    np.minimum.at(value_at, delivered["item"], delivered["began"])
    counts = (value_at != np.iinfo(np.int64).max) & (value_at >= microseconds(counted.starts_at))
    seconds: npt.NDArray[np.float64] = (value_at[counts] - run.items.demand_at[counts]) / 1e6
    return seconds


def lead_time_figure(run: Run, counted: Period, measure: str) -> float | None:
    """One of `LEAD_TIME_FIGURES` for a run; None where nothing was delivered."""
    seconds, quantile = lead_times(run, counted), LEAD_TIME_FIGURES[measure]
    if not len(seconds):
        return None
    return float(seconds.mean() if quantile is None else np.quantile(seconds, quantile))
