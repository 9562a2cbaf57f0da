"""The sample `incidents` holds what it says, and its template finds every step in it."""

import pytest

from millrace.flow.handoffs import Bounces, Handoffs
from millrace.flow.measurement import Measurement
from millrace.flow.summary import Share
from millrace.model.templates.template import load_template
from millrace.simulate.sample import sample
from millrace.workbench import Workbench

MONTHS = 4


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measurement:
    folder = tmp_path_factory.mktemp("incidents")
    bench = Workbench(folder / "workspace")
    export = bench.sample("incidents", folder / "incidents.csv", months=MONTHS)
    return bench.measure(export, stream=load_template("incident-three-tiers")).measurement


def test_the_same_arguments_give_the_same_rows() -> None:
    assert sample("incidents", months=1, seed=3).equals(sample("incidents", months=1, seed=3))


def test_there_are_620_a_month(measured: Measurement) -> None:
    assert measured.steps[0].n_items == pytest.approx(620 * MONTHS, rel=0.06)


def test_every_event_has_its_step(measured: Measurement) -> None:
    names = [step.step for step in measured.steps]
    assert names == [step.name for step in load_template("incident-three-tiers").steps]


def test_second_line_is_where_most_waits(measured: Measurement) -> None:
    shares = {step.step: step.delay.ratio for step in measured.steps if isinstance(step.delay, Share)}
    assert max(shares, key=lambda step: shares[step] or 0.0) == "Second line"


def test_incidents_go_to_and_fro(measured: Measurement) -> None:
    assert isinstance(measured.handoffs, Handoffs)
    assert measured.handoffs.n > 2_000
    assert isinstance(measured.bounces, Bounces)
    assert measured.bounces.n_items > 700


def test_they_stay_open_for_five_days_when_all_is_done(measured: Measurement) -> None:
    tail = measured.closing_tail.tail
    assert tail.p50 is not None
    assert tail.p50.seconds == pytest.approx(5 * 86_400)


def test_some_come_back_after_they_were_resolved(measured: Measurement) -> None:
    reopened = measured.rework.n_reopened / measured.steps[0].n_items
    assert reopened == pytest.approx(0.04, abs=0.012)
