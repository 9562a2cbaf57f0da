"""Worked time: how much of each span lies in working hours, as far as the calendar can be believed."""

from dataclasses import dataclass

from millrace.diagnose.findings.evidence import HOUR, Evidence, Int64s
from millrace.diagnose.findings.saying import duration, working_time
from millrace.flow.spans import ACTIVE

SHORT = 4 * HOUR
"""Work of a few hours lies within working hours, if the calendar is right."""
LEAST_WITHIN = 0.5
"""Of short work; below, a calendar that nobody gave is not the one that is worked by."""


@dataclass(frozen=True)
class WorkedTime:
    """Microseconds of working time per span; elapsed ones where `is_by_calendar` is false."""

    of_span: Int64s
    is_by_calendar: bool

    def in_words(self, seconds: float) -> str:
        """`7.2 h of working time`, or only `7.2 h` where all time is working time."""
        return working_time(seconds) if self.is_by_calendar else duration(seconds)


def worked_time(evidence: Evidence) -> WorkedTime:
    """Business time; but elapsed time where the calendar is only assumed and most work is done outside it."""
    spans = evidence.spans
    if evidence.flow.about.calendar.assumed:
        short = (spans.state == ACTIVE) & (spans.elapsed > 0) & (spans.elapsed <= SHORT)
        within, whole = int(spans.business[short].sum()), int(spans.elapsed[short].sum())
        if within < LEAST_WITHIN * whole:
            return WorkedTime(spans.elapsed, is_by_calendar=False)
    return WorkedTime(spans.business, is_by_calendar=True)
