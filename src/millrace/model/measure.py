"""The figures that a stream is steered by, as people state them: today's, the aim, and what gives them context."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from millrace.model.duration import parse_duration, show_duration, write_duration
from millrace.model.part import Part
from millrace.model.ratio import parse_ratio, show_ratio


class Unit(StrEnum):
    """What a measure counts in."""

    DURATION = "duration"
    RATIO = "ratio"
    COUNT = "count"
    PER_MONTH = "per month"
    SCORE = "score"
    MONEY = "money"


class MeasureTerm(NamedTuple):
    """A measure that the product knows: how it is called and what it counts in."""

    label: str
    unit: Unit


MEASURE_TERMS = {
    "lead_time": MeasureTerm("lead time", Unit.DURATION),
    "time_to_close": MeasureTerm("time to close", Unit.DURATION),
    "process_time": MeasureTerm("process time", Unit.DURATION),
    "wait_time": MeasureTerm("wait time", Unit.DURATION),
    "work_item_age": MeasureTerm("work item age", Unit.DURATION),
    "idle": MeasureTerm("idle time", Unit.DURATION),
    "share_of_delay": MeasureTerm("share of delay", Unit.RATIO),
    "flow_efficiency": MeasureTerm("flow efficiency", Unit.RATIO),
    "rework": MeasureTerm("rework", Unit.RATIO),
    "reopened": MeasureTerm("reopened items", Unit.RATIO),
    "returns": MeasureTerm("returns", Unit.RATIO),
    "first_time_completion": MeasureTerm("first-time completion", Unit.RATIO),
    "entry_quality": MeasureTerm("entry quality", Unit.RATIO),
    "complete_and_accurate": MeasureTerm("complete and accurate", Unit.RATIO),
    "rolled_complete_and_accurate": MeasureTerm("rolled %C&A", Unit.RATIO),
    "automation_share": MeasureTerm("automation share", Unit.RATIO),
    "sla_compliance": MeasureTerm("SLA compliance", Unit.RATIO),
    "handoffs": MeasureTerm("handoffs", Unit.COUNT),
    "ping_pong": MeasureTerm("ping-pong", Unit.COUNT),
    "work_in_progress": MeasureTerm("work in progress", Unit.COUNT),
    "demand": MeasureTerm("demand", Unit.PER_MONTH),
    "throughput": MeasureTerm("throughput", Unit.PER_MONTH),
    "csat": MeasureTerm("satisfaction (CSAT)", Unit.SCORE),
    "cost_per_item": MeasureTerm("cost per item", Unit.MONEY),
    "cost_of_delay_per_item": MeasureTerm("cost of delay per item", Unit.MONEY),
}
"""Measures by name. An organisation may use its own beside these; their unit is then whatever is written."""


def _parse_figure(written: Any) -> Any:
    """`4 h` → a duration, `5 %` → 0.05, a number as it is."""
    if not isinstance(written, str):
        return written
    share = parse_ratio(written)
    if not isinstance(share, str):
        return share
    try:
        return float(written)
    except ValueError:
        return parse_duration(written)


def _write_figure(figure: float | timedelta) -> float | str:
    return write_duration(figure) if isinstance(figure, timedelta) else figure


Figure = Annotated[
    float | timedelta,
    BeforeValidator(_parse_figure, json_schema_input_type=float | str),
    PlainSerializer(_write_figure, return_type=float | str),
]
"""A number, a share (`5 %`) or a duration (`4 h`), as its measure demands."""


def measure_label(name: str) -> str:
    """What people call a measure; an organisation's own goes by its name."""
    term = MEASURE_TERMS.get(name)
    return term.label if term else name.replace("_", " ")


def show_figure(name: str, figure: float | timedelta) -> str:
    """Show a measure's figure in its unit: `4 h`, `5 %`, `350 a month`."""
    if isinstance(figure, timedelta):
        return show_duration(figure.total_seconds())
    term = MEASURE_TERMS.get(name)
    if term and term.unit is Unit.RATIO:
        return show_ratio(figure)
    return f"{figure:g} a month" if term and term.unit is Unit.PER_MONTH else f"{figure:g}"


def refuse_wrong_unit(name: str, figure: float | timedelta | None) -> None:
    """Raise ValueError where a known measure is given a figure of another kind."""
    term = MEASURE_TERMS.get(name)
    if term is None or figure is None:
        return
    if (term.unit is Unit.DURATION) != isinstance(figure, timedelta):
        wanted = "a duration, like “4 h”" if term.unit is Unit.DURATION else "a number or a share, like 4 or “5 %”"
        raise ValueError(f"{term.label} is {wanted}")


class Measure(Part):
    """One figure of the stream, or of one of its steps, with what gives it meaning.

    `current` is today's figure and `target` the one aimed at, by `future_state` where it names one. A figure that
    somebody gave without saying which of the two it is stands in `stated`.
    """

    name: str = Field(description="lead_time, rework, first_time_completion, … or a name of your own")
    step: str | None = Field(default=None, description="The step that the figure is about; without one, the stream")
    current: Figure | None = Field(default=None, description="Today's figure: “4 h”, “5 %”, 4.7")
    target: Figure | None = Field(default=None, description="The figure aimed at")
    stated: Figure | None = Field(default=None, description="A figure given without saying whether it is today's")
    future_state: str | None = Field(default=None, description="The future state that the target belongs to")
    statistic: str | None = Field(default=None, description="mean, p50, p85, total, …")
    low: Figure | None = Field(default=None, description="Lower limit of its usual variation")
    high: Figure | None = Field(default=None, description="Upper limit of its usual variation")
    n: int | None = Field(default=None, ge=0, description="How many items the current figure rests on")
    source: str | None = Field(default=None, description="Where the figure comes from")

    @model_validator(mode="before")
    @classmethod
    def _a_name_alone(cls, given: object) -> object:
        """A measure may be written as its name alone."""
        return {"name": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _unit_fits(self) -> "Measure":
        for figure in (self.current, self.target, self.stated, self.low, self.high):
            refuse_wrong_unit(self.name, figure)
        return self
