"""Group figures: the figures that groups of items are held against each other by, all groups in one pass."""

from dataclasses import dataclass
from typing import Any

from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import why_unknown
from millrace.flow.lead_time import is_open, with_lead
from millrace.flow.rework import Rework, counts_of_rework, rework_in
from millrace.flow.selection import EVERYTHING, Selection, labelled, selected
from millrace.flow.summaries import summaries
from millrace.flow.summary import NO_DURATIONS, SECOND, Absent, Clock, DurationSummary, Share

NOT_APART = "estimates of the steps are not told apart by group"


@dataclass(frozen=True)
class GroupFigures:
    """One group: its items, how many of them are open, their lead times (delivered ones), their rework, Σ work ÷ Σ lead
    time of the delivered ones, and the changes of team of all of them."""

    n_items: int
    n_open: int
    n_handoffs: int
    lead_time: DurationSummary
    flow_efficiency: Share | Absent
    rework: Rework

    @property
    def handoffs_per_item(self) -> float | None:
        """Mean changes of team of an item."""
        return self.n_handoffs / self.n_items if self.n_items else None


def group_figures(
    flow: Flow, per: str, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> dict[str, GroupFigures]:
    """Figures per group: a period of value (`week`, `month` …), `team` (the last one), `step` or any attribute.

    Items without a label, such as those not delivered where a period is asked for, are in no group. Raises
    UnknownColumn.
    """
    unknown = why_unknown(flow) if flow.knows_work else Absent(NOT_APART)
    items = labelled(flow, selected(flow, selection), per)
    items = items.filter(items.label.notnull())
    delivered = with_lead(items.filter(items.value_at.notnull()), clock)
    times = summaries(delivered, "label", "lead")
    active = "business_active" if clock is Clock.BUSINESS else "active"
    work = {
        row["label"]: Share((row["work"] or 0.0) / SECOND, (row["time"] or 0.0) / SECOND)
        for row in _rows(
            delivered.group_by("label").agg(
                work=delivered[active].cast("float64").sum(), time=delivered.lead.cast("float64").sum()
            )
        )
    }
    counted = items.group_by("label").agg(
        **counts_of_rework(items), n_open=is_open(items).sum(), n_handoffs=items.n_handoffs.sum()
    )
    return {
        row["label"]: GroupFigures(
            row["n"],
            row["n_open"] or 0,
            row["n_handoffs"] or 0,
            times[row["label"]]["lead"] if row["label"] in times else NO_DURATIONS,
            unknown or work.get(row["label"], Share(0.0, 0.0)),
            rework_in(row),
        )
        for row in sorted(_rows(counted), key=lambda row: str(row["label"]))
    }


def _rows(table: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return rows
