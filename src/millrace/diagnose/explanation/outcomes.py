"""Outcomes: what came of each item, as far as it is known, as something to explain."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from millrace.diagnose.explanation.explanation import Floats, Outcome
from millrace.diagnose.findings.evidence import HOUR, Bools, Evidence, Int64s
from millrace.diagnose.findings.promises import promise
from millrace.diagnose.findings.saying import count, duration
from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.selection import MONTH
from millrace.flow.spans import CANCELLED, DONE
from millrace.flow.summary import SECOND

SHORTEST = 60 * SECOND
"""Lead times below a minute count as one: whether a clerk took five seconds or fifty explains nothing."""
_SETTLED = 0.9
"""Of lead times, how many are over within the stretch at the log's end that is left out."""
_MOST_OF_LOG = 0.25
_BEGUN = 0.005
"""Of deliveries, those before which an export of what was closed since some day does not begin."""


class NoLimit(MillraceError):
    """Breaches are to be explained, and nothing says what a breach is."""

    slug = "no-limit"

    def __init__(self, flow: Flow) -> None:
        """Name the log and the three ways to give a limit."""
        super().__init__(
            f"Nothing says what a breach is in {flow.about.source_name}. Give a limit with --within 8h, a target for "
            "lead_time in the stream, or a column such as made_sla."
        )


@dataclass(frozen=True)
class Measured:
    """An outcome of the items at `rows` (of the items table): one value each.

    `level` is what is compared (the logarithm of the lead time; 1 where the item had rework or breached, else 0),
    `amount` what adds up (hours; items). `n_months`: over how long they were demanded.
    """

    of: Outcome
    in_words: str
    rows: Int64s
    level: Floats
    amount: Floats
    left_out: str
    n_months: float


def outcome(evidence: Evidence, of: Outcome, within: timedelta | None) -> Measured:
    """What came of the items. Raises NoLimit."""
    if of is Outcome.LEAD_TIME:
        return _lead_time(evidence)
    return _rework(evidence) if of is Outcome.REWORK else _breach(evidence, within)


def _lead_time(evidence: Evidence) -> Measured:
    rows, left_out = _settled(evidence)
    lead = (evidence.items.value_at - evidence.items.demand_at)[rows]
    level = np.log(np.maximum(lead, SHORTEST) / HOUR)
    return Measured(Outcome.LEAD_TIME, "take", rows, level, lead / HOUR, left_out, _months(evidence, rows))


def _rework(evidence: Evidence) -> Measured:
    items = evidence.items
    is_over = evidence.is_delivered | np.isin(items.last_state, (DONE, CANCELLED))
    rows = np.flatnonzero(is_over)
    again = (items.has_revisit | (items.n_reopened > 0))[rows].astype(np.float64)
    left_out = _open_in_words(len(items.item) - len(rows))
    words = "come back to a step they had left, or are reopened,"
    return Measured(Outcome.REWORK, words, rows, again, again, left_out, _months(evidence, rows))


def _breach(evidence: Evidence, within: timedelta | None) -> Measured:
    if within is not None:
        delivered, limit = evidence.is_delivered, within // timedelta(microseconds=1)
        is_open = ~delivered & ~np.isin(evidence.items.last_state, (DONE, CANCELLED))
        age = np.where(delivered, evidence.items.value_at, evidence.flow.about.last_at) - evidence.items.demand_at
        is_known, broken = delivered | (is_open & (age > limit)), age > limit
        words = f"take longer than {duration(limit / SECOND)}"
    else:
        promised = promise(evidence)
        if promised is None:
            raise NoLimit(evidence.flow)
        is_known, broken, words = promised.is_known, promised.is_broken, "break what was promised for them"
    rows = np.flatnonzero(is_known)
    bad = broken[rows].astype(np.float64)
    left_out = _open_in_words(len(is_known) - len(rows))
    return Measured(Outcome.BREACH, words, rows, bad, bad, left_out, _months(evidence, rows))


def _settled(evidence: Evidence) -> tuple[Int64s, str]:
    """Delivered items, without those near the log's ends, of which it holds only the quick or only the slow ones."""
    delivered: Bools = evidence.is_delivered
    items, about = evidence.items, evidence.flow.about
    if not delivered.any():
        return np.empty(0, np.int64), "no item is delivered"
    lead = (items.value_at - items.demand_at)[delivered]
    stretch = min(float(np.quantile(lead, _SETTLED)), _MOST_OF_LOG * (about.last_at - about.first_at))
    begins = float(np.quantile(items.value_at[delivered], _BEGUN))
    is_early = delivered & (items.demand_at < begins)
    is_late = delivered & ~is_early & (items.demand_at > about.last_at - stretch)
    told = [
        f"{count(int(n))} {why}"
        for n, why in (
            ((~delivered).sum(), "not delivered"),
            (is_early.sum(), "demanded before deliveries begin, of which only the slow ones can be in the log"),
            (is_late.sum(), f"demanded in its last {duration(stretch / SECOND)}, of which only the quick ones can be"),
        )
        if n
    ]
    return np.flatnonzero(delivered & ~is_early & ~is_late), "; ".join(told)


def _open_in_words(n: int) -> str:
    return f"{count(n)} of which it is not known yet" if n else ""


def _months(evidence: Evidence, rows: Int64s) -> float:
    """From the first demand to the last; a log shorter than a day counts as a day."""
    demands = evidence.items.demand_at[rows]
    return max(int(np.ptp(demands)) if len(demands) else 0, 24 * HOUR) / (MONTH / timedelta(microseconds=1))
