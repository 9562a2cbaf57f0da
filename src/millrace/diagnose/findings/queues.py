"""Queues: each time an item lay with a team until somebody began to work on it, or until it went elsewhere."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.worked_time import worked_time
from millrace.flow.spans import ACTIVE, NOTHING, QUEUE, WAITING
from millrace.model.state import STATES, State

NEW = STATES.index(State.NEW)


@dataclass(frozen=True)
class Queues:
    """Waits in a queue before value, one row each: columns of one length, durations in microseconds.

    `first` and `last` are rows of spans. `worked` is the working time in the wait. `is_started`: work followed at
    once, `work` of it; the team is then the one that began. `item` is the row of the item.
    """

    first: Int64s
    last: Int64s
    item: Int64s
    step: npt.NDArray[np.int16]
    team: npt.NDArray[np.int32]
    began_at: Int64s
    ended_at: Int64s
    worked: Int64s
    is_started: Bools
    work: Int64s

    @property
    def elapsed(self) -> Int64s:
        """How long each wait was."""
        return self.ended_at - self.began_at


def queues(evidence: Evidence) -> Queues:
    """All waits in a queue before value. A wait ends where its item is handed to another team."""
    spans = evidence.spans
    waits = np.isin(spans.state, (NEW, WAITING)) & (spans.wait_reason == QUEUE) & evidence.is_in_flow
    first, last = _runs(waits, spans.item, spans.team, evidence.spans.from_team != NOTHING)
    works = (spans.state == ACTIVE) & evidence.is_in_flow
    work_first, work_last = _runs(works, spans.item, spans.step, np.zeros(len(works), np.bool_))
    following = np.minimum(last + 1, len(spans.item) - 1)
    work = np.searchsorted(work_first, following)
    is_started = (work < len(work_first)) & (spans.item[following] == spans.item[last])
    is_started &= np.concatenate((work_first, [NOTHING]))[work] == following
    work_of_run = _sums(spans.elapsed, work_first, work_last)
    work = np.where(is_started, work, 0)
    team = np.where(is_started & (spans.team[following] != NOTHING), spans.team[following], spans.team[last])
    return Queues(
        first=first,
        last=last,
        item=evidence.item_of_span[first],
        step=np.where(is_started, spans.step[following], spans.step[last]),
        team=team,
        began_at=spans.began_at[first],
        ended_at=spans.began_at[last] + spans.elapsed[last],
        worked=_sums(evidence.derived(worked_time).of_span, first, last),
        is_started=is_started,
        work=_chosen(work_of_run, work, is_started),
    )


def queue_claim(evidence: Evidence, queues: Queues, chosen: Any, since: Int64s | None = None) -> Claim:
    """The time of the chosen waits (rows, ascending); with `since`, one instant for each, only what lies after it."""
    n_spans = queues.last[chosen] - queues.first[chosen] + 1
    within = np.arange(n_spans.sum()) - np.repeat(np.cumsum(n_spans) - n_spans, n_spans)
    spans = np.repeat(queues.first[chosen], n_spans) + within
    elapsed = evidence.spans.elapsed[spans]
    if since is not None:
        begins = np.repeat(since, n_spans)
        ended_at = evidence.spans.began_at[spans] + elapsed
        elapsed = np.clip(ended_at - begins, 0, elapsed)
    kept = elapsed > 0
    return Claim(spans[kept], elapsed[kept])


def _runs(chosen: Any, items: Any, key: Any, breaks: Any) -> tuple[Int64s, Int64s]:
    """First and last rows of the runs of chosen rows of one item; a run ends where `breaks` holds or `key` changes to
    another that is known."""
    rows = np.flatnonzero(chosen)
    if not len(rows):
        return rows, rows
    before, here = rows[:-1], rows[1:]
    new = (here != before + 1) | (items[here] != items[before]) | breaks[here]
    new |= (key[here] != key[before]) & (key[here] != NOTHING) & (key[before] != NOTHING)
    begins = np.concatenate(([True], new))
    return rows[begins], rows[np.concatenate((new, [True]))]


def _sums(values: Any, first: Int64s, last: Int64s) -> Int64s:
    total = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    return np.asarray(total[last + 1] - total[first])


def _chosen(values: Int64s, rows: Int64s, known: Bools) -> Int64s:
    return np.where(known, values[rows], 0) if len(values) else np.zeros(len(rows), np.int64)
