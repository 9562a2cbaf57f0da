"""Streams whose items gather are fitted back with their batches; what only queues is not taken for one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench.known_truth import _future, _mean_lead, drawn_stream, recorded

from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.engine.run import run
from millrace.simulate.fit.batches import _timetable
from millrace.simulate.fit.fit import Fit, fit
from millrace.simulate.moves.steps import end_batching
from millrace.simulate.simulated_stream import Batch, SimulatedStream

STEP = "step 2"
NOON = WorkCalendar(name="noon", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ((720, 750),)))


def _gathering(batch: Batch) -> SimulatedStream:
    stream = drawn_stream(0)
    steps = (replace(step, batches=(batch,)) if step.name == STEP else step for step in stream.steps)
    return replace(stream, steps=tuple(steps))


def _batches(found: Fit) -> dict[str, tuple[Batch, ...]]:
    return {step.name: step.batches for step in found.stream.steps if step.batches}


@pytest.fixture(scope="module", params=[Batch(size=6), Batch(calendar=NOON)], ids=["by number", "by time"])
def gathered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[SimulatedStream, Fit]:
    truth = _gathering(request.param)
    return truth, fit(recorded(truth, tmp_path_factory.mktemp("log"), 0))


def test_the_rule_of_a_batch_is_recovered(gathered: tuple[SimulatedStream, Fit]) -> None:
    truth, found = gathered
    expected = next(step.batches[0] for step in truth.steps if step.name == STEP)
    assert list(_batches(found)) == [STEP]
    batch = _batches(found)[STEP][0]

    assert batch.size == expected.size
    if expected.calendar is not None:
        assert batch.calendar is not None
        assert batch.calendar.hours.keys() == expected.calendar.hours.keys()
        begins = [windows[0][0] for windows in batch.calendar.hours.values()]
        assert begins == pytest.approx([720] * 5, abs=5)


def test_without_batches_items_are_quicker_as_they_are_in_truth(gathered: tuple[SimulatedStream, Fit]) -> None:
    saved = [_lead_hours(each) - _lead_hours(end_batching(each, STEP)) for each in _both(gathered)]

    assert saved[0] > 0
    assert saved[1] == pytest.approx(saved[0], rel=0.25)


def _lead_hours(stream: SimulatedStream) -> float:
    return float(np.mean([_mean_lead(run(stream, _future(), seed=1, replication=k)) for k in range(4)]))


def _both(gathered: tuple[SimulatedStream, Fit]) -> tuple[SimulatedStream, SimulatedStream]:
    return gathered[0], gathered[1].stream


@pytest.mark.parametrize("seed", [0, 1, 5])
def test_what_only_queues_is_no_batch(seed: int, tmp_path: Path) -> None:
    assert _batches(fit(recorded(drawn_stream(seed), tmp_path, seed))) == {}


def test_instants_without_a_habit_are_no_timetable() -> None:
    at = np.random.default_rng(0).integers(0, 10 * 7 * 86_400_000_000, 100)

    assert _timetable(at, "UTC") is None
