"""Demand, throughput and work in progress per period."""

from dataclasses import dataclass
from datetime import UTC, datetime

from millrace.flow.flow import Flow
from millrace.flow.lead_time import is_open
from millrace.flow.selection import EVERYTHING, PERIODS, Selection, following, selected


@dataclass(frozen=True)
class PeriodCounts:
    """One period from `began_at` (UTC): items demanded, delivered, and ended without value in it (mostly cancelled);
    work in progress at its end."""

    began_at: datetime
    n_demanded: int
    n_delivered: int
    n_cancelled: int
    work_in_progress: int


def throughput(flow: Flow, *, per: str = "week", selection: Selection = EVERYTHING) -> list[PeriodCounts]:
    """Items demanded and delivered per `week`, `month` or `day`, without a gap, and work in progress."""
    import ibis

    items = selected(flow, selection, instant=None)
    unit = PERIODS[per]
    cancelled = items.filter(items.value_at.isnull() & ~is_open(items))
    counts: dict[str, dict[datetime, int]] = {}
    for name, instants in {
        "demanded": items.demand_at,
        "delivered": items.filter(items.value_at.notnull()).value_at,
        "cancelled": cancelled.ended_at,
    }.items():
        table = instants.as_table().mutate(period=ibis._[instants.get_name()].truncate(unit).cast("timestamp"))
        rows = table.group_by("period").agg(n=table.count()).to_pyarrow().to_pylist()
        counts[name] = {row["period"]: row["n"] for row in rows}
    beginnings = _beginnings(sorted({p for by_period in counts.values() for p in by_period}), per)
    progress, result = 0, []
    for began_at in beginnings:
        n = {name: by_period.get(began_at, 0) for name, by_period in counts.items()}
        progress += n["demanded"] - n["delivered"] - n["cancelled"]
        result.append(
            PeriodCounts(began_at.replace(tzinfo=UTC), n["demanded"], n["delivered"], n["cancelled"], progress)
        )
    return result


def _beginnings(seen: list[datetime], per: str) -> list[datetime]:
    """Every beginning of a period from the first to the last one seen."""
    if not seen:
        return []
    filled = [seen[0]]
    while filled[-1] < seen[-1]:
        filled.append(following(filled[-1], per))
    return filled
