"""Items that give up: cancelled while they wait for people, not by those who took them up.

Whoever looks at an item and cancels it does so when it is its turn: just after somebody has finished another one. Who
gives up does so at any time. How long patience lasts is told by all waits: one that ended because work began has not
shown how long it would have lasted (Kaplan and Meier's estimate). What nobody had to wait for is not known, so the
patience of the rest is without end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from millrace.flow.summary import SECOND
from millrace.simulate.fit.capacity import Capacities
from millrace.simulate.fit.durations import fitted_duration
from millrace.simulate.fit.history import History
from millrace.simulate.fit.life_table import NOT_YET
from millrace.simulate.fit.past_visits import TO_CANCELLED, UNDER_WAY
from millrace.simulate.simulated_stream import Patience

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LEAST_GIVEN_UP = 20
"""Items that gave up in a step, without which their patience is not told."""
TOGETHER = 60 * SECOND
"""Within this time after work has ended whoever did it may have cancelled the next item."""
BY_TURN_RATIO = 0.5
"""Share of cancellations just after work has ended from which on they are a decision, not lost patience."""


@dataclass(frozen=True)
class Impatience:
    """The patience of items in each step (by number) where the log tells it, the visits that gave up, and remarks."""

    patience: Mapping[int, Patience]
    gave_up: Bools
    remarks: tuple[str, ...]


def impatience(history: History, found: Capacities) -> Impatience:
    """Tell who gave up in the queues of people, and after how long."""
    visits, started_at, ready_at = history.visits, history.started_at, history.ready_at
    cancelled = (visits.to == TO_CANCELLED) & (started_at == NOT_YET) & (ready_at != NOT_YET)
    gave_up, told, remarks = np.zeros(len(cancelled), bool), {}, []
    for step in np.unique(visits.step[cancelled]).tolist():
        of_step = (visits.step == step) & (ready_at != NOT_YET)
        leaving = of_step & cancelled
        pool = _pool_of_step(found, of_step & ~cancelled)
        if leaving.sum() < LEAST_GIVEN_UP or not found.limits(pool):
            continue
        name = history.steps[step].name
        ends = np.sort(history.work.ended_at[found.of_visit[history.work.visit] == pool])
        if _by_turn_ratio(ends, visits.ended_at[leaving]) >= BY_TURN_RATIO:
            remarks.append(
                f"Items are cancelled in “{name}” when it is their turn: that is a decision, so that quicker service "
                "would not keep them."
            )
            continue
        left_at = np.where(cancelled, visits.ended_at, history.flow.about.last_at)
        until = np.where(started_at != NOT_YET, started_at, left_at)
        waited = ((until - ready_at) / SECOND)[of_step]
        told[step] = _patience(waited, leaving[of_step])
        gave_up |= leaving
        remarks.append(
            f"In “{name}” {told[step].share_ratio:.0%} of the items give up if nobody takes them up for "
            f"{waited[leaving[of_step]].max() / 3600:.1f} h; whether longer waits lose more is not known.".replace(
                "%", " %"
            )
        )
    return Impatience(told, gave_up, tuple(remarks))


def without_giving_up(history: History, found: Impatience) -> History:
    """The past in which the visits that gave up lead nowhere: what would have come of them is not known."""
    if not found.gave_up.any():
        return history
    to = np.where(found.gave_up, UNDER_WAY, history.visits.to)
    return replace(history, visits=replace(history.visits, to=to))


def _pool_of_step(found: Capacities, visits: Bools) -> int:
    """The pool that those who gave up waited for: the one that does most of the step."""
    pools = found.of_visit[visits]
    pools = pools[pools >= 0]
    return int(np.bincount(pools).argmax()) if len(pools) else -1


def _by_turn_ratio(work_ends: Ints, cancelled_at: Ints) -> float:
    """Share of cancellations just after work has ended."""
    last = work_ends[np.maximum(np.searchsorted(work_ends, cancelled_at, side="right") - 1, 0)]
    return float(((cancelled_at >= last) & (cancelled_at - last <= TOGETHER)).mean())


def _patience(waited: Floats, gave_up: Bools) -> Patience:
    """How long patience lasts, and the share of items that lose it within the longest wait that was seen."""
    order = np.argsort(waited, kind="stable")
    waited, gave_up = waited[order], gave_up[order]
    hazard = gave_up / (len(waited) - np.searchsorted(waited, waited, side="left"))
    staying = np.concatenate(([1.0], np.cumprod(1 - hazard)))
    mass = (staying[:-1] * hazard)[gave_up]
    return Patience(fitted_duration(waited[gave_up], mass).distribution, float(1 - staying[-1]))
