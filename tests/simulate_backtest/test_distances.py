"""How far a simulated past lies from the real one; by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from millrace.simulate.backtest.backtest import Distance, Level
from millrace.simulate.backtest.baselines import baselines
from millrace.simulate.backtest.distances import _grams, relative_wasserstein, wasserstein_of_hours
from millrace.simulate.backtest.items import WEEK, Items
from millrace.simulate.backtest.verdict import Trust, verdicts
from millrace.simulate.fit.life_table import NOT_YET

DAY = WEEK // 7


def test_a_distribution_shifted_by_an_hour_lies_an_hour_away() -> None:
    real = np.array([3600.0, 7200.0, 10800.0])

    assert relative_wasserstein(real + 3600, real) == pytest.approx(0.5)


def test_runs_of_steps_are_told_with_their_ends() -> None:
    """A, B and A: of the runs of two, the beginning before A is there twice."""
    grams = _grams(np.array([0, 0, 1]), np.array([0, 1, 0]), n_steps=2, n=2)

    assert sorted(grams.values()) == pytest.approx([0.2, 0.2, 0.2, 0.4])


def test_events_an_hour_later_are_an_hour_away() -> None:
    nine, ten = np.zeros(24), np.zeros(24)
    nine[9], ten[10] = 1, 5

    assert wasserstein_of_hours(ten, nine) == pytest.approx(1.0)


def test_deliveries_are_a_rate_per_week_and_work_in_progress_is_counted_day_by_day() -> None:
    items = Items(
        np.array([0, 0, 3 * DAY], np.int64), np.array([DAY, NOT_YET, 8 * DAY], np.int64), np.array([True, False, True])
    )

    assert items.delivered_per_week(0, 2 * WEEK) == 1.0
    assert items.delivered_per_week(0, 2 * DAY) == 3.5
    assert items.in_progress(0, 4 * DAY).tolist() == [1.0, 1.0, 2.0, 2.0]


def test_a_guess_that_repeats_the_past_is_right_where_nothing_changes() -> None:
    generator = np.random.default_rng(2)
    demand_at = np.arange(2_000, dtype=np.int64) * DAY // 20
    left_at = demand_at + (generator.exponential(1.0, 2_000) * DAY).astype(np.int64)
    items = Items(demand_at, left_at, np.ones(2_000, bool))
    found = {each.name: each.distance_ratio for each in baselines(items, items, int(left_at.max()))}

    assert found["all earlier lead times"] < 0.08
    assert found["their mean"] == pytest.approx(2 / np.e, abs=0.05)


def _tested(distance: float, noise: float, best_guess: float, throughput: Level) -> Any:
    near = Distance(0.01, 0.01)
    return SimpleNamespace(
        lead_time=Distance(distance, noise),
        baselines=(SimpleNamespace(name="their mean", distance_ratio=best_guess),),
        routes=near,
        time_of_day=near,
        demand=throughput,
        throughput=throughput,
        work_in_progress=throughput,
    )


@pytest.mark.parametrize(
    ("distance", "noise", "best_guess", "trust"),
    [
        (0.10, 0.06, 0.5, Trust.TRUSTWORTHY),
        (0.04, 0.01, 0.5, Trust.TRUSTWORTHY),
        (0.20, 0.05, 0.5, Trust.ROUGH),
        (0.20, 0.05, 0.1, Trust.NOT_TRUSTWORTHY),
        (0.60, 0.05, 0.9, Trust.NOT_TRUSTWORTHY),
    ],
)
def test_lead_times_are_trusted_near_the_noise_and_where_they_beat_every_guess(
    distance: float, noise: float, best_guess: float, trust: Trust
) -> None:
    verdict = verdicts(_tested(distance, noise, best_guess, Level(100, 100, 5)))[0]

    assert verdict.trust is trust
    assert ("no nearer" in verdict.sentence) == (distance >= best_guess)


@pytest.mark.parametrize(
    ("level", "trust"),
    [
        (Level(100, 105, 1), Trust.TRUSTWORTHY),
        (Level(100, 120, 15), Trust.TRUSTWORTHY),
        (Level(100, 120, 2), Trust.ROUGH),
        (Level(100, 160, 5), Trust.NOT_TRUSTWORTHY),
    ],
)
def test_figures_are_trusted_within_a_tenth_or_within_what_runs_differ(level: Level, trust: Trust) -> None:
    throughput = next(each for each in verdicts(_tested(0.1, 0.1, 1.0, level)) if each.subject == "throughput")

    assert throughput.trust is trust
