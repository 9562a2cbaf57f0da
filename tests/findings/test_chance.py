"""What is told holds against chance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, mannwhitneyu

from millrace.diagnose.findings.comparison import Grouping, contrasts
from millrace.diagnose.findings.discoveries import adjusted
from millrace.diagnose.findings.intervals import interval_of_share

P_VALUES = st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=40)


@given(P_VALUES)
def test_p_values_are_adjusted_as_benjamini_and_hochberg_say(p_values: list[float]) -> None:
    assert np.allclose(adjusted(p_values), false_discovery_control(p_values))


def test_nothing_tested_is_nothing_adjusted() -> None:
    assert len(adjusted([])) == 0


def test_a_share_has_wilsons_interval() -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263."""
    interval = interval_of_share(81, 263)

    assert interval is not None
    assert round(interval.low, 4) == 0.2553
    assert round(interval.high, 4) == 0.3662


def grouped(*sizes_and_means: tuple[int, float], seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Values drawn for groups of these sizes around these medians, and the code of each one's group."""
    rng = np.random.default_rng(seed)
    values = [mean * np.exp(0.5 * rng.standard_normal(size)) for size, mean in sizes_and_means]
    codes = [np.full(size, code) for code, (size, _) in enumerate(sizes_and_means)]
    return np.concatenate(values), np.concatenate(codes)


def test_a_group_three_times_as_slow_stands_out_and_one_a_tenth_slower_does_not() -> None:
    values, codes = grouped((100, 1.0), (100, 3.0), (100, 1.1))

    found = contrasts(values, [Grouping("category", codes, ("a", "b", "c"))])

    assert [each.label for each in found.standing_out] == ["b"]
    assert len(found.p_values) == 3


def test_the_test_of_a_group_is_mann_and_whitneys() -> None:
    values, codes = grouped((80, 1.0), (50, 3.0))
    values = np.round(values, 1)  # with ties

    found = contrasts(values, [Grouping("category", codes, ("a", "b"))])

    expected = mannwhitneyu(
        values[codes == 1], values[codes == 0], alternative="greater", use_continuity=False, method="asymptotic"
    )
    assert np.isclose(found.standing_out[0].p_value, expected.pvalue)


def test_a_team_that_is_slow_only_for_what_its_slow_category_brings_is_not_told_beside_it() -> None:
    values, category = grouped((150, 1.0), (60, 8.0), (90, 1.0))
    team = np.where(category == 0, 0, 1)  # the second team has the slow category, and another one

    found = contrasts(
        values, [Grouping("team", team, ("one", "two")), Grouping("category", category, ("a", "slow", "c"))]
    )

    assert [(each.column, each.label) for each in found.standing_out] == [("category", "slow")]


def test_groups_under_thirty_are_not_compared() -> None:
    values, codes = grouped((200, 1.0), (29, 9.0))

    assert contrasts(values, [Grouping("category", codes, ("a", "b"))]).p_values == ()
