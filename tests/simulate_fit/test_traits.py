"""What distinguishes items, and which of them are under way."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from millrace.simulate.fit.courses import courses
from millrace.simulate.fit.past_visits import TO_VALUE, Visits
from millrace.simulate.fit.recency import heard_from
from millrace.simulate.fit.traits import OTHER, _grouped, smoothed_shares
from millrace.simulate.fit.under_way import under_way

HOUR = 3_600_000_000
DAY = 24 * HOUR


def _visits(item: Any, step: Any, began_at: Any, ended_at: Any, to: Any) -> Visits:
    item, step, began_at, ended_at, to = (np.asarray(each, np.int64) for each in (item, step, began_at, ended_at, to))
    nothing = np.zeros((len(item), 8))
    return Visits(
        item, step, np.ones(len(item), np.int64), item * 0 - 1, began_at, ended_at, to, item * 0.0, nothing, nothing
    )


def _past(hours: np.ndarray) -> Any:
    """Items with a visit of step 0 and one of step 1, whose lengths are the columns of `hours`."""
    n = len(hours)
    item, step = np.repeat(np.arange(n), 2), np.tile([0, 1], n)
    visits = _visits(item, step, item * 0, item * 0, np.tile([1, TO_VALUE], n))
    flow = SimpleNamespace(about=SimpleNamespace(last_at=0))
    return SimpleNamespace(visits=visits, weight=np.ones(n), is_open=np.zeros(n, bool), flow=flow)


def test_items_that_are_slow_in_every_step_make_a_course_of_their_own() -> None:
    generator = np.random.default_rng(4)
    is_slow = generator.random(600) < 0.3
    hours = generator.lognormal(0, 0.4, (600, 2)) * np.where(is_slow, 40.0, 1.0)[:, None]

    course = courses(_past(hours), hours.ravel() * 3600, hours.sum(axis=1) * 3600)

    assert course.max() == 1
    assert (course == is_slow).mean() > 0.98


def test_items_whose_steps_are_independent_take_one_course() -> None:
    hours = np.random.default_rng(4).lognormal(0, 0.8, (600, 2))

    assert courses(_past(hours), hours.ravel() * 3600, hours.sum(axis=1) * 3600).max() == 0


def test_rare_values_are_put_together() -> None:
    labels = np.array(["a"] * 70 + ["b"] * 29 + ["c"])

    assert set(_grouped(labels)) == {"a", "b", OTHER}


def test_shares_of_few_lean_on_those_of_all() -> None:
    shares = smoothed_shares(np.array([0] * 90 + [1]), np.array([0] * 45 + [1] * 45 + [1]), np.ones(91), 2, 2)

    assert abs(shares[0, 0] - 0.5) < 0.02
    assert 0.6 < shares[1, 1] < 0.9


def test_an_item_whose_last_step_always_leads_on_is_under_way_unless_long_silent() -> None:
    """Forty items register, then end an hour later; one has just registered, another did so long ago."""
    n = 40
    item = np.concatenate([np.repeat(np.arange(n), 2), [n, n + 1]])
    step = np.concatenate([np.tile([0, 1], n), [0, 0]])
    began = np.concatenate([np.repeat(np.arange(n) * DAY, 2) + np.tile([0, HOUR], n), [n * DAY, 2 * DAY]])
    visits = _visits(item, step, began, began, np.full(len(item), TO_VALUE))

    mask = under_way(visits, n + 2, n * DAY + HOUR // 2)

    assert np.flatnonzero(mask).tolist() == [n]


def test_the_past_is_forgotten_where_it_no_longer_resembles_the_present() -> None:
    generator = np.random.default_rng(8)
    demand_at = np.sort(generator.integers(0, 100 * DAY, 4_000))
    mean = np.where(demand_at < 50 * DAY, 3.0, 1.0) * DAY
    left_at = demand_at + (generator.exponential(1.0, 4_000) * mean).astype(np.int64)
    known = np.where(left_at < 100 * DAY, left_at, np.iinfo(np.int64).max)

    since = heard_from(demand_at, known, 100 * DAY)

    assert since is not None
    assert since > 40 * DAY
    steady = demand_at + (generator.exponential(1.0, 4_000) * DAY).astype(np.int64)
    assert heard_from(demand_at, np.where(steady < 100 * DAY, steady, np.iinfo(np.int64).max), 100 * DAY) is None
