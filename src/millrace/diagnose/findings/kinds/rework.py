"""Rework: items come back to a step that they had left."""

import numpy as np
import numpy.typing as npt

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share, surely
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, each_so_often, items, percent
from millrace.flow.summary import SECOND

LEAST_SHARE = 0.08
"""Of the items that visit the step; below it, now and then something comes back everywhere."""
MOST_SHARE = 0.5
"""Where half of the items and more come back, that is how the work goes: a running note, not rework."""


def rework(evidence: Evidence) -> Examined:
    """For every step the items that visit it again, and the time of those later visits."""
    visits = evidence.visits
    candidates = []
    for step, name in evidence.steps:
        here = (visits.step == step) & ~visits.is_after_value
        n_items = int((here & (visits.nth_visit == 1)).sum())
        again = np.flatnonzero(here & (visits.nth_visit > 1))
        back = np.unique(visits.item[again])
        if surely(len(back), n_items, LEAST_SHARE) and len(back) < MOST_SHARE * n_items:
            candidates.append(_candidate(evidence, name, again, n_items))
    return Examined(tuple(candidates))


def _candidate(evidence: Evidence, step: str, again: Int64s, n_items: int) -> Candidate:
    back = np.unique(evidence.visits.item[again])
    is_later = np.zeros(len(evidence.visits.item), np.bool_)
    is_later[again] = True
    time = evidence.flow_time_of_visit[again].sum() / SECOND
    sentence = (
        f"{items(len(back))} of the {n_items:,} that see “{step}” ({percent(len(back) / n_items)}) come back to it "
        f"after having left it, {each_so_often(len(again) / len(back))}, "
        f"and then stay {duration(time / len(back))} more."
    )
    return Candidate(
        sentence,
        whole_spans(evidence, is_later[evidence.visit_of_span] & evidence.is_in_flow),
        (
            Figure("come back", len(back) / n_items, Unit.RATIO, "Items with a second visit of the step", n_items),
            Figure("later visits", len(again), Unit.COUNT, "Second and further visits", len(back)),
            Figure(
                "time in them", time / len(back), Unit.SECONDS, "In second and later visits, mean per item", len(back)
            ),
        ),
        place=Place(step=step),
        items=back,
        interval=interval_of_share(len(back), n_items),
        picture=_picture(evidence, step, back),
    )


def _picture(evidence: Evidence, step: str, back: npt.NDArray[np.int32]) -> Bars:
    """Time before value of the items that come back and of the others that see the step."""
    code = evidence.flow.step_names.index(step)
    seen = np.unique(evidence.visits.item[(evidence.visits.step == code) & ~evidence.visits.is_after_value])
    rows = [np.searchsorted(evidence.items.item, items) for items in (back, np.setdiff1d(seen, back))]
    medians = [float(np.median(evidence.flow_time_of_item[chosen])) / SECOND for chosen in rows]
    return Bars(
        f"Time before value of items that see “{step}”",
        Unit.SECONDS,
        "median",
        (
            Bar("come back to it", medians[0], len(rows[0]), is_the_finding=True),
            Bar("pass it once", medians[1], len(rows[1])),
        ),
    )


KIND = Kind(
    "rework",
    "Rework",
    "Surely 8 % or more and less than half of the items that visit a step visit it again before value, after having "
    "been in another one.",
    wastes=("defects",),
    specificity=Specificity.PATTERN,
    look=rework,
)
