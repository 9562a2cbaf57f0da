"""When a calendar's hours will have passed: the inverse of the work clock, compiled.

(Whoever changes this module has the compiled engine made anew by saving `kernel.py` too.)
"""

from typing import Any

import numba

NEVER = 2**62
"""An instant that does not come."""


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def after(periods: Any, calendars: Any, calendar: int, now: int, takes: int) -> int:
    """The instant at which `takes` microseconds of the calendar's hours have passed since `now`.

    It lies within the hours: what takes nothing ends at once where they are on, else a moment after they begin. Without
    a calendar (-1) all hours count; beyond the calendar's last period it is `NEVER`.
    """
    if calendar < 0:
        return min(now + takes, NEVER)
    begin, end = calendars[calendar], calendars[calendar + 1]
    nth = _first_closing(periods, begin, end, now)
    if nth == end:
        return NEVER
    period = periods[nth]
    if period.opens <= now and now + takes <= period.closes:
        return int(now + takes)
    done = period.worked_before + max(now - period.opens, 0) + max(takes, 1)
    # The last period before which less is done than has to be.
    last = periods[_first_beyond(periods, nth, end, done - 1) - 1]
    until = last.opens + done - last.worked_before
    return int(until) if until <= last.closes else NEVER


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _first_closing(periods: Any, low: int, high: int, now: int) -> int:
    """The first period from `low` to `high` that closes after `now`, else `high`."""
    while low < high:
        middle = (low + high) >> 1
        if periods[middle].closes <= now:
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _first_beyond(periods: Any, low: int, high: int, done: int) -> int:
    """The first period before which more is worked than `done`, else `high`."""
    while low < high:
        middle = (low + high) >> 1
        if periods[middle].worked_before <= done:
            low = middle + 1
        else:
            high = middle
    return low
