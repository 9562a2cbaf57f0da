"""Variants: distinct sequences of activities, and how many items follow each."""

from dataclasses import dataclass

from millrace.eventlog.engine import text
from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.lead_time import microseconds
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summaries import summaries
from millrace.flow.summary import DurationSummary


@dataclass(frozen=True)
class Variant:
    """One sequence: the activities in order, its items, and their median life in seconds."""

    sequence: tuple[str, ...]
    n_items: int
    p50_seconds: float | None


@dataclass(frozen=True)
class Variants:
    """How many distinct sequences there are (ties by source order), and the most frequent ones."""

    n: int
    top: tuple[Variant, ...]
    n_items: int


def variants(flow: Flow, *, top: int = 10, selection: Selection = EVERYTHING) -> Variants:
    """Distinct activity sequences over whole lives, and the `top` most frequent ones."""
    import ibis

    items = selected(flow, selection)
    counts = items.group_by("variant").agg(n_items=items.count(), example=items.last_row.min())
    ranked = counts.order_by(ibis.desc("n_items"), "example").limit(top)
    n = counts.count().to_pyarrow().as_py()
    rows = ranked.to_pyarrow().to_pylist()
    lives = items.filter(items.variant.isin([row["variant"] for row in rows]))
    lives = lives.mutate(life=microseconds(lives.ended_at) - microseconds(lives.demand_at))
    lengths = summaries(lives, "variant", "life")
    sequences = _sequences(flow, [row["example"] for row in rows])
    return Variants(
        n,
        tuple(
            Variant(sequences[row["example"]], row["n_items"], _p50(lengths[row["variant"]]["life"])) for row in rows
        ),
        items.count().to_pyarrow().as_py(),
    )


def _p50(life: DurationSummary) -> float | None:
    return life.p50.seconds if life.p50 else None


def _sequences(flow: Flow, last_rows: list[int]) -> dict[int, tuple[str, ...]]:
    """The activities of the items that end in these rows of the log, in order."""
    if not last_rows:
        return {}
    label = "coalesce(activity, status)" if {"activity", "status"} <= set(flow.about.columns) else (
        "activity" if "activity" in flow.about.columns else "status"
    )  # fmt: skip
    begins = 'coalesce(started_at, "at")' if flow.about.shape is Shape.ACTIVITY_LOG else '"at"'
    events = f"read_parquet({text(flow.events_path)}, file_row_number = true)"
    rows = flow.engine.raw_sql(f"""
        SELECT l.last_row, list(coalesce({label}, '?') ORDER BY {begins}, "at", position, e.file_row_number)
        FROM {events} e JOIN (
            SELECT item_id, file_row_number AS last_row FROM {events}
            WHERE file_row_number IN ({", ".join(str(row) for row in last_rows)})) l USING (item_id)
        GROUP BY 1
    """).fetchall()
    return {row: tuple(sequence) for row, sequence in rows}
