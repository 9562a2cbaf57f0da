"""Targets: where a measure should be, period by period, and from where on to worry."""

from datetime import timedelta
from enum import StrEnum

from pydantic import Field, field_validator, model_validator

from millrace.model.measure import Figure, refuse_wrong_unit
from millrace.model.part import Part
from millrace.model.service_level import CLOCKS, Where, listed_values


class Direction(StrEnum):
    """On which side of the target a figure is good."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class Per(StrEnum):
    """The periods in which a target is held against its measure."""

    WEEK = "week"
    MONTH = "month"
    ROLLING = "rolling"
    """The days up to each whole week's end, `rolling_days` of them."""


MORE_IS_BETTER = {
    "throughput",
    "flow_efficiency",
    "first_time_completion",
    "entry_quality",
    "complete_and_accurate",
    "automation_share",
    "sla_compliance",
    "csat",
}
"""Measures of which more is better, unless a target says otherwise."""
STATISTICS = ("p50", "p85", "p95", "mean")


class Target(Part):
    """Where a measure of the stream, or of one of its steps, should be.

    Of a duration, `statistic` says which figure is meant: p85 without a word.
    """

    name: str = Field(min_length=1)
    measure: str = Field(description="lead_time, throughput, first_time_completion, sla_compliance, …")
    statistic: str = Field(
        default="p85", pattern="^(p50|p85|p95|mean)$", description="Of durations: p50, p85, p95, mean"
    )
    step: str | None = Field(default=None, description="The step that it is about; without one, the stream")
    service_level: str | None = Field(default=None, description="Of sla_compliance: which service level")
    where: Where = Field(default_factory=dict, description="Only items with these values, e.g. team: [Network]")
    target: Figure
    warning: Figure | None = Field(default=None, description="From here on it is close")
    direction: Direction | None = Field(default=None, description="at_most or at_least; follows from the measure")
    clock: str = Field(default="elapsed", pattern=CLOCKS, description="elapsed or business")
    per: Per = Per.WEEK
    rolling_days: int = Field(default=28, ge=1, le=366)

    @field_validator("where", mode="before")
    @classmethod
    def _one_or_many(cls, given: object) -> object:
        """A single value may be written without a list."""
        return listed_values(given)

    @model_validator(mode="after")
    def _figures_fit(self) -> "Target":
        for figure in (self.target, self.warning):
            refuse_wrong_unit(self.measure, figure)
        if self.warning is not None and not self.is_kept_by(plain(self.warning)):
            raise ValueError("the warning has to come before the target is missed")
        if (self.measure == "sla_compliance") != (self.service_level is not None):
            raise ValueError("a target of sla_compliance names its service_level, and no other does")
        return self

    @property
    def better(self) -> Direction:
        """On which side a figure is good."""
        usual = Direction.AT_LEAST if self.measure in MORE_IS_BETTER else Direction.AT_MOST
        return self.direction or usual

    def is_kept_by(self, figure: float) -> bool:
        """Whether a figure (durations in seconds) is on the good side."""
        return within(figure, plain(self.target), self.better)

    def is_close_at(self, figure: float) -> bool:
        """Whether a figure is at the warning, or beyond it."""
        if self.warning is None:
            return False
        limit = plain(self.warning)
        return figure >= limit if self.better is Direction.AT_MOST else figure <= limit


def within(figure: float, limit: float, better: Direction) -> bool:
    """Whether a figure is on the good side of a limit, or at it."""
    return figure <= limit if better is Direction.AT_MOST else figure >= limit


def plain(figure: float | timedelta) -> float:
    """A figure as a number; durations in seconds."""
    return figure.total_seconds() if isinstance(figure, timedelta) else figure
