"""A stream that the engine can run: who demands what, who works on it for how long, and where it goes then.

Plain frozen values, so that a fit can make them and a move can change them. Durations are seconds, shares 0 to 1.
Of every list of rules with a `where`, the first that holds for an item decides; a `where` maps attributes to the values
that they may have, and an empty one holds for all items.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from millrace.model.state import Side, WaitReason
from millrace.model.value_stream import ValueClass
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.distribution import Distribution

Where = Mapping[str, tuple[str, ...]]
"""Attribute → the values that satisfy the condition; all attributes named have to."""

EVERYWHERE: Where = {}

VALUE = "→ value"
CANCELLED = "→ cancelled"
"""Where a way on may lead beside a step: the item is delivered, or given up."""

USUAL_RANK = 5
"""The rank of an item that no rule ranks; what has a lower one is worked on first."""

HOURS_PER_WEEK = 168


@dataclass(frozen=True)
class Arrivals:
    """Items demanded as a Poisson process whose rate follows the week.

    `per_hour`: mean number in each hour of the week, Monday 00:00 first, on the clock of `zone`.
    `growth_per_week_ratio`: change of the rate from week to week, compounded from `anchor_at` on (the beginning of the
    run without it).
    `day_variation`: coefficient of variation of a factor by which whole days have more or fewer (0: none).
    `n_per_arrival`: mean number of items that come at once (geometric; 1: always one).
    `gap_variation`: coefficient of variation of the gaps between them, for demand that is more even than chance
    (1: a Poisson process; 0: as regular as a clock).
    `holidays` have `holiday_ratio` of the demand of an ordinary such day.
    """

    per_hour: tuple[float, ...]
    zone: str = "UTC"
    growth_per_week_ratio: float = 0.0
    anchor_at: datetime | None = None
    day_variation: float = 0.0
    n_per_arrival: float = 1.0
    gap_variation: float = 1.0
    holidays: tuple[date, ...] = ()
    holiday_ratio: float = 1.0


@dataclass(frozen=True)
class KnownArrivals:
    """Items demanded at known instants, in order; `attributes` has a text per item for each attribute.

    Nothing is drawn for them: kinds and drawn attributes of the demand do not apply.
    """

    at: tuple[datetime, ...]
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemKind:
    """Items with the same attributes (priority, category, team of entry …), and their share of the demand."""

    share_ratio: float
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DrawnAttribute:
    """An attribute drawn for each item, independently of all but what `where` names. `shares` maps value → share.

    It replaces a value that the item's kind or an earlier draw gave it.
    """

    name: str
    shares: Mapping[str, float]
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Thinning:
    """Demand that does not come: the share of the items that `where` holds for which never arrives."""

    share_ratio: float
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Demand:
    """When items are demanded and what they are.

    `marks` are attributes drawn last, for known arrivals too: what a move uses to tell whom it concerns.
    """

    arrivals: Arrivals | KnownArrivals
    kinds: tuple[ItemKind, ...] = (ItemKind(1.0),)
    attributes: tuple[DrawnAttribute, ...] = ()
    thinning: tuple[Thinning, ...] = ()
    marks: tuple[DrawnAttribute, ...] = ()


class Discipline(StrEnum):
    """Which item a free person takes next."""

    FIFO = "fifo"
    PRIORITY = "priority"
    """The lowest rank first, among equals the one that came first."""
    LIFO = "lifo"
    RANDOM = "random"


DISCIPLINES: tuple[Discipline, ...] = tuple(Discipline)


@dataclass(frozen=True)
class Crew:
    """People of a team who work the same hours; without a calendar, around the clock.

    Work that is not done when their hours end goes on when they begin again, unless `overtime_seconds` more finish it.
    Each of them works on up to `at_once` items, every one of which takes as long as it would alone.
    """

    n_people: int
    calendar: WorkCalendar | None = None
    overtime_seconds: float = 0.0
    at_once: int = 1

    @property
    def n_places(self) -> int:
        """How many items all of them work on at once."""
        return self.n_people * self.at_once


@dataclass(frozen=True)
class SimulatedTeam:
    """A team: its crews, and how it picks its next item. A team without crews has no limit to its capacity."""

    name: str
    crews: tuple[Crew, ...] = ()
    discipline: Discipline = Discipline.FIFO
    rate_per_hour: float | None = None


@dataclass(frozen=True)
class Work:
    """One way to work on an item in a step, with its share.

    `teams` name who can do it: any free person of any of them (several teams are a pool of skills). Without teams, or
    with `is_automated`, no person is needed: the work takes its time and nothing queues for it; the first team, if
    any, is then named in the log; of such work only the hours of a `calendar` count.
    """

    time: Distribution
    teams: tuple[str, ...] = ()
    share_ratio: float = 1.0
    is_automated: bool = False
    calendar: WorkCalendar | None = None


@dataclass(frozen=True)
class WorkRule:
    """How items for which `where` holds are worked on, from their `from_visit`-th visit of the step on.

    Without any way nobody works on them.
    """

    ways: tuple[Work, ...]
    where: Where = field(default_factory=dict)
    from_visit: int = 1


@dataclass(frozen=True)
class Way:
    """A way on from a step, with its share: to another step by name, to VALUE or to CANCELLED."""

    to: str
    share_ratio: float = 1.0


@dataclass(frozen=True)
class RouteRule:
    """Where items for which `where` holds go, from their `from_visit`-th visit of the step on."""

    ways: tuple[Way, ...]
    where: Where = field(default_factory=dict)
    from_visit: int = 1


class Place(StrEnum):
    """When in a visit of a step a wait happens."""

    BEFORE_WORK = "before_work"
    AFTER_WORK = "after_work"


@dataclass(frozen=True)
class Wait:
    """A wait that no capacity ends: for the requester, a supplier, an approval, a schedule, or nobody knows what.

    Of the items for which `where` holds, `share_ratio` wait; every wait of a step is drawn on its own (they are no
    alternatives), in their order. With a `calendar` only its hours count, and the wait ends within them. After
    `at_most_seconds`, counted alike, somebody ends it in any case.
    `reason` CLOSING is time after value: the item is done while it waits.
    `status` is what the log calls it; without one, a word for the reason.
    """

    time: Distribution
    reason: WaitReason = WaitReason.UNSPECIFIED
    share_ratio: float = 1.0
    side: Side = Side.PROVIDER
    place: Place = Place.BEFORE_WORK
    calendar: WorkCalendar | None = None
    at_most_seconds: float | None = None
    team: str | None = None
    status: str | None = None
    where: Where = field(default_factory=dict)
    from_visit: int = 1


@dataclass(frozen=True)
class Batch:
    """Items gather before they queue for the step, until one of the limits that are given is reached.

    `size` items are there; the first of them has waited `at_most_seconds`; or the next period of `calendar` begins
    (a weekly meeting; who comes during one goes right on). With none of them items never go on, so one is needed.
    """

    size: int | None = None
    at_most_seconds: float | None = None
    calendar: WorkCalendar | None = None
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Patience:
    """Items that give up: the share that is cancelled when work on the step has not begun after `time` in its queue."""

    time: Distribution
    share_ratio: float = 1.0
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Escalation:
    """Items that get ahead of all others of their queue once they have waited `after_seconds` in it."""

    after_seconds: float
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Rank:
    """How urgent items are: the lower, the sooner (see `USUAL_RANK`)."""

    rank: int
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class SimulatedStep:
    """A step: items wait (before work), gather, queue, are worked on, wait (after work) and go their way.

    Without a work rule that holds, nobody works on the item; without a route rule that holds, it goes to VALUE.
    `step` names the step of the value stream that it belongs to, where several make one; by default its own name.
    `is_after_value`: what happens here is after value, and its time is closing.
    `queued_status` and `working_status` are what the log calls the two.
    """

    name: str
    work: tuple[WorkRule, ...] = ()
    routes: tuple[RouteRule, ...] = ()
    waits: tuple[Wait, ...] = ()
    batches: tuple[Batch, ...] = ()
    patience: tuple[Patience, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    step: str | None = None
    side: Side = Side.PROVIDER
    value_class: ValueClass | None = None
    is_after_value: bool = False
    queued_status: str = "queued"
    working_status: str = "in progress"


@dataclass(frozen=True)
class SimulatedStream:
    """Demand, steps, teams, ranks. Items begin at the first way of `entry` that holds: the first step without any."""

    name: str
    demand: Demand
    steps: tuple[SimulatedStep, ...]
    teams: tuple[SimulatedTeam, ...] = ()
    ranks: tuple[Rank, ...] = ()
    entry: tuple[RouteRule, ...] = ()
    delivered_status: str = "done"
    cancelled_status: str = "cancelled"


@dataclass(frozen=True)
class OpenItem:
    """An item that is under way when a run begins: where it is, since when, and on which of its visits of that step.

    It begins that visit anew: its waits, its queue and its work are drawn as of the beginning of the run.
    """

    key: str
    demand_at: datetime
    step: str
    since_at: datetime
    nth_visit: int = 1
    attributes: Mapping[str, str] = field(default_factory=dict)
