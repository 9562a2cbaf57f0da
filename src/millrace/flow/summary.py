"""What a measure says about many durations or counts: figures with n and intervals, absent with a reason."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from millrace.model import absent

SECOND = 1_000_000
"""Microseconds, the unit of durations in tables."""
PROBABILITIES = (0.5, 0.85, 0.95)
CONFIDENCE = 0.95


class Clock(StrEnum):
    """On which clock a duration is read."""

    ELAPSED = "elapsed"
    BUSINESS = "business"


Absent = absent.Absent
"""A number that cannot be known from this log, and why: the same as where a drawn stream cannot tell one."""


@dataclass(frozen=True)
class LeftOut:
    """Items that a measure does not cover, and why."""

    reason: str
    n_items: int


@dataclass(frozen=True)
class Quantile:
    """A quantile with its 95 % interval by order statistics (no interval where n is too small for one)."""

    seconds: float
    low_seconds: float | None = None
    high_seconds: float | None = None


@dataclass(frozen=True)
class DurationSummary:
    """Many durations of one group: n, mean, and linearly interpolated quantiles. All None where n is 0."""

    n: int
    mean_seconds: float | None
    p50: Quantile | None
    p85: Quantile | None
    p95: Quantile | None
    max_seconds: float | None
    total_seconds: float


NO_DURATIONS = DurationSummary(0, None, None, None, None, None, 0.0)


@dataclass(frozen=True)
class Share:
    """A ratio that keeps its counts (or seconds): derive late, add first."""

    part: float
    whole: float

    @property
    def ratio(self) -> float | None:
        """Part of the whole, 0 to 1; None where there is nothing to divide."""
        return self.part / self.whole if self.whole else None


def summaries(table: Any, by: str, *durations: str) -> dict[Any, dict[str, DurationSummary]]:
    """Summaries of duration columns (microseconds) of an Ibis table per value of the column `by`.

    Two passes: n per group first, since the ranks of an interval depend on it; then every quantile at once.
    """
    counts = table.group_by(by).agg(n=table.count()).execute()
    sizes = {label: int(n) for label, n in zip(counts[by], counts["n"], strict=True)}
    if not sizes:
        return {}
    fractions = sorted({fraction for n in set(sizes.values()) for fraction in _fractions(n)})
    figures = {}
    for column in durations:
        figures[f"{column}_mean"] = table[column].mean()
        figures[f"{column}_max"] = table[column].max()
        figures[f"{column}_sum"] = table[column].cast("float64").sum()
        figures[f"{column}_at"] = table[column].quantile(fractions)
    rows = table.group_by(by).agg(**figures).to_pyarrow().to_pylist()
    return {row[by]: {column: _summary(row, column, sizes[row[by]], fractions) for column in durations} for row in rows}


def _summary(row: dict[str, Any], column: str, n: int, fractions: list[float]) -> DurationSummary:
    at = dict(zip(fractions, row[f"{column}_at"], strict=True))
    p50, p85, p95 = (_quantile(at, n, probability) for probability in PROBABILITIES)
    mean, most, total = (row[f"{column}_{figure}"] / SECOND for figure in ("mean", "max", "sum"))
    return DurationSummary(n, mean, p50, p85, p95, most, total)


def _quantile(at: dict[float, float], n: int, probability: float) -> Quantile:
    low, high = _interval_fractions(n, probability)
    return Quantile(
        at[probability] / SECOND,
        None if low is None else at[low] / SECOND,
        None if high is None else at[high] / SECOND,
    )


def _fractions(n: int) -> set[float]:
    bounds = {fraction for probability in PROBABILITIES for fraction in _interval_fractions(n, probability)}
    return {*PROBABILITIES, *(fraction for fraction in bounds if fraction is not None)}


@lru_cache(maxsize=4096)
def _interval_fractions(n: int, probability: float) -> tuple[float | None, float | None]:
    """Where the bounds of a quantile's interval lie, as fractions of the sorted sample.

    The number of values below the true quantile is binomial, so two order statistics enclose it with at least the
    wanted confidence (David and Nagaraja, Order Statistics, 3rd ed., 7.1). A bound beyond the sample is None.
    """
    from scipy.special import bdtrik

    tail = (1 - CONFIDENCE) / 2
    low = int(_binomial_quantile(bdtrik, tail, n, probability))
    high = int(_binomial_quantile(bdtrik, 1 - tail, n, probability)) + 1
    return (
        (low - 1) / (n - 1) if low >= 1 and n > 1 else None,
        (high - 1) / (n - 1) if high <= n and n > 1 else None,
    )


def _binomial_quantile(inverse: Any, tail: float, n: int, probability: float) -> float:
    """The smallest count whose cumulative probability reaches `tail`."""
    import math

    from scipy.special import bdtr

    count = max(math.ceil(float(inverse(tail, n, probability))), 0)
    return count - 1 if count > 0 and bdtr(count - 1, n, probability) >= tail else count
