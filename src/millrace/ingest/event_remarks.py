"""What is peculiar about the events of a log once they are in: order, repetition, strange years."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from millrace.eventlog.engine import names, one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.row_remarks import N_EXAMPLES, counted

SAMPLE = "__sample_of_events"
"""The table of the events that are looked at."""
_STRANGE_YEAR = """"at" < TIMESTAMP '1970-01-01' OR "at" >= TIMESTAMP '2101-01-01'"""
_ENOUGH_EVENTS = 600_000
"""Above this many events the order within items is judged on a sample of whole items, and the remark says so."""
_SAMPLE_EVENTS = 150_000

NEARLY_ALL = 10
"""A source stands newest first where so many times more steps from row to row go back in time than on."""


@dataclass(frozen=True)
class Sample:
    """That the events of every `one_in`-th item lie in a table of the engine, to be looked at, with these labels."""

    one_in: int
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Counts:
    """Figures over the events of a log, or of every `one_in`-th item."""

    one_in: int
    n_equal: int
    n_back: int
    n_on: int
    n_repeated: int
    n_strange_years: int
    equal: list[str]
    strange: list[str]


def event_remarks(
    events: Path, connection: duckdb.DuckDBPyConnection, *, tie_break: str | None, sample: Sample | None = None
) -> tuple[RowRemark, ...]:
    """Return the remarks on a written log. `tie_break` is what orders events of one instant, if not the source.

    A `sample` that was drawn just before is not drawn again; it only serves where there is a `tie_break`.
    """
    counts = _counts(events, sample, connection, compares_cells=tie_break is None)
    within = "" if counts.one_in == 1 else f" (in a sample of 1 in {counts.one_in} items)"
    decides = tie_break or "their place in the source"
    n_pairs, n_back = counted(counts.n_equal, "consecutive pair"), counted(counts.n_back, "event")
    n_repeated, n_strange = counted(counts.n_repeated, "event"), counted(counts.n_strange_years, "event")
    found = (
        _kept(
            "equal_times",
            counts.n_equal,
            f"Equal times in {n_pairs} of events{within}: {decides} decides.",
            counts.equal,
        ),
        _kept(
            "out_of_order",
            0 if tie_break else counts.n_back,
            f"Out of order in the source, {n_back}{within}: put in order of time.",
        ),
        _kept(
            "duplicate",
            counts.n_repeated,
            f"The same in every cell as another, {n_repeated}{within}: all are kept.",
        ),
        _kept(
            "strange_year", counts.n_strange_years, f"Outside the years 1970–2100, {n_strange}: kept.", counts.strange
        ),
    )
    return tuple(remark for remark in found if remark.n_rows)


def _kept(kind: str, n_rows: int, sentence: str, examples: Sequence[str] = ()) -> RowRemark:
    return RowRemark(kind=kind, verdict=Verdict.KEPT, n_rows=n_rows, sentence=sentence, examples=tuple(examples))


def goes_back_in_time(events: Path, connection: duckdb.DuckDBPyConnection) -> bool:
    """True where the events of an item nearly all stand newest first: of equal times, the lower row is the earlier."""
    draw_sample(f"read_parquet({literal(events)})", connection)
    n_back, n_on = _order(connection)
    return n_back > NEARLY_ALL * n_on


def _counts(
    events: Path, sample: Sample | None, connection: duckdb.DuckDBPyConnection, *, compares_cells: bool
) -> _Counts:
    log = f"read_parquet({literal(events)})"
    if sample is None or compares_cells:
        sample = draw_sample(log, connection, with_cells=compares_cells)
    n_back, n_on = _order(connection)
    n_equal, equal = one_row(
        connection,
        f"""SELECT coalesce(sum(n - 1), 0)::BIGINT, min(item_id || ' at ' || "at", {N_EXAMPLES})
            FROM (SELECT item_id, "at", count(*) AS n FROM {SAMPLE} GROUP BY item_id, "at" HAVING n > 1)""",
    )
    n_repeated = 0
    if compares_cells:
        (n_repeated,) = one_row(connection, f"SELECT count(*) - count(DISTINCT cells) FROM {SAMPLE}")
    n_strange, strange = one_row(
        connection,
        f"""SELECT count(*), min(item_id || ' at ' || "at", {N_EXAMPLES})
            FROM {log} WHERE {_STRANGE_YEAR}""",
    )
    return _Counts(sample.one_in, n_equal, n_back, n_on, n_repeated, n_strange, equal or [], strange or [])


def draw_clean_sample(
    log: str, claim: str, labels: tuple[str, ...], connection: duckdb.DuckDBPyConnection
) -> Sample | None:
    """Draw the sample, None where the `claim` holds for any event of the log: both are told by reading it once."""
    sample = draw_sample(log, connection, labels=labels, beside=claim)
    (n_claimed,) = one_row(connection, f"SELECT count(*) FROM {SAMPLE} WHERE {claim}")
    return None if n_claimed else sample


def draw_sample(
    log: str,
    connection: duckdb.DuckDBPyConnection,
    *,
    with_cells: bool = False,
    labels: tuple[str, ...] = (),
    beside: str = "false",
) -> Sample:
    """Make the table of the events that are looked at, and of those `beside` them for which that is true.

    To compare whole rows, every column has to be read: `with_cells` only where that is wanted.
    """
    cells = ", hash(*COLUMNS(* EXCLUDE (position))) AS cells" if with_cells else ""
    (n_events,) = one_row(connection, f"SELECT count(*) FROM {log}")
    one_in: int = 1 if n_events <= _ENOUGH_EVENTS else n_events // _SAMPLE_EVENTS
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {SAMPLE} AS
        SELECT {names(("item_id", "at", "position", *labels))}{cells} FROM {log}
        WHERE hash(item_id) % {one_in} = 0 OR {beside}
    """)
    return Sample(one_in, labels)


def _order(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many events of an item stand after a later one, and how many after an earlier one."""
    n_back, n_on = one_row(
        connection,
        f"""SELECT count(*) FILTER ("at" < before), count(*) FILTER ("at" > before)
            FROM (SELECT "at", lag("at") OVER (PARTITION BY item_id ORDER BY position) AS before FROM {SAMPLE})""",
    )
    return n_back, n_on
