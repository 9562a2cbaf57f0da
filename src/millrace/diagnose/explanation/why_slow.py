"""Why it is slow: groups of items that fare worse than comparable others, and what that costs."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np

from millrace.diagnose.explanation.adjustment import Design, Difference
from millrace.diagnose.explanation.candidates import Candidate, candidates
from millrace.diagnose.explanation.explanation import Condition, Explanation, Explanations, Floats, Outcome
from millrace.diagnose.explanation.outcomes import Measured, outcome
from millrace.diagnose.explanation.sentences import sentence
from millrace.diagnose.explanation.telling import told
from millrace.diagnose.explanation.traits import LEAST_N, traits
from millrace.diagnose.findings.discoveries import LEVEL, adjusted
from millrace.diagnose.findings.evidence import HOUR, Evidence, Int64s
from millrace.diagnose.findings.finding import Interval
from millrace.flow.flow import Flow

LEAST_FACTOR = 1.25
"""Times as long, or as often, as comparable others; less is not worth a reader’s minute."""
LEAST_SHARE = 0.01
"""Of all there is to explain."""
LEAST_BAD = 10
"""Items with rework or a breach in a group."""
_LONG_LOG_WEEKS = 26
_DAY = 24 * HOUR


def why_slow(
    flow: Flow,
    *,
    of: Outcome = Outcome.LEAD_TIME,
    within: timedelta | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Explanations:
    """Which values known at demand go with long lead times, rework, or breach of a limit (`within`).

    Everything compared is tested; at most `LEVEL` of what is told is expected to be chance. Raises NoLimit.
    """
    evidence = Evidence(flow)
    measured = outcome(evidence, of, within)
    known = traits(evidence, measured.rows)
    progress(0.2)
    enough = len(measured.rows) >= 2 * LEAST_N and float(np.ptp(measured.level)) > 0
    design = Design(known.traits if enough else (), measured.level, measured.amount, _stretches(evidence, measured))
    compared = candidates(design, known.traits if enough else ())
    progress(0.9)
    p_values = adjusted([*(each.p_value for each in compared.compared), *[1.0] * compared.n_passed_over])
    telling = [
        (each, float(p))
        for each, p in zip(compared.compared, p_values, strict=False)
        if p <= LEVEL and _is_worth_telling(measured, each)
    ]
    p_of = {each.conditions: p for each, p in telling}
    kept = told([each for each, _ in telling], _least_level(measured))
    explanations = [_explanation(evidence, measured, each, alike, p_of[each.conditions]) for each, alike in kept]
    explanations.sort(key=lambda each: -each.excess_per_month)
    return Explanations(
        of=of,
        outcome_in_words=measured.in_words,
        explanations=tuple(explanations),
        n_items=len(measured.rows),
        n_bad=len(measured.rows) if of is Outcome.LEAD_TIME else int(measured.level.sum()),
        total_per_month=float(measured.amount.sum()) / measured.n_months,
        explained_ratio=_explained(measured, [each for each, _ in kept]),
        looked_at=tuple(trait.column for trait in known.traits),
        left_out=known.left_out,
        left_out_items=measured.left_out,
        n_tested=len(p_values),
        level=LEVEL,
    )


def _stretches(evidence: Evidence, measured: Measured) -> Int64s:
    """Weeks in which items were demanded, days in a log of less than half a year: items of one may be alike."""
    days: Int64s = evidence.items.demand_at[measured.rows] // _DAY
    if not len(days):
        return days
    of_days = 7 if np.ptp(days) >= 7 * _LONG_LOG_WEEKS else 1
    numbers: Int64s = np.unique(days // of_days, return_inverse=True)[1]
    return numbers


def _is_worth_telling(measured: Measured, candidate: Candidate) -> bool:
    """Whether a group takes surely longer, by enough, and loses time surely too: few long items alone are no reason."""
    factor, interval = _factor(measured, candidate)
    difference, n = candidate.difference, len(candidate.rows)
    if measured.of is not Outcome.LEAD_TIME and measured.level[candidate.rows].sum() < LEAST_BAD:
        return False
    is_sure = interval.low > 1 and difference.amount > _reach(difference) * difference.amount_error
    return is_sure and factor >= LEAST_FACTOR and n * difference.amount >= LEAST_SHARE * float(measured.amount.sum())


def _least_level(measured: Measured) -> float:
    if measured.of is Outcome.LEAD_TIME:
        return float(np.log(LEAST_FACTOR))
    return (LEAST_FACTOR - 1) * float(measured.level.mean())


def _factor(measured: Measured, candidate: Candidate) -> tuple[float, Interval]:
    """How many times as long or as often, with its interval."""
    difference, reach = candidate.difference, _reach(candidate.difference)
    if measured.of is Outcome.LEAD_TIME:
        low, middle, high = (difference.level + side * reach * difference.level_error for side in (-1, 0, 1))
        return float(np.exp(middle)), Interval(float(np.exp(low)), float(np.exp(high)))
    n, n_all = len(candidate.rows), len(measured.rows)
    share = float(measured.level[candidate.rows].mean())
    of_others = max(share - difference.level, 1 / n_all)
    weight = n / n_all
    error = difference.level_error * np.sqrt((1 - weight) / max(share, 1 / n) ** 2 + weight / of_others**2)
    log_ratio = float(np.log(max(share, 1 / n_all) / of_others))
    return float(np.exp(log_ratio)), Interval(
        float(np.exp(log_ratio - reach * error)), float(np.exp(log_ratio + reach * error))
    )


def _reach(difference: Difference) -> float:
    """Standard errors to either side of an estimate that hold the truth with 95 %."""
    from scipy.stats import t

    return float(t.ppf(0.975, difference.freedom))


def _explanation(
    evidence: Evidence, measured: Measured, candidate: Candidate, alike: tuple[tuple[Condition, ...], ...], p: float
) -> Explanation:
    factor, interval = _factor(measured, candidate)
    difference, n = candidate.difference, len(candidate.rows)
    whole, own = float(measured.amount.sum()), float(measured.amount[candidate.rows].sum())
    low, excess, high = (
        min(n * (difference.amount + side * _reach(difference) * difference.amount_error), own) for side in (-1, 0, 1)
    )
    months = measured.n_months
    made = Explanation(
        conditions=candidate.conditions,
        sentence="",
        n_items=n,
        factor=factor,
        interval=interval,
        excess_per_month=excess / months,
        excess_interval=Interval(low / months, high / months),
        share_ratio=excess / whole,
        adjusted_p=p,
        same_as=alike,
        item_codes=evidence.items.item[measured.rows[candidate.rows]],
    )
    return sentence(measured, made)


def _explained(measured: Measured, kept: Sequence[Candidate]) -> float:
    """The part of all that the groups hold together; an item of several counts with the largest excess only."""
    excess: Floats = np.zeros(len(measured.rows))
    for each in kept:
        excess[each.rows] = np.maximum(excess[each.rows], each.difference.amount)
    whole = float(measured.amount.sum())
    return min(float(excess.sum()) / whole, 1.0) if whole else 0.0
