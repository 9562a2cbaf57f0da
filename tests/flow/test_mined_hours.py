"""Working hours are told only where the log shows them: never from silence that may be chance."""

from pathlib import Path

import numpy as np
import pytest
from logs import DAY, DESK, HOUR, MONDAY, Row, flow_of

from millrace.flow.flow import Flow
from millrace.flow.mined_hours import mined_hours
from millrace.flow.week_profile import BINS, WeekProfile
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def profile(instants: list[int]) -> WeekProfile:
    """The week that instants (microseconds) show."""
    half_hours = np.unique(np.array(instants) // (HOUR // 2))
    days = half_hours // BINS
    marks, n_events = np.zeros((7, BINS), np.int64), np.zeros((7, BINS), np.int64)
    np.add.at(marks, ((days - MONDAY // DAY) % 7, half_hours % BINS), 1)
    every = np.array(instants) // (HOUR // 2)
    np.add.at(n_events, ((every // BINS - MONDAY // DAY) % 7, every % BINS), 1)
    n_days = np.bincount((np.arange(days.min(), days.max() + 1) - MONDAY // DAY) % 7, minlength=7)
    return WeekProfile(marks, n_events, n_days.astype(np.int64), len(np.unique(days)))


def at_random(n: int, weeks: int, seed: int) -> list[int]:
    return (MONDAY + np.random.default_rng(seed).integers(0, weeks * 7 * DAY, n)).tolist()


def at_the_office(n: int, weeks: int, *, opens: float = 9, closes: float = 17, seed: int = 1) -> list[int]:
    """Instants on weekdays between `opens` and `closes` (hours; past 24, of the next day)."""
    chance = np.random.default_rng(seed)
    week, day = chance.integers(0, weeks, n), chance.integers(0, 5, n)
    return (MONDAY + (week * 7 + day) * DAY + (chance.uniform(opens, closes, n) * HOUR).astype(np.int64)).tolist()


def hours(profile: WeekProfile) -> dict[str, tuple[tuple[int, int], ...]]:
    shown = profile.hours("hours", "UTC")
    assert not isinstance(shown, Absent), shown.reason
    return shown[0].hours


def test_office_hours_are_told_to_the_half_hour() -> None:
    assert hours(profile(at_the_office(600, 8))) == dict.fromkeys(WEEKDAYS, ((540, 1020),))


def test_a_break_that_everyone_keeps_is_closed() -> None:
    morning, afternoon = at_the_office(600, 8, closes=12), at_the_office(600, 8, opens=13, closes=17)

    assert hours(profile(morning + afternoon)) == dict.fromkeys(WEEKDAYS, ((540, 720), (780, 1020)))


def test_a_few_calls_at_night_open_no_night() -> None:
    assert hours(profile(at_the_office(2_000, 12) + at_random(40, 12, 3))) == dict.fromkeys(WEEKDAYS, ((540, 1020),))


def test_a_night_shift_works_past_midnight() -> None:
    shown = hours(profile(at_the_office(4_000, 12, opens=22, closes=30)))

    assert shown["tue"] == ((0, 360), (1320, 1440))
    assert "sun" not in shown


@pytest.mark.parametrize("n", [60, 200, 1_000, 20_000])
def test_work_at_random_hours_shows_no_hours(n: int) -> None:
    for seed in range(10):
        shown = profile(at_random(n, 12, seed)).hours("hours", "UTC")

        assert isinstance(shown, Absent) or sum(b - a for p in shown[0].hours.values() for a, b in p) == 7 * 1440


def test_quieter_nights_are_worked_all_the_same() -> None:
    shown = hours(profile(at_random(4_000, 12, 1) + at_the_office(4_000, 12)))

    assert shown == dict.fromkeys((*WEEKDAYS, "sat", "sun"), ((0, 1440),))


def test_five_events_tell_nothing() -> None:
    shown = profile(at_the_office(5, 8)).hours("hours", "UTC")

    assert isinstance(shown, Absent)
    assert "too few" in shown.reason


def test_a_nightly_job_has_no_working_hours() -> None:
    nightly = [MONDAY + day * DAY + 2 * HOUR + minute * 60_000_000 for day in range(90) for minute in range(9)]

    assert isinstance(profile(nightly).hours("hours", "UTC"), Absent)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    """Two teams: one keeps office hours, with a busy person and a rare one; one works around the clock."""
    rows = [Row("A", at, status="In progress", team="Office", person="Ann") for at in at_the_office(1_800, 16)]
    rows += [Row("B", at, status="In progress", team="Office", person="Bob") for at in at_the_office(5, 8, seed=2)]
    rows += [Row("C", at, status="In progress", team="Office", person="Cid") for at in [MONDAY + 3 * HOUR] * 5]
    rows += [Row("D", at, status="In progress", team="Watch") for at in at_random(4_000, 8, 5)]
    rows += [Row("E", MONDAY + 100 * HOUR, status="In progress", team="New")]
    folder: Path = tmp_path_factory.mktemp("desk")
    return flow_of(sorted(rows, key=lambda row: row.at), folder, DESK)


def test_a_person_with_many_events_has_hours_of_their_own(desk: Flow) -> None:
    assert mined_hours(desk).of("Office", "Ann").is_own


def test_a_person_with_few_events_has_those_of_the_team(desk: Flow) -> None:
    mined = mined_hours(desk)

    assert not mined.people["Bob"].is_own
    assert mined.of("Office", "Bob").calendar == mined.teams["Office"].calendar


def test_a_person_whose_work_contradicts_the_teams_hours_has_none(desk: Flow) -> None:
    assert isinstance(mined_hours(desk).of("Office", "Cid").calendar, Absent)


def test_a_team_with_few_events_has_the_hours_of_all(desk: Flow) -> None:
    mined = mined_hours(desk)

    assert mined.of("New").calendar == mined.together.calendar
    assert mined.of("Watch").is_around_the_clock


def test_hours_are_told_in_the_zone_asked_for(desk: Flow) -> None:
    calendar = mined_hours(desk, zone="Asia/Tokyo").teams["Office"].calendar

    assert isinstance(calendar, WorkCalendar)
    assert calendar.hours["mon"] == ((1080, 1440),)
    assert calendar.hours["sat"] == ((0, 120),)
