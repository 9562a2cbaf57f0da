"""Priority inversion: what is urgent waits longer than what is not."""

import numpy as np

from millrace.diagnose.findings.evidence import Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.priorities import ranks
from millrace.diagnose.findings.queues import Queues, queue_claim, queues
from millrace.diagnose.findings.worked_time import worked_time
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.state import WaitReason

LEAST_N = 30
"""Waits of either kind in a team."""
LEAST_SUPERIORITY = 0.57
"""Probability that an urgent item waits longer than another; 0.5 is no difference."""

NO_PRIORITY = Absent("the log has no priorities whose order can be told; map a column to priority")
NO_STARTS = Absent("this log does not show when work on an item begins, and in which team")


def priority_inversion(evidence: Evidence) -> Examined | Absent:
    """Teams in which the upper half of the priorities waits longer than the lower, and the time passed over."""
    if not evidence.flow.has("priority"):
        return NO_PRIORITY
    attribute = evidence.attribute("priority")
    rank_of = ranks(attribute.labels)
    if rank_of is None:
        return NO_PRIORITY
    waits, teams = evidence.derived(queues), evidence.flow.about.teams
    if not teams or not waits.is_started.any():
        return NO_STARTS
    rank = np.array([*(np.nan if rank is None else rank for rank in rank_of), np.nan])[attribute.codes[waits.item]]
    known = waits.is_started & (waits.team != NOTHING) & ~np.isnan(rank)
    p_values, found = [], []
    for team in np.unique(waits.team[known]):
        compared = _compared(evidence, waits, rank, np.flatnonzero(known & (waits.team == team)))
        if compared is not None:
            p, candidate = compared
            p_values.append(p)
            found += [candidate] if candidate is not None else []
    return Examined(tuple(found), tuple(p_values))


def _compared(
    evidence: Evidence, waits: Queues, rank: np.ndarray, rows: Int64s
) -> tuple[float, Candidate | None] | None:
    """The p-value of a team, and the candidate if the effect is large enough; None where there is too little."""
    from scipy.stats import mannwhitneyu

    # The more urgent of the team's own work: what lies above its middle, or its middle where most is there.
    is_urgent = rank[rows] < np.median(rank[rows])
    if not is_urgent.any():
        is_urgent = rank[rows] == rank[rows].min()
    urgent, other = rows[is_urgent], rows[~is_urgent]
    if min(len(urgent), len(other)) < LEAST_N:
        return None
    test = mannwhitneyu(waits.worked[urgent], waits.worked[other], alternative="greater")
    superiority, p = float(test.statistic) / (len(urgent) * len(other)), float(test.pvalue)
    if superiority < LEAST_SUPERIORITY:
        return p, None
    return p, _candidate(evidence, waits, urgent, other, superiority, p)


def _candidate(
    evidence: Evidence, waits: Queues, urgent: Int64s, other: Int64s, superiority: float, p: float
) -> Candidate:
    passed_at = _passed_over_at(waits, urgent, other)
    passed = passed_at < waits.ended_at[urgent]
    name = evidence.flow.about.teams[waits.team[urgent[0]]]
    ours, theirs = (float(np.median(waits.worked[rows])) / SECOND for rows in (urgent, other))
    n = len(urgent)
    said = evidence.derived(worked_time).in_words
    return Candidate(
        f"In “{name}” what is urgent waits longer than what is not: {said(ours)} against "
        f"{said(theirs)} (medians). {int(passed.sum()):,} of {n:,} urgent items saw a less urgent one "
        "that came later begin before them.",
        queue_claim(evidence, waits, urgent[passed], passed_at[passed]),
        (
            Figure("urgent waits longer", superiority, Unit.RATIO,
                   "Chance that an urgent item waits longer than one that is not (50 % is no difference)", n, "waits"),
            Figure("wait of urgent items", ours, Unit.SECONDS, "Median wait in working time until work begins", n,
                   "waits"),
            Figure("wait of the others", theirs, Unit.SECONDS, "Likewise", len(other), "waits"),
            Figure("passed over", float(passed.mean()), Unit.RATIO,
                   "Urgent items that saw one less urgent, which came later, begin first", n, "waits"),
        ),
        place=Place(team=name, reason=WaitReason.QUEUE),
        p_value=p,
        picture=Bars(
            f"Wait in “{name}”", Unit.SECONDS, "median, working time",
            (Bar("urgent", ours, n, is_the_finding=True), Bar("less urgent", theirs, len(other))),
        ),
    )  # fmt: skip


def _passed_over_at(waits: Queues, urgent: Int64s, other: Int64s) -> Int64s:
    """For each urgent wait when the first other item that came after it was begun; far in the future where none was."""
    order = np.argsort(waits.began_at[other], kind="stable")
    arrivals, starts = waits.began_at[other][order], waits.ended_at[other][order]
    earliest = np.concatenate((np.minimum.accumulate(starts[::-1])[::-1], [np.iinfo(np.int64).max]))
    return np.asarray(earliest[np.searchsorted(arrivals, waits.began_at[urgent], side="right")])


KIND = Kind(
    "priority_inversion",
    "Urgent work waits longer",
    "In a team, an urgent item waits longer than a less urgent one with a chance of 57 % or more, tested by ranks.",
    wastes=("waiting",),
    specificity=Specificity.CAUSE,
    look=priority_inversion,
)
