"""Following links: which records serve which item, as the paths of a stream say."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from millrace.errors import MillraceError
from millrace.eventlog.engine import text
from millrace.eventlog.event_log import EventLog
from millrace.flow.record_lives import Int32s, Int64s, RecordLives
from millrace.model.follow import Follow, LinkDirection, Missing
from millrace.model.value_stream import ValueStream

_MICROSECOND = timedelta(microseconds=1)


class UnknownRecordType(MillraceError):
    """A stream follows records of a type that the log does not hold."""

    slug = "unknown-record-type"

    def __init__(self, item_type: str, source_name: str, known: tuple[str, ...]) -> None:
        """Name the type and those there are."""
        holds = f"holds records of the types {', '.join(known)}" if known else "holds records of one type only"
        super().__init__(
            f"The stream follows “{item_type}”, but {source_name} {holds}. Write `follow` with the types that the "
            "mapping names under `item_type`."
        )


@dataclass(frozen=True)
class Served:
    """Which records serve which item. Item i has the rows `first[i] : first[i + 1]` of `records`, `depths` and
    `from_records` (-1 for the root, which stands first); `roots` names each item's root.

    `n_left_out` counts demands that are no item, since nothing is linked with them and the stream asks for it.
    """

    first: Int64s
    records: Int32s
    depths: Int32s
    from_records: Int32s
    n_left_out: int

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.first) - 1

    @property
    def roots(self) -> Int32s:
        """The record of each item's demand."""
        return self.records[self.first[:-1]]

    @property
    def items(self) -> Int32s:
        """The item of each row."""
        return np.repeat(np.arange(self.n_items, dtype=np.int32), np.diff(self.first))


def check_follow(log: EventLog, stream: ValueStream) -> None:
    """Raise UnknownRecordType where the stream follows what the log does not hold."""
    known = tuple(each.name for each in log.about.record_types)
    for follow in stream.follow:
        for item_type in follow.path:
            if item_type not in known:
                raise UnknownRecordType(item_type, log.about.source_name, known)


def served(log: EventLog, stream: ValueStream, lives: RecordLives, connection: duckdb.DuckDBPyConnection) -> Served:
    """Follow the links of `log` from every record of the root type; without a path every record is an item alone."""
    types = [each.name for each in log.about.record_types]
    roots = np.arange(lives.n_records, dtype=np.int32)
    if stream.follow:
        roots = roots[lives.record_type == types.index(stream.follow[0].root)]
    records = pa.table(
        {
            "record": np.arange(lives.n_records, dtype=np.int32),
            "item_id": lives.keys["item_id"],
            "item_type": lives.record_type,
            "began_at": lives.began_at,
        }
    )
    connection.register("lives_of_records", records)
    try:
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE link_codes AS
            SELECT f.record AS from_record, t.record AS to_record, l.relation
            FROM read_parquet({text(log.links_path)}) l
            JOIN lives_of_records f ON f.item_id = l.from_item JOIN lives_of_records t ON t.item_id = l.to_item""")
        connection.register("root_records", pa.table({"record": roots}))
        connection.execute("""
            CREATE OR REPLACE TEMP TABLE reached AS
            SELECT record AS root, record, 0 AS depth, -1 AS from_record FROM root_records""")
        for number, follow in enumerate(stream.follow):
            _follow(number, follow, types, connection)
        rows = connection.sql(f"""
            SELECT root, record, min(depth)::INTEGER AS depth, arg_min(from_record, (depth, from_record)) AS from_record
            FROM reached {_kept(stream)} GROUP BY root, record ORDER BY root, depth, record""").to_arrow_table()
    finally:
        connection.execute("DROP TABLE IF EXISTS link_codes; DROP TABLE IF EXISTS reached")
        for view in ("lives_of_records", "root_records"):
            connection.unregister(view)
    return _laid_out(rows, len(roots))


def _follow(number: int, follow: Follow, types: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    """Reach along one path, link by link."""
    connection.execute("CREATE OR REPLACE TEMP TABLE frontier AS SELECT root, record FROM reached WHERE depth = 0")
    relations = f"AND l.relation IN ({', '.join(map(text, follow.relations))})" if follow.relations else ""
    within = "" if follow.within is None else f"AND n.began_at - f.began_at <= {follow.within // _MICROSECOND}"
    for depth, (_, item_type) in enumerate(zip(follow.path, follow.path[1:], strict=False), start=1):
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE next_frontier AS
            SELECT r.root, l.next_record AS record, min(r.record) AS from_record
            FROM frontier r JOIN ({_oriented(follow.direction)}) l ON l.record = r.record {relations}
            JOIN lives_of_records f ON f.record = r.record
            JOIN lives_of_records n ON n.record = l.next_record AND n.item_type = {types.index(item_type)} {within}
            GROUP BY r.root, l.next_record;
            DELETE FROM next_frontier WHERE record = root;
            INSERT INTO reached SELECT root, record, {depth}, from_record FROM next_frontier;
            CREATE OR REPLACE TEMP TABLE frontier AS SELECT root, record FROM next_frontier""")
    connection.execute("DROP TABLE IF EXISTS frontier; DROP TABLE IF EXISTS next_frontier")


def _oriented(direction: LinkDirection) -> str:
    forward = "SELECT from_record AS record, to_record AS next_record, relation FROM link_codes"
    backward = "SELECT to_record AS record, from_record AS next_record, relation FROM link_codes"
    if direction is LinkDirection.FORWARD:
        return forward
    return backward if direction is LinkDirection.BACKWARD else f"{forward} UNION ALL {backward}"


def _kept(stream: ValueStream) -> str:
    if not any(follow.missing is Missing.LEAVE_OUT for follow in stream.follow):
        return ""
    return "WHERE root IN (SELECT root FROM reached WHERE depth > 0)"


def _laid_out(rows: pa.Table, n_roots: int) -> Served:
    root, record, depth, from_record = (_numbers(rows[name]) for name in ("root", "record", "depth", "from_record"))
    begins = np.flatnonzero(np.diff(root, prepend=-1) != 0) if len(root) else np.empty(0, np.int64)
    first = np.append(begins, len(root)).astype(np.int64)
    return Served(first, record, depth, from_record, n_roots - len(begins))


def _numbers(column: Any) -> Int32s:
    numbers: Int32s = column.to_numpy().astype(np.int32)
    return numbers
