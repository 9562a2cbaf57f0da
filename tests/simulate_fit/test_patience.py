"""Lost patience is told by when items are cancelled while they wait: by hand, and from a log that shows it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench.known_truth import drawn_stream, one_more_person, recorded

from millrace.simulate.distribution import exponential
from millrace.simulate.engine.run import Run, run
from millrace.simulate.fit.durations import cumulative
from millrace.simulate.fit.fit import Fit, fit
from millrace.simulate.fit.patience import _by_turn_ratio, _patience
from millrace.simulate.simulated_stream import CANCELLED, Patience, SimulatedStream, Way

STEP, HOUR = "step 2", 3600.0
TRUE = Patience(exponential(20 * HOUR), share_ratio=0.7)


def _impatient() -> SimulatedStream:
    """The second step is busy, and seven in ten items give up at last."""
    drawn = drawn_stream(5)
    steps = tuple(
        replace(
            step,
            patience=(TRUE,),
            work=(replace(step.work[0], ways=(replace(way, time=way.time.scaled(1.3)),)),),
        )
        if step.name == STEP
        else step
        for step in drawn.steps
        for way in step.work[0].ways
    )
    return replace(drawn, steps=steps)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[SimulatedStream, Fit]:
    truth = _impatient()
    return truth, fit(recorded(truth, tmp_path_factory.mktemp("log"), 1))


def test_patience_is_what_waits_show_that_were_not_ended_before() -> None:
    """Of four, one gives up after 1 h and one after 3; one is taken up after 2 h, one after 4."""
    found = _patience(np.array([1.0, 2.0, 3.0, 4.0]) * HOUR, np.array([True, False, True, False]))

    # A quarter is lost at once; of the rest one of two: 1/4 + 3/4 × 1/2.
    assert found.share_ratio == pytest.approx(5 / 8)
    assert found.time.mean_seconds == pytest.approx(HOUR * (1 / 4 * 1 + 3 / 8 * 3) / (5 / 8), rel=0.01)


def test_what_is_cancelled_as_soon_as_work_ends_is_cancelled_by_turn() -> None:
    minute = 60_000_000

    assert _by_turn_ratio(np.array([10, 20, 30]) * minute, np.array([10, 20, 25, 34]) * minute) == 0.5


def test_only_the_step_in_which_items_give_up_has_patience(fitted: tuple[SimulatedStream, Fit]) -> None:
    _, found = fitted

    assert [step.name for step in found.stream.steps if step.patience] == [STEP]
    (step,) = (step for step in found.stream.steps if step.name == STEP)
    assert all(way.to != CANCELLED for rule in step.routes for way in rule.ways)
    assert any("give up" in remark for remark in found.remarks)


def test_the_chance_to_have_given_up_after_hours_is_recovered(fitted: tuple[SimulatedStream, Fit]) -> None:
    _, found = fitted
    (patience,) = (step.patience[0] for step in found.stream.steps if step.name == STEP)

    for hours in (2.0, 6.0, 15.0):
        told, true = (
            each.share_ratio * float(cumulative(each.time, np.array([hours * HOUR]))[0]) for each in (patience, TRUE)
        )
        assert told == pytest.approx(true, abs=0.05)


def test_with_one_more_person_fewer_give_up_as_in_truth(fitted: tuple[SimulatedStream, Fit]) -> None:
    shares = [[_cancelled_ratio(change(each)) for change in (lambda s: s, one_more_person)] for each in _both(fitted)]

    assert shares[0][1] < shares[0][0] / 1.5
    assert shares[1] == pytest.approx(shares[0], abs=0.03)


def test_a_decision_to_cancel_is_no_lost_patience(tmp_path: Path) -> None:
    drawn = drawn_stream(5)
    first = drawn.steps[0]
    ways = (Way(CANCELLED, 0.2), replace(first.routes[0].ways[0], share_ratio=0.8))
    truth = replace(drawn, steps=(replace(first, routes=(replace(first.routes[0], ways=ways),)), *drawn.steps[1:]))

    assert not any(step.patience for step in fit(recorded(truth, tmp_path, 1)).stream.steps)


def _both(fitted: tuple[SimulatedStream, Fit]) -> tuple[SimulatedStream, SimulatedStream]:
    return fitted[0], fitted[1].stream


def _cancelled_ratio(stream: SimulatedStream) -> float:
    from bench.known_truth import _future

    runs = [run(stream, _future(), seed=2, replication=k) for k in range(3)]
    return float(np.mean([_ends(each, each.stream.cancelled_status) / len(each.items.uid) for each in runs]))


def _ends(done: Run, status: str) -> int:
    of_status = np.array([label.is_end and label.status == status for label in done.labels])
    return int(of_status[done.phases["code"]].sum())
