"""A forecast's open items as a table: a row each, in a form that stays."""

from typing import Any

from millrace.model.absent import Absent
from millrace.simulate.forecast.forecast import Forecast, OpenForecast


def open_items_table(found: Forecast) -> Any:
    """The open items as an Arrow table, those most in danger first; unknown chances and far instants are null."""
    import pyarrow as pa

    rows = [open_item_row(item) for item in found.items]
    return pa.table({column: pa.array([row[column] for row in rows], kind) for column, kind in _columns().items()})


def open_item_row(item: OpenForecast) -> dict[str, Any]:
    """An open item by the names of the columns."""
    chance = item.breach.chance
    return {
        "item": item.key,
        "step": item.step,
        "demand_at": item.demand_at,
        "age_seconds": item.age_seconds,
        "breach_ratio": None if isinstance(chance, Absent) else chance,
        "breach_told_by_n_items": item.breach.n_alike,
        "breach_told_by_step": item.breach.by_step,
        "simulated_breach_ratio": item.simulated_breach_ratio,
        "done_by_p50_at": item.done_by_p50_at,
        "done_by_p85_at": item.done_by_p85_at,
    }


def _columns() -> dict[str, Any]:
    import pyarrow as pa

    instant = pa.timestamp("s", tz="UTC")
    return {
        "item": pa.string(),
        "step": pa.string(),
        "demand_at": instant,
        "age_seconds": pa.float64(),
        "breach_ratio": pa.float64(),
        "breach_told_by_n_items": pa.int64(),
        "breach_told_by_step": pa.bool_(),
        "simulated_breach_ratio": pa.float64(),
        "done_by_p50_at": instant,
        "done_by_p85_at": instant,
    }
