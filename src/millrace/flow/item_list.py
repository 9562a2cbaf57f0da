"""The items behind a measure: every number can say of which items it is made."""

from enum import StrEnum
from typing import Any

import duckdb

from millrace.flow.flow import Flow
from millrace.flow.lead_time import is_open, microseconds
from millrace.flow.rework import has_rework
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.spans import CANCELLED
from millrace.flow.summary import SECOND
from millrace.flow.time_in import TimeIn, time_in
from millrace.model.state import STATES


class ItemMeasure(StrEnum):
    """Measures whose items can be listed."""

    DEMAND = "demand"
    LEAD_TIME = "lead_time"
    OPEN = "open"
    CANCELLED = "cancelled"
    CLOSING_TAIL = "closing_tail"
    HANDOFFS = "handoffs"
    PING_PONG = "ping_pong"
    RETURNS = "returns"
    REWORK = "rework"
    REOPENED = "reopened"
    FIRST_TIME_COMPLETION = "first_time_completion"
    IDLE = "idle"


def list_items(
    flow: Flow, measure: ItemMeasure | TimeIn, *, selection: Selection = EVERYTHING
) -> duckdb.DuckDBPyRelation:
    """The items that count in `measure`, with their figures, the longest first.

    Of `TimeIn` a step, state or team: those that spent time there, how long (`there_seconds`), the longest first.
    """
    items = selected(flow, selection)
    if isinstance(measure, TimeIn):
        return _ordered(flow, _figures(flow, items.join(time_in(flow, measure), "item")), "there_seconds")
    return _ordered(flow, _figures(flow, items.filter(_condition(items, measure))), "lead_time_seconds")


def list_at_stake(flow: Flow, item_codes: Any, microseconds: Any) -> duckdb.DuckDBPyRelation:
    """The items of these codes with the time at stake in each (`at_stake_seconds`), the most first."""
    import pyarrow as pa

    stakes = pa.table({"item": pa.array(item_codes), "at_stake": pa.array(microseconds)})
    flow.engine.con.register("stakes", stakes)
    return _ordered(flow, _figures(flow, flow.items.join(flow.engine.table("stakes"), "item")), "at_stake_seconds")


def _condition(items: Any, measure: ItemMeasure) -> Any:
    delivered, cancelled = items.value_at.notnull(), items.last_state == CANCELLED
    return {
        ItemMeasure.DEMAND: items.demand_at.notnull(),
        ItemMeasure.LEAD_TIME: delivered,
        ItemMeasure.OPEN: is_open(items),
        ItemMeasure.CANCELLED: ~delivered & cancelled,
        ItemMeasure.CLOSING_TAIL: delivered & (items.ended_at > items.value_at),
        ItemMeasure.HANDOFFS: items.n_handoffs > 0,
        ItemMeasure.PING_PONG: items.n_ping_pongs > 0,
        ItemMeasure.RETURNS: items.returned_to_team,
        ItemMeasure.REWORK: has_rework(items),
        ItemMeasure.REOPENED: items.n_reopened > 0,
        ItemMeasure.FIRST_TIME_COMPLETION: delivered & ~has_rework(items) & ~items.waited_after_first_step,
        ItemMeasure.IDLE: items.idle > 0,
    }[measure]


def _figures(flow: Flow, items: Any) -> Any:
    import ibis

    lead = microseconds(items.value_at) - microseconds(items.demand_at)
    state = ibis.cases(*((items.last_state == code, str(name)) for code, name in enumerate(STATES)))
    return items.join(flow.attribute(flow.key_column), "last_row").select(
        item=ibis._.label,
        demand_at=items.demand_at,
        value_at=items.value_at,
        last_event_at=items.ended_at,
        lead_time_seconds=lead / SECOND,
        active_seconds=items.active / SECOND,
        waiting_seconds=items.wait / SECOND,
        unknown_seconds=items.unknown / SECOND,
        n_events=items.n_events,
        n_handoffs=items.n_handoffs,
        n_ping_pongs=items.n_ping_pongs,
        n_reopened=items.n_reopened,
        last_state=state,
        **{f"{time}_seconds": items[time] / SECOND for time in ("there", "at_stake") if time in items.columns},
    )


def _ordered(flow: Flow, table: Any, longest: str) -> duckdb.DuckDBPyRelation:
    import ibis

    return flow.engine.con.sql(ibis.to_sql(table.order_by(ibis.desc(longest), "demand_at", "item"), dialect="duckdb"))
