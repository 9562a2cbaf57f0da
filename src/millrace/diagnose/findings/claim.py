"""Claims on time: so many microseconds of so many spans."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from millrace.diagnose.findings.evidence import Evidence

Int64s = npt.NDArray[np.int64]


class Claim(NamedTuple):
    """Time that a finding is about: rows of the spans, ascending and each once, and the microseconds of each."""

    spans: Int64s
    microseconds: Int64s

    @property
    def total(self) -> int:
        """Microseconds claimed."""
        return int(self.microseconds.sum())


NOTHING_CLAIMED = Claim(np.empty(0, np.int64), np.empty(0, np.int64))


def whole_spans(evidence: Evidence, chosen: npt.NDArray[np.bool_]) -> Claim:
    """All the time of the spans that are chosen (a mask over the spans)."""
    rows = np.flatnonzero(chosen & (evidence.spans.elapsed > 0))
    return Claim(rows, evidence.spans.elapsed[rows])


def excess_of_visits(evidence: Evidence, visits: Int64s, excess: Int64s) -> Claim:
    """`excess` microseconds of each of these visits (rows, ascending), taken evenly from its time in the flow."""
    n_visits = len(evidence.visits.item)
    wanted = np.zeros(n_visits, np.float64)
    lead = evidence.visits.lead[visits]
    wanted[visits] = np.divide(np.clip(excess, 0, lead), lead, out=np.zeros(len(visits)), where=lead > 0)
    return _shares(evidence, wanted[evidence.visit_of_span])


def excess_of_items(evidence: Evidence, items: Int64s, excess: Int64s) -> Claim:
    """`excess` microseconds of each of these items (rows of the items), taken evenly from its time in the flow."""
    time = evidence.flow_time_of_item[items]
    wanted = np.zeros(len(evidence.items.item), np.float64)
    wanted[items] = np.divide(np.clip(excess, 0, time), time, out=np.zeros(len(items)), where=time > 0)
    return _shares(evidence, wanted[evidence.item_of_span])


def _shares(evidence: Evidence, ratio_of_span: Any) -> Claim:
    """That share of each span in the flow, rounded down to whole microseconds."""
    rows = np.flatnonzero((ratio_of_span > 0) & evidence.is_in_flow)
    elapsed = evidence.spans.elapsed[rows]
    claimed = np.minimum((elapsed * ratio_of_span[rows]).astype(np.int64), elapsed)
    return Claim(rows, claimed)
