"""How long something takes: a family of distributions with its parameters. Durations are seconds."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from millrace.errors import MillraceError


class Family(StrEnum):
    """The shape of a distribution, and what its parameters mean."""

    CONSTANT = "constant"
    """(seconds)"""
    EXPONENTIAL = "exponential"
    """(mean)"""
    UNIFORM = "uniform"
    """(least, most)"""
    LOGNORMAL = "lognormal"
    """(median, sigma of the logarithm)"""
    WEIBULL = "weibull"
    """(shape, scale)"""
    GAMMA = "gamma"
    """(shape, scale)"""
    EMPIRICAL = "empirical"
    """Quantiles at evenly spaced levels from 0 to 1, at least two, ascending; between them, straight lines"""


FAMILIES: tuple[Family, ...] = tuple(Family)
"""Families in the order of their codes in the compiled engine."""

_N_PARAMETERS = {Family.CONSTANT: 1, Family.EXPONENTIAL: 1}
_SCALED_FROM = {Family.LOGNORMAL: (0,), Family.WEIBULL: (1,), Family.GAMMA: (1,)}
"""Which parameters are durations; of the families not named, all are."""


class ImpossibleDuration(MillraceError):
    """The parameters of a distribution describe no duration."""

    slug = "impossible-duration"

    def __init__(self, distribution: "Distribution", why: str) -> None:
        """Show the parameters and what is wrong with them."""
        shown = ", ".join(f"{parameter:g}" for parameter in distribution.parameters)
        super().__init__(f"The {distribution.family} distribution ({shown}) describes no duration: {why}.")


@dataclass(frozen=True)
class Distribution:
    """A distribution of durations; see `Family` for its parameters. Raises ImpossibleDuration."""

    family: Family
    parameters: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what describes no duration."""
        parameters, family = self.parameters, self.family
        if not all(math.isfinite(parameter) for parameter in parameters):
            raise ImpossibleDuration(self, "a parameter is not a finite number")
        if family is Family.EMPIRICAL:
            if len(parameters) < 2:
                raise ImpossibleDuration(self, "it needs at least two quantiles")
            if list(parameters) != sorted(parameters):
                raise ImpossibleDuration(self, "its quantiles do not ascend")
        elif len(parameters) != _N_PARAMETERS.get(family, 2):
            raise ImpossibleDuration(self, f"it has {_N_PARAMETERS.get(family, 2)} parameters")
        if min(parameters) < 0:
            raise ImpossibleDuration(self, "time does not run backwards, so nothing may be negative")
        if family is Family.UNIFORM and parameters[0] > parameters[1]:
            raise ImpossibleDuration(self, "the least is more than the most")
        if family in (Family.WEIBULL, Family.GAMMA) and parameters[0] == 0:
            raise ImpossibleDuration(self, "its shape must be above 0")

    @property
    def mean_seconds(self) -> float:
        """The mean, in seconds."""
        first, last = self.parameters[0], self.parameters[-1]
        if self.family is Family.UNIFORM:
            return (first + last) / 2
        if self.family is Family.LOGNORMAL:
            return first * math.exp(last**2 / 2)
        if self.family is Family.WEIBULL:
            return last * math.gamma(1 + 1 / first)
        if self.family is Family.GAMMA:
            return first * last
        if self.family is Family.EMPIRICAL:
            between = len(self.parameters) - 1
            return (sum(self.parameters) - (first + last) / 2) / between
        return first

    def scaled(self, factor: float) -> "Distribution":
        """The same shape, every duration `factor` times as long."""
        scaled = _SCALED_FROM.get(self.family, range(len(self.parameters)))
        return replace(self, parameters=tuple(p * factor if i in scaled else p for i, p in enumerate(self.parameters)))


def constant(seconds: float) -> Distribution:
    """Always the same."""
    return Distribution(Family.CONSTANT, (seconds,))


def exponential(mean_seconds: float) -> Distribution:
    """Without memory."""
    return Distribution(Family.EXPONENTIAL, (mean_seconds,))


def uniform(least_seconds: float, most_seconds: float) -> Distribution:
    """Anything between two bounds, equally likely."""
    return Distribution(Family.UNIFORM, (least_seconds, most_seconds))


def lognormal(mean_seconds: float, variation: float) -> Distribution:
    """Lognormal by its mean and its coefficient of variation."""
    sigma2 = math.log1p(variation**2)
    return Distribution(Family.LOGNORMAL, (mean_seconds * math.exp(-sigma2 / 2), math.sqrt(sigma2)))


def gamma(mean_seconds: float, variation: float) -> Distribution:
    """Gamma by its mean and its coefficient of variation (above 0)."""
    return Distribution(Family.GAMMA, (variation**-2, mean_seconds * variation**2))


def weibull(shape: float, scale_seconds: float) -> Distribution:
    """Weibull by shape and scale."""
    return Distribution(Family.WEIBULL, (shape, scale_seconds))


def empirical(quantiles_seconds: tuple[float, ...]) -> Distribution:
    """What was observed: quantiles at evenly spaced levels from the least to the most."""
    return Distribution(Family.EMPIRICAL, quantiles_seconds)
