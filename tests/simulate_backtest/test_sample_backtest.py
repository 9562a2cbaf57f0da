"""The sample, whose truth holds approvals in office hours and a desk that never closes, stands the back-test."""

from pathlib import Path

import pytest

from millrace.simulate.backtest.backtest import Backtest
from millrace.simulate.backtest.verdict import Trust, verdicts
from millrace.workbench import Workbench


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Backtest:
    folder: Path = tmp_path_factory.mktemp("sample")
    workbench = Workbench(folder / "workspace")
    return workbench.backtest(workbench.sample("hr-access", folder / "requests.csv"), n_replications=4).backtest


def test_lead_times_of_the_sample_are_foretold(tested: Backtest) -> None:
    trust = {verdict.subject: verdict.trust for verdict in verdicts(tested)}

    assert trust["lead time"] is Trust.TRUSTWORTHY
    assert abs(tested.mean_lead_seconds.error_ratio) < 0.15


def test_waiting_of_the_sample_is_foretold_step_by_step(tested: Backtest) -> None:
    for step in tested.step_waits:
        assert step.simulated_lead_seconds == pytest.approx(step.real_lead_seconds, rel=0.35, abs=60)
