"""Which groups are told: those that surely fare worse by enough, each saying something that no other one says."""

from collections.abc import Sequence

import numpy as np

from millrace.diagnose.explanation.candidates import Candidate
from millrace.diagnose.explanation.explanation import Condition
from millrace.diagnose.explanation.traits import LEAST_N
from millrace.diagnose.findings.evidence import Bools

LEAST_OVERLAP = 0.8
"""Of a group that says nothing new, the part that one told group must have for it to be named beside that one."""
LEAST_SCORE = 1.645
"""Standard errors, of what a group adds to those told before."""


Alike = tuple[tuple[Condition, ...], ...]


def told(standing_out: Sequence[Candidate], least_level: float) -> list[tuple[Candidate, Alike]]:
    """Groups in the order of how clearly they stand out, each with the values that say no more than it does.

    A group is told if it stands out also among the items that no group told before has.
    """
    if not standing_out:
        return []
    left: Bools = np.ones(len(standing_out[0].rest), np.bool_)
    kept: list[Candidate] = []
    same: list[list[tuple[Condition, ...]]] = []
    for each in sorted(standing_out, key=_clearness, reverse=True):
        if not kept or _adds(each, left, least_level):
            kept.append(each)
            same.append([])
            left[each.rows] = False
        else:
            nearest = _nearest(each, kept)
            if nearest is not None:
                same[nearest].append(each.conditions)
    return [(each, tuple(alike)) for each, alike in zip(kept, same, strict=True)]


def _clearness(candidate: Candidate) -> float:
    return candidate.difference.level / candidate.difference.level_error


def _adds(candidate: Candidate, left: Bools, least_level: float) -> bool:
    inside = np.zeros_like(left)
    inside[candidate.rows] = left[candidate.rows]
    group, others = candidate.rest[inside], candidate.rest[left & ~inside]
    if len(group) < LEAST_N or len(others) < LEAST_N:
        return False
    difference = float(group.mean() - others.mean())
    error = float(np.sqrt(group.var() / len(group) + others.var() / len(others)))
    return difference >= least_level and difference > LEAST_SCORE * error


def _nearest(candidate: Candidate, kept: Sequence[Candidate]) -> int | None:
    """Which told group has most of the items of this one."""
    shares = [len(np.intersect1d(candidate.rows, each.rows)) / len(candidate.rows) for each in kept]
    best = int(np.argmax(shares))
    return best if shares[best] >= LEAST_OVERLAP else None
