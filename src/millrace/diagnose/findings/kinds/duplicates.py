"""Duplicates: the same requester asks for the same thing again within a day, and it is worked on again."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import HOUR, Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items, percent
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

WITHIN = 24 * HOUR
LEAST_RATIO = 0.03
"""The lower end of the interval has to reach it."""
LEAST_FACTOR = 3.0
"""Over what chance alone makes of requesters who ask often."""
SAME = ("category", "service", "item_type")
"""Columns that have to agree, those of them that the log has."""
_UNEVEN = 3.0
"""People ask by day and on workdays: chance meetings are so many times as frequent as over an even time."""

NO_REQUESTERS = Absent("the log does not say who asks for what; map columns to requester and to category or service")


def duplicates(evidence: Evidence) -> Examined | Absent:
    """Items like one that the same requester had asked for less than a day before, and their time."""
    same = [column for column in SAME if evidence.flow.has(column)]
    if not evidence.flow.has("requester") or not {"category", "service"}.intersection(same):
        return NO_REQUESTERS
    group = _groups(evidence, same)
    known = np.flatnonzero(group >= 0)
    if not len(known):
        return NO_REQUESTERS
    order = known[np.lexsort((evidence.items.demand_at[known], group[known]))]
    gap = np.diff(evidence.items.demand_at[order])
    again = np.concatenate(([False], (np.diff(group[order]) == 0) & (gap < WITHIN)))
    n, n_known = int(again.sum()), len(known)
    interval = interval_of_share(n, n_known)
    expected = _expected(group[order], evidence.flow.about.last_at - evidence.flow.about.first_at)
    if interval is None or interval.low < LEAST_RATIO or n < LEAST_FACTOR * expected:
        return Examined()
    rows = np.sort(order[again])
    is_again = np.zeros(len(group), np.bool_)
    is_again[rows] = True
    apart = float(np.median(gap[again[1:]])) / SECOND
    return Examined(
        (
            Candidate(
                f"{n:,} of {items(n_known)} ({percent(n / n_known)}) repeat one that the same requester had asked for "
                f"{duration(apart)} before (median), of the same {' and '.join(_words(same))}; by chance it would be "
                f"about {round(expected):,}.",
                whole_spans(evidence, is_again[evidence.item_of_span] & evidence.is_in_flow),
                (
                    Figure("repeated", n / n_known, Unit.RATIO,
                           f"Items demanded within a day of one with the same requester, {', '.join(_words(same))}",
                           n_known),
                    Figure("by chance", round(expected), Unit.COUNT,
                           "Expected of requesters who ask as often, at any time of their working hours", n_known),
                    Figure("apart", apart, Unit.SECONDS, "Median time between the two demands", n),
                ),
                items=evidence.items.item[rows],
                interval=interval,
            ),
        )
    )  # fmt: skip


def _groups(evidence: Evidence, same: list[str]) -> Int64s:
    """A number for each requester and kind of demand; negative where either is not known."""
    group = evidence.attribute("requester").codes.astype(np.int64)
    known = group != NOTHING
    for column in same:
        attribute = evidence.attribute(column)
        known &= attribute.codes != NOTHING
        group = group * (len(attribute.labels) + 1) + attribute.codes
    return np.where(known, group, NOTHING)


def _expected(groups: Int64s, length: int) -> float:
    """How many would follow another within a day if each group's demands came at any time: Poisson."""
    n = np.unique(groups, return_counts=True)[1]
    return float(((n - 1) * (1 - np.exp(-n * WITHIN * _UNEVEN / max(length, WITHIN)))).sum())


def _words(columns: list[str]) -> list[str]:
    return [column.replace("item_type", "type") for column in columns]


KIND = Kind(
    "duplicates",
    "The same demand twice",
    "Items within a day of one by the same requester for the same thing: at least 3 %, by the lower end of the 95 "
    "% interval, and three times as many as chance would make.",
    wastes=("overproduction",),
    specificity=Specificity.PATTERN,
    look=duplicates,
)
