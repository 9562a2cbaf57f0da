"""Random numbers that hang on what they decide, and the durations drawn with them; compiled.

A number is a hash of seed, item, decision and visit: no sequence is consumed, so none can be disturbed.
(Whoever changes this module has the compiled engine made anew by saving `kernel.py` too.)
"""

from math import exp, log, log1p, sqrt
from typing import Any

import numba
import numpy as np

CONSTANT, EXPONENTIAL, UNIFORM, LOGNORMAL, WEIBULL, GAMMA, EMPIRICAL = range(7)
"""Codes of `distribution.FAMILIES`."""

MICROSECONDS = 1e6
MOST = 1e18
"""No duration is longer, in microseconds: instants have to stay whole numbers."""
_STEP, _ONE, _TWO = (np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_11, _27, _30, _31 = (np.uint64(number) for number in (11, 27, 30, 31))

_jit = numba.njit(cache=True, nogil=True)


@_jit  # type: ignore[untyped-decorator]
def mixed(number: Any) -> Any:
    """The next number of a well mixed sequence (the finaliser of splitmix64)."""
    number = number + _STEP
    number = (number ^ (number >> _30)) * _ONE
    number = (number ^ (number >> _27)) * _TWO
    return number ^ (number >> _31)


@_jit  # type: ignore[untyped-decorator]
def chance_of(seed: Any, item: Any, decision: Any, visit: int) -> Any:
    """64 random bits for one decision about one visit of one item."""
    return mixed(mixed(mixed(seed ^ item) ^ decision) + np.uint64(visit))


@_jit  # type: ignore[untyped-decorator]
def uniform(chance: Any) -> float:
    """A number strictly between 0 and 1."""
    return (float(chance >> _11) + 0.5) * (1.0 / 9007199254740992.0)


@_jit  # type: ignore[untyped-decorator]
def drawn(law: Any, quantiles: Any, chance: Any) -> int:
    """A duration in microseconds; greater chances give longer ones, except in the gamma family."""
    family, a, b = law.family, law.a, law.b
    if family == CONSTANT:
        seconds = a
    elif family == GAMMA:
        seconds = b * _gamma(a, chance)
    else:
        u = uniform(chance)
        if family == EXPONENTIAL:
            seconds = -a * log1p(-u)
        elif family == UNIFORM:
            seconds = a + (b - a) * u
        elif family == LOGNORMAL:
            seconds = a * exp(b * normal_quantile(u)) if a > 0 else 0.0
        elif family == WEIBULL:
            seconds = b * (-log1p(-u)) ** (1.0 / a)
        else:
            place = u * (law.n - 1)
            below = int(place)
            low = quantiles[law.first + below]
            seconds = low + (place - below) * (quantiles[law.first + below + 1] - low)
    return int(min(seconds * MICROSECONDS, MOST) + 0.5)


@_jit  # type: ignore[untyped-decorator]
def _gamma(shape: float, chance: Any) -> float:
    """Gamma of scale 1, by Marsaglia and Tsang's method."""
    boost = 1.0
    if shape < 1.0:
        chance = mixed(chance)
        boost = uniform(chance) ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / sqrt(9.0 * d)
    while True:
        chance = mixed(chance)
        x = normal_quantile(uniform(chance))
        v = (1.0 + c * x) ** 3
        chance = mixed(chance)
        if v > 0.0 and log(uniform(chance)) < 0.5 * x * x + d - d * v + d * log(v):
            return float(boost * d * v)


@_jit  # type: ignore[untyped-decorator]
def normal_quantile(p: float) -> float:
    """Inverse of the normal distribution function (Wichura's algorithm AS 241, its shorter form: 7 figures)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * (
            (((5.9109374720e1 * r + 1.5929113202e2) * r + 5.0434271938e1) * r + 3.3871327179e0)
            / (((6.7187563600e1 * r + 7.8757757664e1) * r + 1.7895169469e1) * r + 1.0)
        )
    r = sqrt(-log(p if q < 0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        x = (((1.7023821103e-1 * r + 1.3067284816e0) * r + 2.7568153900e0) * r + 1.4234372777e0) / (
            (1.2021132975e-1 * r + 7.3700164250e-1) * r + 1.0
        )
    else:
        r -= 5.0
        x = (((1.7337203997e-2 * r + 4.2868294337e-1) * r + 3.0812263860e0) * r + 6.6579051150e0) / (
            (1.2258202635e-2 * r + 2.4197894225e-1) * r + 1.0
        )
    return -x if q < 0 else x
