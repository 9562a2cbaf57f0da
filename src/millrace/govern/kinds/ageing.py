"""Work grows old: an open item is older than 85 % of the delivered ones were when they left the step it is in."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from millrace.flow.work_item_age import OpenItem, work_item_age
from millrace.govern.lives import instant
from millrace.govern.signal import Severity, Signal, Watched
from millrace.model.duration import show_duration

TITLE = "Ageing work"
FEWEST_DELIVERED = 40
"""With fewer, the upper 15 % are a handful of items."""
MOST_ONE_BY_ONE = 10
"""More of them at once tell of the stream rather than of each item."""
MOST_STEPS = 3


def ageing(watched: Watched) -> Iterator[Signal]:
    """Each open item beyond the age that 85 % kept to, once per step; many of them at once as one signal."""
    if int((~watched.lives.is_open).sum()) < FEWEST_DELIVERED:
        return
    found = _grown_old(watched)
    if len(found) > MOST_ONE_BY_ONE:
        yield _many(found)
        return
    for old in found:
        yield Signal(
            "ageing",
            f"{old.item.key} in {old.item.step}",
            Severity.NOTICE,
            f"{old.item.key} has grown old in “{old.item.step}”",
            f"It is {show_duration(old.age_seconds)} old; 85 % of the items delivered had left this step by the age of "
            f"{show_duration(old.limit_seconds)}.",
            old.began_at,
            item=old.item.key,
        )


@dataclass(frozen=True)
class _Old:
    """An open item that is older than its step's limit."""

    item: OpenItem
    age_seconds: float
    limit_seconds: float

    @property
    def began_at(self) -> datetime:
        """When it came to be older."""
        return self.item.demand_at + timedelta(seconds=self.limit_seconds)


def _grown_old(watched: Watched) -> list[_Old]:
    """The oldest first."""
    ages = work_item_age(watched.flow)
    limits = {step.step: step.p85_seconds for step in ages.steps}
    since_then = (instant(watched.lives.at) - ages.now_at).total_seconds()
    return [
        _Old(item, age, limit)
        for item in ages.items
        if (limit := limits.get(item.step)) is not None and (age := item.age_seconds + since_then) > limit
    ]


def _many(found: list[_Old]) -> Signal:
    """One signal of them all. It is the same occasion for as long as the same item is the oldest."""
    oldest = found[0]
    in_steps = Counter(old.item.step for old in found).most_common(MOST_STEPS)
    return Signal(
        "ageing",
        "many items",
        Severity.NOTICE,
        f"{len(found)} items have grown old",
        f"The oldest, {oldest.item.key} in “{oldest.item.step}”, is {show_duration(oldest.age_seconds)} old; "
        f"85 % of the items delivered had left this step by the age of {show_duration(oldest.limit_seconds)}. "
        f"Most are in {', '.join(f'“{step}” ({n})' for step, n in in_steps)}.",
        sorted(old.began_at for old in found)[MOST_ONE_BY_ONE],
        occasion=oldest.item.key,
    )
