"""Rows that say when work started and when it was complete, paired into one event with both instants."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import text as literal
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.eventlog.schema import Shape
from millrace.ingest.cleaning import trimmed
from millrace.ingest.mapping import Mapping
from millrace.ingest.raw import ROW, RawTable
from millrace.ingest.row_remarks import N_EXAMPLES, counted
from millrace.ingest.staging import LIFECYCLE

OPENINGS = ("start", "started", "begin", "resume", "in_progress")
CLOSINGS = ("complete", "completed", "end", "finish", "finished", "suspend", "ate_abort", "pi_abort")
_OTHERS = ("schedule", "assign", "reassign", "withdraw", "autoskip", "manualskip", "unknown")


def with_lifecycle(mapping: Mapping, table: RawTable, connection: duckdb.DuckDBPyConnection) -> Mapping:
    """Return the mapping with the column that holds `start` and `complete`, if the source has one.

    A mapping that knows starts, or has no single instant per row, stays as it is.
    """
    if {LIFECYCLE, "started_at"} & mapping.columns.keys() or mapping.milestones or "activity" not in mapping.columns:
        return mapping
    column = _lifecycle_column(mapping, table, connection)
    if column is None:
        return mapping
    others = {name: source for name, source in mapping.columns.items() if name != "status" or source != column}
    return mapping.model_copy(update={"columns": {**others, LIFECYCLE: column}, "shape": Shape.ACTIVITY_LOG})


@dataclass(frozen=True)
class Pairing:
    """Queries over paired rows: the `events` they make, and the rows that are `unpaired` with their `kind`."""

    events: str
    unpaired: str


def pair(kept: str, *, by_person: bool) -> Pairing:
    """Return how each start and its completion make one event.

    `kept` yields the rows with `lifecycle` and `position`. Within an item and activity (and person) the first start
    goes with the first completion that follows it. A completion without a start keeps its instant and has no start;
    a start without a completion, and any other transition, is an instant.
    """
    work = "item_id, activity, coalesce(person, '')" if by_person else "item_id, activity"
    numbered = f"""
        WITH phased AS (SELECT *, {_PHASE} AS __phase FROM ({kept})),
        tallied AS (
            SELECT *, count(*) FILTER (__phase = 'start') OVER so_far AS __n_starts,
                count(*) FILTER (__phase = 'end') OVER so_far AS __n_ends
            FROM phased WINDOW so_far AS (PARTITION BY {work} ORDER BY "at", position ROWS UNBOUNDED PRECEDING)
        ),
        -- Completions so far that had no start to go with: the largest excess of completions over starts.
        matched AS (
            SELECT *, __n_ends - greatest(0, max(__n_ends - __n_starts) OVER so_far) AS __n_pairs
            FROM tallied WINDOW so_far AS (PARTITION BY {work} ORDER BY "at", position ROWS UNBOUNDED PRECEDING)
        ),
        numbered AS (
            SELECT *, hash({work}) AS __work,
                __phase = 'end' AND __n_pairs > coalesce(lag(__n_pairs) OVER in_order, 0) AS __is_paired_end,
                __phase = 'start' AND __n_starts <= max(__n_pairs) OVER whole AS __is_paired_start
            FROM matched
            WINDOW in_order AS (PARTITION BY {work} ORDER BY "at", position), whole AS (PARTITION BY {work})
        )"""
    events = f"""{numbered}
        SELECT later.* EXCLUDE ({LIFECYCLE}, __phase, __work, __n_starts, __n_ends, __n_pairs, __is_paired_end,
                __is_paired_start),
            CASE WHEN later.__is_paired_end THEN started.at WHEN later.__phase <> 'end' THEN later.at END AS started_at
        FROM numbered AS later LEFT JOIN numbered AS started
            ON later.__is_paired_end AND started.__is_paired_start AND later.item_id = started.item_id
            AND later.activity = started.activity AND later.__work = started.__work
            AND later.__n_pairs = started.__n_starts
        WHERE NOT later.__is_paired_start"""
    unpaired = f"""{numbered}
        SELECT {ROW}, activity,
            CASE __phase WHEN 'start' THEN 'lone_start' WHEN 'end' THEN 'lone_end' ELSE 'other_transition' END AS kind
        FROM numbered WHERE NOT __is_paired_start AND NOT __is_paired_end"""
    return Pairing(events, unpaired)


def names_every_person(kept: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """True where every row has a person, so that pairs can be told apart by person."""
    found = connection.execute(f"SELECT bool_and(person IS NOT NULL) FROM ({kept})").fetchone()
    return bool(found and found[0])


def unpaired_remarks(pairing: Pairing, unit: str, connection: duckdb.DuckDBPyConnection) -> list[RowRemark]:
    """Say which rows found no partner and what became of them."""
    found = connection.execute(
        f"""SELECT kind, count(*), min({{'row': {ROW}, 'text': activity}}, {N_EXAMPLES})
            FROM ({pairing.unpaired}) GROUP BY kind ORDER BY kind"""
    ).fetchall()
    return [
        RowRemark(
            kind=kind,
            verdict=Verdict.KEPT,
            n_rows=n_rows,
            sentence=_UNPAIRED[kind].format(rows=counted(n_rows, unit)),
            examples=tuple(f"{unit} {place['row']}: {place['text']}" for place in places),
        )
        for kind, n_rows, places in found
    ]


def _lifecycle_column(mapping: Mapping, table: RawTable, connection: duckdb.DuckDBPyConnection) -> str | None:
    """The values decide: nothing but transitions, with both a start and an end among them."""
    taken = {source for name, source in mapping.columns.items() if name != "status"} | {*mapping.leave_out}
    candidates = [column.name for column in table.columns if column.type == "VARCHAR" and column.name not in taken]
    some_rows = f"(SELECT * FROM {table.relation} LIMIT 1000)"
    candidates = _columns_where(_only_transitions, candidates, some_rows, connection)
    candidates = _columns_where(_starts_and_ends, candidates, table.relation, connection)
    return next(iter(candidates), None)


def _columns_where(
    claim: Callable[[str], str], columns: list[str], rows: str, connection: duckdb.DuckDBPyConnection
) -> list[str]:
    if not columns:
        return []
    claims = ", ".join(f"coalesce({claim(f'lower({trimmed(quoted(column))})')}, false)" for column in columns)
    found = connection.execute(f"SELECT {claims} FROM {rows}").fetchone() or ()
    return [column for column, holds in zip(columns, found, strict=True) if holds]


def _only_transitions(cell: str) -> str:
    return f"bool_and({cell} IN ({_texts((*OPENINGS, *CLOSINGS, *_OTHERS))}))"


def _starts_and_ends(cell: str) -> str:
    opens, closes = f"{cell} IN ({_texts(OPENINGS)})", f"{cell} IN ({_texts(CLOSINGS)})"
    return f"{_only_transitions(cell)} AND bool_or({opens}) AND bool_or({closes})"


def _texts(words: Sequence[str]) -> str:
    return ", ".join(map(literal, words))


_PHASE = (
    f"CASE WHEN lower({LIFECYCLE}) IN ({_texts(OPENINGS)}) THEN 'start' "
    f"WHEN lower({LIFECYCLE}) IN ({_texts(CLOSINGS)}) THEN 'end' ELSE 'instant' END"
)
_UNPAIRED = {
    "lone_start": "A start that is never completed in {rows}: kept as an instant without duration.",
    "lone_end": "A completion that was never started in {rows}: kept, its start is unknown.",
    "other_transition": "Neither start nor completion in {rows}: kept as an instant without duration.",
}
