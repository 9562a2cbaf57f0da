"""What anybody can foretell without a model: that lead times will be what they were."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.flow.summary import SECOND
from millrace.simulate.backtest.distances import relative_wasserstein
from millrace.simulate.backtest.items import Items

Seconds = npt.NDArray[np.float64]
N_DRAWINGS = 20


@dataclass(frozen=True)
class Baseline:
    """A naive forecast and the relative Wasserstein distance of its lead times from the real ones."""

    name: str
    distance_ratio: float


def baselines(
    earlier: Items, later: Items, observed_until: int, *, with_hindsight: bool = False, seed: int = 0
) -> tuple[Baseline, ...]:
    """The three forecasts: the last period's lead times, their mean, and all earlier ones drawn again.

    Each gives a lead time to every real demand of the later part, and is seen until the log's end like the real ones,
    so that none of them is worse off for that. The last period is as long as the later part: what left in it, or, with
    hindsight, what was demanded in it.
    """
    known = earlier.lead_seconds
    length = int(later.demand_at.max() - later.demand_at.min())
    instants = (earlier.demand_at if with_hindsight else earlier.left_at)[earlier.is_delivered]
    recent = instants >= instants.max() - length
    forecasts = {
        "the last period’s lead times": known[recent],
        "their mean": np.array([float(known.mean())]),
        "all earlier lead times": known,
    }
    generator = np.random.default_rng(seed)
    return tuple(
        Baseline(name, float(np.mean([_distance(lead, later, observed_until, generator) for _ in range(N_DRAWINGS)])))
        for name, lead in forecasts.items()
    )


def _distance(lead: Seconds, later: Items, observed_until: int, generator: np.random.Generator) -> float:
    drawn = generator.choice(lead, len(later.demand_at))
    seen = later.demand_at + drawn * SECOND <= observed_until
    return relative_wasserstein(drawn[seen] if seen.any() else drawn, later.lead_seconds)
