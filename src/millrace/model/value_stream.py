"""A value stream: the end-to-end flow from a demand to value, in steps, with the rules that bind it to a log."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from millrace.model.duration import Duration
from millrace.model.follow import Follow
from millrace.model.improvement import Improvement, Reviewer
from millrace.model.measure import Measure
from millrace.model.move import Move
from millrace.model.part import Part
from millrace.model.ratio import Ratio, show_ratio
from millrace.model.service_level import ServiceLevel
from millrace.model.state import Side, State
from millrace.model.target import Target
from millrace.model.watch import Watch
from millrace.model.work_calendar import WorkCalendar

FORMAT_VERSION = 1
"""The version of the YAML format that this release writes; older ones are migrated on reading."""


class ValueClass(StrEnum):
    """What a step is worth to the stakeholder."""

    VALUE_ADDING = "value-adding"
    NECESSARY = "necessary"
    WASTE = "waste"


class Match(Part):
    """Conditions that an event meets to belong to a step: all given ones hold; within one, any listed pattern does.

    Patterns compare without regard to case; `*` stands for any text, `?` for any one character, and a `!` in front
    excludes what follows it: `team: ["!*2nd*", "!*3rd*"]` is every team, or none, that names no higher tier.
    """

    activity: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    item_type: tuple[str, ...] = ()
    attributes: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, given: object) -> object:
        """A single pattern may be written without a list."""
        if not isinstance(given, dict):
            return given
        listed = _listed(given)
        attributes = listed.get("attributes")
        return {**listed, "attributes": _listed(attributes)} if isinstance(attributes, dict) else listed


def _listed(patterns: dict[str, object]) -> dict[str, object]:
    return {key: (value,) if isinstance(value, str) else value for key, value in patterns.items()}


class Route(Part):
    """A way on from a step: to which step, for which share of the visits. A route back is rework."""

    to: str
    share_ratio: Ratio = 1.0
    label: str = ""
    in_parallel: bool = Field(default=False, description="Taken at the same time as the step's other parallel routes")


class Estimate(Part):
    """What people think of one visit of a step before any log is measured; every figure is optional.

    Of the two waits, one that is left out beside the other means that there is none; with both left out, the wait
    is unknown.
    """

    queue_time: Duration | None = Field(default=None, description="Wait before work on the step starts")
    process_time: Duration | None = Field(default=None, description="Hands-on time for one item")
    inside_wait_time: Duration | None = Field(default=None, description="Wait inside the step, after work started")
    complete_and_accurate_ratio: Ratio | None = Field(
        default=None, description="Share that the next step can use as received"
    )
    automation_ratio: Ratio | None = Field(default=None, description="Share of visits that no person works on")
    people: float | None = Field(default=None, ge=0, description="People who can work on the step")
    people_per_item: float | None = Field(
        default=None, ge=0, description="People at work on one item at once; 1 unless said"
    )
    availability_ratio: Ratio | None = Field(
        default=None, description="Share of their hours that the people have for it"
    )
    rate_per_hour: float | None = Field(default=None, ge=0)
    n_waiting: float | None = Field(default=None, ge=0)


class Step(Part):
    """One step of a stream; its `name` is unique within the stream."""

    name: str = Field(min_length=1)
    value_chain_activities: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    team: str | None = Field(default=None, description="Who is responsible")
    side: Side = Field(default=Side.PROVIDER, description="Whose time the step takes")
    system: str | None = None
    value_class: ValueClass | None = None
    benefit: str | None = Field(default=None, description="What the stakeholder gets from this step")
    tasks: tuple[str, ...] = ()
    input: str | None = None
    output: str | None = None
    constraints: tuple[str, ...] = Field(default=(), description="Rules and limits that the step has to keep")
    target_time: Duration | None = Field(
        default=None, description="The longest that a visit should take, wait included"
    )
    estimate: Estimate | None = None
    wastes: tuple[str, ...] = ()
    routes: tuple[Route, ...] = Field(
        default=(), description="Ways on; what they and `leaves_ratio` do not take goes to the next step in order"
    )
    leaves_ratio: Ratio = Field(default=0.0, description="Share of visits that end the item here, without value")
    match: tuple[Match, ...] = ()

    @model_validator(mode="after")
    def _ways_on_fit(self) -> "Step":
        # A little over 100 % is what rounding makes of it.
        if self.taken_ratio > 1.01:
            raise ValueError(
                f"the ways on from step “{self.name}” add up to {show_ratio(self.taken_ratio)}; "
                "shares of routes that exclude each other, and leaves_ratio, must not pass 100 %"
            )
        return self

    @property
    def taken_ratio(self) -> float:
        """Share of visits that the routes and `leaves_ratio` take; parallel routes take theirs together."""
        apart = sum(route.share_ratio for route in self.routes if not route.in_parallel)
        together = max((route.share_ratio for route in self.routes if route.in_parallel), default=0.0)
        return apart + together + self.leaves_ratio


class Rule(Part):
    """A point in an item's life: the first or last event, or the entry into a state or a kind of event."""

    event: str | None = Field(default=None, pattern="^(first|last)$")
    state: State | None = None
    when: tuple[Match, ...] = ()
    assumed: bool = Field(default=False, description="True where nobody said so and the log does not show it")


class Demand(Part):
    """What starts the stream."""

    description: str = ""
    who: str | None = None
    volume_per_month: float | None = Field(default=None, ge=0)
    complete_ratio: Ratio | None = Field(default=None, description="Share that arrives complete")
    rule: Rule = Rule(event="first")

    @model_validator(mode="after")
    def _begins(self) -> "Demand":
        if self.rule.event == "last":
            raise ValueError(
                "demand cannot be the last event; it is the first, or the entry into a state or kind of event"
            )
        return self


class Value(Part):
    """What ends the stream: the stakeholder has the value."""

    description: str = ""
    after: str | None = Field(default=None, description="The step whose end is value; without one, the last")
    confirmed_by: str | None = Field(default=None, description="Who says that the value has arrived, and how")
    rule: Rule = Rule(state=State.DONE)

    @model_validator(mode="after")
    def _ends(self) -> "Value":
        if self.rule.event == "first":
            raise ValueError(
                "value cannot be the first event; it is the last, or the entry into a state or kind of event"
            )
        return self


class FutureState(Part):
    """The stream as it should become: what changes of its steps, and which steps fall away."""

    name: str
    description: str = ""
    estimates: dict[str, Estimate] = Field(default_factory=dict, description="Changed figures, per step")
    routes: dict[str, tuple[Route, ...]] = Field(default_factory=dict, description="Changed ways on, per step")
    leaves_out: tuple[str, ...] = Field(default=(), description="Steps that fall away")
    moves: tuple[Move, ...] = Field(default=(), description="What is done to get there, for simulation")

    def named_steps(self) -> Iterable[str]:
        """Every step that the future state refers to."""
        yield from (*self.estimates, *self.routes, *self.leaves_out)
        yield from (route.to for routes in self.routes.values() for route in routes)


class GuideProgress(Part):
    """How far the guided method has come: questions that were looked at and left open on purpose."""

    left_open: tuple[str, ...] = ()


GOVERNING = frozenset({"service_levels", "targets", "watch"})
"""Fields that say what is wanted of the figures, and change none of them."""


class ValueStream(Part):
    """A stream from demand to value, as designed by people or discovered from a log."""

    millrace: int = Field(default=FORMAT_VERSION, description="Version of this file's format")
    name: str = Field(min_length=1)
    title: str = ""
    description: str = ""
    service: str | None = Field(default=None, description="The one service that the stream serves")
    scope: str | None = Field(default=None, description="What belongs to it, and what does not")
    archetype: str | None = None
    framework: str = Field(default="itil4", description="itil4, itil5, or the file of your own")
    owner: str | None = None
    demand: Demand = Demand()
    value: Value = Value()
    follow: tuple[Follow, ...] = Field(
        default=(), description="Which records a demand leads to, in a log of several record types"
    )
    steps: tuple[Step, ...] = ()
    pauses: tuple[Match, ...] = Field(
        default=(), description="Events that leave an item in the step it is in, such as a wait for the requester"
    )
    calendar: WorkCalendar | None = None
    team_calendars: dict[str, WorkCalendar] = Field(default_factory=dict)
    rates_per_hour: dict[str, float] = Field(default_factory=dict, description="Cost of an hour's work, per team")
    delay_rates_per_hour: dict[str, float] = Field(
        default_factory=dict, description="Cost of an hour that an item waits, per priority"
    )
    measures: tuple[Measure, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = Field(default=(), description="What is promised of single items")
    targets: tuple[Target, ...] = Field(default=(), description="Where measures should be")
    watch: Watch = Field(default=Watch(), description="What is told beyond missed targets")
    improvements: tuple[Improvement, ...] = ()
    future_states: tuple[FutureState, ...] = ()
    feedback: str | None = Field(default=None, description="What is looked at afterwards, and where it goes")
    review_every: Duration | None = None
    reviewed_on: date | None = Field(default=None, description="The day of the last review")
    reviewers: tuple[Reviewer, ...] = ()
    guide: GuideProgress = GuideProgress()
    discovered: bool = False

    @model_validator(mode="after")
    def _names_agree(self) -> "ValueStream":
        names = [step.name for step in self.steps]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two steps are called “{twice[0]}”; give each step its own name")
        for place, name in self._named_steps():
            if name not in names:
                raise ValueError(f"{place} names “{name}”, which is no step of this stream")
        futures = [future.name for future in self.future_states]
        for place, name in self._named_futures():
            if name not in futures:
                raise ValueError(f"{place} names “{name}”, which is no future state of this stream")
        self._governing_names_agree()
        roots = sorted({follow.root for follow in self.follow})
        if len(roots) > 1:
            raise ValueError(
                f"the paths of `follow` begin with “{roots[0]}” and “{roots[1]}”; "
                "a stream has one kind of demand, so all of them begin with the same record type"
            )
        return self

    def _governing_names_agree(self) -> None:
        promised = [level.name for level in self.service_levels]
        for what, names in (("service levels", promised), ("targets", [target.name for target in self.targets])):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"two {what} are called “{twice[0]}”; give each its own name")
        for target in self.targets:
            if target.service_level is not None and target.service_level not in promised:
                raise ValueError(
                    f"target “{target.name}” names “{target.service_level}”, which is no service level here"
                )

    @property
    def shown_name(self) -> str:
        """What people call it: its title, or its name without one."""
        return self.title or self.name

    def places_naming(self, step: str) -> tuple[str, ...]:
        """Where else in the stream a step is named, in words: “a route of step “Approve””."""
        return tuple(dict.fromkeys(place for place, name in self._named_steps() if name == step))

    def _named_steps(self) -> Iterable[tuple[str, str]]:
        """Every place that refers to a step, and the step it names."""
        for step in self.steps:
            yield from ((f"a route of step “{step.name}”", route.to) for route in step.routes)
        if self.value.after is not None:
            yield "value", self.value.after
        yield from ((f"measure “{measure.name}”", measure.step) for measure in self.measures if measure.step)
        for improvement in self.improvements:
            yield from ((f"improvement “{improvement.name}”", name) for name in improvement.steps)
        for future in self.future_states:
            yield from ((f"future state “{future.name}”", name) for name in future.named_steps())
        yield from ((f"target “{target.name}”", target.step) for target in self.targets if target.step)

    def _named_futures(self) -> Iterable[tuple[str, str]]:
        yield from ((f"measure “{part.name}”", part.future_state) for part in self.measures if part.future_state)
        yield from (
            (f"improvement “{part.name}”", part.future_state) for part in self.improvements if part.future_state
        )
