"""Overtime is told by work that reaches beyond closing: by hand, and from the log of a stream that keeps it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench.known_truth import drawn_stream, recorded

from millrace.flow.work_time import work_clock
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.fit import fit
from millrace.simulate.fit.overtime import overtime, without_overtime, worked_with_overtime
from millrace.simulate.fit.past_visits import Stretches
from millrace.simulate.simulated_stream import SimulatedStream

HOUR = 3_600_000_000
# 1 January 1970 was a Thursday: from 9 to 17, every day.
DAYTIME = WorkCalendar(hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ((540, 1020),)))
CLOCK = work_clock([DAYTIME], 0, 60 * 24 * HOUR)


def _evenings(ends: list[float]) -> Stretches:
    """Work that begins at 16 on one day after another, and ends so many hours later."""
    n = np.arange(len(ends))
    began = (n * 24 + 16) * HOUR
    return Stretches(n, began, began + (np.array(ends) * HOUR).astype(np.int64), n * 0, n)


def test_work_that_is_finished_after_closing_is_overtime() -> None:
    assert overtime(CLOCK, _evenings([1.5] * 10 + [2.0] * 10)) == HOUR


def test_hours_end_where_hardly_any_work_begins_any_more() -> None:
    n = np.arange(400)
    began = (n // 10 * 24 + 9 + n % 10 * 0.6) * HOUR
    work = Stretches(n, began.astype(np.int64), (began + HOUR).astype(np.int64), n * 0, n)

    found = without_overtime(DAYTIME, CLOCK, work).hours
    assert {day: periods[-1][1] for day, periods in found.items()} == dict.fromkeys(found, 14.5 * 60)


def test_work_that_goes_on_the_next_morning_is_none() -> None:
    """From 16 to 10 of the next day."""
    assert overtime(CLOCK, _evenings([18.0] * 20)) == 0


def test_a_few_evenings_tell_nothing() -> None:
    assert overtime(CLOCK, _evenings([2.0] * 4)) == 0


def test_work_lasts_into_the_evening_but_not_through_the_night() -> None:
    work = _evenings([0.5, 1.5, 5.0, 18.0])

    assert (worked_with_overtime(CLOCK, work, HOUR) / HOUR).tolist() == [0.5, 1.5, 2.0, 2.0]


def test_what_begins_after_closing_is_worked_on_from_then() -> None:
    work = Stretches(*(np.array([each]) for each in (0, 17 * HOUR + HOUR // 2, 18 * HOUR, 0, 0)))

    assert worked_with_overtime(CLOCK, work, 2 * HOUR).tolist() == [HOUR // 2]


def _staying(stream: SimulatedStream, seconds: float) -> SimulatedStream:
    return replace(
        stream,
        teams=tuple(
            replace(team, crews=tuple(replace(crew, overtime_seconds=seconds) for crew in team.crews))
            for team in stream.teams
        ),
    )


def test_the_overtime_of_a_stream_is_told_by_its_log_and_its_work_keeps_its_length(tmp_path: Path) -> None:
    truth = _staying(drawn_stream(0), 4 * 3600.0)
    found = fit(recorded(truth, tmp_path, 0))
    names = [each.name for each in found.history.steps]

    for team, true_team in zip(found.stream.teams, truth.teams, strict=True):
        assert 3 * 3600 < team.crews[0].overtime_seconds <= 4 * 3600
        calendar, true_calendar = team.crews[0].calendar, true_team.crews[0].calendar
        assert calendar is not None
        assert true_calendar is not None
        assert calendar.hours == true_calendar.hours
    for step in truth.steps:
        seconds = found.capacities.work_seconds[found.history.visits.step == names.index(step.name)]
        assert seconds.mean() == pytest.approx(step.work[0].ways[0].time.mean_seconds, rel=0.05)


def test_a_stream_without_overtime_has_none_fitted(tmp_path: Path) -> None:
    found = fit(recorded(drawn_stream(0), tmp_path, 0))

    assert [team.crews[0].overtime_seconds for team in found.stream.teams] == [0.0] * len(found.stream.teams)
