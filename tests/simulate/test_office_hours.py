"""Waits in office time, laid on the clock on the wall; hand-worked."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from millrace.simulate.office_hours import OfficeHours

MONDAY = date(2026, 3, 2)
OFFICE = OfficeHours.over(MONDAY, 14, 8, 18, holidays=[date(2026, 3, 4)])


@pytest.mark.parametrize(
    ("began", "hours", "ends"),
    [
        ("2026-03-02 09:00", 1, "2026-03-02 10:00"),
        ("2026-03-02 06:00", 1, "2026-03-02 09:00"),
        ("2026-03-02 17:30", 1, "2026-03-03 08:30"),
        ("2026-03-02 21:00", 1, "2026-03-03 09:00"),
        ("2026-03-03 17:30", 1, "2026-03-05 08:30"),
        ("2026-03-06 17:00", 2, "2026-03-09 09:00"),
        ("2026-03-07 12:00", 25, "2026-03-11 13:00"),
        ("2026-03-02 08:00", 10, "2026-03-02 18:00"),
    ],
)
def test_a_wait_runs_in_office_hours_only(began: str, hours: float, ends: str) -> None:
    ended = OFFICE.after(np.array([_seconds(began)]), np.array([hours * 3600.0]))
    assert ended.tolist() == [_seconds(ends)]


def test_a_wait_of_nothing_still_ends_later_than_it_began() -> None:
    began = np.array([_seconds("2026-03-02 09:00"), _seconds("2026-03-02 18:00")])
    assert (OFFICE.after(began, np.zeros(2)) > began).all()


def _seconds(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp())
