"""Work grows old: an open item is older than 85 % of the delivered ones were when they left the step it is in."""

from collections.abc import Iterator
from datetime import timedelta

from millrace.flow.work_item_age import work_item_age
from millrace.govern.lives import instant
from millrace.govern.signal import Severity, Signal, Watched
from millrace.model.duration import show_duration

TITLE = "Ageing work"
FEWEST_DELIVERED = 40
"""With fewer, the upper 15 % are a handful of items."""


def ageing(watched: Watched) -> Iterator[Signal]:
    """Each open item beyond the age that 85 % kept to; once per step."""
    if int((~watched.lives.is_open).sum()) < FEWEST_DELIVERED:
        return
    found = work_item_age(watched.flow)
    limits = {step.step: step.p85_seconds for step in found.steps}
    since_then = (instant(watched.lives.at) - found.now_at).total_seconds()
    for item in found.items:
        limit, age = limits.get(item.step), item.age_seconds + since_then
        if limit is not None and age > limit:
            yield Signal(
                "ageing",
                f"{item.key} in {item.step}",
                Severity.NOTICE,
                f"{item.key} has grown old in “{item.step}”",
                f"It is {show_duration(age)} old; 85 % of the items delivered had left this step by the age of "
                f"{show_duration(limit)}.",
                item.demand_at + timedelta(seconds=limit),
                item=item.key,
            )
