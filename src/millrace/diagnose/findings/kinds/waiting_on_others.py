"""Waiting on others: the requester, a supplier, a date. The provider can ask less, ask sooner, or chase."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Bools, Evidence
from millrace.diagnose.findings.finding import Figure, Place, Unit
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import count, duration, items, percent
from millrace.flow.spans import WAITING
from millrace.flow.summary import SECOND
from millrace.model.state import WAIT_REASONS, WaitReason

LEAST_SHARE = 0.1
"""Of all time before value."""
_ON = {
    WaitReason.REQUESTER: "the requester",
    WaitReason.SUPPLIER: "a supplier",
    WaitReason.SCHEDULE: "an agreed date",
}


def waiting_on_others(evidence: Evidence) -> Examined:
    """Reasons to wait that lie outside the provider, with at least a tenth of all time before value."""
    candidates = []
    for reason, on in _ON.items():
        waits = evidence.is_in_flow & (evidence.spans.wait_reason == WAIT_REASONS.index(reason))
        waits &= evidence.spans.state == WAITING
        time = int(evidence.spans.elapsed[waits].sum())
        if time and time >= LEAST_SHARE * evidence.flow_total:
            candidates.append(_candidate(evidence, waits, reason, on))
    return Examined(tuple(candidates))


def _candidate(evidence: Evidence, waits: Bools, reason: WaitReason, on: str) -> Candidate:
    per_item = evidence.per_item(np.where(waits, evidence.spans.elapsed, 0))
    waited = per_item > 0
    seconds = per_item[waited] / SECOND
    share = float(per_item.sum()) / evidence.flow_total
    rows = np.flatnonzero(waits)
    goes_on = (np.diff(rows) == 1) & (np.diff(evidence.item_of_span[rows]) == 0)
    begun = len(rows) - int(goes_on.sum())
    sentence = (
        f"{percent(share)} of all time before value is waiting for {on}: {items(int(waited.sum()))} "
        f"({percent(waited.mean())}) wait {duration(float(np.median(seconds)))} in the median and "
        f"{duration(float(np.quantile(seconds, 0.85)))} or longer for one in seven, in {count(begun)} waits."
    )
    return Candidate(
        sentence,
        whole_spans(evidence, waits),
        (
            Figure("share of time", share, Unit.RATIO, f"Waiting for {on}, of all time before value", len(waited)),
            Figure("items", float(waited.mean()), Unit.RATIO, f"Items that ever wait for {on}", len(waited)),
            Figure("wait", float(np.median(seconds)), Unit.SECONDS, "All waits of an item, median", len(seconds)),
        ),
        place=Place(reason=reason),
        items=evidence.items.item[waited],
    )


KIND = Kind(
    "waiting_on_others",
    "Waiting on others",
    "Waiting for the requester, a supplier or an agreed date is at least 10 % of all time before value.",
    wastes=("waiting",),
    specificity=Specificity.SHARE,
    look=waiting_on_others,
)
