"""An activity log with start and end of all work: what other tools can read as well, as Parquet or XES.

Incidents go through fifteen activities, mostly forwards, at times again or two back; a person belongs to one team.
Work of one item never overlaps, so that every tool that is right finds the same durations.
"""

from pathlib import Path

import duckdb

ACTIVITIES = (
    "Register", "Classify", "Prioritise", "Assign", "Accept", "Diagnose", "Consult", "Plan fix", "Approve fix", "Fix",
    "Test", "Deploy", "Inform requester", "Confirm", "Document",
)  # fmt: skip
LAST_ACTIVITY = "Close"
COLUMNS = ("item_id", "position", "activity", "started_at", "at", "team", "person")
N_TEAMS, PEOPLE_PER_TEAM = 40, 50

_YEAR_SECONDS = 31_536_000


def write_parquet(path: Path, *, n_items: int, seed: int = 7) -> None:
    """Write about ten events per item, in the order of their ends."""
    _write(path, f'SELECT {_columns()} FROM events ORDER BY "at", item_id', "FORMAT parquet", n_items, seed)


def write_xes(path: Path, *, n_items: int, seed: int = 7) -> None:
    """Write the same items as traces; an event has its end only, as XES has it."""
    keys = {"concept:name": "activity", "org:resource": "person", "org:group": "team"}
    strings = "".join(f""" || '<string key="{key}" value="' || {column} || '"/>\n'""" for key, column in keys.items())
    instant = """strftime("at", '%Y-%m-%dT%H:%M:%S.000+00:00')"""
    event = f"""'<event>\n'{strings} || '<date key="time:timestamp" value="' || {instant} || '"/>\n</event>\n'"""
    traces = f"""
        SELECT '<trace>\n<string key="concept:name" value="' || item_id || '"/>\n'
            || string_agg({event}, '' ORDER BY k) || '</trace>' AS trace
        FROM events GROUP BY item_id, i ORDER BY i"""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">'
    lines = f"SELECT '{head}' AS line UNION ALL SELECT trace FROM ({traces}) UNION ALL SELECT '</log>'"
    _write(path, lines, "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'", n_items, seed)


def _columns() -> str:
    return ", ".join(f'"{column}"' for column in COLUMNS)


def _write(path: Path, query: str, form: str, n_items: int, seed: int) -> None:
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "2GB", "temp_directory": str(path.parent)})
    try:
        connection.execute(f"COPY (WITH {_events(n_items, seed)} {query}) TO '{path}' ({form})")
    finally:
        connection.close()


def _events(n_items: int, seed: int) -> str:
    """Common table expressions up to `events`."""
    last = len(ACTIVITIES)
    return f"""
        items AS (
            SELECT i, 7 + hash(i + {seed}) % 8 AS n_events, (hash(i * 7 + {seed}) % {_YEAR_SECONDS})::BIGINT AS arrived
            FROM range({n_items}) AS t(i)
        ), drawn AS (
            SELECT i, k, n_events, arrived, hash(i * 64 + k + {seed}) AS h,
                   1 + floor(-7200 * ln({_uniform("wait")}))::BIGINT AS waited,
                   1 + floor(-1200 * ln({_uniform("work")}))::BIGINT AS worked
            FROM items, unnest(range(n_events::BIGINT)) AS u(k)
        ), walked AS (
            SELECT *,
                   sum(CASE WHEN k = 0 THEN 0 WHEN h % 100 < 3 THEN -2 WHEN h % 100 < 6 THEN 0 WHEN h % 100 < 12 THEN 2
                       ELSE 1 END) OVER of_item AS reached,
                   sum(waited + worked) OVER of_item AS gone_by
            FROM drawn WINDOW of_item AS (PARTITION BY i ORDER BY k)
        ), teamed AS (
            SELECT *, TIMESTAMP '2025-01-01' + to_seconds((arrived + gone_by)::BIGINT) AS "at",
                   CASE WHEN k = n_events - 1 THEN {last}
                        ELSE greatest(0, least({last - 1}, reached))::BIGINT END AS step,
                   CASE WHEN h // 100 % 3 = 0 THEN hash(i + k) % {N_TEAMS} ELSE hash(i) % {N_TEAMS} END AS team_no
            FROM walked
        ), events AS (
            SELECT i, k, printf('INC%08d', i) AS item_id, {[*ACTIVITIES, LAST_ACTIVITY]}[1 + step] AS activity,
                   k AS position, "at" - to_seconds(worked) AS started_at, "at", printf('Team %02d', team_no) AS team,
                   printf('Person %04d', team_no * {PEOPLE_PER_TEAM} + h // 1000 % {PEOPLE_PER_TEAM}) AS person
            FROM teamed
        )"""


def _uniform(what: str) -> str:
    """A number above 0 and up to 1, drawn by item and position."""
    return f"((hash(i * 64 + k, '{what}') >> 11) + 1) / 9007199254740992.0"
