"""What the kinds look at: the tables of a flow as columns in memory, read once for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import pyarrow.parquet as pq

from millrace.flow.flow import Flow
from millrace.flow.spans import ACTIVE, CANCELLED, DONE, NEVER, NOTHING, UNKNOWN
from millrace.flow.summary import SECOND
from millrace.model.state import SIDES, Side
from millrace.model.value_stream import Match

Derived = TypeVar("Derived")
Bools = npt.NDArray[np.bool_]
Int64s = npt.NDArray[np.int64]
PROVIDER = SIDES.index(Side.PROVIDER)
HOUR = 3600 * SECOND
"""Microseconds."""


@dataclass(frozen=True)
class Columns:
    """A table as named columns of one length; instants and durations in microseconds. See `flow.spans`, `visits`."""

    held: dict[str, Any]

    def __getattr__(self, column: str) -> Any:
        """The column of that name."""
        try:
            return self.held[column]
        except KeyError:
            raise AttributeError(column) from None


@dataclass(frozen=True)
class Attribute:
    """A column of the log, one value per item: `labels[codes[row]]`, `NOTHING` where it is not known."""

    codes: npt.NDArray[np.int32]
    labels: tuple[str, ...]


class Evidence:
    """A flow as columns. Spans and visits lie by item and time; rows of items are those of `items.parquet`."""

    def __init__(self, flow: Flow) -> None:
        """Look at `flow`; nothing is read before it is asked for."""
        self.flow = flow
        self._attributes: dict[str, Attribute] = {}
        self._derived: dict[Callable[[Evidence], Any], Any] = {}

    @cached_property
    def spans(self) -> Columns:
        """Spans: item, began_at, step, state, wait_reason, side, team, from_team, person, elapsed …"""
        return self._table("spans")

    @cached_property
    def visits(self) -> Columns:
        """Visits: item, step, previous_step, nth_visit, team, began_at, lead, active, wait, queue …"""
        return self._table("visits")

    @cached_property
    def items(self) -> Columns:
        """Items: item (its code), demand_at, value_at (`NEVER` where not delivered), ended_at, last_row …"""
        return self._table("items")

    @cached_property
    def item_of_span(self) -> Int64s:
        """For every span the row of its item."""
        return _run_numbers(self.spans.item)

    @cached_property
    def item_of_visit(self) -> Int64s:
        """For every visit the row of its item."""
        return _run_numbers(self.visits.item)

    @cached_property
    def visit_of_span(self) -> Int64s:
        """For every span the row of its visit."""
        return _run_numbers(self.spans.item, self.spans.step)

    @cached_property
    def holding_of_span(self) -> Int64s:
        """For every span the row of its holding."""
        return np.cumsum(self._begins_holding) - 1

    @cached_property
    def holdings(self) -> Columns:
        """Runs of spans of one item with one known team: item, team, from_team (`NOTHING` for the first), time.

        Where no team is named, the one before still holds the item. `time` is that in the flow.
        """
        first = np.flatnonzero(self._begins_holding)
        item, from_team = self.spans.item[first], self.spans.from_team[first]
        team = np.array(self.items.last_team[self.item_of_span[first]])
        is_followed = item[1:] == item[:-1]
        team[:-1][is_followed] = from_team[1:][is_followed]
        time = np.add.reduceat(np.where(self.is_in_flow, self.spans.elapsed, 0), first)
        return Columns({"item": item, "team": team, "from_team": from_team, "time": time})

    @cached_property
    def _begins_holding(self) -> Bools:
        begins = np.asarray(self.spans.from_team != NOTHING)
        begins[1:] |= self.spans.item[1:] != self.spans.item[:-1]
        begins[:1] = True
        return begins

    @cached_property
    def is_delivered(self) -> Bools:
        """For every item whether it has reached value."""
        return np.asarray(self.items.value_at != NEVER)

    @cached_property
    def is_in_flow(self) -> Bools:
        """For every span whether it counts before value: in lead time, or in the age of what is not delivered yet."""
        ended = np.isin(self.spans.state, (DONE, CANCELLED))
        return np.asarray(self.spans.is_before_value | (~self.is_delivered[self.item_of_span] & ~ended))

    @cached_property
    def flow_time_of_item(self) -> Int64s:
        """For every item its microseconds before value."""
        return self.per_item(np.where(self.is_in_flow, self.spans.elapsed, 0))

    @cached_property
    def flow_time_of_visit(self) -> Int64s:
        """For every visit its microseconds before value."""
        return self.per_visit(np.where(self.is_in_flow, self.spans.elapsed, 0))

    @cached_property
    def is_provider_time(self) -> Bools:
        """For every span whether it is in the flow and the provider's own: nobody else is waited for."""
        return np.asarray(
            self.is_in_flow & (self.spans.side == PROVIDER) & ~np.isin(self.spans.state, (DONE, CANCELLED))
        )

    @cached_property
    def is_before_work(self) -> Bools:
        """For every span whether nobody has worked on the item yet in its visit: it waits for the step to begin."""
        works = np.isin(self.spans.state, (ACTIVE, UNKNOWN))
        so_far = np.cumsum(works)
        first = np.flatnonzero(np.diff(self.visit_of_span, prepend=-1))
        before: Int64s = (so_far - works)[first]
        return np.asarray(so_far == before[self.visit_of_span])

    @cached_property
    def is_complete_visit(self) -> Bools:
        """For every visit whether it is over, and not begun after value."""
        is_over = ~self.visits.is_last | self.visits.is_delivered
        return np.asarray(is_over & ~self.visits.is_after_value)

    @cached_property
    def is_peoples_visit(self) -> Bools:
        """For every visit whether it is complete and no script did it: what a script needs is no norm for people."""
        return np.asarray(self.is_complete_visit & (self.visits.is_automated != 1))

    @cached_property
    def life_of_item(self) -> Int64s:
        """For every item its microseconds from demand to its last event."""
        return np.asarray(self.items.ended_at - self.items.demand_at)

    @property
    def steps(self) -> tuple[tuple[int, str], ...]:
        """Code and name of every step that stands for something: a catch-all of rare events has no one meaning."""
        steps = enumerate(self.flow.about.stream.steps)
        return tuple((code, step.name) for code, step in steps if not any(map(_matches_anything, step.match)))

    @property
    def total(self) -> int:
        """All microseconds that there are."""
        return int(self.spans.elapsed.sum())

    @cached_property
    def flow_total(self) -> int:
        """All microseconds before value."""
        return int(self.flow_time_of_item.sum())

    def per_item(self, microseconds: Int64s) -> Int64s:
        """Values per span added up per item."""
        return self._added(microseconds, self.spans.item)

    def per_visit(self, microseconds: Int64s) -> Int64s:
        """Values per span added up per visit."""
        return self._added(microseconds, self.spans.item, self.spans.step)

    def derived(self, of: Callable[["Evidence"], Derived]) -> Derived:
        """What a function makes of this evidence, worked out once for all who ask."""
        if of not in self._derived:
            self._derived[of] = of(self)
        return cast(Derived, self._derived[of])

    def attribute(self, column: str) -> Attribute:
        """A column of the log per item, as its last event has it."""
        if column not in self._attributes:
            self._attributes[column] = self._read_attribute(column)
        return self._attributes[column]

    def _read_attribute(self, column: str) -> Attribute:
        table = self.flow.items.left_join(self.flow.attribute(column), "last_row").select("item", "label").to_pyarrow()
        encoded = pc.dictionary_encode(table["label"].combine_chunks())
        codes = encoded.indices.fill_null(NOTHING).to_numpy(zero_copy_only=False)
        of_item = np.full(len(self.items.item), NOTHING, np.int32)
        of_item[np.searchsorted(self.items.item, table["item"].to_numpy())] = codes
        return Attribute(of_item, tuple(encoded.dictionary.to_pylist()))

    def _table(self, name: str) -> Columns:
        # In the order of the file, which the engine does not promise: rows of one item lie together, by time.
        table = pq.read_table(self.flow.folder / f"{name}.parquet")
        return Columns({column: _plain(table[column]) for column in table.column_names})

    def _added(self, values: Int64s, *keys: Any) -> Int64s:
        if not len(values):
            return np.empty(0, np.int64)
        first = np.flatnonzero(np.concatenate(([True], _changes(*keys))))
        return np.add.reduceat(values, first)


def _run_numbers(*keys: Any) -> Int64s:
    """Number of the run of equal keys that each row is in, from 0."""
    if not len(keys[0]):
        return np.empty(0, np.int64)
    return np.concatenate(([0], np.cumsum(_changes(*keys), dtype=np.int64)))


def _changes(*keys: Any) -> Any:
    changes = np.zeros(len(keys[0]) - 1, np.bool_)
    for key in keys:
        changes |= key[1:] != key[:-1]
    return changes


def _matches_anything(match: Match) -> bool:
    return "*" in (*match.activity, *match.status)


def _plain(column: Any) -> Any:
    """A column as an array; instants as microseconds since 1970."""
    values = column.to_numpy()
    return values.view(np.int64) if values.dtype.kind == "M" else values
