"""The distribution that durations follow: the family that foretells those held out best, or what was observed.

Every candidate is fitted to four fifths of the durations and judged by the likelihood of the last fifth, in turns.
Durations are rounded by nature (seconds, minutes), so likelihoods are those of intervals, not of points.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.simulate.distribution import (
    Distribution,
    Family,
    constant,
    empirical,
    exponential,
    weibull,
)

Floats = npt.NDArray[np.float64]

N_FOLDS = 5
LEAST_FOR_EMPIRICAL = 25
"""Durations from which on their own quantiles can be trusted beside a formula."""
LEAST_FOR_FAMILIES = 8
MOST_JUDGED = 2_000
"""Beyond so many, a random part of them judges."""
MOST_QUANTILES = 1_000
RESOLUTION = 1.0
"""Seconds within which durations are the same."""
MOST_DRIFT_RATIO = 0.1
"""How far, as a share, the mean of a formula may lie from that of the durations."""
ALIKE_RATIO = 0.001
"""A spread of less than this share of the mean is none."""


@dataclass(frozen=True)
class FittedDuration:
    """A distribution, from how many durations, and by how much each beats an exponential one per held-out duration."""

    distribution: Distribution
    n: int
    gain: float = 0.0


def fitted_duration(seconds: Floats, weights: Floats | None = None, seed: int = 0) -> FittedDuration:
    """The best distribution of `seconds`, each counted with its weight."""
    weights = np.ones(len(seconds)) if weights is None else weights
    heard = weights > 0
    seconds, weights = seconds[heard], weights[heard]
    if not len(seconds):
        return FittedDuration(constant(0.0), 0)
    mean = float(np.average(seconds, weights=weights))
    if float(np.ptp(seconds)) <= max(RESOLUTION, ALIKE_RATIO * mean):
        return FittedDuration(constant(mean), len(seconds))
    if len(seconds) < LEAST_FOR_FAMILIES:
        return FittedDuration(observed(seconds, weights), len(seconds))
    family, gain = _best_family(seconds, weights, mean, seed)
    return FittedDuration(_FITS[family](seconds, weights), len(seconds), gain)


def observed(seconds: Floats, weights: Floats) -> Distribution:
    """What was observed, as quantiles between which straight lines run, with the mean that was observed."""
    order = np.argsort(seconds, kind="stable")
    reached = np.cumsum(weights[order])
    n = min(max(len(seconds), 2), MOST_QUANTILES)
    # The middle of each of n equal parts of probability: their plain mean is that of the sample.
    bounds = np.concatenate(([0.0], reached)) / reached[-1]
    integral = np.concatenate(([0.0], np.cumsum(seconds[order] * weights[order]))) / reached[-1]
    parts = np.diff(np.interp(np.linspace(0, 1, n + 1), bounds, integral)) * n
    return empirical(_between(np.maximum.accumulate(np.maximum(parts, 0.0))))


def _between(parts: Floats) -> tuple[float, ...]:
    """Quantiles at n + 1 evenly spaced levels so that straight lines between them have the means `parts`, nearly.

    Inner quantiles lie midway between neighbouring parts; the ends lie so that the mean of all is kept.
    """
    inner = (parts[1:] + parts[:-1]) / 2
    low = max(2 * parts[0] - inner[0], 0.0)
    high = 2 * (float(parts.sum()) - float(inner.sum())) - low
    return (float(low), *(float(each) for each in inner), max(float(high), float(inner[-1])))


def _best_family(seconds: Floats, weights: Floats, mean: float, seed: int) -> tuple[Family, float]:
    """The family and its gain; one whose mean leaves that of the durations would distort every load."""
    keeps = [f for f in _FITS if abs(_FITS[f](seconds, weights).mean_seconds / mean - 1) <= MOST_DRIFT_RATIO]
    generator = np.random.default_rng(seed)
    chosen = generator.permutation(len(seconds))[:MOST_JUDGED]
    seconds, weights = seconds[chosen], weights[chosen]
    candidates = [f for f in keeps if f is not Family.EMPIRICAL or len(seconds) >= LEAST_FOR_EMPIRICAL]
    fold = np.arange(len(seconds)) % N_FOLDS
    scores = dict.fromkeys(candidates, 0.0)
    for k in range(N_FOLDS):
        known, held = fold != k, fold == k
        for family in candidates:
            fitted = _FITS[family](seconds[known], weights[known])
            scores[family] += float(weights[held] @ _log_likelihood(fitted, seconds[held]))
    best = max(candidates, key=lambda family: scores[family])
    return best, (scores[best] - scores[Family.EXPONENTIAL]) / float(weights.sum())


def _log_likelihood(distribution: Distribution, seconds: Floats) -> Floats:
    """Of each duration, the logarithm of the probability of the interval around it."""
    half = np.maximum(RESOLUTION, 0.02 * seconds) / 2
    within = cumulative(distribution, seconds + half) - cumulative(distribution, np.maximum(seconds - half, -1.0))
    return np.log(np.maximum(within / (2 * half), 1e-12))


def cumulative(distribution: Distribution, seconds: Floats) -> Floats:
    """The share of durations up to each of `seconds`."""
    from scipy import special

    p, x = distribution.parameters, np.maximum(seconds, 0.0)
    if distribution.family is Family.EXPONENTIAL:
        reached = -np.expm1(-x / max(p[0], 1e-9))
    elif distribution.family is Family.LOGNORMAL:
        reached = special.ndtr(np.log(np.maximum(x, 1e-9) / p[0]) / p[1])
    elif distribution.family is Family.GAMMA:
        reached = special.gammainc(p[0], x / p[1])
    elif distribution.family is Family.WEIBULL:
        reached = -np.expm1(-np.exp(np.minimum(p[0] * np.log(np.maximum(x, 1e-9) / p[1]), 600.0)))
    else:
        levels = np.linspace(0, 1, len(p))
        steps = np.asarray(p) + np.arange(len(p)) * 1e-6  # equal quantiles are a leap
        reached = np.interp(x, steps, levels, left=0.0, right=1.0)
    return np.where(seconds < 0, 0.0, np.asarray(reached))


def _exponential(seconds: Floats, weights: Floats) -> Distribution:
    return exponential(float(np.average(seconds, weights=weights)))


def _logarithms(seconds: Floats) -> Floats:
    """Logarithms of durations, none of them shorter than what clocks tell apart."""
    return np.log(np.maximum(seconds, RESOLUTION / 2))


def _lognormal(seconds: Floats, weights: Floats) -> Distribution:
    logs = _logarithms(seconds)
    middle = float(np.average(logs, weights=weights))
    spread = float(np.sqrt(np.average((logs - middle) ** 2, weights=weights)))
    return Distribution(Family.LOGNORMAL, (math.exp(middle), max(spread, 1e-3)))


def _gamma(seconds: Floats, weights: Floats) -> Distribution:
    """By maximum likelihood: Minka's fixed point for the shape."""
    from scipy.special import digamma, polygamma

    held = np.maximum(seconds, RESOLUTION / 2)
    mean = float(np.average(held, weights=weights))
    gap = max(math.log(mean) - float(np.average(np.log(held), weights=weights)), 1e-6)
    shape = (3 - gap + math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(4):
        shape = 1 / (
            1 / shape + (-gap + math.log(shape) - digamma(shape)) / (shape**2 * (1 / shape - polygamma(1, shape)))
        )
    return Distribution(Family.GAMMA, (float(shape), mean / float(shape)))


def _weibull(seconds: Floats, weights: Floats) -> Distribution:
    """By maximum likelihood: Newton's method for the shape."""
    logs, shares = _logarithms(seconds), weights / weights.sum()
    middle = float(shares @ logs)
    centred = logs - middle
    shape = 1.2 / max(float(np.sqrt(shares @ centred**2)), 1e-3)
    for _ in range(8):
        powers = shares * np.exp(np.clip(shape * centred, -600, 600))
        total, first, second = float(powers.sum()), float(powers @ centred), float(powers @ centred**2)
        slope = 1 / shape**2 + second / total - (first / total) ** 2
        shape = max(shape + (1 / shape - first / total) / slope, shape / 3)
    scale = math.exp(middle) * total ** (1 / shape)
    return weibull(float(shape), float(scale))


_FITS: dict[Family, Callable[[Floats, Floats], Distribution]] = {
    Family.EXPONENTIAL: _exponential,
    Family.LOGNORMAL: _lognormal,
    Family.GAMMA: _gamma,
    Family.WEIBULL: _weibull,
    Family.EMPIRICAL: observed,
}
