"""The items of a flow as arrays: when each was demanded and when it left."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.flow.flow import Flow
from millrace.flow.spans import CANCELLED, DONE
from millrace.flow.summary import SECOND
from millrace.simulate.fit.life_table import NOT_YET
from millrace.simulate.fit.past_visits import instants

Ints = npt.NDArray[np.int64]
WEEK = 7 * 24 * 3_600 * SECOND


@dataclass(frozen=True)
class Items:
    """Instants in microseconds since 1970 UTC; `left_at` is `NOT_YET` for items under way."""

    demand_at: Ints
    left_at: Ints
    is_delivered: npt.NDArray[np.bool_]

    @property
    def lead_seconds(self) -> npt.NDArray[np.float64]:
        """Lead times of the delivered items."""
        return np.asarray((self.left_at - self.demand_at)[self.is_delivered] / SECOND, np.float64)

    def demanded_before(self, at: int) -> "Items":
        """The items demanded before an instant."""
        chosen = self.demand_at < at
        return Items(self.demand_at[chosen], self.left_at[chosen], self.is_delivered[chosen])

    def delivered_per_week(self, since: int, until: int) -> float:
        """The rate of deliveries in a period."""
        at = self.left_at[self.is_delivered]
        return float(((at >= since) & (at < until)).sum()) * WEEK / max(until - since, 1)

    def in_progress(self, since: int, until: int) -> npt.NDArray[np.float64]:
        """Work in progress at the end of each day of a period."""
        day = WEEK // 7
        ends = np.arange(since + day, until + 1, day)
        demanded, left = np.sort(self.demand_at), np.sort(self.left_at)
        return (np.searchsorted(demanded, ends, "right") - np.searchsorted(left, ends, "right")).astype(np.float64)


def items(flow: Flow) -> Items:
    """Read the items of a flow."""
    rows = flow.items.select("demand_at", "value_at", "ended_at", "last_state").to_pyarrow()
    demand_at, value_at, ended_at = (instants(rows[column]) for column in ("demand_at", "value_at", "ended_at"))
    is_delivered = ~rows["value_at"].is_null().to_numpy()
    is_gone = is_delivered | np.isin(rows["last_state"].to_numpy(), (CANCELLED, DONE))
    return Items(demand_at, np.where(is_delivered, value_at, np.where(is_gone, ended_at, NOT_YET)), is_delivered)
