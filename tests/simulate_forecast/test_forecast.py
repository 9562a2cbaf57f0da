"""The forecast of open work."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from bench.known_truth import drawn_stream, recorded

from millrace.flow.flow import Flow
from millrace.model.absent import Absent
from millrace.simulate.fit.past_visits import Visits
from millrace.simulate.forecast.breach import breaches
from millrace.simulate.forecast.completions import _given_so_far
from millrace.simulate.forecast.forecast import Forecast, forecast
from millrace.simulate.forecast.table import open_items_table

HOUR = 3_600_000_000


def _past(*items: tuple[float, float]) -> Any:
    """Items that were in step 0 until one hour and in step 1 until another."""
    n = len(items)
    item, step = np.repeat(np.arange(n), 2), np.tile([0, 1], n)
    hours = np.array(items)
    began = np.stack([np.zeros(n), hours[:, 0]], axis=1).ravel() * HOUR
    ended = hours.ravel() * HOUR
    nothing = np.zeros((2 * n, 8))
    visits = Visits(
        item, step, item * 0 + 1, item * 0 - 1, began.astype(np.int64), ended.astype(np.int64), item * 0,
        item * 0.0, nothing, nothing,
    )  # fmt: skip
    return SimpleNamespace(
        visits=visits,
        visit_weight=np.ones(2 * n),
        weight=np.ones(n),
        demand_at=np.zeros(n, np.int64),
        lead_seconds=hours[:, 1] * 3600,
    )


def test_the_chance_of_a_breach_is_told_by_items_of_the_same_step_and_age() -> None:
    """Thirty items were in the second step at the age of two hours; ten of them took longer than five."""
    past = _past(*[(1.0, 3.0)] * 20, *[(1.0, 9.0)] * 10, *[(4.0, 9.0)] * 50)

    (found,) = breaches(past, np.array([1]), np.array([2.0 * 3600]), 5 * 3600)

    assert found.chance == pytest.approx(1 / 3)
    assert (found.n_alike, found.by_step) == (30, True)


def test_where_few_were_in_the_step_all_of_that_age_tell() -> None:
    past = _past(*[(1.0, 3.0)] * 5, *[(2.5, 9.0)] * 45)

    (found,) = breaches(past, np.array([1]), np.array([2.0 * 3600]), 5 * 3600)

    assert found.chance == pytest.approx(0.9)
    assert (found.n_alike, found.by_step) == (50, False)


def test_an_age_that_no_item_has_reached_tells_nothing() -> None:
    (found,) = breaches(_past(*[(1.0, 3.0)] * 50), np.array([1]), np.array([4.0 * 3600]), 5 * 3600)

    assert isinstance(found.chance, Absent)


def test_what_is_past_its_limit_has_missed_it() -> None:
    (found,) = breaches(_past(*[(1.0, 3.0)] * 50), np.array([1]), np.array([6.0 * 3600]), 5 * 3600)

    assert found.chance == 1.0


def test_only_futures_count_in_which_a_visit_lasts_as_long_as_it_has_so_far() -> None:
    """Of a hundred visits half last 1 h and half 9 h: after 2 h, 7 h are left."""
    lasts = np.array([[1 * HOUR], [9 * HOUR]] * 50)

    left = _given_so_far(100 * HOUR + lasts, lasts, np.array([2 * HOUR]))

    assert (left == 107 * HOUR).all()


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    return recorded(drawn_stream(5), tmp_path_factory.mktemp("log"), 5)


@pytest.fixture(scope="module")
def found(flow: Flow) -> Forecast:
    return forecast(flow, within=timedelta(hours=40), n_replications=40)


def test_what_can_be_expected_grows_with_the_share(found: Forecast) -> None:
    expected = found.expectation

    assert expected.p50_seconds is not None
    assert expected.p85_seconds is not None
    assert expected.p95_seconds is not None
    assert expected.p50_seconds < expected.p85_seconds < expected.p95_seconds


def test_open_items_are_done_in_the_end_and_never_undone(found: Forecast) -> None:
    done = [mark.n_done for mark in found.marks]

    assert done == sorted(done)
    assert done[-1] == pytest.approx(len(found.items), abs=1)


def test_those_most_in_danger_come_first_and_the_late_last(found: Forecast) -> None:
    is_late = [item.age_seconds >= found.limit_seconds for item in found.items]

    assert is_late == sorted(is_late)
    assert all(item.simulated_breach_ratio == 1 for item in found.items if item.age_seconds >= found.limit_seconds)


def test_the_table_has_a_row_per_open_item(found: Forecast) -> None:
    table = open_items_table(found)

    assert table["item"].to_pylist() == [item.key for item in found.items]
    assert all(0 <= ratio <= 1 for ratio in table["simulated_breach_ratio"].to_pylist())
