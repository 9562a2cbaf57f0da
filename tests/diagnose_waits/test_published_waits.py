"""Published simulations with delays planted between activities: they come out, by activity, and nothing else does."""

from collections.abc import Callable

import duckdb
import numpy as np
import pytest

from millrace.diagnose.waits.cause import BATCHING, EXTRANEOUS
from millrace.diagnose.waits.waits import Waits, waits
from millrace.flow.flow import Flow

HOUR = 3_600_000_000


def by_activity(found: object) -> dict[str, np.ndarray]:
    """Hours by cause of the waits before each activity."""
    assert isinstance(found, Waits)
    codes = found.work.records["activity"]
    return {name: found.by_work[codes == code].sum(axis=0) / HOUR for code, name in enumerate(found.work.activities)}


@pytest.mark.parametrize("name", ["Loan_Application_3_timers", "Procure_to_Pay_5_timers"])
def test_planted_delays_are_extraneous(flow_of_file: Callable[..., Flow], name: str) -> None:
    flow = flow_of_file(f"intervals/{name}.csv.gz")
    planted = dict(
        duckdb.sql(
            f"SELECT activity, sum(extraneous_delay::DOUBLE) / 3600 FROM '{flow.events_path}' GROUP BY activity"
        ).fetchall()
    )
    found = by_activity(waits(flow))

    for activity, hours in planted.items():
        assert found[activity][EXTRANEOUS] == pytest.approx(hours, rel=0.1), activity
    errors = [abs(found[activity][EXTRANEOUS] - hours) for activity, hours in planted.items()]
    assert np.mean(errors) < 0.1 * sum(planted.values())
    assert not any(causes[BATCHING] for causes in found.values())


def test_timers_of_an_hour_are_told_apart_from_queues_in_office_hours(flow_of_file: Callable[..., Flow]) -> None:
    """Three activities are held for an hour, whatever the time of day; 2,000 hours of others are queues."""
    found = by_activity(waits(flow_of_file("intervals/LoanApp_sequential_9-5_diffres_timers.csv.gz")))

    held = {name.strip(): causes[EXTRANEOUS] for name, causes in found.items() if causes[EXTRANEOUS] > 1}
    assert held == {"Approve application": 342.0, "Cancel application": 157.0, "Reject application": 501.0}
    assert not any(causes[BATCHING] for causes in found.values())
