"""Slow transition: between two steps, a group of items, or one team, waits far longer than the others."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from millrace.diagnose.findings.claim import part_of_spans
from millrace.diagnose.findings.comparison import LEAST_N, Contrast, contrasts
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.groups import by_type, group_drawn, group_in_words, groupings_of_visits, placed
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import count, duration, times
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

_DEFINITION = "From available to the step until work on it begins, the provider's time only, mean"


def slow_transition(evidence: Evidence) -> Examined | Absent:
    """Groups that wait at least twice as long as the others between the same two steps."""
    if not evidence.flow.knows_work:
        return Absent("the log has no starts of work, so that waiting between steps cannot be told from working")
    candidates, p_values = list[Candidate](), list[float]()
    waits = evidence.is_provider_time & evidence.is_before_work
    time = evidence.per_visit(np.where(waits, evidence.spans.elapsed, 0))
    names = evidence.flow.step_names
    for step, to_step, of_type, visits in _transitions(evidence):
        found = contrasts(time[visits] / SECOND, groupings_of_visits(evidence, visits))
        p_values += found.p_values
        way = _Way(None if step == NOTHING else names[step], names[to_step], of_type)
        candidates += (_candidate(evidence, way, each, visits, waits) for each in found.standing_out)
    return Examined(tuple(candidates), tuple(p_values))


class _Way(NamedTuple):
    """From a step (None: from demand) to another, for items of a type."""

    step: str | None
    to_step: str
    of_type: str | None


def _transitions(evidence: Evidence) -> Iterator[tuple[int, int, str | None, Int64s]]:
    """Pairs of steps and a type, with the visits (rows) that came that way; demand is step `NOTHING`."""
    visits, n_steps = evidence.visits, len(evidence.flow.step_names)
    rows = np.flatnonzero(evidence.is_peoples_visit & (visits.step < n_steps - 1))
    way = (visits.previous_step[rows].astype(np.int64) + 1) * n_steps + visits.step[rows]
    order = np.argsort(way, kind="stable")
    for of_way in np.split(rows[order], np.flatnonzero(np.diff(way[order])) + 1):
        for of_type, places in by_type(evidence, evidence.item_of_visit[of_way]):
            if len(places) >= 2 * LEAST_N:
                step, to_step = visits.previous_step[of_way[0]], visits.step[of_way[0]]
                yield int(step), int(to_step), of_type, of_way[places]


def _candidate(evidence: Evidence, way: _Way, slow: Contrast, visits: Int64s, waits: Bools) -> Candidate:
    step, to_step, of_type = way
    chosen = visits[slow.rows]
    ratio = np.zeros(len(evidence.visits.item))
    ratio[chosen] = slow.excess_ratio
    after = "demand" if step is None else f"“{step}”"
    beside = f"{times(slow.mean / slow.mean_rest)} as long as" if slow.mean_rest else "against no wait"
    sentence = (
        f"After {after}, items wait {duration(slow.mean)} on average in “{to_step}” until work begins "
        f"{group_in_words(slow, of_type)}, {beside} for the others ({duration(slow.mean_rest)}; "
        f"medians {duration(slow.median)} and {duration(slow.median_rest)}); {count(len(chosen))} times."
    )
    return Candidate(
        sentence,
        part_of_spans(evidence, waits, ratio[evidence.visit_of_span]),
        (
            Figure("wait before the step", slow.mean, Unit.SECONDS, _DEFINITION, len(chosen), "visits"),
            Figure("wait of the others", slow.mean_rest, Unit.SECONDS, _DEFINITION, slow.n_rest, "visits"),
        ),
        place=placed(slow, of_type, step, to_step),
        items=evidence.visits.item[chosen],
        p_value=slow.p_value,
        picture=group_drawn(slow, f"Wait before “{to_step}” begins", Unit.SECONDS, "mean per visit"),
    )


KIND = Kind(
    "slow_transition",
    "Slow transition for a group",
    "Between the same two steps a group (service, category, channel) waits at least twice as long as the others "
    "until work begins, a team three times; and longer than one of the others in 65 % of all pairs; at least 30 on "
    "either side.",
    wastes=("waiting",),
    specificity=Specificity.GROUP,
    look=slow_transition,
)
