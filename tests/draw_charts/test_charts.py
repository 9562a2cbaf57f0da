from datetime import UTC, datetime, timedelta

import pytest

from millrace.draw.charts.ageing_work import ageing_work
from millrace.draw.charts.closing_tail import closing_tail
from millrace.draw.charts.cumulative_flow import cumulative_flow, work_in_progress
from millrace.draw.charts.handoff_matrix import handoff_matrix
from millrace.draw.charts.lead_time_scatter import MOST_DOTS, lead_time_scatter
from millrace.draw.charts.state_time import state_time
from millrace.draw.charts.survival import NOT_REACHED, survival
from millrace.draw.charts.team_time import team_time
from millrace.draw.charts.variants import variants
from millrace.draw.charts.weekly_trend import weekly_trend
from millrace.draw.charts.wording import THIN, Noun, TimeScale
from millrace.flow.closing_tail import ClosingTail
from millrace.flow.cumulative_flow import CumulativeFlow
from millrace.flow.handoffs import Handoffs, TeamPair
from millrace.flow.lead_time import Delivered
from millrace.flow.summary import Clock, DurationSummary, Quantile, Share
from millrace.flow.survival import LeadTimeSurvival
from millrace.flow.team_time import OTHER_TEAMS, TeamTime
from millrace.flow.time_by_state import TimeByState, TimeInState
from millrace.flow.trend import Trend, TrendPoint
from millrace.flow.variants import Variant, Variants
from millrace.flow.work_item_age import AgeingWork, OpenItem, StepAges
from millrace.model.state import Side, State, WaitReason

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = 3600.0, 86_400.0
NOUN = Noun("request", "requests")
NONE = DurationSummary(0, None, None, None, None, None, 0.0)


def summary(n: int = 100) -> DurationSummary:
    return DurationSummary(n, 5 * HOUR, Quantile(4 * HOUR), Quantile(8 * HOUR), Quantile(12 * HOUR), DAY, n * 5 * HOUR)


def dots(n: int) -> tuple[Delivered, ...]:
    return tuple(Delivered(f"R{at}", NOON + timedelta(hours=at), (at % 10 + 1) * HOUR) for at in range(n))


def trend(values: list[float], *, signals: set[int] = frozenset(), limits: bool = True) -> Trend:  # type: ignore[assignment]
    points = tuple(TrendPoint(NOON + timedelta(weeks=at), 10, v, at in signals) for at, v in enumerate(values))
    mean = sum(values) / len(values)
    return Trend("median lead time", "seconds", points, *((mean, mean / 2, mean * 2) if limits else (None, None, None)))


def test_the_scatter_says_half_take_longer_than_the_median() -> None:
    chart = lead_time_scatter(dots(100), summary(), noun=NOUN)

    assert chart
    assert chart.title == f"Half of all requests take longer than 4{THIN}h"
    assert chart.table.rows[1][1] == f"8{THIN}h"
    assert chart.note == ""


def test_the_scatter_says_how_many_dots_it_leaves_out() -> None:
    chart = lead_time_scatter(dots(MOST_DOTS * 2 + 1), summary(MOST_DOTS * 2 + 1), noun=NOUN)

    assert chart
    assert "1,334 of 4,001 requests shown (one in 3 by date of delivery)" in chart.note


def test_nothing_delivered_makes_no_scatter() -> None:
    assert lead_time_scatter((), NONE) is None


def test_the_business_clock_is_shown_in_working_days() -> None:
    scale = TimeScale(Clock.BUSINESS, 8)
    long = DurationSummary(3, 1.0, Quantile(32 * HOUR), Quantile(40 * HOUR), Quantile(48 * HOUR), 1.0, 1.0)
    chart = lead_time_scatter(dots(3), long, scale=scale)

    assert chart
    assert f"longer than 4{THIN}d" in chart.title
    assert f"working time, in days of 8{THIN}h" in chart.subtitle


def test_a_trend_without_signals_says_so() -> None:
    chart = weekly_trend(trend([1.0, 2.0] * 5))

    assert chart
    assert chart.title == "Median lead time varies from week to week, but no week stands out"


def test_a_trend_counts_and_names_its_signals() -> None:
    chart = weekly_trend(trend([1.0] * 9 + [9.0], signals={9}))

    assert chart
    assert chart.title == "Median lead time was out of the ordinary in 1 of 10 weeks"
    assert "4 May 2026" in chart.note


def test_too_few_weeks_make_no_trend() -> None:
    chart = weekly_trend(trend([1.0, 2.0], limits=False))

    assert chart
    assert chart.title.startswith("Too few whole weeks")


def test_cumulative_flow_compares_delivery_with_demand() -> None:
    days = tuple(NOON + timedelta(days=day) for day in range(9))
    flow = CumulativeFlow(days, ("Delivered", "Work"), (tuple(range(9)), (4, 4, 4, 4, 4, 4, 4, 5, 6)))
    chart = cumulative_flow(flow, noun=NOUN)

    assert chart
    assert chart.title == "2 requests were delivered since 8 March 2026, 2 fewer than demanded"
    assert chart.table.rows[-1] == ("10 March 2026", "8", "6")


def test_a_log_of_one_day_has_no_cumulative_flow() -> None:
    flow = CumulativeFlow((NOON,), ("delivered", "Work"), ((3,), (1,)))

    assert cumulative_flow(flow) is None
    assert work_in_progress(flow) is None


def test_cancelled_items_are_not_in_progress() -> None:
    days = (NOON, NOON + timedelta(days=1))
    flow = CumulativeFlow(days, ("delivered", "cancelled", "Work"), ((3, 4), (2, 2), (1, 3)))
    chart = work_in_progress(flow, noun=NOUN)

    assert chart
    assert chart.title.startswith("3 requests are open")


def test_work_in_progress_names_the_peak() -> None:
    days = tuple(NOON + timedelta(days=day) for day in range(3))
    chart = work_in_progress(CumulativeFlow(days, ("Delivered", "Work"), ((0, 1, 7), (3, 7, 1))), noun=NOUN)

    assert chart
    assert chart.title == "1 request is open; at most it was 7, on 3 March 2026"


def ageing(*ages: float) -> AgeingWork:
    items = tuple(OpenItem(f"R{at}", "Approve", "waiting", age, NOON) for at, age in enumerate(ages))
    return AgeingWork(NOON, (StepAges("Approve", HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR),), items)


def test_open_work_is_held_against_what_was_delivered() -> None:
    chart = ageing_work(ageing(HOUR, 5 * HOUR), noun=NOUN)

    assert chart
    assert chart.title == f"2 requests are open; 1 is older than 95{THIN}% of the delivered ones were at that step"


def test_nothing_open_is_said_and_the_bands_still_stand() -> None:
    chart = ageing_work(ageing(), noun=NOUN)

    assert chart
    assert chart.title.startswith("Nothing is open")
    assert chart.table.rows[0][1:3] == ("0", "–")


def test_a_step_through_which_nothing_was_delivered_has_no_bands_to_compare() -> None:
    none = StepAges("Ship", None, None, None, None)
    chart = ageing_work(AgeingWork(NOON, (none,), (OpenItem("R1", "Ship", "new", HOUR, NOON),)), noun=NOUN)

    assert chart
    assert "none older" in chart.title


def test_names_of_many_steps_are_slanted_rather_than_broken() -> None:
    steps = tuple(StepAges(f"Investigation {at}", HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR) for at in range(12))
    chart = ageing_work(AgeingWork(NOON, steps, ()))

    assert chart
    assert isinstance(chart.picture, dict)
    names = [layer["mark"] for layer in chart.picture["layer"] if "Investigation" in str(layer["mark"].get("text"))]
    assert {(name["text"], name["angle"]) for name in names} == {(f"Investigation {at}", -35) for at in range(12)}


def test_team_time_makes_no_finding_of_the_folded_row() -> None:
    chart = team_time(TeamTime(("Desk", OTHER_TEAMS), ("active",), ((DAY,), (9 * DAY,))))

    assert chart
    assert chart.title == f"10{THIN}% of all time before value is “active” with Desk"


def test_team_time_folds_what_no_page_can_hold() -> None:
    teams = tuple(f"T{at}" for at in range(40))
    chart = team_time(TeamTime(teams, ("active",), tuple((DAY,) for _ in teams)))

    assert chart
    assert len(chart.table.rows) == 16
    assert chart.table.rows[-1] == (OTHER_TEAMS, "25", "25")
    assert "folded" in chart.note


def test_handoffs_fold_the_rarest_teams_and_lose_none() -> None:
    pairs = tuple(TeamPair(f"T{at}", f"T{at + 1}", 100 - at) for at in range(30))
    chart = handoff_matrix(Handoffs(sum(pair.n for pair in pairs), 50, pairs))

    assert chart
    assert isinstance(chart.picture, dict)
    cells = chart.picture["layer"][0]["data"]["values"]
    shown = sum(int(cell["text"].replace(",", "")) for cell in cells if cell["text"])
    assert shown == sum(pair.n for pair in pairs)
    assert "The 21 teams with fewer handoffs are folded" in chart.note


def test_no_handoff_makes_no_matrix() -> None:
    assert handoff_matrix(Handoffs(0, 0, ())) is None


def test_variants_say_how_much_they_cover() -> None:
    top = (Variant(("New", "New", "Done"), 60, HOUR), Variant(("New", "Done"), 20, None))
    chart = variants(Variants(5, top, 100), noun=NOUN)

    assert chart
    assert chart.title == f"2 of 5 variants cover 80{THIN}% of all requests"
    assert chart.table.rows[0][3] == "New ×2 → Done"


def test_long_names_of_activities_become_numbers_with_a_key() -> None:
    sequence = tuple(f"An activity with quite a long name {at}" for at in range(9))
    chart = variants(Variants(1, (Variant(sequence, 1, HOUR),), 1))

    assert chart
    assert isinstance(chart.picture, str)
    assert ">9</text>" in chart.picture


def test_a_sequence_too_long_for_its_row_is_counted_out() -> None:
    sequence = tuple(f"Step {at % 7}" for at in range(80))
    chart = variants(Variants(1, (Variant(sequence, 1, HOUR),), 1))

    assert chart
    assert isinstance(chart.picture, str)
    assert ">+ " in chart.picture


def test_the_closing_tail_says_its_share() -> None:
    chart = closing_tail(ClosingTail(summary(), Share(307.0, 1000.0)))

    assert chart
    assert chart.title == f"31{THIN}% of all elapsed time comes after the work was done"


def test_a_log_that_ends_with_value_has_no_tail() -> None:
    chart = closing_tail(ClosingTail(summary(), Share(0.0, 1000.0)))

    assert chart
    assert chart.title == "No time passes between value and the last event"


def test_survival_says_what_is_not_reached() -> None:
    estimate = LeadTimeSurvival(100, 60, 5 * HOUR, 9 * HOUR, None, None)
    chart = survival(estimate, summary(), noun=NOUN)

    assert chart
    assert chart.title == "Counting the open requests changes the picture little"
    assert chart.table.rows[2][2] == NOT_REACHED


def test_with_nothing_open_there_is_nothing_to_estimate() -> None:
    assert survival(LeadTimeSurvival(100, 0, 5 * HOUR, 9 * HOUR, 9 * HOUR, None), summary()) is None


def test_survival_takes_the_note_where_the_figures_part_as_its_finding() -> None:
    estimate = LeadTimeSurvival(100, 60, 9 * HOUR, 9 * HOUR, None, "Old work is open.")

    assert survival(estimate, summary()).title == "Old work is open"  # type: ignore[union-attr]


def spent(*parts: tuple[State, float], reason: WaitReason = WaitReason.NONE) -> TimeByState:
    pieces = tuple(TimeInState(state, reason, Side.PROVIDER, True, seconds) for state, seconds in parts)
    return TimeByState(Clock.ELAPSED, pieces)


def test_waiting_is_told_apart_by_its_reason() -> None:
    chart = state_time(spent((State.WAITING, DAY), reason=WaitReason.APPROVAL))

    assert chart
    assert chart.table.rows == (("waiting: approval", "1", f"100{THIN}%"),)


@pytest.mark.parametrize(
    ("state", "words"),
    [("waiting", "is waiting"), ("unknown", "the log cannot tell which"), ("done", "after the work was done")],
)
def test_time_by_state_names_what_takes_longest(state: str, words: str) -> None:
    chart = state_time(spent((State(state), 2 * DAY), (State.ACTIVE, DAY)), noun=NOUN)

    assert chart
    assert words in chart.title
    assert chart.subtitle.startswith("Time of all requests in each state in request-days")


def test_no_time_makes_no_bars() -> None:
    assert state_time(spent((State.ACTIVE, 0.0))) is None
