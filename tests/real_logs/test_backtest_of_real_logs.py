"""Back-tests of published logs: nearer to what happened than what anybody can say without a model."""

from collections.abc import Callable
from typing import Any

import pytest

from millrace.simulate.backtest.backtest import Backtest, backtest

LOAN = "intervals/LoanApp_sequential_9-5_diffres_timers.csv.gz"
PARALLEL_LOAN = "intervals/Loan_Application_3_timers.csv.gz"


def _tested(published: Callable[[str], Any], name: str, **how: Any) -> Backtest:
    measured = published(name)
    return backtest(measured.log, measured.flow, n_replications=3, **how)


@pytest.mark.parametrize("name", [LOAN, PARALLEL_LOAN])
def test_lead_times_of_loan_applications_are_foretold_better_than_by_any_guess(
    published: Callable[[str], Any], name: str
) -> None:
    found = _tested(published, name)

    assert found.lead_time.distance < min(guess.distance_ratio for guess in found.baselines)


def test_with_hindsight_loan_applications_are_fitted_to_within_twice_the_noise(published: Callable[[str], Any]) -> None:
    found = _tested(published, LOAN, with_hindsight=True)

    assert found.lead_time.distance <= 2 * found.lead_time.noise
    assert found.routes.distance <= 0.1
    assert abs(found.throughput.error_ratio) <= 0.1
