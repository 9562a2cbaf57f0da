"""Touchpoints of a group: items of one category or channel come into more hands than others of their type."""

import numpy as np

from millrace.diagnose.findings.claim import part_of_spans
from millrace.diagnose.findings.comparison import Contrast, contrasts
from millrace.diagnose.findings.evidence import Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.groups import by_type, group_drawn, groupings_of_items, placed
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import count
from millrace.diagnose.findings.touches import is_standing, touches
from millrace.flow.handoffs import NO_TEAMS
from millrace.model.absent import Absent

LEAST_FACTOR = 1.4
"""Mean touches of the group over those of the others, and median over median."""


def touchpoints_of_group(evidence: Evidence) -> Examined | Absent:
    """Groups whose delivered items come into at least 1.4 times as many hands as others of their type."""
    if not evidence.flow.about.people and not evidence.flow.about.teams:
        return NO_TEAMS
    n_touches = touches(evidence)
    candidates, p_values = list[Candidate](), list[float]()
    delivered = np.flatnonzero(evidence.is_delivered)
    for of_type, places in by_type(evidence, delivered):
        items = delivered[places]
        groupings = groupings_of_items(evidence, items)
        found = contrasts(n_touches[items].astype(float), groupings, least_factor=LEAST_FACTOR)
        p_values += found.p_values
        candidates += (_candidate(evidence, each, items, of_type) for each in found.standing_out)
    return Examined(tuple(candidates), tuple(p_values))


def _candidate(evidence: Evidence, crowded: Contrast, items: Int64s, of_type: str | None) -> Candidate:
    chosen = items[crowded.rows]
    surplus = np.zeros(len(evidence.items.item))
    surplus[chosen] = crowded.excess_ratio
    group = f"{crowded.column.replace('_', ' ')} “{crowded.label}”"
    others = f"of type “{of_type}”" if of_type else "in all"
    sentence = (
        f"Items of {group} come into {crowded.mean:.1f} hands on average, the others {others} into "
        f"{crowded.mean_rest:.1f}; {count(len(chosen))} items."
    )
    definition = "Times that another person (or team, where no people are known) takes the item over, mean"
    return Candidate(
        sentence,
        part_of_spans(evidence, is_standing(evidence), surplus[evidence.item_of_span]),
        (
            Figure("touches", crowded.mean, Unit.COUNT, definition, len(chosen)),
            Figure("touches of the others", crowded.mean_rest, Unit.COUNT, definition, crowded.n_rest),
        ),
        place=placed(crowded, of_type),
        items=evidence.items.item[chosen],
        p_value=crowded.p_value,
        picture=group_drawn(crowded, "Hands that an item passes through", Unit.COUNT, "mean"),
    )


KIND = Kind(
    "touchpoints_of_group",
    "Many touchpoints for a group",
    "Delivered items of a group (service, category, channel) come into at least 1.4 times as many hands as others of "
    "their type, and into more than one of the others in 65 % of all pairs; at least 30 items on either side. At "
    "stake is that part of their standing time.",
    wastes=("motion", "transportation"),
    specificity=Specificity.GROUP,
    look=touchpoints_of_group,
)
