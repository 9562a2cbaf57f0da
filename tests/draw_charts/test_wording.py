from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millrace.draw.charts.wording import (
    ELAPSED,
    THIN,
    Noun,
    TimeScale,
    count,
    days,
    duration,
    interval,
    percent,
    percent_roughly,
    period,
    sentence,
    stopped,
)
from millrace.flow.summary import Clock, Quantile

WORKING_DAYS = TimeScale(Clock.BUSINESS, 8)


def at(day: int, month: int = 5, year: int = 2026) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (0.104, "10.4 %"),
        (0.7, "70 %"),
        (1.0, "100 %"),
        (0.99999, "99.9 %"),
        (0.00001, "< 0.1 %"),
        (0.0, "0 %"),
        (None, "–"),
    ],
)
def test_percentages_never_claim_more_than_is_true(ratio: float | None, shown: str) -> None:
    assert percent(ratio).replace(THIN, " ") == shown


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True))
def test_only_everything_is_a_hundred_and_only_nothing_is_zero(ratio: float) -> None:
    for shown in (percent(ratio), percent_roughly(ratio)):
        assert not shown.startswith(("100", f"0{THIN}"))


def test_sentences_round_percentages_from_ten_on() -> None:
    assert percent_roughly(0.307) == f"31{THIN}%"
    assert percent_roughly(0.071) == f"7.1{THIN}%"


def test_counts_have_their_thousands_apart() -> None:
    assert count(24_918) == "24,918"


def test_one_item_is_singular() -> None:
    noun = Noun("incident", "incidents")

    assert noun.counted(1) == "1 incident"
    assert noun.counted(7546) == "7,546 incidents"


def test_durations_have_a_thin_space_before_the_unit() -> None:
    assert duration(54_553) == f"15{THIN}h"
    assert duration(104_025_600) == f"1,204{THIN}d"


def test_unknown_durations_are_a_dash() -> None:
    assert duration(None) == "–"


def test_32_working_hours_are_four_days_of_eight() -> None:
    assert duration(32 * 3600, WORKING_DAYS) == f"4{THIN}d"


def test_sums_of_days_hide_no_trace_of_time() -> None:
    assert days(86.4) == "<0.1"
    assert days(0) == "0"
    assert days(27_971.6 * 86_400) == "27,972"


def test_intervals_are_absent_where_n_is_too_small() -> None:
    assert interval(Quantile(60.0)) == "–"
    assert interval(Quantile(60.0, 30.0, 120.0)) == f"30{THIN}s – 2{THIN}min"


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (at(3), at(3), "3 May 2026"),
        (at(3), at(21), "3 to 21 May 2026"),
        (at(30, 4), at(21), "30 April to 21 May 2026"),
        (at(30, 4, 2025), at(21), "30 April 2025 to 21 May 2026"),
    ],
)
def test_periods_say_no_month_or_year_twice(first: datetime, last: datetime, shown: str) -> None:
    assert period(first, last) == shown


def test_the_clock_shown_is_said() -> None:
    assert "nights and weekends" in ELAPSED.words
    assert WORKING_DAYS.words == f"working time, in days of 8{THIN}h"


def test_sentences_begin_with_a_capital_and_end_with_one_stop() -> None:
    assert sentence("median of VINST") == "Median of VINST"
    assert stopped("Done") == stopped("Done.") == "Done."
