"""Kaplan–Meier estimate of lead time over finished and unfinished items."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeadTimeSurvival:
    """Quantiles over finished and unfinished items; None where fewer than that share has been delivered.

    `parts_from_finished` is a sentence where the finished-only figures flatter, else None.
    """

    n_finished: int
    n_unfinished: int
    p50_seconds: float | None
    p85_seconds: float | None
    p95_seconds: float | None
    parts_from_finished: str | None
