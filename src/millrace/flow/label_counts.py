"""Label counts: which labels a column has, and how many items bear each."""

from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.selection import EVERYTHING, labelled, selected


@dataclass(frozen=True)
class LabelCounts:
    """The most frequent labels of `column` with their items, and how many labels there are in all."""

    column: str
    labels: tuple[tuple[str, int], ...]
    n_labels: int


def label_counts(flow: Flow, column: str, *, top: int = 200) -> LabelCounts:
    """The labels that items can be selected by in `column` (`team`: the last one), the most frequent first.

    Raises UnknownColumn.
    """
    import ibis

    items = labelled(flow, selected(flow, EVERYTHING), column)
    counted = items.group_by("label").agg(n=items.count()).filter(ibis._.label.notnull())
    found = counted.order_by(ibis.desc("n"), "label").to_pyarrow()
    rows = found.slice(0, top).to_pylist()
    return LabelCounts(column, tuple((row["label"], row["n"]) for row in rows), len(found))
