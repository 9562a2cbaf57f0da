"""Life: from the first to the last event of every item, delivered or not."""

from millrace.flow.flow import Flow
from millrace.flow.lead_time import microseconds
from millrace.flow.summaries import summaries
from millrace.flow.summary import NO_DURATIONS, SECOND, DurationSummary


def life(flow: Flow) -> tuple[DurationSummary, float | None]:
    """Durations from demand (by default the first event) to the last event of every item; and their p90 in seconds."""
    items = flow.items
    lives = items.mutate(life=microseconds(items.ended_at) - microseconds(items.demand_at))
    whole = summaries(lives, None, "life")
    if not whole:
        return NO_DURATIONS, None
    (p90,) = lives.agg(p90=lives.life.quantile(0.9)).to_pyarrow()["p90"].to_pylist()
    return whole[""]["life"], p90 / SECOND
