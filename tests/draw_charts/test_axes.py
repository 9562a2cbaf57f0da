from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from millrace.draw.charts.duration_axis import duration_axis
from millrace.draw.charts.frame import keep_apart
from millrace.draw.charts.period import instant, window
from millrace.draw.charts.wording import ELAPSED

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = 86_400.0


def test_durations_alike_are_drawn_to_scale() -> None:
    axis = duration_axis([DAY, 2 * DAY, 4 * DAY], p50=2 * DAY, p95=4 * DAY, scale=ELAPSED)

    assert not axis.is_log
    assert axis.low == 0


def test_a_long_tail_makes_the_axis_logarithmic_and_says_so() -> None:
    axis = duration_axis([60.0, 30 * DAY], p50=3600.0, p95=30 * DAY, scale=ELAPSED)

    assert axis.is_log
    assert "logarithmic" in axis.words


def test_instant_work_at_the_median_still_has_an_axis() -> None:
    axis = duration_axis([0.0, 0.0, DAY], p50=0.0, p95=DAY, scale=ELAPSED)

    assert axis.low > 0
    assert axis.on_axis(0.0) == axis.low


def test_all_times_equal_zero_still_has_an_axis() -> None:
    axis = duration_axis([0.0], p50=0.0, p95=0.0, scale=ELAPSED)

    assert axis.high > axis.low


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30), st.floats(10, 500))
def test_every_duration_lies_in_the_plot(seconds: list[float], height: float) -> None:
    ordered = sorted(seconds)
    axis = duration_axis(seconds, p50=ordered[len(ordered) // 2], p95=ordered[-1], scale=ELAPSED)

    assert all(-1e-6 <= axis.pixels(each, height) <= height + 1e-6 for each in seconds)
    assert axis.encoding()["axis"]["values"]


@given(st.lists(st.floats(0, 200), max_size=12))
def test_labels_keep_clear_of_each_other(places: list[float]) -> None:
    moved = sorted(keep_apart(places, lowest=200, gap=14))

    assert all(lower - upper >= 14 - 1e-6 for upper, lower in pairwise(moved))
    assert all(place <= 200 + 1e-6 for place in moved)


def test_labels_with_room_stay_where_they_belong() -> None:
    assert keep_apart([20.0, 120.0], lowest=200) == [20.0, 120.0]


def test_a_few_very_old_items_do_not_squeeze_the_axis() -> None:
    recent = [MONDAY + timedelta(hours=hour) for hour in range(500)]
    shown = window([MONDAY - timedelta(days=900), *recent])

    assert shown.began_at >= MONDAY
    assert shown.n_before == 5


def test_an_even_period_is_shown_whole() -> None:
    instants = [MONDAY + timedelta(days=day) for day in range(300)]

    assert window(instants).began_at == MONDAY
    assert window(instants).n_before == 0


def test_a_single_instant_has_room_on_either_side() -> None:
    began, ended = window([MONDAY]).domain()

    assert began < instant(MONDAY) < ended
