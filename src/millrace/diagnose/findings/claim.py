"""Claims on time: so many microseconds of so many spans."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s


class Claim(NamedTuple):
    """Time that a finding is about: rows of the spans, ascending and each once, and the microseconds of each."""

    spans: Int64s
    microseconds: Int64s

    @property
    def total(self) -> int:
        """Microseconds claimed."""
        return int(self.microseconds.sum())


def whole_spans(evidence: Evidence, chosen: Bools) -> Claim:
    """All the time of the spans that are chosen (a mask over the spans)."""
    rows = np.flatnonzero(chosen & (evidence.spans.elapsed > 0))
    return Claim(rows, evidence.spans.elapsed[rows])


def part_of_spans(evidence: Evidence, chosen: Bools, ratio: float | npt.NDArray[np.float64]) -> Claim:
    """A share (0 to 1; one for all spans, or one for each) of the chosen spans, down to whole microseconds."""
    ratios = np.broadcast_to(ratio, len(chosen))
    rows = np.flatnonzero(chosen & (ratios > 0))
    elapsed = evidence.spans.elapsed[rows]
    return Claim(rows, np.minimum((elapsed * np.minimum(ratios[rows], 1.0)).astype(np.int64), elapsed))


def excess_of_visits(evidence: Evidence, visits: Int64s, excess: Int64s) -> Claim:
    """`excess` microseconds of each of these visits (rows), taken evenly from its time in the flow."""
    return _excess(evidence, evidence.flow_time_of_visit, visits, excess, evidence.visit_of_span)


def excess_of_items(evidence: Evidence, items: Int64s, excess: Int64s) -> Claim:
    """`excess` microseconds of each of these items (rows), taken evenly from its time in the flow."""
    return _excess(evidence, evidence.flow_time_of_item, items, excess, evidence.item_of_span)


def _excess(evidence: Evidence, time: Int64s, rows: Int64s, excess: Int64s, of_span: Any) -> Claim:
    ratio = np.zeros(len(time))
    ratio[rows] = np.divide(np.clip(excess, 0, time[rows]), time[rows], out=np.zeros(len(rows)), where=time[rows] > 0)
    return part_of_spans(evidence, evidence.is_in_flow, ratio[of_span])
