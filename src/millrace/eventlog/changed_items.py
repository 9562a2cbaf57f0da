"""What a newer log says of the items of an older one."""

from dataclasses import dataclass

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import one_row, text
from millrace.eventlog.event_log import EventLog


@dataclass(frozen=True)
class ChangedItems:
    """How many items are new, tell something else than before, are as before, and are no longer there."""

    n_new: int
    n_updated: int
    n_unchanged: int
    n_gone: int


def log_size(log: EventLog, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many items (records, in a log of several types) and events there are in a log."""
    counts = "count(DISTINCT item_id), count(*)"
    n_items, n_events = one_row(connection, f"SELECT {counts} FROM read_parquet({text(log.events_path)})")
    return int(n_items), int(n_events)


def changed_items(before: EventLog, after: EventLog, connection: duckdb.DuckDBPyConnection) -> ChangedItems:
    """Compare two logs item by item, by every column that both have."""
    known = [_columns(log, connection) for log in (before, after)]
    shared = [column for column in known[0] if column in known[1] and column != "position"]
    told = ", ".join(f"{quoted(column)}::VARCHAR" for column in shared)
    old, new = (
        f"(SELECT item_id, sum(hash({told})::HUGEINT) AS told FROM read_parquet({text(log.events_path)}) GROUP BY ALL)"
        for log in (before, after)
    )
    counts = one_row(
        connection,
        f"""SELECT count(*) FILTER (old.item_id IS NULL),
                   count(*) FILTER (old.told <> new.told),
                   count(*) FILTER (old.told = new.told),
                   count(*) FILTER (new.item_id IS NULL)
            FROM {old} AS old FULL JOIN {new} AS new USING (item_id)""",
    )
    return ChangedItems(*map(int, counts))


def _columns(log: EventLog, connection: duckdb.DuckDBPyConnection) -> list[str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({text(log.events_path)})").fetchall()
    return [column for column, *_ in described]
