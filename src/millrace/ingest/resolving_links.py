"""Links resolved: which of those that are stated join two records of the log, once each, and what became of others."""

from pathlib import Path

import duckdb
import numpy as np

from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.links import LINK_COLUMNS
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.row_remarks import N_EXAMPLES, counted
from millrace.ingest.stated_links import STATED

_SHOWN = "replace(from_item, from_type || ':', '') || ' → ' || replace(to_item, to_type || ':', '')"
_SOUND = "__sound_links"
_DUPLICATES = (
    f"(SELECT from_item, to_item, any_value(from_type) AS from_type, any_value(to_type) AS to_type, "
    f"sum(n_stated) - 1 AS n FROM {_SOUND} GROUP BY from_item, to_item HAVING n > 0)"
)


def resolve_links(events: Path, links: Path, connection: duckdb.DuckDBPyConnection) -> tuple[RowRemark, ...]:
    """Write the links of `STATED` whose two records both have events to `links`, and say what became of the others.

    Nothing is refused but what cannot be followed: a link to a record that is not there, and one from a record to
    itself. Links in a circle stay; whoever follows them visits each record once.
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE __lives AS
        SELECT item_id, min("at") AS began_at, max("at") AS ended_at
        FROM read_parquet({literal(events)}) GROUP BY item_id;
        CREATE OR REPLACE TEMP TABLE {_SOUND} AS
        SELECT s.from_item, s.to_item, any_value(s.from_type) AS from_type, any_value(s.to_type) AS to_type,
               s.relation, min(s."row") AS "row", count(*) AS n_stated,
               any_value(f.began_at) AS from_began_at, any_value(t.ended_at) AS to_ended_at
        FROM {STATED} s JOIN __lives f ON f.item_id = s.from_item JOIN __lives t ON t.item_id = s.to_item
        WHERE s.from_item <> s.to_item GROUP BY s.from_item, s.to_item, s.relation""")
    columns = ", ".join(f'"{column}"' for column in LINK_COLUMNS)
    connection.execute(
        f"COPY (SELECT {columns} FROM {_SOUND} ORDER BY from_item, to_item, relation) "
        f"TO {literal(links)} (FORMAT parquet)"
    )
    (n_links,) = one_row(connection, f"SELECT count(*) FROM {_SOUND}")
    found = (
        _remark("links", Verdict.KEPT, n_links, "{links} between two records of the log."),
        *_dangling(connection),
        _count("self_link", Verdict.REFUSED, f"{STATED} WHERE from_item = to_item",
               "{links} from a record to itself: left out.", connection),
        _count("duplicate_link", Verdict.KEPT, _DUPLICATES,
               "Stated more than once (often by both records), {links}: each counts once.", connection, "sum(n)"),
        _circular(connection),
        _count("link_outside_period", Verdict.KEPT, f"{_SOUND} WHERE to_ended_at < from_began_at",
               "{links} to a record that had ended before the one that leads there began: it adds no time to it.",
               connection),
    )  # fmt: skip
    connection.execute(f"DROP TABLE __lives; DROP TABLE {_SOUND}; DROP TABLE {STATED}")
    return tuple(remark for remark in found if remark.n_rows)


def _dangling(connection: duckdb.DuckDBPyConnection) -> list[RowRemark]:
    """Links to records that are not there, per pair of types."""
    rows = connection.execute(f"""
        SELECT from_type, to_type, count(*) AS n, min({_SHOWN}, {N_EXAMPLES})
        FROM {STATED} s WHERE from_item <> to_item
            AND NOT (EXISTS (FROM __lives WHERE item_id = s.from_item)
                     AND EXISTS (FROM __lives WHERE item_id = s.to_item))
        GROUP BY ALL ORDER BY n DESC, 1, 2""").fetchall()
    return [
        RowRemark(
            kind="dangling_link",
            verdict=Verdict.REFUSED,
            n_rows=n,
            sentence=f"{counted(n, 'link')} between {from_type} and {to_type} records of which one is not in the log "
            "(outside its period, or not exported): not followed.",
            examples=tuple(examples),
        )
        for from_type, to_type, n, examples in rows
    ]


def _count(
    kind: str, verdict: Verdict, rows: str, sentence: str, connection: duckdb.DuckDBPyConnection, n: str = "count(*)"
) -> RowRemark:
    n_rows, examples = one_row(connection, f"SELECT coalesce({n}, 0)::BIGINT, min({_SHOWN}, {N_EXAMPLES}) FROM {rows}")
    return _remark(kind, verdict, n_rows, sentence, tuple(examples or ()))


def _remark(kind: str, verdict: Verdict, n_rows: int, sentence: str, examples: tuple[str, ...] = ()) -> RowRemark:
    told = sentence.format(links=counted(n_rows, "link"))
    return RowRemark(kind=kind, verdict=verdict, n_rows=n_rows, sentence=told, examples=examples)


def _circular(connection: duckdb.DuckDBPyConnection) -> RowRemark:
    """Links among records that all lead to one another: strongly connected parts of more than one record."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE __ends AS
        SELECT item, (row_number() OVER () - 1)::INTEGER AS code FROM (
            SELECT from_item AS item FROM {_SOUND} UNION SELECT to_item FROM {_SOUND})""")
    pairs = connection.sql(f"""
        SELECT f.code AS from_code, t.code AS to_code, {_SHOWN} AS shown
        FROM {_SOUND} s JOIN __ends f ON f.item = s.from_item JOIN __ends t ON t.item = s.to_item
        ORDER BY 3""").to_arrow_table()
    connection.execute("DROP TABLE __ends")
    from_codes, to_codes = pairs["from_code"].to_numpy(), pairs["to_code"].to_numpy()
    n_records = int(max(from_codes.max(initial=-1), to_codes.max(initial=-1))) + 1
    in_circle = np.zeros(len(from_codes), bool)
    if n_records:
        ones = np.ones(len(from_codes), np.int8)
        graph = csr_array((ones, (from_codes, to_codes)), shape=(n_records, n_records))
        _, part = connected_components(graph, connection="strong")
        in_circle = part[from_codes] == part[to_codes]
    n_rows = int(in_circle.sum())
    examples = tuple(pairs["shown"].filter(in_circle).slice(0, N_EXAMPLES).to_pylist())
    sentence = f"In a circle, {counted(n_rows, 'link')}: a journey visits each of its records once."
    return RowRemark(kind="circular_link", verdict=Verdict.KEPT, n_rows=n_rows, sentence=sentence, examples=examples)
