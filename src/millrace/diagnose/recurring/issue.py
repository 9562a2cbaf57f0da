"""What a recurring issue is: items that are alike, how many, how long, and whether they become more."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Trend:
    """How a group's share of all demand moves: `factor` is its share in the later half of all items over that in the
    earlier half (None where it had none there), `adjusted_p` the two-sided p-value that it does not move, after
    Benjamini and Hochberg over all groups, bursts allowed for."""

    factor: float | None
    adjusted_p: float
    is_growing: bool
    is_shrinking: bool


@dataclass(frozen=True)
class Issue:
    """Items that are alike. `name` are the words, or the values, that tell them best.

    `hours_per_month` is their time from demand to value (or to the log's end). `share_ratio` is their part of all items
    that could be grouped. `n_with_problem` counts those linked with a problem record, None where the log has no such
    column. `examples` are keys of items, `texts` what stands in them.
    """

    name: str
    n_items: int
    per_month: float
    months: tuple[tuple[str, int], ...]
    trend: Trend
    hours_per_month: float
    hours_ratio: float
    median_lead_seconds: float | None
    share_ratio: float
    n_with_problem: int | None
    is_candidate: bool
    sentence: str
    examples: tuple[str, ...]
    texts: tuple[str, ...] = ()
    item_codes: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32), compare=False, repr=False)


@dataclass(frozen=True)
class RecurringIssues:
    """Groups of items that are alike, problem candidates first, then those that hold most hours.

    `alike_by` are the columns they are alike by; `is_by_text` where that is what people wrote. `n_items` could be
    grouped (of `n_all`), `n_grouped` are in a group that is told.
    """

    alike_by: tuple[str, ...]
    is_by_text: bool
    issues: tuple[Issue, ...]
    n_all: int
    n_items: int
    n_grouped: int
    problem_column: str | None
