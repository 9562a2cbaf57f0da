"""Where in the lives of items each label stands."""

import duckdb

from millrace.eventlog.engine import name


def label_positions(column: str, events: str, connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """How far through an item's life (0 to 1) each label in `column` stands on average, over `events` (SQL)."""
    rows = connection.execute(f"""
        SELECT label, avg(place) FROM (
            SELECT {name(column)} AS label,
                   percent_rank() OVER (PARTITION BY item_id ORDER BY "at", position) AS place
            FROM {events} WHERE {name(column)} IS NOT NULL)
        GROUP BY label
    """).fetchall()
    return dict(rows)
