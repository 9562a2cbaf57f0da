"""The columns of a log as each item had them when it was demanded, and as it has them at its end."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from millrace.diagnose.explanation.explanation import Codes
from millrace.diagnose.findings.evidence import Evidence, Int64s
from millrace.eventlog.engine import text
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING


@dataclass(frozen=True)
class Column:
    """A column of the log, two values per item: `labels[at_demand[row]]`, `labels[at_end[row]]`; `NOTHING` is none."""

    name: str
    at_demand: Codes
    at_end: Codes
    labels: tuple[str, ...]


class EventRows:
    """The first and last event of every item, as rows of the log's events."""

    def __init__(self, evidence: Evidence) -> None:
        """Find them once for all columns."""
        self._path = evidence.flow.events_path
        self.first, self.last = first_rows(evidence), evidence.items.last_row

    def column(self, name: str) -> Column:
        """A column of the log per item."""
        values = pq.read_table(self._path, columns=[name])[name]
        texts = values if pa.types.is_string(values.type) else values.cast(pa.string())
        encoded = pc.dictionary_encode(texts.combine_chunks())
        codes = encoded.indices.fill_null(NOTHING).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
        return Column(name, codes[self.first], codes[self.last], tuple(encoded.dictionary.to_pylist()))


def first_rows(evidence: Evidence) -> Int64s:
    """For every item (row of the items table) the row of its first event among the log's events."""
    rows = (
        _engine(evidence.flow)
        .execute(
            f"""
        WITH events AS (SELECT file_row_number AS row_number, item_id, "at", position
                        FROM read_parquet({text(evidence.flow.events_path)}, file_row_number = true)),
             firsts AS (SELECT item_id, arg_min(row_number, ("at", position)) AS first_row FROM events GROUP BY item_id)
        SELECT items.item, firsts.first_row
        FROM items JOIN events ON events.row_number = items.last_row JOIN firsts USING (item_id)
        """
        )
        .fetchnumpy()
    )
    first = np.zeros(len(evidence.items.item), np.int64)
    first[np.searchsorted(evidence.items.item, rows["item"])] = rows["first_row"]
    return first


def local_instants(evidence: Evidence) -> Int64s:
    """When each item was demanded by the clock on the wall of its calendar, in microseconds since 1970."""
    zone = text(evidence.flow.about.calendar.zone)
    rows = (
        _engine(evidence.flow)
        .execute(f"SELECT item, epoch_us(timezone({zone}, timezone('UTC', demand_at))) AS local_at FROM items")
        .fetchnumpy()
    )
    local = np.zeros(len(evidence.items.item), np.int64)
    local[np.searchsorted(evidence.items.item, rows["item"])] = rows["local_at"]
    return local


def _engine(flow: Flow) -> Any:
    return flow.engine.con
