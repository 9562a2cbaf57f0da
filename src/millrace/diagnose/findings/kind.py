"""What a kind of finding is, and what it hands over: candidates that claim time.

A kind is a module in `kinds` with one public function of its name, which looks at the `Evidence` and returns what it
`Examined`, or `Absent` with the reason why this log cannot show it; and a constant `KIND` that describes it. The
claim of a candidate never speaks of hours a month: the ledger decides how many of the hours it claims are its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.findings.finding import EVERYWHERE, Bars, Figure, Interval, Place
from millrace.model.absent import Absent


class Specificity(IntEnum):
    """How closely a claim says why time is lost; an hour goes to the most specific claim on it."""

    SHARE = 1
    """Where time goes: a step, a state, a reason."""
    GROUP = 2
    """A group against the norm of the stream."""
    PATTERN = 3
    """What happened to the item: it came back, it was passed around."""
    CAUSE = 4
    """Why the item stood still."""
    ASKED = 5
    """What a user looks for by a rule of their own; it is told however little is at stake."""


@dataclass(frozen=True)
class Candidate:
    """A claim that a kind would make, if it holds against chance and is worth its place.

    `items` are the codes of the items that it counts; None: those whose time it claims. `p_value` is the raw one of a
    comparison, one of those in `Examined.p_values`; None where the claim counts what is there. `interval` belongs to
    the first figure. `specificity` and `wastes` replace those of the kind where the place decides.
    """

    sentence: str
    claim: Claim
    figures: tuple[Figure, ...]
    place: Place = EVERYWHERE
    items: npt.NDArray[np.int32] | None = None
    p_value: float | None = None
    interval: Interval | None = None
    picture: Bars | None = None
    specificity: Specificity | None = None
    wastes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Examined:
    """What a kind looked at: its candidates of the least effect or more, and the p-value of every single comparison
    that it tested, candidates or not."""

    candidates: tuple[Candidate, ...] = ()
    p_values: tuple[float, ...] = ()


Look = Callable[[Evidence], Examined | Absent]


@dataclass(frozen=True)
class Kind:
    """A kind of finding. `definition` says what counts as one and the least effect; `wastes` name wastes of the
    catalogue."""

    name: str
    title: str
    definition: str
    wastes: tuple[str, ...]
    specificity: Specificity
    look: Look
