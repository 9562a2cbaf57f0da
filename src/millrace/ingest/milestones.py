"""One row per item with an instant per milestone: each milestone that was reached becomes an event."""

import duckdb

from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.raw import ROW
from millrace.ingest.row_remarks import N_EXAMPLES, counted, is_kept
from millrace.ingest.staging import Staged, milestone_column


def unfolded(kept: str, staged: Staged) -> str:
    """Return the query of one event per milestone that an item has reached, however many rows repeat the item.

    `kept` yields the staged rows with `position`; the label of a milestone is both activity and status.
    """
    labels = list(staged.mapping.milestones)
    reached = ", ".join(
        f"{{'at': {milestone_column(place)}, 'label': {literal(label)}, 'place': {place}}}"
        for place, label in enumerate(labels)
    )
    replaced = [name for name in ('"at"', "activity", "status") if name.strip('"') in staged.columns]
    return f"""
        SELECT * EXCLUDE ({", ".join(("position", "milestone", *replaced))}), milestone."at" AS "at",
            milestone.label AS activity, milestone.label AS status,
            {ROW} * {len(labels)} + milestone.place AS position
        FROM (SELECT *, unnest([{reached}]) AS milestone FROM ({kept}))
        WHERE milestone."at" IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY item_id, milestone.label, milestone."at" ORDER BY {ROW}) = 1"""


def repeated_items(staged: Staged, connection: duckdb.DuckDBPyConnection) -> list[RowRemark]:
    """Say which items have more than one row."""
    n_repeated, examples = one_row(
        connection,
        f"""SELECT coalesce(sum(n - 1), 0)::BIGINT, min(item_id, {N_EXAMPLES}) FROM (
            SELECT item_id, count(*) AS n FROM ({staged.sql}) WHERE {is_kept(staged)} GROUP BY item_id HAVING n > 1)""",
    )
    if not n_repeated:
        return []
    sentence = f"An earlier row has the same item id in {counted(n_repeated, staged.table.unit)}: merged into one item."
    return [
        RowRemark(
            kind="repeated_item",
            verdict=Verdict.REPAIRED,
            n_rows=n_repeated,
            sentence=sentence,
            examples=tuple(examples),
        )
    ]
