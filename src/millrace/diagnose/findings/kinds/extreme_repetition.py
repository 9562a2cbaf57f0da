"""Extreme repetition: an item makes the same transition over and over."""

from typing import NamedTuple

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items, percent
from millrace.flow.spans import ACTIVE, UNKNOWN
from millrace.flow.summary import SECOND
from millrace.model.state import STATES, WAIT_REASONS, WaitReason

LEAST_TIMES = 6
"""The same transition so often in one item is extreme …"""
LEAST_SHARE = 0.005
"""… where at least this share of the items does it …"""
MOST_SHARE = 0.05
"""… and no more than this: beyond, it is how the work is done."""
ORDINARY = 2
"""Repetitions that are no waste."""
_ON = {
    WaitReason.QUEUE: "waiting to be taken",
    WaitReason.REQUESTER: "waiting for the requester",
    WaitReason.SUPPLIER: "waiting for a supplier",
    WaitReason.APPROVAL: "waiting for approval",
    WaitReason.SCHEDULE: "waiting for an agreed date",
}


class _Transitions(NamedTuple):
    """Changes of what happens to an item: rows of the spans that begin with one, from and to which node, and the
    number of the same one in the item so far, from 1."""

    spans: Int64s
    ways: Int64s
    nth: Int64s
    n_nodes: int


def extreme_repetition(evidence: Evidence) -> Examined:
    """Transitions between steps and states that single items make six times and more."""
    if len(evidence.spans.item) < 2:
        return Examined()
    made = _transitions(evidence)
    often = made.nth == LEAST_TIMES
    steps = {code for code, _ in evidence.steps}
    candidates, n_all = list[Candidate](), len(evidence.items.item)
    for way in np.unique(made.ways[often]):
        if not steps.issuperset(node // (len(STATES) * len(WAIT_REASONS)) for node in divmod(int(way), made.n_nodes)):
            continue
        n_items = int((often & (made.ways == way)).sum())
        if LEAST_SHARE * n_all <= n_items <= MOST_SHARE * n_all:
            candidates.append(_candidate(evidence, made, int(way)))
    return Examined(tuple(_least_redundant(candidates)))


def _least_redundant(candidates: list[Candidate]) -> list[Candidate]:
    """Of the ways there and back, which are made by the same items, the one that claims more."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda each: -each.claim.total):
        mine = set(np.asarray(candidate.items).tolist())
        if all(len(mine & set(np.asarray(other.items).tolist())) < len(mine) / 2 for other in kept):
            kept.append(candidate)
    return kept


def _transitions(evidence: Evidence) -> _Transitions:
    node, n_nodes = _nodes(evidence)
    spans = evidence.spans
    begins = np.flatnonzero((spans.item[1:] == spans.item[:-1]) & (node[1:] != node[:-1]) & evidence.is_in_flow[1:]) + 1
    ways = node[begins - 1] * n_nodes + node[begins]
    item = evidence.item_of_span[begins]
    order = np.lexsort((begins, ways, item))
    changes = np.flatnonzero(np.diff(item[order], prepend=-1) | np.diff(ways[order], prepend=-1))
    sizes = np.diff(np.append(changes, len(order)))
    nth = np.empty(len(order), np.int64)
    nth[order] = np.arange(len(order)) - np.repeat(changes, sizes) + 1
    return _Transitions(begins, ways, nth, n_nodes)


def _nodes(evidence: Evidence) -> tuple[Int64s, int]:
    """For every span a number that stands for its step, state and reason."""
    spans = evidence.spans
    width = len(STATES) * len(WAIT_REASONS)
    node = spans.step.astype(np.int64) * width + spans.state * np.int64(len(WAIT_REASONS)) + spans.wait_reason
    return node, len(evidence.flow.step_names) * width


def _candidate(evidence: Evidence, made: _Transitions, way: int) -> Candidate:
    same = made.ways == way
    rows = evidence.item_of_span[made.spans]
    extreme = np.zeros(len(evidence.items.item), np.bool_)
    extreme[rows[same & (made.nth >= LEAST_TIMES)]] = True
    repeated = made.spans[same & (made.nth > ORDINARY) & extreme[rows]]
    claimed = _entered_by(evidence, repeated)
    counts = np.bincount(rows[same], minlength=len(extreme))[extreme]
    source, target = divmod(way, made.n_nodes)
    step, said_from = _node_in_words(evidence, source)
    to_step, said_to = _node_in_words(evidence, target)
    n, hours = int(extreme.sum()), evidence.spans.elapsed[claimed].sum() / SECOND
    sentence = (
        f"{items(n)} ({percent(n / len(extreme))}) go from {said_from} to {said_to} again and again: "
        f"{np.median(counts):.0f} times in the median, up to {counts.max()} times, "
        f"and spend {duration(hours / n)} each there after the second time."
    )
    return Candidate(
        sentence,
        whole_spans(evidence, claimed),
        (
            Figure("items", n / len(extreme), Unit.RATIO, f"The transition {LEAST_TIMES} times or more", len(extreme)),
            Figure("times", float(np.median(counts)), Unit.COUNT, "The transition in one of these items, median", n),
        ),
        place=Place(step=step, to_step=to_step, reason=_reason(target)),
        items=evidence.items.item[extreme],
        interval=interval_of_share(n, len(extreme)),
    )


def _entered_by(evidence: Evidence, begins: Int64s) -> Bools:
    """The spans from each of these on, as long as the same goes on."""
    node, _ = _nodes(evidence)
    is_new = np.diff(node, prepend=-1) != 0
    is_new |= np.diff(evidence.item_of_span, prepend=-1) != 0
    run = np.cumsum(is_new) - 1
    chosen = np.zeros(run[-1] + 1, np.bool_)
    chosen[run[begins]] = True
    return np.asarray(chosen[run] & evidence.is_in_flow)


def _reason(node: int) -> WaitReason | None:
    reason = WAIT_REASONS[node % len(WAIT_REASONS)]
    return None if reason is WaitReason.NONE else reason


def _node_in_words(evidence: Evidence, node: int) -> tuple[str, str]:
    """The step of a node, and what happens in it: `work in “Fix”`."""
    step, rest = divmod(node, len(STATES) * len(WAIT_REASONS))
    state, reason = rest // len(WAIT_REASONS), WAIT_REASONS[rest % len(WAIT_REASONS)]
    name = evidence.flow.step_names[step]
    if state == UNKNOWN:
        return name, f"“{name}”"
    if state == ACTIVE:
        return name, f"work in “{name}”"
    return name, f"{_ON.get(reason, str(STATES[state]))} in “{name}”"


KIND = Kind(
    "extreme_repetition",
    "Extreme repetition of a transition",
    "At least 0.5 % and at most 5 % of the items make the same transition between a step and state and another "
    "at least six times. At stake is the time that follows it from the third time on.",
    wastes=("motion", "defects"),
    specificity=Specificity.PATTERN,
    look=extreme_repetition,
)
