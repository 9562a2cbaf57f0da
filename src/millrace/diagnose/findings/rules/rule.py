"""A rule of one's own: which stretches of an item's life, in which order and how long, are a finding."""

from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator, model_validator

from millrace.diagnose.findings.registry import KINDS
from millrace.flow.summary import Clock
from millrace.model.countermeasures.waste import wastes
from millrace.model.duration import Duration
from millrace.model.part import Part
from millrace.model.state import Side, State, WaitReason


def _one_or_many(given: object) -> object:
    """A single value may be written without a list."""
    return (given,) if isinstance(given, str) else given


Patterns = Annotated[tuple[str, ...], BeforeValidator(_one_or_many, json_schema_input_type=str | tuple[str, ...])]
States = Annotated[tuple[State, ...], BeforeValidator(_one_or_many, json_schema_input_type=State | tuple[State, ...])]
Reasons = Annotated[
    tuple[WaitReason, ...], BeforeValidator(_one_or_many, json_schema_input_type=WaitReason | tuple[WaitReason, ...])
]
Sides = Annotated[tuple[Side, ...], BeforeValidator(_one_or_many, json_schema_input_type=Side | tuple[Side, ...])]


class Stretch(Part):
    """A run of an item's life without a break in which every given condition holds.

    Patterns compare without regard to case; `*` stands for any text, `?` for any one character. A team holds an item
    until another is named. Of two stretches of a chain the second begins where the first ends, unless it may come
    `later`.
    """

    step: Patterns = Field(default=(), description="Steps of the stream that it lies in")
    team: Patterns = Field(default=(), description="Teams that have the item")
    state: States = Field(default=(), description="What is happening to the item meanwhile")
    reason: Reasons = Field(default=(), description="Reasons to wait")
    side: Sides = Field(default=(), description="Whose time it is")
    longer_than: Duration | None = Field(default=None, description="It lasts more than this")
    shorter_than: Duration | None = Field(default=None, description="It lasts this long at most")
    later: bool = Field(default=False, description="In a chain: it may come at any time after the one before")
    within: Duration | None = Field(
        default=None, description="In a chain: it begins at most so long after the one before began"
    )
    after: Duration | None = Field(
        default=None, description="In a chain: it begins more than so long after the one before began"
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Stretch":
        if not any((self.step, self.team, self.state, self.reason, self.side)):
            raise ValueError("a stretch needs a step, team, state, reason or side that it lies in")
        return self


class Rule(Part):
    """What a user looks for: items that go through a `chain` of stretches, or through one alone (`stretch`)."""

    name: str = Field(
        pattern="^[a-z][a-z0-9_]*$", description="Its kind: small letters, digits and _, such as stuck_at_supplier"
    )
    title: str = Field(min_length=1, description="What people call it")
    stretch: Stretch | None = None
    chain: tuple[Stretch, ...] = ()
    where: dict[str, Patterns] = Field(
        default_factory=dict, description="Columns of the log and the patterns that the item's value has to fit"
    )
    more_than: int = Field(default=0, ge=0, description="Items that go through it more often than this")
    in_all_longer_than: Duration | None = Field(
        default=None, description="All of an item's times through it last more than this together"
    )
    clock: Clock = Field(default=Clock.ELAPSED, description="On which clock durations are read")
    wastes: Patterns = Field(default=("waiting",), description="The wastes that it counts towards")

    @field_validator("name")
    @classmethod
    def _is_new(cls, name: str) -> str:
        if name in {kind.name for kind in KINDS}:
            raise ValueError(f"“{name}” is a kind of finding already; give the rule another name")
        return name

    @field_validator("wastes")
    @classmethod
    def _are_known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        known = [waste.name for waste in wastes()]
        for name in given:
            if name not in known:
                raise ValueError(f"“{name}” is no waste; known are {', '.join(known)}")
        return given

    @model_validator(mode="after")
    def _has_a_way(self) -> "Rule":
        if (self.stretch is None) == (not self.chain):
            raise ValueError(f"rule “{self.name}” needs either one “stretch” or a “chain” of them")
        first = self.way[0]
        if first.later or first.within is not None or first.after is not None:
            raise ValueError(f"the first stretch of rule “{self.name}” follows none: leave out later, within and after")
        return self

    @property
    def way(self) -> tuple[Stretch, ...]:
        """The stretches in their order."""
        return self.chain or ((self.stretch,) if self.stretch is not None else ())


class Rules(Part):
    """A file of rules."""

    millrace: int = Field(default=1, ge=1, le=1, description="Version of this file's format")
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _names_differ(self) -> "Rules":
        if not self.rules:
            raise ValueError("there are no rules in this file; list at least one")
        names = [rule.name for rule in self.rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two rules are called “{twice[0]}”; give each its own name")
        return self
