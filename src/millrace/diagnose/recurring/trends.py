"""Whether a group of items becomes a larger part of all demand, bursts allowed for."""

import numpy as np

from millrace.diagnose.explanation.explanation import Floats
from millrace.diagnose.findings.discoveries import LEVEL, adjusted
from millrace.diagnose.findings.evidence import Int64s
from millrace.diagnose.recurring.issue import Trend

_BINS = 10


def trends(demand_at: Int64s, groups: list[Int64s]) -> list[Trend]:
    """The trend of every group (rows of items) among all demand.

    Each item is placed by how many were demanded before it, so that a season, or an export that thins out, moves no
    group. A group without trend lies evenly; how far its middle is off is measured in the spread that it has in tenths
    of all demand, which bursts widen.
    """
    from scipy.stats import norm, rankdata

    places: Floats = (rankdata(demand_at) - 0.5) / max(len(demand_at), 1)
    p_values = adjusted([2 * float(norm.sf(abs(_score(places[rows])))) for rows in groups]) if groups else []
    return [_trend(places[rows], float(p)) for rows, p in zip(groups, p_values, strict=True)]


def _score(places: Floats) -> float:
    """Standard errors by which the middle of a group is off."""
    n = len(places)
    counts = np.bincount(np.minimum((places * _BINS).astype(np.int64), _BINS - 1), minlength=_BINS)
    steps = np.arange(_BINS)
    line = np.maximum(np.polyval(np.polyfit(steps, counts, 1), steps), 0.5)
    bursts = max(float(((counts - line) ** 2 / line).sum()) / (_BINS - 2), 1.0)
    return float((places.mean() - 0.5) * np.sqrt(12 * n / bursts))


def _trend(places: Floats, p: float) -> Trend:
    later = int((places >= 0.5).sum())
    earlier = len(places) - later
    is_sure = p <= LEVEL
    return Trend(
        factor=later / earlier if earlier else None,
        adjusted_p=p,
        is_growing=is_sure and later > earlier,
        is_shrinking=is_sure and later < earlier,
    )
