"""A value stream: the end-to-end flow from a demand to value, in steps, with the rules that bind it to a log."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from millrace.model.duration import Duration
from millrace.model.state import State
from millrace.model.work_calendar import WorkCalendar

FORMAT_VERSION = 1
"""The version of the YAML format that this release writes; older ones are migrated on reading."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ValueClass(StrEnum):
    """What a step is worth to the stakeholder."""

    VALUE_ADDING = "value-adding"
    NECESSARY = "necessary"
    WASTE = "waste"


class Match(_Part):
    """Conditions that an event meets to belong to a step: all given ones hold; within one, any listed pattern does.

    Patterns compare without regard to case; `*` stands for any text, `?` for any one character.
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


class Route(_Part):
    """A way on from a step: to which step, for which share of the visits. A route back is rework."""

    to: str
    share_ratio: float = Field(default=1.0, ge=0, le=1)
    label: str = ""


class Estimate(_Part):
    """What people think of a step before any log is measured; every figure is optional."""

    queue_time: Duration | None = Field(default=None, description="Wait before work on the step starts")
    process_time: Duration | None = Field(default=None, description="Hands-on time for one item")
    inside_wait_time: Duration | None = Field(default=None, description="Wait inside the step, after work started")
    complete_and_accurate_ratio: float | None = Field(default=None, ge=0, le=1)
    automation_ratio: float | None = Field(default=None, ge=0, le=1)
    people: float | None = Field(default=None, ge=0)
    rate_per_hour: float | None = Field(default=None, ge=0)
    n_waiting: float | None = Field(default=None, ge=0)


class Step(_Part):
    """One step of a stream; its `name` is unique within the stream."""

    name: str
    value_chain_activities: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    team: str | None = None
    system: str | None = None
    value_class: ValueClass | None = None
    benefit: str | None = Field(default=None, description="What the stakeholder gets from this step")
    tasks: tuple[str, ...] = ()
    input: str | None = None
    output: str | None = None
    estimate: Estimate | None = None
    wastes: tuple[str, ...] = ()
    routes: tuple[Route, ...] = Field(default=(), description="Ways on; without any, the next step in order")
    match: tuple[Match, ...] = ()


class Rule(_Part):
    """A point in an item's life: the first or last event, or the entry into a state or a kind of event."""

    event: str | None = Field(default=None, pattern="^(first|last)$")
    state: State | None = None
    when: tuple[Match, ...] = ()
    assumed: bool = Field(default=False, description="True where nobody said so and the log does not show it")


class Demand(_Part):
    """What starts the stream."""

    description: str = ""
    who: str | None = None
    volume_per_month: float | None = Field(default=None, ge=0)
    complete_ratio: float | None = Field(default=None, ge=0, le=1, description="Share that arrives complete")
    rule: Rule = Rule(event="first")


class Value(_Part):
    """What ends the stream: the stakeholder has the value."""

    description: str = ""
    rule: Rule = Rule(state=State.DONE)


class ValueStream(_Part):
    """A stream from demand to value, as designed by people or discovered from a log."""

    millrace: int = Field(default=FORMAT_VERSION, description="Version of this file's format")
    name: str
    title: str = ""
    description: str = ""
    archetype: str | None = None
    framework: str = "itil4"
    owner: str | None = None
    demand: Demand = Demand()
    value: Value = Value()
    steps: tuple[Step, ...] = ()
    calendar: WorkCalendar | None = None
    team_calendars: dict[str, WorkCalendar] = Field(default_factory=dict)
    rates_per_hour: dict[str, float] = Field(default_factory=dict, description="Cost of an hour's work, per team")
    measures: tuple[str, ...] = ()
    review_every: Duration | None = None
    discovered: bool = False

    @model_validator(mode="after")
    def _names_agree(self) -> "ValueStream":
        names = [step.name for step in self.steps]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two steps are called “{twice[0]}”; give each step its own name")
        for step in self.steps:
            for route in step.routes:
                if route.to not in names:
                    raise ValueError(f"step “{step.name}” leads to “{route.to}”, which is no step of this stream")
        return self
