"""Rework: steps visited again and reopenings; first-time completion and entry quality beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from millrace.flow.flow import Flow
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summary import SECOND, Share


@dataclass(frozen=True)
class Rework:
    """Items that went through a step again or were reopened.

    `later_visits` is the time in second and later visits, of all time before value. `first_time_completion` and
    `entry_quality` are over delivered items.
    """

    items: Share
    n_items_reopened: int
    n_reopened: int
    later_visits: Share
    first_time_completion: Share
    entry_quality: Share


def rework(flow: Flow, *, selection: Selection = EVERYTHING) -> Rework:
    """Rework of all items of the selection; completion figures of the delivered ones."""
    items = selected(flow, selection)
    return rework_in(items.agg(**counts_of_rework(items)).to_pyarrow().to_pylist()[0])


def counts_of_rework(items: Any) -> dict[str, Any]:
    """What rework is made of, as aggregates over `items` or over groups of them."""
    delivered = items.value_at.notnull()
    reworked = has_rework(items)
    return {
        "n": items.count(),
        "n_rework": reworked.sum(),
        "n_items_reopened": (items.n_reopened > 0).sum(),
        "n_reopened": items.n_reopened.sum(),
        "later": items.later_visits.cast("float64").sum(),
        "time": (items.active + items.wait + items.unknown).cast("float64").sum(),
        "n_delivered": delivered.sum(),
        "n_first_time": (delivered & ~reworked & ~items.waited_after_first_step).sum(),
        "n_good_entry": (delivered & ~items.waited_in_first_step & ~items.returned_to_first_step).sum(),
    }


def rework_in(counts: Mapping[str, Any]) -> Rework:
    """The rework that these counts make."""
    figures = {name: value or 0 for name, value in counts.items()}
    return Rework(
        Share(figures["n_rework"], figures["n"]),
        figures["n_items_reopened"],
        figures["n_reopened"],
        Share(figures["later"] / SECOND, figures["time"] / SECOND),
        Share(figures["n_first_time"], figures["n_delivered"]),
        Share(figures["n_good_entry"], figures["n_delivered"]),
    )


def has_rework(items: Any) -> Any:
    """Whether an item saw a step again or was reopened, as a column."""
    return items.has_revisit | (items.n_reopened > 0)
