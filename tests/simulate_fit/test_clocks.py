"""Waits keep hours where those foretell better when they end; by hand, and from the log of a stream that keeps them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench.known_truth import HALF_YEAR, STARTS_AT, drawn_stream

from millrace.eventlog.engine import connect
from millrace.flow.cut import cut
from millrace.flow.work_time import WorkClock, work_clock
from millrace.model.state import Side, WaitReason
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.simulate.distribution import exponential, gamma
from millrace.simulate.engine.run import Period, run
from millrace.simulate.fit.clocks import _gain_of, clocks
from millrace.simulate.fit.delays import worked
from millrace.simulate.fit.fit import Fit, fit
from millrace.simulate.fit.shown_hours import shown_hours
from millrace.simulate.simulated_log import simulated_log, stream_of
from millrace.simulate.simulated_stream import Arrivals, Demand, SimulatedStream, Wait

HOUR, DAY = 3_600_000_000, 86_400_000_000
APPROVER = WorkCalendar(name="approver", hours=dict.fromkeys(WEEKDAYS[:5], ((600, 960),)))
APPROVAL = Wait(exponential(3 * 3600.0), WaitReason.APPROVAL, calendar=APPROVER)
ANSWER = Wait(gamma(20 * 3600.0, 1.0), WaitReason.REQUESTER, share_ratio=0.3, side=Side.REQUESTER)


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> tuple[SimulatedStream, Fit]:
    """Demand around the clock; an approval from 10 to 16 on workdays, and requesters who answer at any hour."""
    folder = tmp_path_factory.mktemp("approved")
    drawn = drawn_stream(5)
    truth = replace(drawn, steps=(replace(drawn.steps[0], waits=(APPROVAL, ANSWER)), *drawn.steps[1:]))
    log = simulated_log([run(truth, Period(STARTS_AT, STARTS_AT + HALF_YEAR), seed=3)], folder / "log")
    (folder / "flow").mkdir()
    with connect(folder) as connection:
        return truth, fit(cut(log, stream_of(truth), folder / "flow", connection))


def _told(found: Fit, reason: WaitReason) -> tuple[WorkCalendar | None, float, float]:
    """The hours that waits keep, the share of visits of the first step that wait, and for how long."""
    timed = clocks(found.history, found.capacities)
    seconds = timed.wait_seconds[reason][found.history.visits.step == 0]
    calendars = {wait.calendar and wait.calendar.name for wait in found.stream.steps[0].waits if wait.reason is reason}
    assert calendars == {timed.of_waits[0, reason].name if (0, reason) in timed.of_waits else None}
    return timed.of_waits.get((0, reason)), float((seconds > 0).mean()), float(seconds[seconds > 0].mean())


def test_an_approval_comes_in_the_hours_of_the_approver(approved: tuple[SimulatedStream, Fit]) -> None:
    calendar, share, mean = _told(approved[1], WaitReason.APPROVAL)

    assert calendar is not None
    assert calendar.hours == APPROVER.hours
    assert share > 0.97
    assert mean == pytest.approx(3 * 3600, rel=0.1)


def test_an_answer_comes_when_it_comes(approved: tuple[SimulatedStream, Fit]) -> None:
    calendar, share, mean = _told(approved[1], WaitReason.REQUESTER)

    assert calendar is None
    assert share == pytest.approx(0.3, abs=0.03)
    assert mean == pytest.approx(20 * 3600, rel=0.1)


@pytest.mark.parametrize("keeps", [True, False])
def test_hours_foretell_waits_that_keep_them_and_no_others(keeps: bool) -> None:
    """Half an hour of the approver's time; or up to two days, seen only where they end in the approver's hours."""
    rng = np.random.default_rng(0)
    began = rng.integers(0, 200 * DAY, 2000)
    clock = work_clock([APPROVER], 0, 250 * DAY)
    opens = clock.opens[np.minimum(np.searchsorted(clock.closes, began), len(clock.opens) - 1)]
    ended = np.maximum(opens, began) + rng.integers(0, HOUR, 2000) if keeps else began + rng.integers(0, 2 * DAY, 2000)
    seen = _is_on(clock, ended)
    began, ended = began[seen], ended[seen]
    later = began[:, None] + np.arange(96) * HOUR // 2
    chance = _is_on(clock, later.ravel()).reshape(later.shape).mean(axis=1)

    gain = _gain_of((ended - began) / 1e6, worked(clock, began, ended) / 1e6, np.ones(len(began), bool), chance)
    assert (gain > 0.1) == keeps


def _is_on(
    clock: WorkClock, at: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return worked(clock, at, at + 1_000_000) > 0


def test_hours_are_shown_by_instants_that_keep_to_them() -> None:
    """From 9 to 17 on the wall of Amsterdam in winter is from 8 to 16 UTC."""
    days = np.arange(4, 200)
    days = days[(days + 3) % 7 < 5][:60]
    at = (days[:, None] * DAY + 8 * HOUR + np.arange(0, 8, 0.25) * HOUR).ravel().astype(np.int64)

    shown = shown_hours(at, "office", "Europe/Amsterdam")
    assert isinstance(shown, WorkCalendar)
    assert shown.hours == dict.fromkeys(WEEKDAYS[:5], ((540, 1020),))


def test_a_desk_that_takes_up_at_night_what_comes_at_night_has_no_hours(tmp_path: Path) -> None:
    """One in twenty comes at night; the desk works then, too, though its events thin out."""
    drawn = drawn_stream(0)
    hours = np.full((7, 24), 0.02)
    hours[:5, 9:17] = 1.2
    always = tuple(replace(team, crews=(replace(team.crews[0], calendar=None),)) for team in drawn.teams)
    quick = tuple(
        replace(step, work=(replace(step.work[0], ways=(replace(step.work[0].ways[0], time=gamma(900.0, 1.0)),)),))
        for step in drawn.steps
    )
    demand = Demand(Arrivals(tuple(hours.ravel().tolist())))
    truth = replace(drawn, steps=quick, teams=always, demand=demand)
    log = simulated_log([run(truth, Period(STARTS_AT, STARTS_AT + HALF_YEAR), seed=3)], tmp_path / "log")
    (tmp_path / "flow").mkdir()
    with connect(tmp_path) as connection:
        found = fit(cut(log, stream_of(truth), tmp_path / "flow", connection))

    assert [team.crews[0].calendar for team in found.stream.teams] == [None] * len(truth.teams)
