"""Slow to start, quick to do: items lie for hours before work of minutes."""

import numpy as np

from millrace.diagnose.findings.evidence import HOUR, Evidence
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_median
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.queues import Queues, queue_claim, queues
from millrace.diagnose.findings.saying import duration, percent, times
from millrace.diagnose.findings.worked_time import worked_time
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.state import WaitReason

LEAST_WAITS = 50
LEAST_OF_VISITS = 0.5
"""Waits per visit of the step: what seldom waits is not slow to start."""
LEAST_MEDIAN = 3 * HOUR
"""Of working time."""
LEAST_WORK = HOUR // 60
"""Median of the work; less is a note that it was done."""
LEAST_FACTOR = 5
"""The wait over the work that follows it, medians."""

NO_STARTS = Absent("this log does not show when work on an item begins")


def slow_to_start(evidence: Evidence) -> Examined | Absent:
    """Steps whose queues last many times as long as the work, and those queues."""
    waits = evidence.derived(queues)
    if not evidence.flow.knows_work or not waits.is_started.any():
        return NO_STARTS
    found = (_at_step(evidence, waits, int(step)) for step in np.unique(waits.step))
    return Examined(tuple(candidate for candidate in found if candidate is not None))


def _at_step(evidence: Evidence, waits: Queues, step: int) -> Candidate | None:
    here = np.flatnonzero((waits.step == step) & waits.is_started)
    n, n_visits = len(here), int((evidence.visits.step == step).sum())
    if n < LEAST_WAITS or n < LEAST_OF_VISITS * n_visits:
        return None
    wait, work = float(np.median(waits.worked[here])), float(np.median(waits.work[here]))
    if wait < LEAST_MEDIAN or wait < LEAST_FACTOR * work or work < LEAST_WORK:
        return None
    name = evidence.flow.step_names[step]
    worked, within = evidence.derived(worked_time), float(waits.worked[here].sum()) / float(waits.elapsed[here].sum())
    return Candidate(
        f"“{name}” is slow to start and quick to do: work of {duration(work / SECOND)} waits for "
        f"{worked.in_words(wait / SECOND)}, {times(wait / work)} as long (medians of {n:,})."
        + (f" {percent(within)} of the time in its queue is working time." if worked.is_by_calendar else ""),
        queue_claim(evidence, waits, here),
        (
            Figure("wait in working time", wait / SECOND, Unit.SECONDS, "Median wait in the queue until work begins", n,
                   "waits"),
            Figure("work", work / SECOND, Unit.SECONDS, "Median of the work that follows such a wait", n, "waits"),
            Figure("within working time", within, Unit.RATIO, "Of all time in the queue", n, "waits"),
        ),
        place=Place(step=name, reason=WaitReason.QUEUE),
        interval=interval_of_median(waits.worked[here]),
        picture=Bars(
            f"“{name}”", Unit.SECONDS, "median",
            (Bar("wait until work begins", wait / SECOND, n, is_the_finding=True), Bar("work", work / SECOND, n)),
        ),
    )  # fmt: skip


KIND = Kind(
    "slow_to_start",
    "Slow to start, quick to do",
    "Half of the waits before work in a step last 3 hours of working time or more, and five times as long as the work; "
    "there is such a wait for every other visit or more.",
    wastes=("waiting",),
    specificity=Specificity.SHARE,
    look=slow_to_start,
)
