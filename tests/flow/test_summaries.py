"""Quantiles, intervals, survival and control limits, held against numpy, scipy and printed examples."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import DAY, HOUR, MONDAY, Row, flow_of
from scipy.stats import binom

from millrace.flow.flow import Flow
from millrace.flow.lead_time import lead_time
from millrace.flow.summary import DurationSummary, Quantile
from millrace.flow.survival import kaplan_meier, survival
from millrace.flow.throughput import throughput
from millrace.flow.trend import lead_time_trend, throughput_trend, xmr

PROBABILITIES = (0.5, 0.85, 0.95)
MakeFlow = Callable[..., Flow]


def summary_of(times: list[int], folder: Path) -> DurationSummary:
    """The summary of the lead times of items that take so many microseconds."""
    rows = [
        Row(f"i{number}", at, status=status, position=position)
        for number, time in enumerate(times)
        for position, (at, status) in enumerate([(MONDAY, "New"), (MONDAY + time, "Resolved")])
    ]
    return lead_time(flow_of(rows, folder)).groups[""]


def quantiles(summary: DurationSummary) -> list[Quantile]:
    return [quantile for quantile in (summary.p50, summary.p85, summary.p95) if quantile is not None]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 20, 59, 100, 333])
def test_quantiles_interpolate_linearly_and_intervals_are_order_statistics(tmp_path: Path, n: int) -> None:
    times = np.random.default_rng(n).integers(0, 100 * DAY, n)
    ordered = np.sort(times) / 1e6

    found = summary_of(times.tolist(), tmp_path)

    assert (found.n, found.mean_seconds, found.max_seconds) == pytest.approx((n, ordered.mean(), ordered.max()))
    for p, quantile in zip(PROBABILITIES, quantiles(found), strict=True):
        low, high = (int(binom.ppf(tail, n, p)) for tail in (0.025, 0.975))
        assert quantile.seconds == pytest.approx(np.quantile(ordered, p))
        assert quantile.low_seconds == (pytest.approx(ordered[low - 1]) if low >= 1 else None)
        assert quantile.high_seconds == (pytest.approx(ordered[high]) if high < n else None)


@pytest.mark.parametrize("n", [6, 20, 58, 59, 100, 250])
def test_intervals_hold_the_true_quantile_at_least_as_often_as_they_say(tmp_path: Path, n: int) -> None:
    """An interval from the j-th to the k-th of n values holds it with P(j ≤ B < k), B binomial (n, p)."""
    found = summary_of([second * 1_000_000 for second in range(1, n + 1)], tmp_path)

    for p, quantile in zip(PROBABILITIES, quantiles(found), strict=True):
        below = binom.cdf((quantile.low_seconds or 0) - 1, n, p)
        up_to = binom.cdf(quantile.high_seconds - 1, n, p) if quantile.high_seconds else 1.0
        assert up_to - below >= 0.95


def test_durations_keep_their_microseconds_to_the_end(tmp_path: Path) -> None:
    found = summary_of([1, 999_999, 1_500_001], tmp_path)

    assert found.p50
    assert found.p50.seconds == 0.999999
    assert found.max_seconds == 1.500001


@pytest.mark.parametrize("instant", [-1, -1_500_001, 0, 1_700_001, MONDAY - 300_000])
def test_parts_of_a_second_are_not_rounded_before_they_are_subtracted(tmp_path: Path, instant: int) -> None:
    """Instants on either side of a half second, and before 1970."""
    rows = [Row("a", instant, status="New"), Row("a", instant + 800_000, status="Resolved", position=1)]

    found = lead_time(flow_of(rows, tmp_path)).groups[""]

    assert found.total_seconds == 0.8


def test_kaplan_meier_gives_the_figures_of_a_printed_example() -> None:
    """Remission times of 21 patients on 6-MP (Freireich et al. 1963), as in Kleinbaum and Klein, Survival Analysis,
    chapter 2: the estimate falls to 0.448 at 23 weeks, past one half, and no further."""
    relapses = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    ages = np.array([*relapses, *censored], dtype=np.int64)
    is_delivered = np.array([True] * len(relapses) + [False] * len(censored))

    assert kaplan_meier(ages, is_delivered) == [23.0, None, None]


def test_kaplan_meier_of_finished_items_alone_is_their_distribution() -> None:
    """The placebo group of the same trial; its median is 8 weeks."""
    ages = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], dtype=np.int64)

    assert kaplan_meier(ages, np.ones(len(ages), bool)) == [8.0, 15.0, 22.0]


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=40))
@settings(max_examples=200, deadline=None)
def test_kaplan_meier_is_the_product_over_ages(items: list[tuple[int, bool]]) -> None:
    ages, delivered = np.array([age for age, _ in items], np.int64), np.array([end for _, end in items], bool)
    share, expected = 1.0, dict.fromkeys(PROBABILITIES)
    for age in sorted(set(ages[delivered].tolist())):
        share *= 1 - int(((ages == age) & delivered).sum()) / int((ages >= age).sum())
        for p in PROBABILITIES:
            if expected[p] is None and share <= 1 - p + 1e-9:
                expected[p] = age

    assert kaplan_meier(ages, delivered) == list(expected.values())


def test_open_items_that_part_the_ways_of_counting_are_told_of(desk: MakeFlow) -> None:
    done: dict[str, Any] = {f"d{n}": [(0, "New"), (1, "Resolved")] for n in range(10)}
    waiting: dict[str, Any] = {f"o{n}": [(0, "New")] for n in range(10)}

    found = survival(desk(**done, **waiting, last=[(0, "New"), (500, "Resolved")]))

    assert found.n_unfinished == 10
    assert found.parts_from_finished is not None
    assert survival(desk(**done)).parts_from_finished is None


def weeks(*values: float) -> list[tuple[datetime, int, float]]:
    first = datetime(2024, 1, 1)  # noqa: DTZ001
    return [(first + timedelta(weeks=number), 1, value) for number, value in enumerate(values)]


def test_control_limits_lie_2_66_mean_moving_ranges_from_the_mean() -> None:
    """Worked by hand: mean 12, moving ranges 2, 4, 2, 6, 2, 2, 2 with mean 20 ÷ 7, so 12 ± 7.6."""
    trend = xmr("x", "items", weeks(10, 12, 16, 14, 8, 10, 12, 14))

    assert trend.centre == 12
    assert trend.upper_limit == pytest.approx(12 + 2.66 * 20 / 7)
    assert trend.lower_limit == pytest.approx(12 - 2.66 * 20 / 7)
    assert not any(point.is_signal for point in trend.points)


def test_a_week_beyond_a_limit_is_a_signal() -> None:
    trend = xmr("x", "items", weeks(10, 14, 10, 14, 10, 14, 10, 40))

    assert [point.is_signal for point in trend.points] == [False] * 7 + [True]


def test_eight_weeks_on_one_side_of_the_centre_are_a_signal() -> None:
    trend = xmr("x", "items", weeks(*[18, 10] * 5, *[15] * 8))

    assert [point.is_signal for point in trend.points] == [False] * 17 + [True]


def test_few_weeks_have_no_limits() -> None:
    trend = xmr("x", "items", weeks(1, 2, 3, 4, 5))

    assert (trend.centre, trend.lower_limit, trend.upper_limit) == (None, None, None)


def test_no_limit_lies_below_nothing() -> None:
    assert xmr("x", "items", weeks(0, 9, 0, 9, 0, 9)).lower_limit == 0


def test_trends_are_of_whole_weeks(desk: MakeFlow) -> None:
    items = {f"i{n}": [(48 * n, "New"), (48 * n + 7, "Resolved")] for n in range(40)}
    flow = desk(**items)

    trend = lead_time_trend(flow)
    counts = throughput_trend(flow, throughput(flow))

    assert [point.week_at for point in trend.points] == [point.week_at for point in counts.points]
    assert all(point.week_at.weekday() == 0 and point.week_at.tzinfo is UTC for point in trend.points)
    assert len(trend.points) == 11
    assert {point.value for point in trend.points} == {7 * HOUR / 1e6}
    assert sum(point.value for point in counts.points) == sum(point.n for point in trend.points)
