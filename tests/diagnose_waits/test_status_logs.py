"""Logs of statuses tell queues before work, and whose they were; never that somebody was free."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.flow.logs import DESK, HOUR, Row, flow_of, hour

from millrace.diagnose.waits.cause import Cause
from millrace.diagnose.waits.waits import Waits, waits
from millrace.flow.spans import NOTHING
from millrace.model.work_calendar import WorkCalendar

OFFICE = WorkCalendar()
NIGHTS = WorkCalendar(name="nights", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ((0, 480),)))
Split = Callable[[Sequence[Row]], Waits]


@pytest.fixture
def split(tmp_path: Path) -> Split:
    """The waits of statuses; the desk keeps office hours, the night watch works from midnight to eight."""

    def of(rows: Sequence[Row]) -> Waits:
        stream = DESK.model_copy(update={"calendar": OFFICE, "team_calendars": {"Night watch": NIGHTS}})
        found = waits(flow_of(rows, tmp_path, stream))
        assert isinstance(found, Waits)
        return found

    return of


def hours(found: Waits) -> dict[Cause, float]:
    return {cause: part / HOUR for cause, part in found.microseconds.items() if part}


def test_queueing_outside_the_teams_hours_is_unavailability(split: Split) -> None:
    rows = [
        Row("1", hour(16), status="New", team="Desk"),
        Row("1", hour(34), status="In progress", team="Desk", person="Ann"),
    ]

    assert hours(split(rows)) == {Cause.UNAVAILABILITY: 16.0, Cause.UNDETERMINED: 2.0}


def test_each_team_is_judged_by_its_own_hours(split: Split) -> None:
    rows = [
        Row("1", hour(16), status="New", team="Desk"),
        Row("1", hour(24), status="New", team="Night watch", position=1),
        Row("1", hour(30), status="In progress", team="Night watch", person="Bob", position=2),
    ]
    found = split(rows)

    assert hours(found) == {Cause.UNAVAILABILITY: 7.0, Cause.UNDETERMINED: 7.0}
    assert found.n == 2


def test_a_queue_that_no_work_follows_is_nobodys(split: Split) -> None:
    rows = [Row("1", hour(10), status="New", team="Desk"), Row("1", hour(12), status="Resolved", team="Desk")]
    found = split(rows)

    assert hours(found) == {Cause.UNDETERMINED: 2.0}
    assert found.work.records["person"].tolist() == [NOTHING]


def test_a_person_at_one_thing_at_a_time_can_be_busy(split: Split) -> None:
    rows = [
        Row("1", hour(9), status="In progress", team="Desk", person="Ann"),
        Row("2", hour(10), status="New", team="Desk"),
        Row("1", hour(12), status="Resolved", team="Desk", person="Ann"),
        Row("2", hour(13), status="In progress", team="Desk", person="Ann"),
    ]

    assert hours(split(rows)) == {Cause.CONTENTION: 2.0, Cause.UNDETERMINED: 1.0}
