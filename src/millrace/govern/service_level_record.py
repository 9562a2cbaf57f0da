"""What became of a promise: for each item, when it was due, how much time it used, and whether it was kept."""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from millrace.flow.spans import NEVER
from millrace.flow.summary import Clock, Share
from millrace.flow.work_time import WorkClock, work_clock, worked_until
from millrace.govern.holding import holding
from millrace.govern.lives import Bools, Ints, Lives
from millrace.model.service_level import ServiceLevel

RUNNING, PAUSED, OVERDUE, MET, BREACHED, LEFT = range(6)
"""Open within the limit, its clock running or standing still; open beyond it; ended within, ended beyond it; ended
without what the promise is about: cancelled, or never begun."""
STATES = ("running", "paused", "overdue", "met", "breached", "left")
STARTS, STOPS, PAUSES = 1, 2, 4
"""Bits of what a span does to the clock."""
_DAY = 86_400_000_000
_SPARE = 120 * _DAY
"""So much further than the limit itself reaches, calendars are laid out to find when items are due."""


@dataclass(frozen=True)
class ServiceLevelRecord:
    """The items that a service level covers, as places among the lives; durations and instants in microseconds.

    `due_at` is when the limit is, or was, used up: `NEVER` while the clock stands still, and for items that ended
    within it. `ended_at` is when the clock stopped for good.
    """

    level: ServiceLevel
    lives: Lives
    places: Ints
    state: npt.NDArray[np.int8]
    started_at: Ints
    used: Ints
    due_at: Ints
    ended_at: Ints

    @property
    def limit(self) -> int:
        """The time promised, in microseconds."""
        return int(self.level.within.total_seconds() * 1_000_000)

    @property
    def met(self) -> Share:
        """Met of met and breached."""
        return self.met_in()

    def met_in(self, since: int | None = None, until: int | None = None) -> Share:
        """Met of met and breached, of the items whose clock stopped in [since, until)."""
        inside = self.has_ended
        if since is not None:
            inside = inside & (self.ended_at >= since)
        if until is not None:
            inside = inside & (self.ended_at < until)
        return Share(int((self.state[inside] == MET).sum()), int(inside.sum()))

    @property
    def has_ended(self) -> Bools:
        """Items whose promise was kept or broken for good."""
        return np.isin(self.state, (MET, BREACHED))

    def count(self, *states: int) -> int:
        """How many items are in one of these states."""
        return int(np.isin(self.state, states).sum())


def service_level_record(lives: Lives, level: ServiceLevel) -> ServiceLevelRecord:
    """Hold every item that `level` covers against it, from its history. Raises UnknownColumn."""
    places = np.flatnonzero(lives.among(level.where))
    limit = int(level.within.total_seconds() * 1_000_000)
    rules = np.zeros(len(lives.began_at), np.int8)
    for bit, conditions in ((STARTS, level.starts), (STOPS, level.stops), (PAUSES, level.pauses)):
        rules |= (holding(lives, conditions) * bit).astype(np.int8)
    is_business = level.clock == Clock.BUSINESS
    state, started_at, used, due_at, ended_at = _held_against(
        places, lives.first, lives.began_at, lives.ended_at, rules, lives.value_at, lives.is_open, lives.at,
        limit, bool(level.starts), bool(level.stops), is_business, _clock(lives, level, limit),
    )  # fmt: skip
    return ServiceLevelRecord(level, lives, places, state, started_at, used, due_at, ended_at)


def _clock(lives: Lives, level: ServiceLevel, limit: int) -> WorkClock:
    calendar = level.calendar or lives.flow.about.calendar
    weekly = sum(end - begin for periods in calendar.hours.values() for begin, end in periods)
    until = lives.at + limit * max(1, -(-7 * 1440 // weekly)) * 2 + _SPARE
    return work_clock([calendar], lives.flow.about.first_at, until)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _held_against(
    places: Any, first: Any, began_at: Any, ended_at: Any, rules: Any, value_at: Any, is_open: Any, now: int,
    limit: int, has_start: bool, has_stop: bool, is_business: bool, clock: Any,
) -> Any:  # fmt: skip
    n = len(places)
    state, started = np.full(n, LEFT, np.int8), np.full(n, NEVER, np.int64)
    used, due, ended = np.zeros(n, np.int64), np.full(n, NEVER, np.int64), np.full(n, NEVER, np.int64)
    for k in range(n):
        item = places[k]
        begin, stop_at = _course(rules, began_at, first[item], first[item + 1], value_at[item], has_start, has_stop)
        if begin == first[item + 1]:
            continue
        started[k] = began_at[begin]
        if stop_at == NEVER and not is_open[item]:
            continue
        until = now if stop_at == NEVER else stop_at
        is_paused = False
        for i in range(begin, first[item + 1]):
            since, to = began_at[i], min(ended_at[i], until)
            if since > until:
                break
            is_paused = bool(rules[i] & PAUSES)
            if not is_paused and to > since:
                spent = _between(since, to, is_business, clock)
                if due[k] == NEVER and used[k] + spent > limit:
                    due[k] = _after(since, limit - used[k], is_business, clock)
                used[k] += spent
        state[k] = _state(used[k] > limit, stop_at != NEVER, is_paused)
        if stop_at != NEVER:
            ended[k] = stop_at
        elif due[k] == NEVER and not is_paused:
            due[k] = _after(until, limit - used[k], is_business, clock)
    return state, started, used, due, ended


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _course(
    rules: Any, began_at: Any, begin: int, end: int, value_at: int, has_start: bool, has_stop: bool
) -> Any:  # fmt: skip
    """The span in which the clock starts (`end` where none does), and when it stops for good (`NEVER`: not yet)."""
    while has_start and begin < end and not rules[begin] & STARTS:
        begin += 1
    if has_stop:
        for i in range(begin, end):
            if rules[i] & STOPS:
                return begin, began_at[i]
    return begin, value_at


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _state(is_late: bool, has_stopped: bool, is_paused: bool) -> int:
    if has_stopped:
        return BREACHED if is_late else MET
    if is_late:
        return OVERDUE
    return PAUSED if is_paused else RUNNING


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _between(since: int, until: int, is_business: bool, clock: Any) -> int:
    return worked_until(clock, 0, until) - worked_until(clock, 0, since) if is_business else until - since


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _after(since: int, duration: int, is_business: bool, clock: Any) -> int:
    """The first instant at which `duration` has been used since `since`; `NEVER` beyond what the clock covers."""
    if not is_business:
        return since + duration
    worked = worked_until(clock, 0, since) + duration
    ends = clock.worked_before + clock.closes - clock.opens
    period = np.searchsorted(ends, worked)
    if period == len(ends):
        return NEVER
    return int(max(clock.opens[period] + worked - clock.worked_before[period], since))
