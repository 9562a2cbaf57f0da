"""What a finding is: a claim, where it holds, the figures behind it, how sure it is, and what is at stake."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from millrace.model.absent import Absent
from millrace.model.state import Side, WaitReason


@dataclass(frozen=True)
class Place:
    """Where in the stream a finding holds, by names as the log and the stream spell them; all empty: everywhere.

    With `to_step` the place is the way from `step` to it, with `to_team` likewise. `segment` are values of columns of
    the log, such as `(("category", "network"),)`.
    """

    step: str | None = None
    to_step: str | None = None
    team: str | None = None
    to_team: str | None = None
    reason: WaitReason | None = None
    side: Side | None = None
    segment: tuple[tuple[str, str], ...] = ()


EVERYWHERE = Place()


class Unit(StrEnum):
    """What a figure counts in."""

    SECONDS = "seconds"
    RATIO = "ratio"
    COUNT = "count"
    FACTOR = "factor"
    """How many times as much."""


@dataclass(frozen=True)
class Figure:
    """A number behind a claim: what it is called, how it is defined, over how many.

    `n` counts what the figure was taken over (items, visits …), which `over` names.
    """

    name: str
    value: float
    unit: Unit
    definition: str
    n: int
    over: str = "items"


@dataclass(frozen=True)
class Interval:
    """The 95 % interval of a claim's leading figure, in that figure's unit."""

    low: float
    high: float


@dataclass(frozen=True)
class Certainty:
    """How sure a claim is.

    `adjusted_p` is the p-value after Benjamini and Hochberg over everything that was tested on the log (the expected
    share of false ones among the findings with no larger one); None where nothing was tested because the claim counts
    what is there. `interval` is that of the first figure.
    """

    adjusted_p: float | None = None
    interval: Interval | None = None


@dataclass(frozen=True)
class Bar:
    """A row of a comparison: `value` in the unit of its drawing, over `n`."""

    label: str
    value: float
    n: int
    is_the_finding: bool = False


@dataclass(frozen=True)
class Bars:
    """What to draw of a finding: a few values beside each other."""

    title: str
    unit: Unit
    measure: str
    rows: tuple[Bar, ...]


@dataclass(frozen=True)
class Stake:
    """What a finding is about, per month of the log.

    `claimed_hours_per_month` is all the time that the claim covers; `hours_per_month` is what is left of it to this
    finding once every hour has been given to the most specific claim on it. `share_ratio` is that part of all hours
    of the log. `money_per_month`: its work at the rate of the team, its waiting at the rate of delay.
    """

    hours_per_month: float
    claimed_hours_per_month: float
    share_ratio: float
    money_per_month: float | Absent


@dataclass(frozen=True)
class Finding:
    """A claim with its evidence.

    `id` is the same in every run in which the kind finds something in the same place. `sentence` is the claim in
    words. `item_codes` are the codes of the items it counts (ascending) and `item_microseconds` the time at stake in
    each, which is 0 where a more specific finding has it. `main_step` is where most of that time lies, None where it
    follows value. `countermeasures` are names in the catalogue, those that fit best first.
    """

    id: str
    kind: str
    title: str
    place: Place
    sentence: str
    figures: tuple[Figure, ...]
    certainty: Certainty
    stake: Stake
    wastes: tuple[str, ...]
    countermeasures: tuple[str, ...]
    n_items: int
    item_codes: npt.NDArray[np.int32] = field(compare=False, repr=False)
    item_microseconds: npt.NDArray[np.int64] = field(compare=False, repr=False)
    main_step: str | None = None
    picture: Bars | None = None


@dataclass(frozen=True)
class Findings:
    """All findings of a flow, most at stake first.

    `hours` are all hours of the log, `n_months` its length. `n_tested` counts the comparisons that were tested;
    `level` is the share of false ones among them that is accepted. `not_looked_for` maps a kind to the reason why this
    log cannot show it.
    """

    findings: tuple[Finding, ...]
    hours: float
    n_months: float
    n_tested: int
    level: float
    not_looked_for: dict[str, Absent]


def finding_id(kind: str, place: Place) -> str:
    """The lasting name of what `kind` finds at `place`: `ping_pong-3f9a01`."""
    named: dict[str, Any] = {name: value for name, value in vars(place).items() if value}
    spelled = "\x1f".join(f"{name}={value}" for name, value in sorted(named.items()))
    return f"{kind}-{hashlib.blake2s(spelled.encode(), digest_size=3).hexdigest()}"
