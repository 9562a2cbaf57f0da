"""What people mean to change, who looks after it, and how the stream is looked at again."""

from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from millrace.model.measure import Figure, refuse_wrong_unit
from millrace.model.part import Part
from millrace.model.state import Side


class ImprovementKind(StrEnum):
    """How an action helps."""

    ELIMINATE = "eliminate"
    AUTOMATE = "automate"
    SHIFT_LEFT = "shift-left"
    SHORTEN = "shorten"
    ROUTE = "route"
    ESCALATE = "escalate"
    TEACH = "teach"


class Expectation(Part):
    """What an action is expected to change: a measure from its baseline to its target."""

    measure: str
    step: str | None = None
    baseline: Figure | None = None
    target: Figure | None = None

    @model_validator(mode="after")
    def _unit_fits(self) -> "Expectation":
        refuse_wrong_unit(self.measure, self.baseline)
        refuse_wrong_unit(self.measure, self.target)
        return self


class Improvement(Part):
    """An action: what is done to which steps against which waste, by whom, and what it should bring."""

    name: str
    kind: ImprovementKind | None = None
    steps: tuple[str, ...] = ()
    waste: str | None = None
    owner: str | None = None
    due_on: date | None = None
    future_state: str | None = Field(default=None, description="The future state that the action belongs to")
    expects: tuple[Expectation, ...] = ()


class Reviewer(Part):
    """Who takes part in the review, and for which side they speak."""

    who: str
    side: Side = Side.PROVIDER
