"""Item step time: how long an item spends in a step, all its visits there together."""

from dataclasses import dataclass
from typing import Any

from millrace.flow.estimates import estimated_steps, with_estimates
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import why_unknown
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summaries import summaries
from millrace.flow.summary import Absent, Clock, DurationSummary


@dataclass(frozen=True)
class ItemStepTime:
    """One step, per item that visited it before value: lead, work and wait of all its visits there together.

    `process_time` and `wait_time` are Absent where the log cannot tell working from waiting.
    """

    step: str
    lead_time: DurationSummary
    process_time: DurationSummary | Absent
    wait_time: DurationSummary | Absent


def item_step_time(
    flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> tuple[ItemStepTime, ...]:
    """The steps that items visited before value, in the stream's order."""
    items, visits = flow.items, flow.visits
    if not selection.is_everything:
        items = selected(flow, selection)
        visits = visits.semi_join(items, "item")
    prefix = "business_" if clock is Clock.BUSINESS else ""
    columns = [f"{prefix}{column}" for column in ("lead", "active", "wait")]
    before = with_estimates(flow, visits.filter(~visits.is_after_value)).select("item", "step", *columns)
    times = summaries(_together(before, items.filter(items.has_revisit).select("item"), columns), "step", *columns)
    unknown = why_unknown(flow, frozenset(times))
    return tuple(
        ItemStepTime(
            flow.step_names[step],
            of_step[columns[0]],
            *((unknown if step not in estimated_steps(flow) else None) or of_step[each] for each in columns[1:]),
        )
        for step, of_step in sorted(times.items())
    )


def _together(visits: Any, repeating: Any, columns: list[str]) -> Any:
    """One row per item and step. Most items visit a step once, so only the others are added up."""
    again = visits.semi_join(repeating, "item").group_by("item", "step").agg(
        **{column: visits[column].sum().cast("int64") for column in columns}
    )  # fmt: skip
    once = visits.anti_join(repeating, "item")
    return once.select("step", *columns).union(again.select("step", *columns))
