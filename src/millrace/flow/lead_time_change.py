"""Lead time change: why the mean lead time of one week differs from another's, step by step and by the mix of work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from millrace.flow.flow import Flow
from millrace.flow.group_figures import group_figures
from millrace.flow.selection import Selection
from millrace.flow.step_time import StepTimes, step_time
from millrace.model.absent import Absent

FEWEST_ITEMS = 5
"""Delivered items that a week needs for its mean to be worth explaining."""
MIXED_BY = ("item_type", "priority", "category", "service", "channel")
"""Columns by which the mix of work is told, the one that moved the mean most."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Part:
    """What a step adds to the change of the mean, in seconds."""

    step: str
    seconds: float


@dataclass(frozen=True)
class MixShift:
    """How much of the change comes from that other work was delivered, not that the same work took another time.

    `column` tells the kinds of work apart; `label` is the kind whose share moved the mean most.
    """

    column: str
    seconds: float
    label: str
    share_before_ratio: float
    share_ratio: float


@dataclass(frozen=True)
class LeadTimeChange:
    """The mean lead time of the items delivered in a week, that of the week before, and what makes the difference.

    `parts` add up to the difference, the largest first, whichever their sign.
    """

    n_before: int
    n: int
    mean_before_seconds: float
    mean_seconds: float
    parts: tuple[Part, ...]
    mix: MixShift | None

    @property
    def seconds(self) -> float:
        """By how much the mean rose."""
        return self.mean_seconds - self.mean_before_seconds


def lead_time_change(flow: Flow, week_at: datetime) -> LeadTimeChange | Absent:
    """Why the week that began at `week_at` differs from the one before; Absent where either has too few items."""
    before, now = (step_time(flow, selection=_week(at)) for at in (week_at - WEEK, week_at))
    if min(before.n_items, now.n_items) < FEWEST_ITEMS:
        fewer = min(before.n_items, now.n_items)
        return Absent(f"one of the two weeks has {fewer} delivered items, and it takes {FEWEST_ITEMS}")
    was, is_now = _means(before), _means(now)
    parts = [Part(step, is_now.get(step, 0.0) - was.get(step, 0.0)) for step in dict.fromkeys((*was, *is_now))]
    return LeadTimeChange(
        before.n_items,
        now.n_items,
        sum(was.values()),
        sum(is_now.values()),
        tuple(sorted(parts, key=lambda part: -abs(part.seconds))),
        _mix_shift(flow, week_at),
    )


def _week(at: datetime) -> Selection:
    return Selection(at, at + WEEK)


def _means(times: StepTimes) -> dict[str, float]:
    return {each.step: each.lead_seconds / times.n_items for each in times.steps}


def _mix_shift(flow: Flow, week_at: datetime) -> MixShift | None:
    """The shift by the column that explains most of the change."""
    shifts = [shift for column in MIXED_BY if flow.has(column) and (shift := _shift_by(flow, column, week_at))]
    return max(shifts, key=lambda shift: abs(shift.seconds), default=None)


def _shift_by(flow: Flow, column: str, week_at: datetime) -> MixShift | None:
    """Each kind's change of share × its mean over both weeks, against the mean of all."""
    before, now = (_counts(flow, column, at) for at in (week_at - WEEK, week_at))
    n_before, n_now = (sum(n for n, _ in counts.values()) for counts in (before, now))
    if not n_before or not n_now:
        return None
    moved: dict[str, tuple[float, float, float]] = {}
    whole = sum(total for counts in (before, now) for _, total in counts.values()) / (n_before + n_now)
    for label in {*before, *now}:
        (n_was, total_was), (n_is, total_is) = before.get(label, (0, 0.0)), now.get(label, (0, 0.0))
        mean = (total_was + total_is) / (n_was + n_is)
        was, is_now = n_was / n_before, n_is / n_now
        moved[label] = ((is_now - was) * (mean - whole), was, is_now)
    label = max(moved, key=lambda each: (abs(moved[each][0]), each))
    return MixShift(column, sum(seconds for seconds, _, _ in moved.values()), label, moved[label][1], moved[label][2])


def _counts(flow: Flow, column: str, at: datetime) -> dict[str, tuple[int, float]]:
    """How many items of each kind were delivered in a week, and their lead times together, in seconds."""
    groups = group_figures(flow, column, selection=_week(at))
    return {
        label: (group.lead_time.n, group.lead_time.n * (group.lead_time.mean_seconds or 0.0))
        for label, group in groups.items()
        if group.lead_time.n
    }
