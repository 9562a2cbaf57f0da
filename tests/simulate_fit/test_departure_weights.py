"""Items speak by their departure, weighed so that open and unseen ones are not forgotten."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from millrace.simulate.fit.life_table import NOT_YET, departure_weights


def _instants(*hours: float) -> np.ndarray:
    return np.array([NOT_YET if hour < 0 else round(hour * 3_600_000_000) for hour in hours], np.int64)


STILL_OPEN = -1.0


def test_without_open_items_every_departure_counts_once() -> None:
    weight = departure_weights(_instants(0, 0, 0), _instants(1, 2, 5), 10 * 3_600_000_000)

    assert weight.tolist() == [1.0, 1.0, 1.0]


def test_an_open_item_hands_its_weight_to_those_that_took_longer_than_it_has_so_far() -> None:
    """Kaplan–Meier by hand: 4 items, one open at age 2: 1/4 at age 1, then 3/4 × 1/2 at ages 3 and 4."""
    weight = departure_weights(_instants(0, 0, 0, 8), _instants(1, 3, 4, STILL_OPEN), 10 * 3_600_000_000)

    np.testing.assert_allclose(weight, [1.0, 1.5, 1.5, 0.0])


def test_items_that_left_before_the_log_began_are_made_up_for() -> None:
    """Of items a day old or less all are seen; the one demanded 100 h before the first departure stands for few."""
    demanded = _instants(0, 100, 100, 100)
    weight = departure_weights(demanded, _instants(110, 101, 102, 103), 200 * 3_600_000_000)

    # At ages 1, 2 and 3 only the three late ones are under observation, so the old one adds nothing to their tale.
    np.testing.assert_allclose(weight[1:], [4 / 3, 4 / 3, 4 / 3])
    assert weight[0] == 0


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 40)), min_size=1, max_size=40),
    st.integers(0, 100),
)
def test_weights_add_up_to_the_number_of_items(items: list[tuple[int, int]], now: int) -> None:
    demand_at = np.array([min(began, now) for began, _ in items], np.int64)
    left_at = np.array([began + took if began + took <= now else NOT_YET for began, took in items], np.int64)
    left_at = np.maximum(left_at, demand_at)

    weight = departure_weights(demand_at, left_at, now)

    assert (weight >= 0).all()
    expected = len(items) if (left_at != NOT_YET).any() else 0
    np.testing.assert_allclose(weight.sum(), expected)
