"""Idle in a queue: a team lets work lie for days that other teams take up within hours."""

import numpy as np

from millrace.diagnose.findings.comparison import Contrast, Grouping, contrasts
from millrace.diagnose.findings.evidence import HOUR, Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.queues import Queues, queue_claim, queues
from millrace.diagnose.findings.saying import count
from millrace.diagnose.findings.worked_time import worked_time
from millrace.flow.handoffs import NO_TEAMS
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.state import WaitReason

LEAST_FACTOR = 3.0
"""Mean wait of a team over that of the others."""
LEAST_MEDIAN = 4 * HOUR
"""Of working time."""

NO_STARTS = Absent("this log does not show when work on an item begins")


def idle_in_queue(evidence: Evidence) -> Examined | Absent:
    """Teams in whose queues items lie much longer than in those of the others, and those queues."""
    waits, teams = evidence.derived(queues), evidence.flow.about.teams
    if not teams:
        return NO_TEAMS
    if not waits.is_started.any():
        return NO_STARTS
    rows = np.flatnonzero(waits.is_started & (waits.team != NOTHING))
    compared = contrasts(waits.worked[rows], [Grouping("team", waits.team[rows], teams)], least_factor=LEAST_FACTOR)
    found = [each for each in compared.standing_out if each.median >= LEAST_MEDIAN]
    return Examined(tuple(_candidate(evidence, waits, rows[each.rows], each) for each in found), compared.p_values)


def _candidate(evidence: Evidence, waits: Queues, rows: Int64s, contrast: Contrast) -> Candidate:
    team, n = contrast.label, len(rows)
    median, rest = contrast.median / SECOND, contrast.median_rest / SECOND
    said = evidence.derived(worked_time).in_words
    return Candidate(
        f"Work lies with “{team}” for {said(median)} before anybody begins (median of {count(n)} "
        f"waits); with the other teams it is {said(rest)}.",
        queue_claim(evidence, waits, rows),
        (
            Figure("wait", median, Unit.SECONDS, "Median wait in the team's queues, working time", n, "waits"),
            Figure("wait elsewhere", rest, Unit.SECONDS, "Likewise, of the other teams", contrast.n_rest, "waits"),
        ),
        place=Place(team=team, reason=WaitReason.QUEUE),
        p_value=contrast.p_value,
        picture=Bars(
            "Wait until work begins", Unit.SECONDS, "median, working time",
            (Bar(team, median, n, is_the_finding=True), Bar("other teams", rest, contrast.n_rest)),
        ),
    )  # fmt: skip


KIND = Kind(
    "idle_in_queue",
    "Idle in a team's queue",
    "Waits in a team's queues are three times as long as in those of the other teams (means, and surely by ranks), and "
    "half of them last 4 hours of working time or more.",
    wastes=("waiting", "inventory"),
    specificity=Specificity.GROUP,
    look=idle_in_queue,
)
