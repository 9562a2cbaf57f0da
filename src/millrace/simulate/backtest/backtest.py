"""The back-test: fit on the earlier part of a log, simulate the later one, and say how far the two lie apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from millrace.errors import MillraceError
from millrace.eventlog.event_log import EventLog
from millrace.flow.flow import Flow
from millrace.simulate.backtest.baselines import Baseline, baselines
from millrace.simulate.backtest.distances import circadian_distance, ngram_distance, relative_wasserstein
from millrace.simulate.backtest.items import Items, items
from millrace.simulate.backtest.replay import Replayed, replayed
from millrace.simulate.backtest.split import Split, split
from millrace.simulate.backtest.step_waits import StepWait, step_waits
from millrace.simulate.fit.arrivals import steady_period
from millrace.simulate.fit.fit import Fit, fit
from millrace.simulate.fit.instants import instant

_Part = TypeVar("_Part")
Progress = Callable[[float], None]
EARLIER_RATIO = 0.5
"""Share of the steady period's demand that is fitted to, unless an instant is given."""
N_REPLICATIONS = 8


class NothingDelivered(MillraceError):
    """A part of a log in which nothing was delivered."""

    slug = "nothing-delivered"

    def __init__(self, source_name: str, at: datetime) -> None:
        """Name the log and the split."""
        super().__init__(
            f"Of what was demanded in {source_name} from {at:%Y-%m-%d %H:%M} on nothing was delivered before the "
            "export ends, so there is nothing to compare with. Split earlier with --at."
        )


@dataclass(frozen=True)
class Distance:
    """How far the simulated lies from the real, and two simulated runs from each other (the noise floor)."""

    distance: float
    noise: float


@dataclass(frozen=True)
class Level:
    """A figure of the real later part beside the mean of the simulated runs and their standard deviation."""

    real: float
    simulated: float
    deviation: float

    @property
    def error_ratio(self) -> float:
        """How far the simulated is off, as a share of the real; 0 where there is nothing of either."""
        return (self.simulated - self.real) / self.real if self.real else float(self.simulated > 0)


@dataclass(frozen=True)
class Backtest:
    """How well a fitted stream foretells a past that it has not seen.

    `lead_time` is the Wasserstein distance as a share of the mean real lead time, of the items demanded and delivered
    in the later part; `routes` the distance of three-step runs (0 the same, 1 nothing in common); `time_of_day` in
    hours. `throughput` is per week, `work_in_progress` at the end of a day, `demand` the number of items.
    """

    source_name: str
    at: datetime
    until_at: datetime
    observed_until: datetime
    with_hindsight: bool
    n_earlier: int
    n_later: int
    n_replications: int
    mean_lead_seconds: Level
    lead_time: Distance
    baselines: tuple[Baseline, ...]
    routes: Distance
    time_of_day: Distance
    demand: Level
    throughput: Level
    work_in_progress: Level
    step_waits: tuple[StepWait, ...]
    remarks: tuple[str, ...]


def backtest(
    log: EventLog,
    flow: Flow,
    *,
    at: datetime | None = None,
    with_hindsight: bool = False,
    n_replications: int = N_REPLICATIONS,
    seed: int = 0,
    progress: Progress = lambda _: None,
) -> Backtest:
    """Back-test a log that was cut into `flow`, split at `at` (by default where half of the steady demand has come).

    Fitted is what was known at the split; `with_hindsight`, what became of the earlier items to the end of the log,
    which tells how well a process is fitted, not how well it would have been foretold. Raises TooLittleToSplit,
    TooFewDepartures, NothingDelivered.
    """
    whole = items(flow)
    period = steady_period(whole.demand_at)
    steady = np.sort(whole.demand_at[(whole.demand_at >= period.since_at) & (whole.demand_at < period.until_at)])
    at = at or instant(steady[int(len(steady) * EARLIER_RATIO)])
    with TemporaryDirectory(prefix="millrace-") as place:
        folder = Path(place)
        parts = split(log, flow.about.stream, at, instant(period.until_at), folder, with_hindsight=with_hindsight)
        progress(0.1)
        fitted = fit(parts.earlier)
        progress(0.3)
        runs = []
        for run in replayed(fitted, parts, folder / "runs", n_replications=n_replications, seed=seed):
            runs.append(run)
            progress(0.3 + 0.7 * len(runs) / n_replications)
        return _compared(parts, fitted, runs, whole)


def _compared(parts: Split, fitted: Fit, runs: Sequence[Replayed], whole: Items) -> Backtest:
    since, until = _microseconds(parts.at), _microseconds(parts.until_at)
    later = items(parts.later)
    if not later.is_delivered.any():
        raise NothingDelivered(parts.later.about.source_name, parts.at)
    real = whole.demanded_before(until)
    found, all_found = [items(run.later) for run in runs], [items(run.whole) for run in runs]
    leads = [each.lead_seconds for each in found]
    return Backtest(
        source_name=parts.later.about.source_name,
        at=parts.at,
        until_at=parts.until_at,
        observed_until=parts.later.now_at,
        with_hindsight=parts.with_hindsight,
        n_earlier=parts.earlier.about.n_items,
        n_later=parts.later.about.n_items,
        n_replications=len(runs),
        mean_lead_seconds=_level(float(later.lead_seconds.mean()), [float(lead.mean()) for lead in leads]),
        lead_time=_apart(leads, later.lead_seconds, relative_wasserstein),
        baselines=baselines(
            items(parts.earlier), later, parts.later.about.last_at, with_hindsight=parts.with_hindsight
        ),
        routes=_apart([run.later for run in runs], parts.later, ngram_distance),
        time_of_day=_apart([run.later for run in runs], parts.later, circadian_distance),
        demand=_level(float(len(later.demand_at)), [float(len(each.demand_at)) for each in found]),
        throughput=_level(
            real.delivered_per_week(since, until), [each.delivered_per_week(since, until) for each in all_found]
        ),
        work_in_progress=_level(
            _mean(real.in_progress(since, until)), [_mean(each.in_progress(since, until)) for each in all_found]
        ),
        step_waits=step_waits(parts.later, [run.later for run in runs]),
        remarks=fitted.remarks,
    )


def _apart(simulated: Sequence[_Part], real: _Part, distance: Callable[[_Part, _Part], float]) -> Distance:
    """The mean distance of the simulated from the real, and of each two simulated from each other."""
    between = [distance(one, other) for one, other in combinations(simulated, 2)]
    return Distance(
        float(np.mean([distance(each, real) for each in simulated])), float(np.mean(between)) if between else 0.0
    )


def _level(real: float, simulated: Sequence[float]) -> Level:
    return Level(real, float(np.mean(simulated)), float(np.std(simulated)))


def _mean(values: npt.NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
