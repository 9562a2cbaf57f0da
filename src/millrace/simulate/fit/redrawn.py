"""Streams that the same past might have told as well: what a fit does not know, drawn anew.

A past is a sample. A rate told by 400 items may be off by a twentieth, a share told by 30 visits by more. Forecasts
from one fitted stream would hide that; runs of redrawn streams scatter as wide as what is known allows.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from millrace.simulate.fit.fit import Fit
from millrace.simulate.simulated_stream import (
    Arrivals,
    Patience,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    Wait,
    Way,
    WorkRule,
)

Floats = npt.NDArray[np.float64]


def redrawn(fit: Fit, generator: np.random.Generator) -> SimulatedStream:
    """One stream near the fitted one, as far off as chance may have been in the past that it was fitted to."""
    past = fit.history
    number = {step.name: code for code, step in enumerate(past.steps)}
    demand = replace(fit.stream.demand, arrivals=_arrivals(fit, generator))
    return replace(
        fit.stream,
        demand=demand,
        steps=tuple(_step(fit, step, number[step.name], generator) for step in fit.stream.steps),
        entry=_routes(fit.stream.entry, int((past.weight > 0).sum()), generator),
    )


def foretold_range(outcomes: Floats) -> tuple[float, float]:
    """The range in which one more outcome like these (above 0) lies with 95 %.

    Told on the scale of logarithms, by their spread: the outermost of a few dozen runs would leave out too many.
    """
    from scipy.stats import t

    logs = np.log(outcomes)
    n = len(logs)
    reach = float(t.ppf(0.975, n - 1)) * float(logs.std(ddof=1)) * np.sqrt(1 + 1 / n)
    return float(np.exp(logs.mean() - reach)), float(np.exp(logs.mean() + reach))


def _arrivals(fit: Fit, generator: np.random.Generator) -> Arrivals:
    """The rate, off by the standard error of a count whose days vary as they do."""
    arrivals = fit.stream.demand.arrivals
    assert isinstance(arrivals, Arrivals), "a fit draws its demand"
    n_days = max((fit.period.until_at - fit.period.since_at) / 86_400_000_000, 1.0)
    n_arrivals = fit.period.n_items / arrivals.n_per_arrival
    error2 = arrivals.gap_variation**2 * arrivals.n_per_arrival / n_arrivals + arrivals.day_variation**2 / n_days
    return replace(arrivals, per_hour=tuple((np.array(arrivals.per_hour) * _factor(error2, generator)).tolist()))


def _step(fit: Fit, step: SimulatedStep, code: int, generator: np.random.Generator) -> SimulatedStep:
    past = fit.history
    visits = np.flatnonzero((past.visits.step == code) & (past.visit_weight > 0))
    return replace(
        step,
        work=_work(step.work, fit.capacities.work_seconds[visits], generator),
        routes=_routes(step.routes, len(visits), generator),
        waits=tuple(_wait(wait, len(visits), len(step.waits), generator) for wait in step.waits),
        patience=tuple(_patience(each, len(visits), generator) for each in step.patience),
    )


def _work(rules: tuple[WorkRule, ...], seconds: Floats, generator: np.random.Generator) -> tuple[WorkRule, ...]:
    """All work of the step longer or shorter by the standard error of its mean."""
    mean = float(seconds.mean()) if len(seconds) else 0.0
    factor = _factor(float(seconds.var()) / mean**2 / len(seconds), generator) if mean else 1.0
    return tuple(
        replace(rule, ways=tuple(replace(way, time=way.time.scaled(factor)) for way in rule.ways)) for rule in rules
    )


def _routes(rules: tuple[RouteRule, ...], n_moves: int, generator: np.random.Generator) -> tuple[RouteRule, ...]:
    """Shares from the Dirichlet distribution that so many moves leave."""
    each = max(n_moves / max(len(rules), 1), 1.0)
    return tuple(replace(rule, ways=_ways(rule.ways, each, generator)) for rule in rules)


def _ways(ways: tuple[Way, ...], n_moves: float, generator: np.random.Generator) -> tuple[Way, ...]:
    if len(ways) < 2:
        return ways
    shares = generator.dirichlet([way.share_ratio * n_moves + 1e-3 for way in ways])
    return tuple(replace(way, share_ratio=float(share)) for way, share in zip(ways, shares, strict=True))


def _wait(wait: Wait, n_visits: int, n_waits: int, generator: np.random.Generator) -> Wait:
    n = max(n_visits / max(n_waits, 1), 1.0)
    share = float(generator.beta(wait.share_ratio * n + 0.5, (1 - wait.share_ratio) * n + 0.5))
    # A wait varies about as much as its mean; nothing better is at hand for every family.
    return replace(
        wait, share_ratio=share, time=wait.time.scaled(_factor(1 / max(n * wait.share_ratio, 1.0), generator))
    )


def _patience(patience: Patience, n_visits: int, generator: np.random.Generator) -> Patience:
    """How many lose patience, and after how long, as so many visits leave open."""
    share = float(generator.beta(patience.share_ratio * n_visits + 0.5, (1 - patience.share_ratio) * n_visits + 0.5))
    factor = _factor(1 / max(n_visits * patience.share_ratio, 1.0), generator)
    return replace(patience, share_ratio=share, time=patience.time.scaled(factor))


def _factor(error2: float, generator: np.random.Generator) -> float:
    """A factor of mean 1 with this variance."""
    spread = np.sqrt(np.log1p(max(error2, 0.0)))
    return float(np.exp(generator.normal(-(spread**2) / 2, spread)))
