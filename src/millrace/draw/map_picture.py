"""What a map shows, as plain data: the contract between those who measure or design a stream and those who draw it.

Durations are seconds, ratios lie between 0 and 1, words are ready to be read. Nothing here is computed when drawing:
a figure that is not given is not shown, and one that cannot be known is shown as “–” with its reason.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from millrace.model.value_stream import ValueClass


class MapState(StrEnum):
    """What kind of map it is; the words stand in the badge beside the title."""

    CURRENT = "Current state"
    FUTURE = "Future state"
    DESIGNED = "Designed"
    COMPARED = "Measured beside designed"


@dataclass(frozen=True)
class Figure:
    """One figure of the map: seconds, a ratio or a count, by the field that holds it.

    `value` is None where the figure cannot be known, and `reason` says why. `is_estimated` marks a figure that nobody
    measured. `before` is the current state's figure on a future map; `estimated` is what people think of a figure that
    is measured here. `note` says what the figure means or how many items stand behind it; a pointer shows it.
    """

    value: float | None
    is_estimated: bool = False
    before: float | None = None
    reason: str = ""
    note: str = ""
    estimated: float | None = None


@dataclass(frozen=True)
class Burst:
    """The mark of a finding or improvement, by its number."""

    label: str
    title: str = ""
    href: str | None = None


@dataclass(frozen=True)
class Queue:
    """What waits before a step: how many items (count), for how long (seconds), and whether the team changes there."""

    n_waiting: Figure | None = None
    wait: Figure | None = None
    is_handoff: bool = False
    bursts: tuple[Burst, ...] = ()


class Part(StrEnum):
    """What a stream means for the requester while a step lasts."""

    ACTS = "takes part"
    WAITS = "waits"
    HAS = "has the value"


@dataclass(frozen=True)
class Experience:
    """What the requester experiences while a step lasts: their part, for how long (seconds), and what is to be said."""

    part: Part
    time: Figure | None = None
    words: str = ""


@dataclass(frozen=True)
class MapStep:
    """One process box. `id` is unique in the picture, `number` is what people call it (`5a`).

    `share_ratio` is the share of items that take this way where a stage offers several. The figures fill the data
    box; a row that no step of the picture fills is left out. `wait_time` is all wait of a visit, `inside_wait` the
    part of it that is not queued before the step. `activities` (of the value chain) and `experience` fill the lanes.
    """

    id: str
    number: str
    name: str
    practice: str = ""
    team: str = ""
    system: str = ""
    value_class: ValueClass | None = None
    is_automated: bool = False
    is_changed: bool = False
    share_ratio: float | None = None
    queue: Queue | None = None
    lead_time: Figure | None = None
    process_time: Figure | None = None
    wait_time: Figure | None = None
    inside_wait: Figure | None = None
    complete_and_accurate: Figure | None = None
    volume_per_month: Figure | None = None
    people: Figure | None = None
    automation: Figure | None = None
    bursts: tuple[Burst, ...] = ()
    href: str | None = None
    activities: tuple[str, ...] = ()
    experience: Experience | None = None


@dataclass(frozen=True)
class Stage:
    """One column of the map: a step, or several of which one is taken (all of them, if parallel).

    The first step lies on the main path, which the ladder follows; where none does, the stage's rung is empty.
    """

    steps: tuple[MapStep, ...]
    is_parallel: bool = False


@dataclass(frozen=True)
class ReworkRoute:
    """Work that goes back from a step to an earlier one, or to itself, with the share of items that do.

    `before_ratio` is the current state's share on a future map, `estimated_ratio` what people think it is.
    """

    from_step: str
    to_step: str
    share_ratio: float | None = None
    label: str = ""
    before_ratio: float | None = None
    estimated_ratio: float | None = None


@dataclass(frozen=True)
class SkipRoute:
    """Work that passes over steps, with the share of items that do; further shares as for rework."""

    from_step: str
    to_step: str
    share_ratio: float | None = None
    label: str = ""
    before_ratio: float | None = None
    estimated_ratio: float | None = None


Stretch = Literal["waiting", "working", "undivided"]


@dataclass(frozen=True)
class Rung:
    """The ladder's part for one stage, in seconds: waiting up, working down.

    `undivided` is time that the log cannot divide into the two; it then stands in their place.
    """

    waiting: Figure | None = None
    working: Figure | None = None
    undivided: Figure | None = None

    @property
    def stretches(self) -> tuple[tuple[Stretch, Figure], ...]:
        """What the rung consists of, in the order of time."""
        if self.undivided is not None:
            return (("undivided", self.undivided),)
        given: tuple[tuple[Stretch, Figure | None], ...] = (("waiting", self.waiting), ("working", self.working))
        return tuple((kind, figure) for kind, figure in given if figure is not None)


@dataclass(frozen=True)
class Totals:
    """The figures of the whole stream, on the path that the ladder follows unless the labels or notes say otherwise."""

    lead_time: Figure | None = None
    process_time: Figure | None = None
    flow_efficiency: Figure | None = None
    rolled_complete_and_accurate: Figure | None = None
    n_handoffs: Figure | None = None
    lead_time_label: str = "Lead time"
    process_time_label: str = "Process time"


@dataclass(frozen=True)
class Requester:
    """Who starts the stream, and how often: `noun` completes “350 … / month”."""

    name: str
    volume_per_month: Figure | None = None
    noun: str = "requests"


@dataclass(frozen=True)
class Outcome:
    """What ends the stream: the value that the stakeholder has."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class MapPicture:
    """A whole map, in the order of the main path.

    `rungs` is empty or has one entry for each stage. `hours_per_day` is what “d” means on the clock that the map uses,
    which `clock_note` names. A %C&A under `complete_and_accurate_floor` is marked. `shows_…` switch the lanes of the
    value chain's activities and of the requester on.
    """

    title: str
    stages: tuple[Stage, ...]
    state: MapState = MapState.CURRENT
    subtitle: str = ""
    requester: Requester | None = None
    outcome: Outcome | None = None
    rework: tuple[ReworkRoute, ...] = ()
    skips: tuple[SkipRoute, ...] = ()
    rungs: tuple[Rung, ...] = ()
    totals: Totals | None = None
    complete_and_accurate_floor: float = 0.8
    hours_per_day: float = 24
    clock_note: str = ""
    footnotes: tuple[str, ...] = ()
    shows_activities: bool = False
    shows_requester: bool = False

    def __post_init__(self) -> None:
        """Refuse a picture that contradicts itself (ValueError): it cannot be drawn."""
        ids = [step.id for step in self.steps]
        if len(set(ids)) < len(ids) or not all(stage.steps for stage in self.stages):
            raise ValueError("every stage holds a step, and every step has an id of its own")
        unknown = {end for route in self.routes for end in (route.from_step, route.to_step)} - set(ids)
        if unknown:
            raise ValueError(f"a route names a step that is not in the picture: {', '.join(sorted(unknown))}")
        if self.rungs and len(self.rungs) != len(self.stages):
            raise ValueError(f"the ladder has {len(self.rungs)} rungs for {len(self.stages)} stages")

    @property
    def routes(self) -> tuple[ReworkRoute | SkipRoute, ...]:
        """Every way that is not simply the next step."""
        return (*self.rework, *self.skips)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure that the picture shows."""
        holders: list[object] = [*self.steps, *self.rungs, self.totals, self.requester]
        holders += [step.queue for step in self.steps]
        return tuple(
            figure for holder in holders if holder for figure in vars(holder).values() if isinstance(figure, Figure)
        )

    @property
    def steps(self) -> tuple[MapStep, ...]:
        """Every step, stage by stage."""
        return tuple(step for stage in self.stages for step in stage.steps)
