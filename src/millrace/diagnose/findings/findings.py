"""Everything that the kinds find in a flow, weighed against chance, priced, and ranked by what is at stake."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.discoveries import LEVEL, adjusted
from millrace.diagnose.findings.evidence import HOUR, Evidence, Int64s
from millrace.diagnose.findings.finding import Certainty, Finding, Findings, Stake, finding_id
from millrace.diagnose.findings.kind import Candidate, Kind, Specificity
from millrace.diagnose.findings.ledger import settle
from millrace.diagnose.findings.pricing import Prices
from millrace.diagnose.findings.registry import KINDS
from millrace.diagnose.findings.spread import main_step, spread
from millrace.flow.flow import Flow
from millrace.flow.spans import ACTIVE
from millrace.model.absent import Absent
from millrace.model.countermeasures.countermeasure import fitting

LEAST_SHARE = 0.005
"""A finding that keeps less than this share of all hours is not worth a reader's minute,"""
LEAST_WORK_SHARE = 0.05
"""… unless it is about as much of all work: an hour's work is worth more than an hour's wait."""
LEAST_ITEMS = 3
"""What fewer items show is an anecdote."""

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1."""


class _Held(NamedTuple):
    """A candidate that holds against chance."""

    kind: Kind
    candidate: Candidate
    certainty: Certainty


def findings(flow: Flow, *, kinds: Sequence[Kind] = KINDS, progress: Progress = lambda _: None) -> Findings:
    """What `kinds` find in `flow`, most at stake first.

    Kinds that are left out take no hours: what is at stake in the others may then be more.
    """
    evidence = Evidence(flow)
    held: list[tuple[Kind, Candidate]] = []
    p_values: list[float] = []
    not_looked_for = {}
    for done, kind in enumerate(kinds, 1):
        looked = kind.look(evidence)
        if isinstance(looked, Absent):
            not_looked_for[kind.name] = looked
        else:
            held += ((kind, candidate) for candidate in looked.candidates)
            p_values += looked.p_values
        progress(done / len(kinds))
    certain = _certain(held, p_values)
    return Findings(
        tuple(_ranked(evidence, certain)),
        evidence.total / HOUR,
        flow.n_months,
        len(p_values),
        LEVEL,
        not_looked_for,
    )


def _certain(looked: Sequence[tuple[Kind, Candidate]], p_values: Sequence[float]) -> list[_Held]:
    """Those that count what is there, and those that hold at the level after adjustment over all tests."""
    adjusted_of = dict(zip(p_values, adjusted(p_values).tolist(), strict=True))
    certain = []
    for kind, candidate in looked:
        p = None if candidate.p_value is None else adjusted_of[candidate.p_value]
        if p is None or p <= LEVEL:
            certain.append(_Held(kind, candidate, Certainty(p, candidate.interval)))
    return certain


def _ranked(evidence: Evidence, held: Sequence[_Held]) -> list[Finding]:
    items = [_items(evidence, each.candidate) for each in held]
    order = sorted(range(len(held)), key=lambda number: _precedence(held[number], len(items[number])))
    settled = settle([each.candidate.claim for each in held], order, evidence.spans.elapsed)
    prices = Prices(evidence)
    found = [
        _finding(evidence, each, rows, own, prices)
        for each, rows, own in zip(held, items, settled, strict=True)
        if _is_worth_telling(evidence, each, len(rows), own)
    ]
    return sorted(found, key=lambda finding: (-finding.stake.hours_per_month, finding.id))


def _is_worth_telling(evidence: Evidence, held: _Held, n_items: int, own: Claim) -> bool:
    """Whether enough items show it and it keeps enough of all hours, or of all work; or a user asked for it."""
    if held.kind.specificity is Specificity.ASKED:
        return True
    if n_items < LEAST_ITEMS:
        return False
    is_work = evidence.spans.state == ACTIVE
    work = int(own.microseconds[is_work[own.spans]].sum())
    all_work = int(evidence.spans.elapsed[is_work].sum())
    return 0 < own.total >= LEAST_SHARE * evidence.total or 0 < work >= LEAST_WORK_SHARE * all_work


def _precedence(held: _Held, n_items: int) -> tuple[int, int, int, str]:
    """The more specific first; among equals the one on fewer items, then the smaller claim."""
    specificity = held.candidate.specificity or held.kind.specificity
    return -specificity, n_items, held.candidate.claim.total, finding_id(held.kind.name, held.candidate.place)


def _finding(evidence: Evidence, held: _Held, items: Int64s, own: Claim, prices: Prices) -> Finding:
    kind, candidate, certainty = held
    months = evidence.flow.n_months
    money = prices.money(own)
    wastes = candidate.wastes or kind.wastes
    return Finding(
        id=finding_id(kind.name, candidate.place),
        kind=kind.name,
        title=kind.title,
        place=candidate.place,
        sentence=candidate.sentence,
        figures=candidate.figures,
        certainty=certainty,
        stake=Stake(
            own.total / HOUR / months,
            candidate.claim.total / HOUR / months,
            own.total / evidence.total,
            money if isinstance(money, Absent) else money / months,
        ),
        wastes=wastes,
        countermeasures=tuple(each.name for each in fitting(kind.name, wastes, candidate.place.reason)),
        n_items=len(items),
        item_codes=evidence.items.item[items],
        item_microseconds=_time_of_items(evidence, own)[items],
        main_step=main_step(evidence, own),
        picture=candidate.picture or spread(evidence, own),
    )


def _items(evidence: Evidence, candidate: Candidate) -> Int64s:
    """The items (rows) that a candidate counts."""
    if candidate.items is None:
        return np.unique(evidence.item_of_span[candidate.claim.spans])
    return np.searchsorted(evidence.items.item, np.unique(candidate.items))


def _time_of_items(evidence: Evidence, own: Claim) -> Int64s:
    """For every item the time at stake in it."""
    time = np.bincount(evidence.item_of_span[own.spans], own.microseconds, len(evidence.items.item))
    return time.astype(np.int64)
