"""CSAT: what requesters say of the delivered items, with how many answered."""

from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.lead_time import delivered
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Absent, Share


@dataclass(frozen=True)
class Csat:
    """Mean score, share of answers in the two highest scores seen, and answers of all delivered items."""

    mean: float | None
    top_two: Share
    responses: Share
    best_score: float | None


def csat(flow: Flow, *, column: str = "csat", selection: Selection = EVERYTHING) -> Csat | Absent:
    """Satisfaction as `column` holds it on the last event of an item; texts that are no numbers are no answers."""
    if not flow.has(column):
        return Absent(f"the log has no column “{column}” with the requester’s score")
    items = delivered(flow, selection).join(flow.attribute(column), "last_row")
    items = items.mutate(score=items.label.try_cast("float64"))
    best = items.score.max()
    row = items.agg(
        n=items.count(), answers=items.score.count(), mean=items.score.mean(), best=best
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    high = 0
    if row["best"] is not None:
        high = items.filter(items.score >= row["best"] - 1).count().to_pyarrow().as_py()
    return Csat(row["mean"], Share(high, row["answers"]), Share(row["answers"], row["n"]), row["best"])
