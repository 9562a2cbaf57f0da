"""Work item age: how old open items are, beside the ages at which finished ones left the same step."""

from dataclasses import dataclass
from datetime import UTC, datetime

from millrace.flow.flow import Flow
from millrace.flow.lead_time import is_open, microseconds
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summary import SECOND
from millrace.model.state import STATES


@dataclass(frozen=True)
class OpenItem:
    """An item demanded and not delivered at the log's end."""

    key: str
    step: str
    state: str
    age_seconds: float
    demand_at: datetime


@dataclass(frozen=True)
class StepAges:
    """Ages (since demand) at which delivered items left a step for the last time; None where none did."""

    step: str
    p50_seconds: float | None
    p70_seconds: float | None
    p85_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True)
class AgeingWork:
    """Open items at `now_at` and the ages to hold them against, steps in the stream's order."""

    now_at: datetime
    steps: tuple[StepAges, ...]
    items: tuple[OpenItem, ...]


def work_item_age(flow: Flow, *, selection: Selection = EVERYTHING) -> AgeingWork:
    """Age of every open item at the log's end, the oldest first."""
    return AgeingWork(flow.now_at, _ages_when_left(flow), _open_items(flow, selection))


def _open_items(flow: Flow, selection: Selection) -> tuple[OpenItem, ...]:
    import ibis

    items = selected(flow, selection, instant=None)
    items = items.filter(is_open(items))
    rows = (
        items.join(flow.attribute(flow.key_column), "last_row")
        .mutate(age=flow.about.last_at - microseconds(ibis._.demand_at))
        .order_by(ibis.desc("age"), "label")
        .select("label", "last_step", "last_state", "age", "demand_at")
        .to_pyarrow()
        .to_pylist()
    )
    return tuple(
        OpenItem(
            row["label"],
            flow.step_names[row["last_step"]],
            STATES[row["last_state"]],
            row["age"] / SECOND,
            row["demand_at"].replace(tzinfo=UTC),
        )
        for row in rows
    )


def _ages_when_left(flow: Flow) -> tuple[StepAges, ...]:
    delivered = flow.items.filter(flow.items.value_at.notnull()).select("item", "demand_at")
    visits = flow.visits.filter(~flow.visits.is_after_value).join(delivered, "item")
    left_at = microseconds(visits.began_at) + visits.lead
    ages = visits.mutate(age=left_at - microseconds(visits.demand_at))
    last = ages.group_by("item", "step").agg(age=ages.age.max())
    rows = last.group_by("step").agg(at=last.age.quantile([0.5, 0.7, 0.85, 0.95])).to_pyarrow().to_pylist()
    by_step = {row["step"]: [age / SECOND for age in row["at"]] for row in rows}
    n_steps = len(flow.about.stream.steps)
    return tuple(
        StepAges(name, *by_step.get(step, [None] * 4))
        for step, name in enumerate(flow.step_names)
        if step in by_step or step < n_steps
    )
