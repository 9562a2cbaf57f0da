"""The forecast of open work: when it will be done, what can be promised, and which items are in danger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.summary import PROBABILITIES, SECOND
from millrace.model.absent import Absent
from millrace.simulate.fit.fit import Fit, fit
from millrace.simulate.fit.instants import instant
from millrace.simulate.fit.open_work import last_visits, open_work
from millrace.simulate.forecast.breach import Breach, breaches
from millrace.simulate.forecast.completions import NOT_YET, completions

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Progress = Callable[[float], None]

N_REPLICATIONS = 200
HORIZON_LEADS = 4
"""Futures are simulated for so many times the lead time that 95 % keep to …"""
SHORTEST, LONGEST = timedelta(days=7), timedelta(days=400)
"""… within these bounds."""
N_MARKS = 12
"""Instants at which the number done is told."""


class NothingOpen(MillraceError):
    """A log in which no item is open."""

    slug = "nothing-open"

    def __init__(self, source_name: str) -> None:
        """Name the log."""
        super().__init__(
            f"No item of {source_name} is under way at its end, so there is nothing to foretell. "
            "Export open items too, not only closed ones."
        )


@dataclass(frozen=True)
class Expectation:
    """Lead times that shares of the items keep to, open items counted; None where fewer have left by then."""

    n_departures: int
    p50_seconds: float | None
    p85_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True)
class OpenForecast:
    """An open item: where it is, and what will become of it.

    `done_by_p50_at` and `done_by_p85_at` are when it is done in half and in 85 % of the futures (None: beyond the
    horizon). `breach` is the chance of missing the limit by items of its age and step, `simulated_breach_ratio` the
    share of futures in which it does.
    """

    key: str
    step: str
    demand_at: datetime
    age_seconds: float
    done_by_p50_at: datetime | None
    done_by_p85_at: datetime | None
    breach: Breach
    simulated_breach_ratio: float


@dataclass(frozen=True)
class Mark:
    """How many of the open items are done by an instant: the median future, and the range of 90 % of them."""

    at: datetime
    n_done: float
    n_done_low: float
    n_done_high: float


@dataclass(frozen=True)
class Forecast:
    """What becomes of the items open at `now_at`; those most in danger first.

    `limit_is_given` is False where the limit is what 85 % kept to.
    """

    source_name: str
    now_at: datetime
    until_at: datetime
    n_replications: int
    limit_seconds: float
    limit_is_given: bool
    expectation: Expectation
    items: tuple[OpenForecast, ...]
    marks: tuple[Mark, ...]
    remarks: tuple[str, ...]


def forecast(
    flow: Flow,
    *,
    within: timedelta | None = None,
    n_replications: int = N_REPLICATIONS,
    seed: int = 0,
    progress: Progress = lambda _: None,
) -> Forecast:
    """Forecast the work that is open at a flow's end. Raises NothingOpen, TooFewDepartures."""
    fitted = fit(flow)
    progress(0.2)
    waiting = open_work(fitted)
    if not waiting:
        raise NothingOpen(flow.about.source_name)
    expected = _expectation(fitted)
    limit = within.total_seconds() if within else _usual_limit(fitted)
    now_at, until_at = flow.now_at, flow.now_at + _horizon(fitted)
    left = completions(
        fitted,
        waiting,
        now_at,
        until_at,
        n_replications=n_replications,
        seed=seed,
        progress=lambda share: progress(0.2 + 0.8 * share),
    )
    return Forecast(
        flow.about.source_name,
        now_at,
        until_at,
        n_replications,
        limit,
        within is not None,
        expected,
        _items(fitted, left, limit),
        _marks(left, now_at, until_at),
        fitted.remarks,
    )


def _expectation(fitted: Fit) -> Expectation:
    past = fitted.history
    gone = past.weight > 0
    p50, p85, p95 = _quantiles(past.lead_seconds[gone], past.weight[gone])
    return Expectation(int(gone.sum()), p50, p85, p95)


def _quantiles(lead: Floats, weight: Floats) -> list[float]:
    order = np.argsort(lead, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    places = np.minimum(np.searchsorted(reached, PROBABILITIES), len(order) - 1)
    return [float(each) for each in lead[order][places]]


def _usual_limit(fitted: Fit) -> float:
    past = fitted.history
    gone = past.weight > 0
    return _quantiles(past.lead_seconds[gone], past.weight[gone])[1]


def _horizon(fitted: Fit) -> timedelta:
    past = fitted.history
    gone = past.weight > 0
    longest = _quantiles(past.lead_seconds[gone], past.weight[gone])[2]
    return min(max(timedelta(seconds=HORIZON_LEADS * longest), SHORTEST), LONGEST)


def _items(fitted: Fit, left: Ints, limit: float) -> tuple[OpenForecast, ...]:
    """Every open item, those whose chance of a breach is undecided and high first, then those that are late."""
    past = fitted.history
    visits = past.visits
    last = last_visits(fitted)
    item = visits.item[last]
    age = (past.flow.about.last_at - past.demand_at[item]) / SECOND
    told = breaches(past, visits.step[last], age, limit)
    simulated = (left > past.demand_at[item] + round(limit * SECOND)).mean(axis=0)
    halves, most = (np.quantile(left.astype(np.float64), p, axis=0, method="higher") for p in (0.5, 0.85))
    keys = _keys(past.flow)
    rows = [
        OpenForecast(
            keys[code],
            past.steps[step].step,
            instant(past.demand_at[code]),
            float(age[k]),
            _at(halves[k]),
            _at(most[k]),
            told[k],
            float(simulated[k]),
        )
        for k, (code, step) in enumerate(zip(item.tolist(), visits.step[last].tolist(), strict=True))
    ]
    return tuple(sorted(rows, key=lambda each: (each.age_seconds >= limit, -_danger(each), -each.age_seconds)))


def _danger(item: OpenForecast) -> float:
    return item.simulated_breach_ratio if isinstance(item.breach.chance, Absent) else item.breach.chance


def _at(microseconds: float) -> datetime | None:
    return None if microseconds >= float(NOT_YET) else instant(int(microseconds))


def _keys(flow: Flow) -> list[str]:
    """What people call each item, in the order of codes."""
    items = flow.items.join(flow.attribute(flow.key_column), "last_row").order_by("item").select("label")
    return [str(label) for label in items.to_pyarrow()["label"].to_pylist()]


def _marks(left: Ints, now_at: datetime, until_at: datetime) -> tuple[Mark, ...]:
    """How many are done at instants that lie closer where more happens."""
    steps = (np.arange(1, N_MARKS + 1) / N_MARKS) ** 2
    marks = [now_at + float(step) * (until_at - now_at) for step in steps]
    rows = []
    for at in marks:
        n_done = (left <= round(at.timestamp() * SECOND)).sum(axis=1)
        low, middle, high = np.quantile(n_done, [0.05, 0.5, 0.95])
        rows.append(Mark(at, float(middle), float(low), float(high)))
    return tuple(rows)
