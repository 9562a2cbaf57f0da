"""Days off are told by days without work; by hand, and from the log of a stream that has them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from bench.known_truth import OFFICE, drawn_stream, recorded

from millrace.simulate.fit.fit import fit
from millrace.simulate.fit.holidays import holidays
from millrace.simulate.simulated_stream import Arrivals

HOUR, DAY = 3_600_000_000, 86_400_000_000
DAYS_OFF = (date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 1))


def _weekdays(n_a_day: int, off: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """So many instants from 9 on every weekday from Monday 5 January 1970 on, for ten weeks."""
    days = np.array([day for day in range(4, 74) if (day + 3) % 7 < 5 and day not in off])
    at = days[:, None] * DAY + 9 * HOUR + np.arange(n_a_day) * HOUR // 4
    return at.ravel().astype(np.int64)


def test_a_weekday_without_work_is_a_day_off() -> None:
    assert holidays(_weekdays(20, off=(25, 40)), "UTC") == (date(1970, 1, 26), date(1970, 2, 10))


def test_weekends_are_none() -> None:
    assert holidays(_weekdays(20, off=()), "UTC") == ()


def test_a_quiet_day_among_quiet_days_tells_nothing() -> None:
    assert holidays(_weekdays(5, off=(25,)), "UTC") == ()


def test_a_day_is_off_where_its_people_are() -> None:
    """What is done from 23:00 UTC on is the next day's in Auckland."""
    at = _weekdays(20, off=(25,)) + 14 * HOUR

    assert holidays(at, "Pacific/Auckland") == (date(1970, 1, 27),)


def test_days_off_of_a_stream_are_told_by_its_log(tmp_path: Path) -> None:
    drawn = drawn_stream(0)
    arrivals = drawn.demand.arrivals
    assert isinstance(arrivals, Arrivals)
    # Busier, with as much more people, so that a day without work is no chance.
    demand = replace(
        drawn.demand,
        arrivals=replace(
            arrivals, per_hour=tuple(3 * r for r in arrivals.per_hour), holidays=DAYS_OFF, holiday_ratio=0.0
        ),
    )
    calendar = OFFICE.model_copy(update={"holidays": DAYS_OFF})
    teams = tuple(
        replace(team, crews=(replace(team.crews[0], n_people=3 * team.crews[0].n_people, calendar=calendar),))
        for team in drawn.teams
    )
    truth = replace(drawn, demand=demand, teams=teams)
    found = fit(recorded(truth, tmp_path, 0))

    for team in found.stream.teams:
        assert team.crews[0].calendar is not None
        assert team.crews[0].calendar.holidays == DAYS_OFF
    fitted = found.stream.demand.arrivals
    assert isinstance(fitted, Arrivals)
    assert fitted.holidays == DAYS_OFF
    assert fitted.holiday_ratio == 0.0
    assert any("18 April 2025" in remark for remark in found.remarks)
