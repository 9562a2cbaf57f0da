"""The lives of all items as arrays: their spans in order, as far as they were known at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from millrace.flow.flow import Flow
from millrace.flow.selection import Selection, selected
from millrace.flow.spans import CANCELLED, DONE, NEVER

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_OF_SPANS = ("item", "began_at", "elapsed", "state", "wait_reason", "side", "step", "team", "activity")
_OF_ITEMS = ("item", "demand_at", "value_at", "ended_at", "last_state", "last_step", "last_team", "last_row")


@dataclass(frozen=True)
class Lives:
    """Items and their spans, known at `at`. Instants in microseconds since 1970 UTC, `NEVER` where one did not come.

    Spans `first[i] : first[i + 1]` are those of item i, in order. The last span of an open item lasts until `at`.
    `codes` are the items' numbers in the flow's tables.
    """

    flow: Flow
    at: int
    codes: Ints
    first: Ints
    demand_at: Ints
    value_at: Ints
    last_event_at: Ints
    is_open: Bools
    last_step: Ints
    last_team: Ints
    last_row: Ints
    began_at: Ints
    ended_at: Ints
    held: Mapping[str, Codes]

    @property
    def last(self) -> Ints:
        """The place of each item's last span."""
        return self.first[1:] - 1

    def among(self, where: Mapping[str, tuple[str, ...]]) -> Bools:
        """Which items have these values. Raises UnknownColumn."""
        if not where:
            return np.ones(len(self.codes), np.bool_)
        chosen = selected(self.flow, Selection(where=where), instant=None).select("item").to_pyarrow()["item"]
        return np.isin(self.codes, chosen.to_numpy())

    def keys(self, places: Ints) -> list[str]:
        """What people call the items at these places."""
        rows = pa.table({"last_row": pa.array(self.last_row[places]), "place": pa.array(np.arange(len(places)))})
        engine = self.flow.engine
        engine.con.register("rows_wanted", rows)
        wanted = engine.table("rows_wanted")
        found = wanted.join(self.flow.attribute(self.flow.key_column), "last_row").select("place", "label").to_pyarrow()
        labels = dict(zip(found["place"].to_pylist(), found["label"].to_pylist(), strict=True))
        return [labels[place] for place in range(len(places))]


def lives(flow: Flow, at: datetime | None = None) -> Lives:
    """The lives in `flow` as of `at`, which is no earlier than its last event: that event's instant without it."""
    known_at = flow.about.last_at if at is None else max(microseconds(at), flow.about.last_at)
    items = _columns(flow, "items", _OF_ITEMS)
    spans = _columns(flow, "spans", _OF_SPANS)
    first = np.searchsorted(spans["item"], np.append(items["item"], np.iinfo(np.int32).max))
    value_at = items["value_at"]
    is_open = (value_at == NEVER) & ~np.isin(items["last_state"], (CANCELLED, DONE))
    ended_at = spans["began_at"] + spans["elapsed"]
    ended_at[first[1:][is_open] - 1] = known_at
    return Lives(
        flow,
        known_at,
        codes=items["item"],
        first=first,
        demand_at=items["demand_at"],
        value_at=value_at,
        last_event_at=items["ended_at"],
        is_open=is_open,
        last_step=items["last_step"],
        last_team=items["last_team"],
        last_row=items["last_row"],
        began_at=spans["began_at"],
        ended_at=ended_at,
        held={name: spans[name] for name in ("state", "wait_reason", "side", "step", "team", "activity")},
    )


def microseconds(at: datetime) -> int:
    """An instant in microseconds since 1970 UTC."""
    return (at - _EPOCH) // _MICROSECOND


def instant(at: int) -> datetime:
    """Microseconds since 1970 UTC as an instant."""
    return _EPOCH + int(at) * _MICROSECOND


def _columns(flow: Flow, table: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Columns of a flow's table in its own order; instants as integers."""
    read = pq.read_table(flow.folder / f"{table}.parquet", columns=list(names))
    return {name: _numbers(read[name].combine_chunks()) for name in names}


def _numbers(column: Any) -> Any:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64()).fill_null(NEVER)
    return np.array(column.to_numpy(zero_copy_only=False), np.int64)
