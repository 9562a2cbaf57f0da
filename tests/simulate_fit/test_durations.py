"""The distribution that durations follow."""

import numpy as np
import pytest

from millrace.simulate.distribution import Family
from millrace.simulate.fit.durations import fitted_duration, observed

N = 1_500


def _drawn(family: Family) -> np.ndarray:
    generator = np.random.default_rng(5)
    return {
        Family.EXPONENTIAL: lambda: generator.exponential(3600, N),
        Family.LOGNORMAL: lambda: generator.lognormal(8, 0.6, N),
        Family.GAMMA: lambda: generator.gamma(6, 900, N),
        Family.WEIBULL: lambda: 3600 * generator.weibull(0.5, N),
    }[family]()


@pytest.mark.parametrize("family", [Family.EXPONENTIAL, Family.LOGNORMAL, Family.GAMMA, Family.WEIBULL])
def test_the_family_that_durations_were_drawn_from_is_found_with_their_mean(family: Family) -> None:
    seconds = _drawn(family)
    fitted = fitted_duration(seconds).distribution

    # An exponential is a gamma and a Weibull too; those may win by a hair.
    alike = {Family.EXPONENTIAL: {Family.EXPONENTIAL, Family.GAMMA, Family.WEIBULL}}.get(family, {family})
    assert fitted.family in alike
    assert fitted.mean_seconds == pytest.approx(seconds.mean(), rel=0.05)


def test_durations_that_follow_no_formula_are_kept_as_observed() -> None:
    generator = np.random.default_rng(5)
    seconds = np.concatenate([generator.normal(1_000, 50, 500), generator.normal(9_000, 100, 500)])

    assert fitted_duration(seconds).distribution.family is Family.EMPIRICAL


def test_durations_without_a_spread_are_a_constant() -> None:
    assert fitted_duration(np.full(40, 900.0)).distribution.parameters == (900.0,)


def test_weights_count_as_copies() -> None:
    seconds, weights = np.array([10.0, 20.0, 40.0]), np.array([1.0, 2.0, 1.0])

    assert observed(seconds, weights).mean_seconds == pytest.approx(np.average(seconds, weights=weights), rel=0.02)


def test_the_mean_of_what_was_observed_is_kept_also_with_a_long_tail() -> None:
    seconds = np.random.default_rng(6).lognormal(8, 2.5, 700)

    assert observed(seconds, np.ones(700)).mean_seconds == pytest.approx(seconds.mean(), rel=1e-6)
