"""The chance that an open item is not delivered within a limit, by its age and step, told by items that left.

Asked are those that were in the same step at the same age: which share of them took longer than the limit? Where too
few were, all that were still under way at that age are asked. Departures count with their weights in the life table,
so that items still open are not forgotten.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.simulate.fit.history import History

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_ALIKE = 20
"""Items in the same position that tell a chance."""


@dataclass(frozen=True)
class Breach:
    """The chance of a breach (1 where it has happened), how many items tell it, and if they were in the same step."""

    chance: float | Absent
    n_alike: int
    by_step: bool


def breaches(history: History, step: Ints, age_seconds: Floats, limit_seconds: float) -> list[Breach]:
    """The chance of each open item, given its step and its age."""
    past = _Past(history)
    return [past.breach(at, age, limit_seconds) for at, age in zip(step.tolist(), age_seconds.tolist(), strict=True)]


class _Past:
    """The departed items, and when in their lives they were in which step."""

    def __init__(self, history: History) -> None:
        visits = history.visits
        heard = history.visit_weight > 0
        self.item = visits.item[heard]
        self.step = visits.step[heard]
        demand_at = history.demand_at[self.item]
        self.from_age = (visits.began_at[heard] - demand_at) / SECOND
        # What comes before the next visit belongs to this one: a log of work tells a step's end, then the next one's.
        self.to_age = (visits.ended_at[heard] - demand_at) / SECOND
        self.lead = history.lead_seconds
        self.weight = history.weight
        self.gone = np.flatnonzero(history.weight > 0)
        self.of_step = {code: np.flatnonzero(self.step == code) for code in np.unique(self.step).tolist()}

    def breach(self, step: int, age: float, limit: float) -> Breach:
        if age >= limit:
            return Breach(1.0, 0, by_step=True)
        visits = self.of_step.get(step, np.empty(0, np.int64))
        there = visits[(self.from_age[visits] <= age) & (age < self.to_age[visits])]
        alike = np.unique(self.item[there])
        by_step = len(alike) >= LEAST_ALIKE
        if not by_step:
            alike = self.gone[self.lead[self.gone] > age]
        if len(alike) < LEAST_ALIKE:
            return Breach(Absent(f"only {len(alike)} items that left were ever that old"), len(alike), by_step=False)
        late = self.lead[alike] > limit
        return Breach(float(self.weight[alike][late].sum() / self.weight[alike].sum()), len(alike), by_step)
