"""Approvals: each time an item lay with an approver, and how that ended."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.kind import Candidate, Examined
from millrace.eventlog.schema import Shape
from millrace.flow.spans import ACTIVE, CANCELLED, DONE, NOTHING
from millrace.flow.visits import REQUESTER
from millrace.model.absent import Absent
from millrace.model.state import WAIT_REASONS, WaitReason

APPROVAL = WAIT_REASONS.index(WaitReason.APPROVAL)
NOT_DECIDED, PASSED, REFUSED = 0, 1, 2
HARDLY = 0.02
"""Of the usual time from the decision to the item's end."""
_WORDS = re.compile(
    r"\b(approv|authori[sz]|sign[- ]?off|genehmig|freigabe|approbation|goedkeur|akkoord|aproba|aprova|autoriz)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Approvals:
    """Approvals, one row each. `outcome` is REFUSED where the item was cancelled next, or sent back to an earlier step
    or to the requester, or (in a log of work, which may not say so) ended there although others are worked on;
    NOT_DECIDED where the log ends before. `first` and `last` are rows of spans."""

    first: Int64s
    last: Int64s
    item: Int64s
    step: npt.NDArray[np.int16]
    outcome: npt.NDArray[np.int8]
    is_approval: Bools
    """For every span of the flow whether it belongs to an approval."""


def approvals(evidence: Evidence) -> Approvals:
    """The runs of spans that wait for an approval, or lie in a step which is one by its name."""
    spans, unmapped = evidence.spans, len(evidence.flow.about.stream.steps)
    by_name = [step for step, name in enumerate(evidence.flow.step_names) if _WORDS.search(name)]
    open_ = ~np.isin(spans.state, (DONE, CANCELLED)) & evidence.is_in_flow
    waits = spans.wait_reason == APPROVAL
    chosen = open_ & (waits | np.isin(spans.step, [*by_name, *_steps_of(waits & open_, spans.step, open_)]))
    chosen &= spans.wait_reason != REQUESTER
    rows = np.flatnonzero(chosen)
    breaks = np.diff(rows) > 1
    breaks |= (spans.item[rows[1:]] != spans.item[rows[:-1]]) | (spans.step[rows[1:]] != spans.step[rows[:-1]])
    first = rows[np.concatenate(([True], breaks))] if len(rows) else rows
    last = rows[np.concatenate((breaks, [True]))] if len(rows) else rows
    outcome = _outcomes(evidence, first, _with_review(evidence, last), unmapped)
    return Approvals(first, last, evidence.item_of_span[first], spans.step[first], outcome, chosen)


def examined_steps(
    evidence: Evidence, at_step: Callable[[Evidence, Approvals, int], Candidate | None]
) -> Examined | Absent:
    """What `at_step` says of each step in which something is approved."""
    given = evidence.derived(approvals)
    if not len(given.first):
        return Absent("no status, activity or step of this log is an approval")
    found = (at_step(evidence, given, int(step)) for step in np.unique(given.step))
    return Examined(tuple(candidate for candidate in found if candidate is not None))


def _with_review(evidence: Evidence, last: Int64s) -> Int64s:
    """Where each approval ends with the work of the same team that follows it at once: looking at what it decides.

    In a log of work that work is the approval itself.
    """
    spans, n = evidence.spans, len(evidence.spans.item)
    if not len(last) or evidence.flow.about.shape is not Shape.STATUS_LOG:
        return last
    here, before = slice(1, None), slice(None, -1)
    goes_on = (spans.item[here] == spans.item[before]) & (spans.team[here] == spans.team[before])
    goes_on &= (spans.state[here] == ACTIVE) & (spans.team[here] != NOTHING)
    # For every span the end of the unbroken work that follows it in its team.
    stops = np.where(np.concatenate((goes_on, [False])), n, np.arange(n))
    return np.minimum.accumulate(stops[::-1])[::-1][last]


def _steps_of(waits: Bools, steps: Any, open_: Bools) -> list[int]:
    """Steps in which most spans wait for an approval or follow one: steps made for it."""
    n_steps = int(steps.max()) + 1 if len(steps) else 0
    n_waits = np.bincount(steps[waits], minlength=n_steps)
    n_open = np.bincount(steps[open_], minlength=n_steps)
    return [step for step in range(n_steps) if n_waits[step] and n_waits[step] >= 0.4 * n_open[step]]


def _outcomes(evidence: Evidence, first: Int64s, last: Int64s, unmapped: int) -> npt.NDArray[np.int8]:
    spans = evidence.spans
    # Where the approver's work shows, what is cancelled some time after it was withdrawn, not refused.
    is_work, ended_at = (spans.state == ACTIVE) & (spans.elapsed > 0), spans.began_at + spans.elapsed
    last_work = np.maximum.accumulate(np.where(is_work, np.arange(len(is_work)), NOTHING))[last]
    is_fresh = (last_work < first) | (ended_at[last_work] == ended_at[last])
    following = np.minimum(last + 1, len(spans.item) - 1)
    is_followed = (following > last) & (spans.item[following] == spans.item[last])
    goes_back = (spans.step[following] < spans.step[last]) & (spans.step[last] != unmapped)
    is_refused = (
        ((spans.state[following] == CANCELLED) & is_fresh) | (spans.wait_reason[following] == REQUESTER) | goes_back
    )
    outcome = np.where(is_followed, np.where(is_refused, REFUSED, PASSED), NOT_DECIDED)
    if evidence.flow.about.shape is not Shape.STATUS_LOG:
        decided_at = ended_at[np.where(last_work < first, last, last_work)]
        outcome[_ends_there(evidence, last, decided_at, is_followed)] = REFUSED
    return outcome.astype(np.int8)


def _ends_there(evidence: Evidence, last: Int64s, decided_at: Int64s, is_followed: Bools) -> Bools:
    """Approvals with hardly any time and no work after them, beside what follows the others."""
    spans, item = evidence.spans, evidence.item_of_span[last]
    worked = np.cumsum(np.where(spans.state == ACTIVE, spans.elapsed, 0))
    last_of_item = np.searchsorted(evidence.item_of_span, item, side="right") - 1
    rest = evidence.items.ended_at[item] - decided_at
    # What nothing follows at all may still be on its way.
    has_ended = is_followed | evidence.is_delivered[item] | np.isin(evidence.items.last_state[item], (DONE, CANCELLED))
    is_short = rest <= HARDLY * np.median(rest) if len(rest) else np.zeros(0, np.bool_)
    return np.asarray(has_ended & is_short & (worked[last_of_item] == worked[last]))


def main_team(evidence: Evidence, spans: Bools) -> str | None:
    """The team that has most of these spans, None where none is known."""
    teams = evidence.spans.team[spans]
    counts = np.bincount(teams[teams != NOTHING], minlength=1)
    return evidence.flow.about.teams[int(counts.argmax())] if counts.any() else None
