"""Waits are read on the calendar, unless it is only assumed and nobody keeps to it."""

from collections.abc import Callable

from tests.findings.conftest import copies
from tests.flow.logs import DESK

from millrace.diagnose.findings.evidence import HOUR, Evidence
from millrace.diagnose.findings.worked_time import worked_time
from millrace.model.work_calendar import WorkCalendar

See = Callable[..., Evidence]

BY_DAY = [(15, "New"), (33, "In progress"), (34, "Resolved")]
"""Waits from Monday 15:00 to Tuesday 9:00, 2 h of them in working hours; the work is within them."""
BY_NIGHT = [(15, "New"), (20, "In progress"), (21, "Resolved")]


def hours(evidence: Evidence) -> float:
    return float(worked_time(evidence).of_span[0] / HOUR)


def test_an_assumed_calendar_is_believed_where_work_keeps_to_it(desk: See) -> None:
    evidence = desk(copies(3, BY_DAY))
    assert evidence.flow.about.calendar.assumed
    assert hours(evidence) == 2


def test_an_assumed_calendar_is_not_believed_where_work_is_done_at_night(desk: See) -> None:
    evidence = desk(copies(3, BY_NIGHT))
    assert hours(evidence) == 5
    assert worked_time(evidence).in_words(5 * 3600) == "5 h"


def test_a_given_calendar_is_believed_in_any_case(desk: See) -> None:
    given = DESK.model_copy(update={"calendar": WorkCalendar()})
    assert hours(desk(copies(3, BY_NIGHT), given)) == 2
    assert worked_time(desk(copies(3, BY_NIGHT), given)).in_words(36 * 3600) == "36 h of working time"
