"""What is left out at the beginning, and how replications are summed up."""

import numpy as np
import pytest

from millrace.simulate.compare import estimate, odds_of_better
from millrace.simulate.warm_up import truncation


def test_a_series_that_rises_at_first_is_cut_where_it_has_risen() -> None:
    rng = np.random.default_rng(1)
    rising = np.minimum(np.arange(200) / 40, 1) * 10 + rng.normal(0, 0.5, 200)
    cut, is_settled = truncation(rising)
    assert 25 <= cut <= 45
    assert is_settled


def test_a_steady_series_is_not_cut() -> None:
    assert truncation(np.full(100, 3.0)) == (0, True)


def test_a_series_that_keeps_rising_is_told_not_to_settle() -> None:
    assert not truncation(np.arange(100.0))[1]


def test_an_interval_covers_the_true_mean_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    found = [estimate(list(rng.normal(5, 2, 8))) for _ in range(400)]
    assert np.mean([each.low <= 5 <= each.high for each in found]) == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(("differences", "expected"), [([-1.0] * 9, 0.95), ([1.0] * 9, 0.05), ([0.0] * 9, 0.5)])
def test_few_replications_are_never_certain(differences: list[float], expected: float) -> None:
    assert odds_of_better(differences, less_is_better=True) == pytest.approx(expected)


def test_what_is_neither_better_nor_worse_has_no_odds() -> None:
    assert odds_of_better([1.0], less_is_better=None) is None
