"""Items whose journeys tell most of a flow: an ordinary one, a slow one, one that was sent back and forth."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from millrace.flow.flow import Flow
from millrace.flow.lead_time import microseconds


class Telling(StrEnum):
    """Why an item tells something."""

    MEDIAN = "median"
    SLOW = "slow"
    BOUNCED = "bounced"


@dataclass(frozen=True)
class TellingItem:
    """An item by the key that people know, and what it stands for."""

    telling: Telling
    key: str


def telling_items(flow: Flow) -> tuple[TellingItem, ...]:
    """The delivered items whose lead time is nearest the p50 and the p85, and the one with the most ping-pongs.

    Of equals the one with more handoffs is taken, then the one that came first. An item that tells two things is
    named once; there are none where nothing was delivered.
    """
    items = flow.items.filter(flow.items.value_at.notnull())
    lead = microseconds(items.value_at) - microseconds(items.demand_at)
    timed = items.mutate(lead=lead)
    quantiles = timed.agg(p50=timed.lead.quantile(0.5), p85=timed.lead.quantile(0.85)).to_pyarrow().to_pylist()[0]
    if quantiles["p50"] is None:
        return ()
    chosen = {
        Telling.MEDIAN: _first(flow, timed, (timed.lead - quantiles["p50"]).abs()),
        Telling.SLOW: _first(flow, timed, (timed.lead - quantiles["p85"]).abs()),
        Telling.BOUNCED: _first(flow, timed.filter(timed.n_ping_pongs > 0), -timed.n_ping_pongs),
    }
    keys = dict.fromkeys(key for key in chosen.values() if key is not None)
    why = {key: next(telling for telling, each in chosen.items() if each == key) for key in keys}
    return tuple(TellingItem(telling, key) for key, telling in why.items())


def _first(flow: Flow, items: Any, order: Any) -> str | None:
    """The key of the first item in an order."""
    import ibis

    first = items.order_by(order, ibis.desc("n_handoffs"), "demand_at", "item").limit(1)
    found = first.join(flow.attribute(flow.key_column), "last_row").to_pyarrow()["label"].to_pylist()
    return found[0] if found else None
