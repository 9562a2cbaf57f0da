"""What an explanation is: a group of items that fares worse than comparable others, by how much, and how sure."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from millrace.diagnose.findings.finding import Interval


class Outcome(StrEnum):
    """What is to be explained."""

    LEAD_TIME = "lead_time"
    REWORK = "rework"
    BREACH = "breach"


@dataclass(frozen=True)
class Condition:
    """A value that items have when they are demanded: `category` is `network`, `weekday` is `Friday`."""

    column: str
    value: str


@dataclass(frozen=True)
class Explanation:
    """A group of items that fares worse than comparable others.

    Its items meet every one of `conditions`. `factor` says how many times as long they take (ratio of geometric
    means), or how many times as often they come to rework or breach, and `interval` holds it with 95 % certainty; the
    other traits are equal on both sides. `excess_per_month` are the hours (or, of rework and breach, the items) a month
    beyond what comparable others have, `share_ratio` their part of all; both have 95 % intervals. `same_as` are values
    that say no more than this group does. `adjusted_p` is as `Certainty` has it.
    """

    conditions: tuple[Condition, ...]
    sentence: str
    n_items: int
    factor: float
    interval: Interval
    excess_per_month: float
    excess_interval: Interval
    share_ratio: float
    adjusted_p: float
    same_as: tuple[tuple[Condition, ...], ...] = ()
    item_codes: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32), compare=False, repr=False)


@dataclass(frozen=True)
class LeftOutColumn:
    """A column of the log that explains nothing, and why it was not looked at."""

    column: str
    reason: str


@dataclass(frozen=True)
class Explanations:
    """All explanations of an outcome, those with most excess first.

    `outcome_in_words` goes on after “items”. Over `n_items` whose outcome is known, of which `n_bad` had it (all of
    them for lead time); `left_out_items` says which others are not looked at. `total_per_month` is what there is to
    explain, in the unit of the excess; `explained_ratio` the part that the explanations hold together, no item twice.
    `looked_at` are the columns that are compared and kept equal. `n_tested` and `level`: as `Findings` has them.
    """

    of: Outcome
    outcome_in_words: str
    explanations: tuple[Explanation, ...]
    n_items: int
    n_bad: int
    total_per_month: float
    explained_ratio: float
    looked_at: tuple[str, ...]
    left_out: tuple[LeftOutColumn, ...]
    left_out_items: str
    n_tested: int
    level: float


Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
