"""What a change is meant to bring, from when and for what: a statement that a log can bear out or refute."""

from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field, ValidationError, model_validator

from millrace.errors import MillraceError
from millrace.model.duration import Duration
from millrace.model.part import Part
from millrace.model.ratio import Ratio

Values = dict[str, tuple[str, ...]]
"""Items of one of the values of each column."""


class Statistic(StrEnum):
    """What is taken of the durations of a week."""

    MEDIAN = "median"
    MEAN = "mean"


class Provable(StrEnum):
    """Measures of which it can be proved what a change did to them."""

    LEAD_TIME = "lead_time"
    TIME_TO_CLOSE = "time_to_close"
    WAIT_TIME = "wait_time"
    PROCESS_TIME = "process_time"
    REWORK = "rework"
    REOPENED = "reopened"
    FIRST_TIME_COMPLETION = "first_time_completion"
    ENTRY_QUALITY = "entry_quality"
    SLA_COMPLIANCE = "sla_compliance"
    HANDOFFS = "handoffs"
    PING_PONG = "ping_pong"
    THROUGHPUT = "throughput"
    COST_PER_ITEM = "cost_per_item"
    COST_OF_DELAY_PER_ITEM = "cost_of_delay_per_item"


LESS_IS_BETTER = {
    each: each
    not in (Provable.FIRST_TIME_COMPLETION, Provable.ENTRY_QUALITY, Provable.SLA_COMPLIANCE, Provable.THROUGHPUT)
    for each in Provable
}
DURATIONS = frozenset({Provable.LEAD_TIME, Provable.TIME_TO_CLOSE, Provable.WAIT_TIME, Provable.PROCESS_TIME})


class HypothesisInvalid(MillraceError):
    """A statement about a change contradicts itself, or lacks what makes it one."""

    slug = "hypothesis-invalid"

    def __init__(self, why: str) -> None:
        """Say what is wrong."""
        super().__init__(f"This cannot be proved as it stands: {why}.")


class Phase(Part):
    """A stage of a roll-out: from which day on, for which items, and for what share of them."""

    starts_on: date
    where: Values = Field(default_factory=dict, description="For items of these values only")
    share_ratio: Ratio = Field(default=1.0, description="For this share of them, all earlier phases included")


class Hypothesis(Part):
    """A measure that a change is meant to move.

    `where` says which items it is about at all, `compared_with` which items the change left alone. `expected_ratio` is
    the expected change of the measure relative to what it was: −0.3 is 30 % less.
    """

    measure: Provable = Provable.LEAD_TIME
    statistic: Statistic = Statistic.MEDIAN
    step: str | None = Field(default=None, description="The step whose wait or work is meant; without one, all")
    within: Duration | None = Field(default=None, description="The limit that compliance is about")
    where: Values = Field(default_factory=dict)
    phases: tuple[Phase, ...] = Field(min_length=1)
    compared_with: Values = Field(default_factory=dict, description="Items that the change left alone")
    baseline_from_on: date | None = Field(default=None, description="The first day of the baseline")
    expected_ratio: float | None = Field(default=None, description="Expected relative change: −0.3 is 30 % less")

    @model_validator(mode="after")
    def _is_whole(self) -> "Hypothesis":
        if self.measure is Provable.SLA_COMPLIANCE and (self.within is None or self.within <= timedelta()):
            raise ValueError("compliance needs the limit that it is about, such as within: 8 h")
        if self.step is not None and self.measure not in (Provable.WAIT_TIME, Provable.PROCESS_TIME):
            raise ValueError("only the wait and the work of a step can be proved; leave the step out, or choose these")
        days = [phase.starts_on for phase in self.phases]
        if days != sorted(days):
            raise ValueError("phases stand in the order of their days")
        if self.baseline_from_on is not None and self.baseline_from_on >= days[0]:
            raise ValueError("the baseline begins before the change")
        return self

    @property
    def changed_on(self) -> date:
        """The day of the first phase."""
        return self.phases[0].starts_on

    @property
    def less_is_better(self) -> bool:
        """True where a smaller figure is the better one."""
        return LESS_IS_BETTER[self.measure]


def hypothesis_of(**given: object) -> Hypothesis:
    """A hypothesis of what was given. Raises HypothesisInvalid."""
    try:
        return Hypothesis.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        why = first["msg"].removeprefix("Value error, ")
        raise HypothesisInvalid(f"{where}: {why}" if where else why) from error
