"""Linked time: from the opening of the earliest linked record to the close of the one that it led to.

An incident that came of several calls counts once, from the first call on. Both instants are those that the records
tell themselves (their first and last milestone), or their first and last event where they tell none.
"""

from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.summaries import summaries
from millrace.flow.summary import SECOND, DurationSummary

N_EXAMPLES = 5


@dataclass(frozen=True)
class LinkedTime:
    """Times from records of `from_type` to the records of `to_type` that are linked with them.

    `n_negative` records were closed before the earliest linked one was opened: the dates contradict the link. They are
    in the figures; `negative` names a few of them.
    """

    from_type: str
    to_type: str
    times: DurationSummary
    p90_seconds: float
    min_seconds: float
    n_negative: int
    negative: tuple[str, ...]


def linked_time(flow: Flow) -> tuple[LinkedTime, ...]:
    """Every pair of types that items were followed along; nothing for a log of one record type."""
    if not flow.about.record_types:
        return ()
    found = []
    for from_code, to_code in flow.engine.raw_sql(_PAIRS).fetchall():
        view = f"linked_times_{from_code}_{to_code}"
        flow.engine.raw_sql(f"CREATE OR REPLACE TEMP VIEW {view} AS {_times(from_code, to_code)}")
        ((p90, least, n_negative),) = flow.engine.raw_sql(
            f"SELECT quantile_cont(t, 0.9), min(t), count(*) FILTER (t < 0) FROM {view}"
        ).fetchall()
        keys = flow.engine.raw_sql(f"SELECT key FROM {view} WHERE t < 0 ORDER BY t, key LIMIT {N_EXAMPLES}").fetchall()
        types = flow.about.record_types
        found.append(
            LinkedTime(
                types[from_code],
                types[to_code],
                summaries(flow.engine.table(view), None, "t")[""]["t"],
                p90 / SECOND,
                least / SECOND,
                n_negative,
                tuple(key for (key,) in keys),
            )
        )
    return tuple(found)


_PAIRS = """
    SELECT DISTINCT f.record_type, t.record_type
    FROM journeys j JOIN records t ON t.record = j.record JOIN records f ON f.record = j.from_record
    WHERE j.depth > 0 ORDER BY 1, 2"""


def _times(from_code: int, to_code: int) -> str:
    """Microseconds per record of the later type, from the earliest record that led to it."""
    return f"""
        SELECT t.key, epoch_us(coalesce(t.closed_at, t.ended_at))
                      - min(epoch_us(coalesce(f.opened_at, f.began_at))) AS t
        FROM (SELECT DISTINCT record, from_record FROM journeys WHERE depth > 0) j
        JOIN records t ON t.record = j.record JOIN records f ON f.record = j.from_record
        WHERE f.record_type = {from_code} AND t.record_type = {to_code}
        GROUP BY t.record, t.key, t.closed_at, t.ended_at"""
