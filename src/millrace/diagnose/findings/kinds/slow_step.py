"""Slow step: once it has begun, a step takes a group of items, or one team, far longer than the others."""

import numpy as np

from millrace.diagnose.findings.claim import part_of_spans
from millrace.diagnose.findings.comparison import Contrast, contrasts
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.groups import by_type, group_drawn, group_in_words, groupings_of_visits, placed
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import count, duration, times
from millrace.flow.summary import SECOND

_DEFINITION = "Time of a visit after its queue, the provider's only, mean"


def slow_step(evidence: Evidence) -> Examined:
    """Groups whose visits of a step take at least twice as long as those of the others."""
    candidates, p_values = list[Candidate](), list[float]()
    begun = evidence.is_provider_time & ~evidence.is_before_work
    time = evidence.per_visit(np.where(begun, evidence.spans.elapsed, 0))
    for step, name in evidence.steps:
        of_step = np.flatnonzero((evidence.visits.step == step) & evidence.is_peoples_visit & (time > 0))
        for of_type, places in by_type(evidence, evidence.item_of_visit[of_step]):
            visits = of_step[places]
            found = contrasts(time[visits] / SECOND, groupings_of_visits(evidence, visits))
            p_values += found.p_values
            candidates += (_candidate(evidence, name, of_type, e, visits, begun) for e in found.standing_out)
    return Examined(tuple(candidates), tuple(p_values))


def _candidate(
    evidence: Evidence, step: str, of_type: str | None, slow: Contrast, visits: Int64s, begun: Bools
) -> Candidate:
    chosen = visits[slow.rows]
    ratio = np.zeros(len(evidence.visits.item))
    ratio[chosen] = slow.excess_ratio
    # Where the log tells ends only, the time of a visit is that since the event before.
    takes, counted = (
        (f"“{step}” takes", "counted from when it has begun")
        if evidence.flow.knows_work
        else (f"The way to “{step}” takes", "counted from the event before")
    )
    sentence = (
        f"{takes} {duration(slow.mean)} on average {group_in_words(slow, of_type)}, "
        f"{times(slow.mean / slow.mean_rest)} as long as for the others ({duration(slow.mean_rest)}; "
        f"medians {duration(slow.median)} and {duration(slow.median_rest)}), {counted}; {count(len(chosen))} visits."
    )
    return Candidate(
        sentence,
        part_of_spans(evidence, begun, ratio[evidence.visit_of_span]),
        (
            Figure("time in the step", slow.mean, Unit.SECONDS, _DEFINITION, len(chosen), "visits"),
            Figure("time for the others", slow.mean_rest, Unit.SECONDS, _DEFINITION, slow.n_rest, "visits"),
        ),
        place=placed(slow, of_type, step),
        items=evidence.visits.item[chosen],
        p_value=slow.p_value,
        picture=group_drawn(slow, f"Time in “{step}” once begun", Unit.SECONDS, "mean per visit"),
    )


KIND = Kind(
    "slow_step",
    "Slow step for a group",
    "Visits of a group (service, category, channel) take at least twice as long as those of the others of their type "
    "in the same step once it has begun, those of a team three times, by mean and median; and a visit of the group is "
    "longer than one of the others in 65 % of all pairs; at least 30 visits on either side. Waits for the requester or "
    "a supplier do not count, nor do visits that a script made.",
    wastes=("waiting", "inventory"),
    specificity=Specificity.GROUP,
    look=slow_step,
)
