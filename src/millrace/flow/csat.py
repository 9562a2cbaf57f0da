"""CSAT: what requesters say of the delivered items, with how many answered."""

import re
from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.lead_time import delivered
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Absent, Share

_SCORE = re.compile(
    r"csat([ _-]?(score|rating))?|(customer |user |requester )?satisfaction([ _-]?(score|rating))?", re.I
)


@dataclass(frozen=True)
class Csat:
    """Mean score, share of answers in the two highest scores seen, and answers of all delivered items."""

    mean: float | None
    top_two: Share
    responses: Share
    best_score: float | None


def csat(flow: Flow, *, column: str | None = None, selection: Selection = EVERYTHING) -> Csat | Absent:
    """Satisfaction on an item's last event, in `column` or the one called so; texts that are no numbers are none."""
    column = column or next((name for name in flow.about.attributes if _SCORE.fullmatch(name)), "csat")
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
