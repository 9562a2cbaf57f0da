"""Business time between instants, by calendars, compiled: one look-up per instant.

A calendar becomes the sorted periods in which work goes on, with the time worked before each. The working time up to
an instant is then a look-up, and the business duration of a span is the difference of two.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from millrace.model.work_calendar import WorkCalendar

Int64s = npt.NDArray[np.int64]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = 3_600_000_000
_MICROSECOND = timedelta(microseconds=1)


class WorkClock(NamedTuple):
    """Several calendars laid end to end, in microseconds since 1970 UTC.

    Calendar c's periods are `first[c] : first[c + 1]` of `opens`, `closes` and `worked_before`. `hour_hints` holds,
    for every calendar and every hour since `origin`, the first period that has not closed by then.
    """

    opens: Int64s
    closes: Int64s
    worked_before: Int64s
    first: Int64s
    hour_hints: Int64s
    origin: int
    n_hours: int


def work_clock(calendars: Sequence[WorkCalendar], first_at: int, last_at: int) -> WorkClock:
    """Lay out `calendars` for instants between `first_at` and `last_at` (microseconds since 1970 UTC)."""
    began, ended = _EPOCH + first_at * _MICROSECOND, _EPOCH + last_at * _MICROSECOND
    origin = first_at - first_at % _HOUR
    hours = np.arange(origin, last_at + 2 * _HOUR, _HOUR, dtype=np.int64)
    opens, closes, worked, hints, first = [], [], [], [], [0]
    for calendar in calendars:
        periods = calendar.periods_of_work(began, ended)
        open_, close = (
            np.array([(period[edge] - _EPOCH) // _MICROSECOND for period in periods], dtype=np.int64) for edge in (0, 1)
        )
        opens.append(open_)
        closes.append(close)
        worked.append(np.concatenate(([0], np.cumsum(close - open_)[:-1])) if len(open_) else open_)
        hints.append(first[-1] + np.searchsorted(close, hours, side="right"))
        first.append(first[-1] + len(open_))
    return WorkClock(
        np.concatenate(opens),
        np.concatenate(closes),
        np.concatenate(worked),
        np.array(first, dtype=np.int64),
        np.concatenate(hints).astype(np.int64),
        origin,
        len(hours),
    )


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def worked_until(clock: Any, calendar: int, at: int) -> int:
    """Microseconds worked by `calendar` up to the instant `at`, from the clock's origin (or before)."""
    begin, end = clock.first[calendar], clock.first[calendar + 1]
    hour = min(max((at - clock.origin) // _HOUR, 0), clock.n_hours - 1)
    period = clock.hour_hints[calendar * clock.n_hours + hour]
    while period < end and clock.closes[period] <= at:
        period += 1
    if period >= end:
        return 0 if end == begin else int(clock.worked_before[end - 1] + clock.closes[end - 1] - clock.opens[end - 1])
    return int(clock.worked_before[period] + max(at - clock.opens[period], 0))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def business_durations(clock: Any, calendars: Any, began_at: Any, ended_at: Any) -> Any:
    """Microseconds of business time in each span [began_at, ended_at), by its calendar's number."""
    durations = np.empty(len(began_at), np.int64)
    worked = np.int64(0)
    for i in range(len(began_at)):
        calendar = calendars[i]
        # Most spans begin where the one before ended: what was worked until then is known.
        if i == 0 or calendar != calendars[i - 1] or began_at[i] != ended_at[i - 1]:
            worked = worked_until(clock, calendar, began_at[i])
        before, worked = worked, np.int64(worked_until(clock, calendar, ended_at[i]))
        durations[i] = worked - before
    return durations
