"""Approval wait: much of the lead time is waiting for somebody to decide."""

import numpy as np

from millrace.diagnose.findings.approvals import NOT_DECIDED, REFUSED, Approvals, examined_steps, main_team
from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import HOUR, Evidence
from millrace.diagnose.findings.finding import Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_median
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.queues import NEW
from millrace.diagnose.findings.saying import duration, percent
from millrace.diagnose.findings.worked_time import worked_time
from millrace.flow.spans import WAITING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.state import WaitReason

LEAST_SHARE = 0.25
"""Of the lead time of the items that need the approval."""
LEAST_MEDIAN = 4 * HOUR
MOST_OF_IT = 0.5
"""… a wait of half of the lead time is told however short that is, from"""
LEAST_MEAN = HOUR
"""… on average."""
LEAST_APPROVALS = 50


def approval_wait(evidence: Evidence) -> Examined | Absent:
    """Steps in which waiting for approval is a large part of the lead time, and that wait."""
    return examined_steps(evidence, _at_step)


def _at_step(evidence: Evidence, given: Approvals, step: int) -> Candidate | None:
    spans = evidence.spans
    waits = given.is_approval & (spans.step == step) & np.isin(spans.state, (NEW, WAITING))
    concerned = np.unique(given.item[given.step == step])
    wait = evidence.per_item(np.where(waits, spans.elapsed, 0))[concerned]
    lead = int(evidence.flow_time_of_item[concerned].sum())
    share, median = float(wait.sum()) / max(lead, 1), float(np.median(wait))
    is_long = median >= LEAST_MEDIAN or (share >= MOST_OF_IT and float(wait.mean()) >= LEAST_MEAN)
    if len(concerned) < LEAST_APPROVALS or share < LEAST_SHARE or not is_long:
        return None
    worked = evidence.derived(worked_time)
    outside = 1 - float(worked.of_span[waits].sum()) / float(spans.elapsed[waits].sum())
    n_waits, name, team = len(concerned), evidence.flow.step_names[step], main_team(evidence, waits)
    outcome = given.outcome[given.step == step]
    n_decided, n_refused = int((outcome != NOT_DECIDED).sum()), int((outcome == REFUSED).sum())
    by = f" by “{team}”" if team else ""
    nights = f"; {percent(outside)} of it lies outside working hours" if worked.is_by_calendar else ""
    refused = f"{n_refused:,} of {n_decided:,} were" if n_refused else f"Not one of {n_decided:,} was"
    return Candidate(
        f"Waiting for the approval{by} in “{name}” is {percent(share)} of the lead time of the {n_waits:,} items that "
        f"need it: {duration(median / SECOND)} in the median, {duration(float(wait.mean()) / SECOND)} on "
        f"average{nights}. {refused} refused or sent back.",
        whole_spans(evidence, waits),
        (
            Figure("wait for approval", median / SECOND, Unit.SECONDS, "Median per item of all waits for it", n_waits),
            Figure("share of lead time", share, Unit.RATIO, "Of the time before value of the items concerned", n_waits),
            Figure("outside working hours", outside, Unit.RATIO, "Of the wait, by the calendar of the stream", n_waits),
        ),
        place=Place(step=name, team=team, reason=WaitReason.APPROVAL),
        interval=interval_of_median(wait),
    )


KIND = Kind(
    "approval_wait",
    "Waiting for approval",
    "Half of the items that need an approval wait 4 hours or more for it, and that makes a quarter of their lead time; "
    "or it makes half of it, and an hour on average.",
    wastes=("waiting",),
    specificity=Specificity.PATTERN,
    look=approval_wait,
)
