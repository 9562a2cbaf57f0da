"""Repeating pattern: items go through the same sequence of steps several times in a row."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share, surely
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items, names, percent
from millrace.flow.summary import SECOND

LENGTHS = (2, 3, 4)
"""Steps that a pattern may have."""
LEAST_ROUNDS = 3
LEAST_SHARE = 0.02
"""Of the items."""


def repeating_pattern(evidence: Evidence) -> Examined:
    """Sequences of two to four steps that items go through three times or more without a break."""
    taken = np.zeros(len(evidence.visits.item), np.bool_)
    candidates: list[Candidate] = []
    for length in LENGTHS:
        repeats = _repeats(evidence, length) & ~taken
        taken |= repeats
        candidates += _candidates(evidence, repeats, length)
    return Examined(tuple(candidates))


def _repeats(evidence: Evidence, length: int) -> Bools:
    """For every visit whether it belongs to the second or a later round of such a pattern."""
    visits = evidence.visits
    same = np.zeros(len(visits.item), np.bool_)
    same[length:] = (visits.step[length:] == visits.step[:-length]) & (visits.item[length:] == visits.item[:-length])
    same &= ~visits.is_after_value & (visits.step < len(evidence.flow.step_names) - 1)
    run = np.cumsum(np.diff(same, prepend=False)) + 0
    long = np.bincount(run, same, run[-1] + 1) >= length * (LEAST_ROUNDS - 1) if len(run) else same
    return np.asarray(same & long[run]) if len(run) else same


def _candidates(evidence: Evidence, repeats: Bools, length: int) -> list[Candidate]:
    """One for each pattern with enough items."""
    rows = np.flatnonzero(repeats)
    if not len(rows):
        return []
    # A round that starts elsewhere is the same pattern: all are told from their smallest step.
    rounds = np.stack([evidence.visits.step[rows - shift] for shift in range(length)][::-1], axis=1)
    first = rounds.argmin(axis=1)
    turned = np.take_along_axis(rounds, (np.arange(length) + first[:, None]) % length, axis=1)
    steps = {code for code, _ in evidence.steps}
    patterns, which = np.unique(turned, axis=0, return_inverse=True)
    found, n_all = list[Candidate](), len(evidence.items.item)
    for number, pattern in enumerate(patterns):
        chosen = rows[which.ravel() == number]
        n_items = len(np.unique(evidence.visits.item[chosen]))
        if steps.issuperset(pattern.tolist()) and surely(n_items, n_all, LEAST_SHARE):
            found.append(_candidate(evidence, chosen, tuple(evidence.flow.step_names[step] for step in pattern)))
    return found


def _candidate(evidence: Evidence, visits: Int64s, pattern: tuple[str, ...]) -> Candidate:
    is_repeat = np.zeros(len(evidence.visits.item), np.bool_)
    is_repeat[visits] = True
    repeating = np.unique(evidence.visits.item[visits])
    n, n_all = len(repeating), len(evidence.items.item)
    time = evidence.flow_time_of_visit[visits].sum() / SECOND
    rounds = len(visits) / len(pattern) / n + 1
    sentence = (
        f"{items(n)} ({percent(n / n_all)}) go round {names(pattern)} {rounds:.1f} times on average without a break; "
        f"the rounds after the first take {duration(time / n)} each."
    )
    return Candidate(
        sentence,
        whole_spans(evidence, is_repeat[evidence.visit_of_span] & evidence.is_in_flow),
        (
            Figure("items", n / n_all, Unit.RATIO, "At least three rounds in a row", n_all),
            Figure("rounds", rounds, Unit.COUNT, "Mean of these items", n),
            Figure("time in later rounds", time / n, Unit.SECONDS, "After the first round, mean", n),
        ),
        place=Place(step=pattern[0], to_step=pattern[1]),
        items=repeating,
        interval=interval_of_share(n, n_all),
    )


KIND = Kind(
    "repeating_pattern",
    "Repeating pattern",
    "Surely 2 % of the items or more go through the same two to four steps three times or more without a break.",
    wastes=("defects", "motion"),
    specificity=Specificity.PATTERN,
    look=repeating_pattern,
)
