"""How demand arrives, told from when it did."""

from datetime import datetime

import numpy as np
import pytest

from millrace.simulate.fit.arrivals import DAY, HOUR, WEEK, arrivals, steady_period

MONDAY = int(datetime.fromisoformat("2024-01-01T00:00:00+00:00").timestamp()) * 1_000_000


def _poisson(per_hour: np.ndarray, n_weeks: int, seed: int = 1) -> np.ndarray:
    """Instants of a Poisson process with a rate for each hour of the week."""
    generator = np.random.default_rng(seed)
    counts = generator.poisson(np.tile(per_hour, n_weeks))
    begins = MONDAY + HOUR * np.repeat(np.arange(len(counts)), counts)
    return np.sort(begins + generator.integers(0, HOUR, len(begins)))


def _office_rate() -> np.ndarray:
    rate = np.zeros((7, 24))
    rate[:5, 8:18] = 5.0
    return rate.ravel()


def test_the_rhythm_of_the_week_is_recovered() -> None:
    demand_at = _poisson(_office_rate(), 26)
    fitted = arrivals(demand_at, steady_period(demand_at), "UTC")

    found = np.array(fitted.per_hour)
    assert sum(fitted.per_hour) == pytest.approx(250, rel=0.05)
    assert found[_office_rate() == 0].max() < 0.05
    assert found[_office_rate() > 0].min() > 3.5
    assert fitted.day_variation < 0.08
    assert fitted.growth_per_week_ratio == 0


def test_growth_is_told_only_where_it_is_sure() -> None:
    generator = np.random.default_rng(2)
    week = np.repeat(np.arange(30), generator.poisson(200 * 1.02 ** np.arange(30)))
    demand_at = MONDAY + np.sort(week * WEEK + generator.integers(0, WEEK, len(week)))

    fitted = arrivals(demand_at, steady_period(demand_at), "UTC")

    assert fitted.growth_per_week_ratio == pytest.approx(0.02, abs=0.004)


def test_items_that_come_together_are_told_apart_from_a_higher_rate() -> None:
    alone = _poisson(np.full(168, 2.0), 10)
    fitted = arrivals(np.repeat(alone, 3), steady_period(np.repeat(alone, 3)), "UTC")

    assert fitted.n_per_arrival == pytest.approx(3)
    assert sum(fitted.per_hour) == pytest.approx(3 * 336, rel=0.06)


def test_days_that_differ_more_than_chance_allows_are_told() -> None:
    generator = np.random.default_rng(3)
    per_day = generator.poisson(100 * generator.gamma(4, 0.25, 140))
    demand_at = np.sort(MONDAY + np.repeat(np.arange(140), per_day) * DAY + generator.integers(0, DAY, per_day.sum()))

    fitted = arrivals(demand_at, steady_period(demand_at), "UTC")

    assert fitted.day_variation == pytest.approx(0.5, abs=0.12)


def test_stragglers_before_and_after_are_no_part_of_the_steady_period() -> None:
    usual = _poisson(np.full(168, 3.0), 8)
    stragglers = MONDAY + WEEK * np.array([-20, -9, 30, 41])
    period = steady_period(np.concatenate([stragglers, usual]))

    assert period.n_left_out == len(stragglers)
    assert period.n_items == len(usual)


def test_lean_weeks_among_full_ones_are_no_end_of_the_steady_period() -> None:
    generator = np.random.default_rng(4)
    counts = np.where(np.arange(40) % 3 == 0, 300, 5)
    demand_at = MONDAY + np.sort(np.repeat(np.arange(40), counts) * WEEK + generator.integers(0, WEEK, counts.sum()))

    assert steady_period(demand_at).n_items > 0.8 * len(demand_at)
