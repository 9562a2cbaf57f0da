"""Promises: what lead time was promised for the items, and which of them broke the promise."""

import re
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.saying import duration
from millrace.flow.spans import CANCELLED, DONE
from millrace.flow.summary import SECOND
from millrace.model.value_stream import ValueStream

_SHARES = (0.25, 0.33, 0.5, 0.67)
"""Ages of interest, as shares of a promised time."""
_QUANTILES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Ages of interest where only the record knows what was promised: quantiles of lead times."""
_KEPT = re.compile(r"(made|met|kept|within|achieved)_?sla|sla_?(made|met|kept|achieved)|in_?sla", re.IGNORECASE)
_BROKEN = re.compile(r"sla_?(breach|violat|missed)|(breach|violat)\w*_?sla|has_?breached|overdue", re.IGNORECASE)
_TRUE, _FALSE = {"true", "yes", "y", "1"}, {"false", "no", "n", "0"}


@dataclass(frozen=True)
class Promise:
    """What was promised, per item (rows): lead times or ages in microseconds, and who broke it.

    `lead` of an item not delivered is its age. `is_known`: whether it broke the promise is certain. `limit` is None
    where only a field of the record says so.
    """

    broken_in_words: str
    lead: Int64s
    is_open: Bools
    is_known: Bools
    is_broken: Bools
    ages: tuple[int, ...]
    limit: int | None


def promise(evidence: Evidence) -> Promise | None:
    """What the stream promises for its lead time; else what a field of the records says; None where nothing does."""
    delivered = evidence.is_delivered
    is_open = ~delivered & ~np.isin(evidence.items.last_state, (DONE, CANCELLED))
    lead = np.where(delivered, evidence.items.value_at, evidence.flow.about.last_at) - evidence.items.demand_at
    promised = promised_lead_time(evidence.flow.about.stream)
    if promised is not None:
        limit = promised // timedelta(microseconds=1)
        is_known = delivered | (is_open & (lead > limit))
        words = f"took longer than the promised {duration(limit / SECOND)}"
        ages = tuple(int(share * limit) for share in _SHARES)
        return Promise(words, lead, is_open, is_known, is_known & (lead > limit), ages, limit)
    return _of_records(evidence, lead, is_open)


def promised_lead_time(stream: ValueStream) -> timedelta | None:
    """The target of the whole stream's lead time today; None where there is none."""
    targets = [
        measure.target
        for measure in stream.measures
        if measure.name == "lead_time" and measure.step is None and measure.future_state is None
    ]
    return next((target for target in targets if isinstance(target, timedelta)), None)


def _of_records(evidence: Evidence, lead: Int64s, is_open: Bools) -> Promise | None:
    """What a field such as `made_sla` says of delivered items."""
    field = next((name for name in evidence.flow.about.attributes if _KEPT.search(name) or _BROKEN.search(name)), None)
    delivered = evidence.is_delivered
    if field is None or not delivered.any():
        return None
    attribute = evidence.attribute(field)
    folded = [label.strip().casefold() for label in attribute.labels]
    says_broken = _TRUE if _BROKEN.search(field) else _FALSE
    broken = np.array([*(label in says_broken for label in folded), False])[attribute.codes]
    is_known = delivered & np.array([*(label in _TRUE | _FALSE for label in folded), False])[attribute.codes]
    ages = tuple(int(age) for age in np.unique(np.quantile(lead[delivered], _QUANTILES)) if age > 0)
    words = f"broke what was promised for them (“{field}”)"
    return Promise(words, lead, is_open, is_known, is_known & broken, ages, None)
