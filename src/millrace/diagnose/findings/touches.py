"""Touches: into how many hands an item comes."""

import numpy as np

from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.flow.spans import ACTIVE, NOTHING


def touches(evidence: Evidence) -> Int64s:
    """For every item how often it came into the hands of a person; of a team, where the log names no people.

    A person who has the item again straight after themselves does not count twice; what a script does, not at all.
    """
    spans = evidence.spans
    holder = spans.person if evidence.flow.about.people else spans.team
    held = np.flatnonzero((holder != NOTHING) & (spans.is_automated != 1))
    row, who = evidence.item_of_span[held], holder[held]
    is_new = np.ones(len(held), np.bool_)
    is_new[1:] = (row[1:] != row[:-1]) | (who[1:] != who[:-1])
    return np.bincount(row[is_new], minlength=len(evidence.items.item))


def is_standing(evidence: Evidence) -> Bools:
    """For every span whether the provider has the item and is not known to work on it: what each touch costs."""
    return np.asarray(evidence.is_provider_time & (evidence.spans.state != ACTIVE))
