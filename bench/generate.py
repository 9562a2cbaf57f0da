"""A large, unordered status log as Parquet: what the speed figures are measured on."""

from pathlib import Path

import duckdb

STATUSES = "['In Progress', 'Queued', 'Awaiting User Info', 'Awaiting Vendor', 'In Progress', 'Assigned']"


def generate(path: Path, *, n_items: int, seed: int = 7) -> None:
    """Write about ten events per item, rows in no order: new first, resolved and closed last, work between."""
    connection = duckdb.connect(
        config={
            "threads": 2,
            "memory_limit": "2GB",
            "preserve_insertion_order": False,
            "temp_directory": str(path.parent),
        }
    )
    connection.execute(f"""
        COPY (
            WITH items AS (
                SELECT i, 8 + (hash(i + {seed}) % 5)::BIGINT AS n_events,
                       (hash(i * 7 + {seed}) % 31536000)::BIGINT AS began_seconds
                FROM range({n_items}) AS t(i)
            ), events AS (
                SELECT i, n_events, k, (hash(i * 100 + k + {seed}) >> 1)::BIGINT AS h, began_seconds
                FROM items, unnest(range(n_events::BIGINT)) AS u(k)
            )
            SELECT printf('INC%08d', i) AS item_id,
                   TIMESTAMP '2025-01-01' + to_seconds(began_seconds + k * 7200 + h % 7200) AS "at",
                   k AS position,
                   CASE WHEN k = 0 THEN 'New' WHEN k = n_events - 1 THEN 'Closed' WHEN k = n_events - 2 THEN 'Resolved'
                        ELSE ({STATUSES})[1 + (h >> 16) % 6] END AS status,
                   printf('Team %02d', (h >> 24) % 40) AS team,
                   printf('Person %04d', (h >> 32) % 2000) AS person,
                   ['incident', 'service_request', 'change'][1 + i % 3] AS item_type,
                   ['P1', 'P2', 'P3', 'P4'][1 + ((hash(i) >> 8) % 4)::BIGINT] AS priority,
                   printf('Category %02d', (hash(i) >> 10) % 50) AS category,
                   printf('Service %03d', (hash(i) >> 16) % 300) AS service,
                   ['portal', 'e-mail', 'phone'][1 + ((hash(i) >> 24) % 3)::BIGINT] AS channel,
                   printf('User %06d', (hash(i) >> 28) % 100000) AS requester
            FROM events ORDER BY h
        ) TO '{path}' (FORMAT parquet, COMPRESSION snappy)
    """)
    connection.close()
