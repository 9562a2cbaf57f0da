"""Automatable step: people do the same short piece of work often, with little variation and nothing to decide."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_median
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import count, duration, percent
from millrace.flow.spans import ACTIVE
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_VISITS = 100
LEAST_PER_MONTH = 30
MOST_AUTOMATED = 0.2
LONGEST = 60 * 60 * SECOND
"""Median work: more than an hour is seldom one thing."""
MOST_SPREAD = 2.0
"""85th over 15th percentile of the work."""
LEAST_SAME_WAY = 0.9
"""Visits that go on to the same next step, or end there: nothing is decided."""

NO_WORK = Absent("this log cannot tell working from waiting")


def automatable_step(evidence: Evidence) -> Examined | Absent:
    """Steps with much manual work that hardly varies and always leads to the same, and that work."""
    if not evidence.flow.knows_work:
        return NO_WORK
    visits = evidence.visits
    manual = (visits.active > 0) & (visits.is_automated != 1)
    n_steps = len(evidence.flow.about.stream.steps)
    found = (_at_step(evidence, step, np.flatnonzero(manual & (visits.step == step))) for step in range(n_steps))
    return Examined(tuple(candidate for candidate in found if candidate is not None))


def _at_step(evidence: Evidence, step: int, rows: Int64s) -> Candidate | None:
    n, n_all = len(rows), int(((evidence.visits.step == step) & (evidence.visits.active > 0)).sum())
    per_month = n / max(evidence.flow.n_months, 1 / 30)
    if n < LEAST_VISITS or per_month < LEAST_PER_MONTH or 1 - n / n_all > MOST_AUTOMATED:
        return None
    work = evidence.visits.active[rows]
    low, median, high = (float(quantile) for quantile in np.quantile(work, (0.15, 0.5, 0.85)))
    # Work that always takes the same to the second was booked, not measured: it tells nothing of variation.
    spread, same = high / max(low, 1.0), _same_way(evidence, rows)
    if low == high or median > LONGEST or spread > MOST_SPREAD or same < LEAST_SAME_WAY:
        return None
    name, spans = evidence.flow.step_names[step], evidence.spans
    is_manual = np.zeros(len(evidence.visits.item), np.bool_)
    is_manual[rows] = True
    claim = whole_spans(evidence, is_manual[evidence.visit_of_span] & (spans.state == ACTIVE) & evidence.is_in_flow)
    return Candidate(
        f"“{name}” looks as if a script could do it: people do it {count(round(per_month))} times a month, seven times "
        f"in ten in {duration(low / SECOND)} to {duration(high / SECOND)}, and {percent(same)} go the same way on.",
        claim,
        (
            Figure("work", median / SECOND, Unit.SECONDS, "Median work of a visit that is not automated", n, "visits"),
            Figure("spread", spread, Unit.FACTOR, "85th over 15th percentile of that work", n, "visits"),
            Figure("same way on", same, Unit.RATIO, "Visits that go on to the same next step, or end", n, "visits"),
            Figure("automated", 1 - n / n_all, Unit.RATIO, "Visits that no person worked on", n_all, "visits"),
        ),
        place=Place(step=name),
        items=np.unique(evidence.visits.item[rows]),
        interval=interval_of_median(work),
    )


def _same_way(evidence: Evidence, rows: Int64s) -> float:
    """Share of the visits that go on to the commonest step, or have none after them."""
    visits = evidence.visits
    following = np.minimum(rows + 1, len(visits.item) - 1)
    goes_on = (visits.item[following] == visits.item[rows]) & (following > rows)
    next_step = np.where(goes_on, visits.step[following], len(evidence.flow.about.stream.steps) + 1)
    return float(np.bincount(next_step).max()) / len(rows)


KIND = Kind(
    "automatable_step",
    "Manual work that looks automatable",
    "A step done by people 30 times a month or more, in an hour at most; the 85th percentile of the work is at most "
    "twice the 15th, and 90 % of the visits go the same way on.",
    wastes=("motion", "extra_processing"),
    specificity=Specificity.CAUSE,
    look=automatable_step,
)
