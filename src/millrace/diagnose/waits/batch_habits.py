"""Batch habits: what is done in batches, and what sets a batch off: a number, an hour of the day, a day of the week."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np

from millrace.diagnose.waits.waits import Waits
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND

RULE_RATIO = 0.75
"""Share of the batches of an activity that keep to a rule where there is one."""
MIN_BATCHES = 3
"""Batches that it takes to tell a rule."""


class BatchedBy(StrEnum):
    """What sets the batches of an activity off."""

    SIZE = "size"
    DAY = "day"
    TIME = "time"
    NO_RULE = "no rule"


@dataclass(frozen=True)
class BatchHabit:
    """An activity (by its name) that is done in batches: `n_works` of `n_all` in `n_batches`, `size` in the median.

    `rule` is the number, the weekday (0 for Monday) or the hour that sets them off; None without a rule.
    """

    activity: str
    n_batches: int
    n_works: int
    n_all: int
    size: int
    batched_by: BatchedBy
    rule: int | None


def batch_habits(waits: Waits) -> tuple[BatchHabit, ...]:
    """What is done in batches, the most frequent first."""
    works, batch = waits.work.records, waits.batch
    zone = ZoneInfo(waits.flow.about.calendar.zone)
    habits = []
    for activity in np.unique(works["activity"][batch != NOTHING]).tolist():
        members = np.flatnonzero((works["activity"] == activity) & (batch != NOTHING))
        _, of_member, sizes = np.unique(batch[members], return_inverse=True, return_counts=True)
        begins = np.full(len(sizes), np.iinfo(np.int64).max)
        np.minimum.at(begins, of_member, works["started_at"][members])
        walls = [datetime.fromtimestamp(begin / SECOND, zone) for begin in begins.tolist()]
        batched_by, rule = _rule(sizes.tolist(), walls)
        n_all = int((works["activity"] == activity).sum())
        name = waits.work.activities[activity]
        size = int(np.median(sizes))
        habits.append(BatchHabit(name, len(sizes), len(members), n_all, size, batched_by, rule))
    return tuple(sorted(habits, key=lambda habit: (-habit.n_works, habit.activity)))


def _rule(sizes: list[int], begins: list[datetime]) -> tuple[BatchedBy, int | None]:
    """The first rule that most batches keep to: the same size, one weekday, one hour."""
    if len(sizes) < MIN_BATCHES:
        return BatchedBy.NO_RULE, None
    told = {
        BatchedBy.SIZE: sizes,
        BatchedBy.DAY: [begin.weekday() for begin in begins],
        BatchedBy.TIME: [begin.hour for begin in begins],
    }
    is_of_weeks = len({begin.isocalendar()[:2] for begin in begins}) >= MIN_BATCHES
    for batched_by, values in told.items():
        value, n = Counter(values).most_common(1)[0]
        if n >= RULE_RATIO * len(values) and (is_of_weeks or batched_by is not BatchedBy.DAY):
            return batched_by, value
    return BatchedBy.NO_RULE, None
