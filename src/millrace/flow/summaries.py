"""Summaries of many durations per group: n, mean, quantiles and their intervals.

The engine hands over the columns with their groups; a group's order statistics are then found by selection, without
sorting it. So an interval's bounds, whose ranks depend on n, cost no more than the quantile itself.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from millrace.flow.summary import PROBABILITIES, SECOND, DurationSummary, Quantile

CONFIDENCE = 0.95
_CODES = (pa.int16(), pa.int32())
"""Types of columns that hold codes: small numbers from 0 on, such as a step's."""


def summaries(table: Any, by: str | None, *durations: str) -> dict[Any, dict[str, DurationSummary]]:
    """Summaries of duration columns (microseconds) of an Ibis table per value of the column `by`.

    Without `by` the only group is "". A group without rows is not in the result.
    """
    rows = table.select(*durations, *([by] if by else [])).to_pyarrow()
    if not len(rows):
        return {}
    columns = {name: rows[name].combine_chunks().to_numpy(zero_copy_only=False) for name in durations}
    if by is None:
        return {"": {name: _summary(values) for name, values in columns.items()}}
    labels, codes = _labels(rows[by].combine_chunks())
    result: dict[Any, dict[str, DurationSummary]] = {}
    for name, values in columns.items():
        gathered, first = gather(codes, values, len(labels))
        for code in sorted((k for k in range(len(labels)) if first[k] < first[k + 1]), key=labels.__getitem__):
            of_label = gathered[first[code] : first[code + 1]]
            result.setdefault(labels[code], {})[name] = _summary(of_label)
    return result


def _labels(column: pa.Array) -> tuple[Sequence[Any], Any]:
    """The labels there are, and the place of each row's among them."""
    if column.type in _CODES:
        codes = column.to_numpy()
        return range(int(codes.max()) + 1), codes.astype(np.int64)
    encoded = pc.dictionary_encode(column)
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def gather(codes: Any, values: Any, n_groups: int) -> Any:
    """Values laid together by the code of their group, and where each group begins."""
    first = np.zeros(n_groups + 1, np.int64)
    for code in codes:
        first[code + 1] += 1
    for group in range(n_groups):
        first[group + 1] += first[group]
    room = first.copy()
    gathered = np.empty_like(values)
    for i in range(len(codes)):
        gathered[room[codes[i]]] = values[i]
        room[codes[i]] += 1
    return gathered, first


def _summary(values: Any) -> DurationSummary:
    n = len(values)
    ranks = {rank for probability in PROBABILITIES for rank in _ranks(n, probability) if rank is not None}
    chosen = np.partition(values, sorted(ranks))
    p50, p85, p95 = (_quantile(chosen, n, probability) for probability in PROBABILITIES)
    total = float(np.sum(values, dtype=np.float64)) / SECOND
    return DurationSummary(n, total / n, p50, p85, p95, float(values.max()) / SECOND, total)


def _quantile(chosen: Any, n: int, probability: float) -> Quantile:
    """The quantile between two order statistics that are in their places, and the bounds of its interval."""
    below, above, low, high = _ranks(n, probability)
    assert below is not None
    assert above is not None
    part = probability * (n - 1) - below
    value = chosen[below] + part * (int(chosen[above]) - int(chosen[below]))
    return Quantile(
        float(value) / SECOND,
        None if low is None else float(chosen[low]) / SECOND,
        None if high is None else float(chosen[high]) / SECOND,
    )


@lru_cache(maxsize=4096)
def _ranks(n: int, probability: float) -> tuple[int | None, int | None, int | None, int | None]:
    """Ranks (from 0) that a quantile needs: below and above it, and the bounds of its interval.

    The number of values below the true quantile is binomial, so two order statistics enclose it with at least the
    wanted confidence (David and Nagaraja, Order Statistics, 3rd ed., 7.1). A bound beyond the sample is None.
    """
    below = math.floor(probability * (n - 1))
    tail = (1 - CONFIDENCE) / 2
    low = _binomial_quantile(tail, n, probability) - 1
    high = _binomial_quantile(1 - tail, n, probability)
    return below, min(below + 1, n - 1), low if low >= 0 else None, high if high < n else None


def _binomial_quantile(tail: float, n: int, probability: float) -> int:
    """The smallest count whose cumulative probability reaches `tail`."""
    from scipy.special import bdtr, bdtrik

    count = max(math.ceil(float(bdtrik(tail, n, probability))), 0)
    return count - 1 if count > 0 and bdtr(count - 1, n, probability) >= tail else count
