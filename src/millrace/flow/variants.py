"""Variants: distinct sequences of activities, and how many items follow each."""

from dataclasses import dataclass

import numpy as np

from millrace.eventlog.engine import text
from millrace.flow.flow import Flow
from millrace.flow.lead_time import microseconds
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.spans import NOTHING
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
    examples = lives.group_by("variant").agg(item=lives.item.min()).to_pyarrow().to_pylist()
    sequences = _sequences(flow, [example["item"] for example in examples])
    named = {example["variant"]: sequences[example["item"]] for example in examples}
    found = [Variant(named[each], n, _p50(lengths[each]["life"])) for each, n in sizes.items()]
    found.sort(key=lambda variant: (-variant.n_items, variant.sequence))
    return Variants(len(fingerprints), tuple(found), int(n_items.sum()))


def _p50(life: DurationSummary) -> float | None:
    return life.p50.seconds if life.p50 else None


def _sequences(flow: Flow, items: list[int]) -> dict[int, tuple[str, ...]]:
    """The activities of these items, in order."""
    if not items:
        return {}
    path = flow.folder / "spans.parquet"
    rows = flow.engine.raw_sql(f"""
        SELECT item, list(activity ORDER BY file_row_number)
        FROM read_parquet({text(path)}, file_row_number = true)
        WHERE item IN ({", ".join(map(str, items))}) AND activity != {NOTHING}
        GROUP BY item
    """).fetchall()
    return {item: tuple(flow.about.activities[code] for code in codes) for item, codes in rows}
