"""The product measures in the sample, by the template of its name, the figures that the sample promises."""

import pytest

from millrace.flow.measurement import Measurement
from millrace.flow.step_measures import StepMeasures
from millrace.flow.summary import Share
from millrace.model.templates.template import load_template
from millrace.workbench import Workbench


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measurement:
    folder = tmp_path_factory.mktemp("sample")
    bench = Workbench(folder / "workspace")
    export = bench.sample("hr-access", folder / "requests.csv")
    return bench.measure(export, stream=load_template("hr-access")).measurement


def step(measured: Measurement, name: str) -> StepMeasures:
    return next(row for row in measured.steps if row.step == name)


def ratio(share: object) -> float | None:
    assert isinstance(share, Share)
    return share.ratio


def test_lead_time_is_4_hours(measured: Measurement) -> None:
    mean = measured.lead_time.groups[""].mean_seconds
    assert mean == pytest.approx(4 * 3600, rel=0.1)


def test_flow_efficiency_is_25_of_240_minutes(measured: Measurement) -> None:
    assert ratio(measured.flow_efficiency) == pytest.approx(25 / 240, abs=0.012)


def test_approval_carries_70_percent_of_the_delay(measured: Measurement) -> None:
    assert ratio(step(measured, "Review and approve").delay) == pytest.approx(0.70, abs=0.04)


def test_rework_is_5_percent(measured: Measurement) -> None:
    assert measured.rework.items.ratio == pytest.approx(0.05, abs=0.01)


def test_a_script_configures_40_percent(measured: Measurement) -> None:
    assert ratio(step(measured, "Configure access").automation) == pytest.approx(0.40, abs=0.02)


def test_no_event_is_unmapped(measured: Measurement) -> None:
    assert [row.step for row in measured.steps] == [
        "Submit request",
        "Log and triage",
        "Review and approve",
        "Configure access",
        "Deliver to the user",
        "Feedback and improve",
    ]
