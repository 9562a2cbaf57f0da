"""The sweep: every microsecond of a wait goes to one cause, by what its resource did in it."""

from typing import Any

import numba
import numpy as np

from millrace.diagnose.waits.cause import (
    BATCHING,
    CAUSES,
    CONTENTION,
    EXTRANEOUS,
    PRIORITISATION,
    UNAVAILABILITY,
    UNDETERMINED,
)
from millrace.diagnose.waits.duty import Duty
from millrace.diagnose.waits.resources import Resources
from millrace.diagnose.waits.work import Int64s
from millrace.flow.spans import NEVER, NOTHING, Records
from millrace.flow.work_time import worked_until

AT_WORK = 8 * 3_600_000_000
"""Where hours are not known: a person seen at work before and after a gap shorter than this was there in between."""

NIGHT = 4 * 3_600_000_000
"""Work on which somebody is off duty for this long together was laid aside; over a shorter break it goes on."""
_SECOND = 1_000_000


def sweep(
    works: Records, pieces: Records, resources: Resources, duty: Duty, held_until: Int64s, gathered_at: Int64s,
    *, tells_all_work: bool,
) -> Int64s:  # fmt: skip
    """Microseconds by cause (columns) of each piece of a wait (rows); a row adds up to its piece exactly.

    In this order: until `held_until` something else holds the work; until `gathered_at` it gathers with others of its
    batch; while its person works on what was ready earlier or later, it is contention or prioritisation, but not in
    the nights over which that work lies; what is left is off duty, or on duty and free. Work that its person carries
    on beyond its start did not keep them from it. Only where a log `tells_all_work` does a person without work count
    as free; else what they did is undetermined.
    """
    causes = np.zeros((len(pieces), len(CAUSES)), np.int64)
    free = EXTRANEOUS if tells_all_work else UNDETERMINED
    _sweep(works, pieces, resources, duty.clock, duty.calendar_of_work, held_until, gathered_at, free, causes)
    return causes


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _sweep(
    works: Any, pieces: Any, resources: Any, clock: Any, calendars: Any, held_until: Any, gathered_at: Any, free: int,
    causes: Any,
) -> None:  # fmt: skip
    for i in range(len(pieces)):
        w, end = pieces[i].work, pieces[i].ended_at
        held = min(max(held_until[w], pieces[i].began_at), end)
        gathered = min(max(gathered_at[w], held), end)
        causes[i, EXTRANEOUS] += held - pieces[i].began_at
        causes[i, BATCHING] += gathered - held
        person = works[w].person
        if gathered >= end:
            continue
        if person == NOTHING or resources.juggles[person]:
            _leave(clock, calendars[w], gathered, end, UNDETERMINED, causes[i])
        else:
            _follow(works, w, resources, clock, calendars[w], held_until, gathered, end, free, causes[i])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _follow(
    works: Any, w: int, resources: Any, clock: Any, calendar: int, held_until: Any, begin: int, end: int, free: int,
    causes: Any,
) -> None:  # fmt: skip
    """Divide [begin, end) of the wait before work `w` by what its person did in it."""
    starts, latest_ends = resources.starts, resources.latest_ends
    first, last = resources.first[works[w].person], resources.first[works[w].person + 1]
    until = first + np.searchsorted(starts[first:last], end)
    k = until
    while k > first and latest_ends[k - 1] > begin:
        k -= 1
    reached, seen_at = begin, latest_ends[k - 1] if k > first else NEVER
    while k < until:
        other = resources.order[k]
        ended_at = works[other].ended_at
        if other != w and ended_at <= works[w].started_at:
            if starts[k] > reached:
                _leave_between(clock, calendar, reached, starts[k], seen_at, starts[k], free, causes)
                reached = starts[k]
            if ended_at > reached:
                until_at = min(ended_at, end)
                blocked = PRIORITISATION if held_until[other] > held_until[w] else CONTENTION
                if _rests(clock, calendar, starts[k], ended_at):
                    _leave(clock, calendar, reached, until_at, blocked, causes)
                else:
                    causes[blocked] += until_at - reached
                reached = until_at
            seen_at = max(seen_at, ended_at)
        k += 1
    if reached < end:
        next_at = min(starts[until], works[w].started_at) if until < last else works[w].started_at
        _leave_between(clock, calendar, reached, end, seen_at, max(next_at, end), free, causes)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _rests(clock: Any, calendar: int, started_at: int, ended_at: int) -> bool:
    """Whether work that began and ended on duty lay over a night: its hours off duty are nobody's work."""
    if calendar == NOTHING or ended_at - started_at < NIGHT:
        return False
    worked = worked_until(clock, calendar, ended_at) - worked_until(clock, calendar, started_at)
    began = worked_until(clock, calendar, started_at + _SECOND) > worked_until(clock, calendar, started_at)
    ended = worked_until(clock, calendar, ended_at) > worked_until(clock, calendar, ended_at - _SECOND)
    return bool(began and ended and ended_at - started_at - worked >= NIGHT)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _leave_between(
    clock: Any, calendar: int, begin: int, end: int, seen_at: int, next_at: int, free: int, causes: Any
) -> None:
    """Time in which a person did nothing, last seen at work at `seen_at` and next at `next_at`."""
    was_there = seen_at != NEVER and next_at - seen_at < AT_WORK
    _leave(clock, calendar, begin, end, free if calendar != NOTHING or was_there else UNDETERMINED, causes)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _leave(clock: Any, calendar: int, begin: int, end: int, on_duty: int, causes: Any) -> None:
    """Time off duty is unavailability; time on duty, or all of it where hours are not known, goes to `on_duty`."""
    worked = end - begin
    if calendar != NOTHING:
        worked = worked_until(clock, calendar, end) - worked_until(clock, calendar, begin)
    causes[on_duty] += worked
    causes[UNAVAILABILITY] += end - begin - worked


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def free_starts(works: Any, resources: Any, clock: Any, calendars: Any) -> Any:
    """Which works were begun by somebody free and already on duty: had they been ready before, why not then?"""
    is_free = np.zeros(len(works), np.bool_)
    for k in range(len(resources.order)):
        w = resources.order[k]
        person, started_at = works[w].person, works[w].started_at
        if resources.juggles[person]:
            continue
        if k > resources.first[person] and resources.latest_ends[k - 1] >= started_at:
            continue
        if k + 1 < resources.first[person + 1] and resources.starts[k + 1] == started_at:
            continue
        second_before = started_at - _SECOND
        is_free[w] = calendars[w] == NOTHING or (
            worked_until(clock, calendars[w], started_at) > worked_until(clock, calendars[w], second_before)
        )
    return is_free


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def within_a_shift(works: Any, clock: Any, calendars: Any) -> Any:
    """Which works waited in hours of duty only, as far as hours are known."""
    is_within = np.ones(len(works), np.bool_)
    for w in range(len(works)):
        ready_at, started_at = works[w].ready_at, works[w].started_at
        if calendars[w] != NOTHING:
            worked = worked_until(clock, calendars[w], started_at) - worked_until(clock, calendars[w], ready_at)
            is_within[w] = worked == started_at - ready_at
    return is_within
