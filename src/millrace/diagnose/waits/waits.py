"""Waits: every wait before work, split into its causes, to the microsecond."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from millrace.diagnose.waits.batches import gathered
from millrace.diagnose.waits.cause import CAUSES, Cause
from millrace.diagnose.waits.duty import Duty, duty
from millrace.diagnose.waits.resources import Resources, resources
from millrace.diagnose.waits.sweep import free_starts, sweep, within_a_shift
from millrace.diagnose.waits.timers import Timer, timers
from millrace.diagnose.waits.work import Int64s, Work, work
from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING, Records
from millrace.model.absent import Absent

ENDS_ONLY = Absent("the log tells when work ended, not when it began, so that waiting cannot be told from working")
NOBODY_IS_FREE = Absent("a log of statuses does not tell all that people do, so that nobody is known to be free")
NOBODY_IS_NAMED = Absent("the log names nobody who did the work")


@dataclass(frozen=True)
class Waits:
    """The waits of a log. Row i of `causes` holds the microseconds by cause (`CAUSES`) of piece i of `work.pieces`.

    `timers` are hand-overs that are held; `batch` is each work's batch (-1 for none); `duty` the hours used.
    """

    flow: Flow
    work: Work
    causes: Int64s
    timers: tuple[Timer, ...]
    batch: Int64s
    duty: Duty

    @cached_property
    def by_work(self) -> Int64s:
        """Microseconds by cause of the whole wait before each work."""
        whole = np.zeros((len(self.work.records), len(CAUSES)), np.int64)
        np.add.at(whole, self.work.pieces["work"], self.causes)
        return whole

    @cached_property
    def untold(self) -> dict[Cause, Absent]:
        """The causes that this log cannot show, whatever happened, each with the reason."""
        untold = {}
        if not _tells_all_work(self.flow):
            untold[Cause.EXTRANEOUS] = NOBODY_IS_FREE
        if (self.work.records["person"] == NOTHING).all():
            untold |= dict.fromkeys((Cause.BATCHING, Cause.PRIORITISATION, Cause.CONTENTION), NOBODY_IS_NAMED)
        return untold

    @property
    def n(self) -> int:
        """How many waits there are."""
        return len(np.unique(self.work.pieces["work"]))

    @cached_property
    def microseconds(self) -> dict[Cause, int]:
        """All waits together, by cause."""
        return dict(zip(CAUSES, self.causes.sum(axis=0).tolist(), strict=True))


def waits(flow: Flow) -> Waits | Absent:
    """Split every wait of `flow` into its causes; Absent where the log does not tell when work begins."""
    if flow.about.shape is Shape.ACTIVITY_LOG_ENDS:
        return ENDS_ONLY
    done = work(flow)
    works = done.records
    at_work, hours = resources(works, len(flow.about.people)), duty(flow, works)
    until, batch = gathered(works, at_work)
    tells_all_work = _tells_all_work(flow)
    found, held_until = _held(works, at_work, hours, batch) if tells_all_work else ((), works["ready_at"])
    causes = sweep(works, done.pieces, at_work, hours, held_until, until, tells_all_work=tells_all_work)
    return Waits(flow, done, causes, found, batch, hours)


def _tells_all_work(flow: Flow) -> bool:
    return flow.about.shape is Shape.ACTIVITY_LOG


def _held(works: Records, at_work: Resources, hours: Duty, batch: Int64s) -> tuple[tuple[Timer, ...], Int64s]:
    of_work = hours.clock, hours.calendar_of_work
    return timers(works, batch, free_starts(works, at_work, *of_work), within_a_shift(works, *of_work))
