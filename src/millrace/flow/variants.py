"""Variants: distinct sequences of activities, and how many items follow each."""

from dataclasses import dataclass

import numpy as np

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
    items = selected(flow, selection)
    fingerprints, n_items = np.unique(items.variant.to_pyarrow().to_numpy(), return_counts=True)
    frequent = np.argsort(-n_items, kind="stable")[:top]
    sizes = {int(fingerprints[at]): int(n_items[at]) for at in frequent}
    lives = items.filter(items.variant.isin(list(sizes)))
    lives = lives.mutate(life=microseconds(lives.ended_at) - microseconds(lives.demand_at))
    lengths = summaries(lives, "variant", "life")
    firsts = lives.group_by("variant").agg(row=lives.last_row.min()).to_pyarrow().to_pylist()
    sequences = _sequences(flow, [first["row"] for first in firsts])
    named = {first["variant"]: sequences[first["row"]] for first in firsts}
    found = [Variant(named[each], n, _p50(lengths[each]["life"])) for each, n in sizes.items()]
    found.sort(key=lambda variant: (-variant.n_items, variant.sequence))
    return Variants(len(fingerprints), tuple(found), int(n_items.sum()))


def _p50(life: DurationSummary) -> float | None:
    return life.p50.seconds if life.p50 else None


def _sequences(flow: Flow, last_rows: list[int]) -> dict[int, tuple[str, ...]]:
    """The activities of the items that end in these rows of the log, in order."""
    if not last_rows:
        return {}
    label = "coalesce(activity, status)" if {"activity", "status"} <= set(flow.about.columns) else (
        "activity" if "activity" in flow.about.columns else "status"
    )  # fmt: skip
    begins = 'least(started_at, "at")' if flow.about.shape is Shape.ACTIVITY_LOG else '"at"'
    events = f"read_parquet({text(flow.events_path)}, file_row_number = true)"
    rows = flow.engine.raw_sql(f"""
        SELECT l.last_row, list(coalesce({label}, '?') ORDER BY {begins}, "at", position, e.file_row_number)
        FROM {events} e JOIN (
            SELECT item_id, file_row_number AS last_row FROM {events}
            WHERE file_row_number IN ({", ".join(str(row) for row in last_rows)})) l USING (item_id)
        GROUP BY 1
    """).fetchall()
    return {row: tuple(sequence) for row, sequence in rows}
