"""When open items are done, in many simulated futures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from millrace.simulate.engine.demanded import microseconds
from millrace.simulate.engine.run import Period, Run, run
from millrace.simulate.fit.fit import Fit
from millrace.simulate.simulated_stream import KnownArrivals, OpenItem, SimulatedStream

Ints = npt.NDArray[np.int64]
NOT_YET = np.iinfo(np.int64).max
LEAST_FUTURES = 8
"""Futures that an item needs to be told from its own."""
Progress = Callable[[float], None]


def completions(
    fit: Fit,
    open_items: tuple[OpenItem, ...],
    now_at: datetime,
    until_at: datetime,
    *,
    n_replications: int,
    seed: int,
    progress: Progress = lambda _: None,
) -> Ints:
    """When each open item (columns) leaves in each future (rows), in microseconds since 1970 UTC.

    `NOT_YET` where it has not by `until_at`. Where people are limited new demand comes too, for it takes their time,
    and the visits going on begin anew. Elsewhere items do not touch each other: then only futures count in which the
    visit going on lasts at least as long as it has so far.
    """
    is_limited = any(team.crews for team in fit.stream.teams)
    stream = fit.stream if is_limited else _without_demand(fit.stream)
    so_far = np.array([max(microseconds(now_at) - microseconds(item.since_at), 0) for item in open_items], np.int64)
    ends_at = until_at if is_limited else until_at + timedelta(microseconds=int(so_far.max()))
    lefts, visit_ends = [], []
    for replication in range(n_replications):
        done = run(stream, Period(now_at, ends_at), seed=seed, replication=replication, open_items=open_items)
        left, visit_end = _left_at(done, len(open_items))
        lefts.append(left)
        visit_ends.append(visit_end)
        progress((replication + 1) / n_replications)
    left_at = np.array(lefts, np.int64)
    if not is_limited:
        left_at = _given_so_far(left_at, np.array(visit_ends, np.int64) - microseconds(now_at), so_far)
    return np.where(left_at <= microseconds(until_at), left_at, NOT_YET)


def _without_demand(stream: SimulatedStream) -> SimulatedStream:
    return replace(stream, demand=replace(stream.demand, arrivals=KnownArrivals(())))


def _left_at(done: Run, n_open: int) -> tuple[Ints, Ints]:
    """When each of the first `n_open` items left, and when the visit did in which it began."""
    listed = done.labels
    is_end = np.array([label.status in _ends(done.stream) and not label.is_work for label in listed], bool)
    _, step = np.unique([label.activity for label in listed], return_inverse=True)
    phases = done.phases[done.phases["item"] < n_open]
    left, visit_end = np.full(n_open, NOT_YET, np.int64), np.full(n_open, NOT_YET, np.int64)
    ends = phases[is_end[phases["code"]]]
    left[ends["item"]] = ends["began"]
    by_time = phases[np.lexsort((phases["began"], phases["item"]))]
    first = np.unique(by_time["item"], return_index=True)[1]
    begun = np.zeros(n_open, np.int64)
    begun[by_time["item"][first]] = step[by_time["code"][first]]
    elsewhere = by_time[(step[by_time["code"]] != begun[by_time["item"]]) | is_end[by_time["code"]]]
    visit_end[elsewhere["item"][::-1]] = elsewhere["began"][::-1]
    return left, visit_end


def _given_so_far(left_at: Ints, lasts: Ints, so_far: Ints) -> Ints:
    """Futures in which the visit lasts longer than it has so far, each item's drawn again to make up the number.

    Where hardly any does, those in which it lasts longest stand for them.
    """
    generator = np.random.default_rng(0)
    result = np.empty_like(left_at)
    for k, elapsed in enumerate(so_far.tolist()):
        kept = np.flatnonzero(lasts[:, k] > elapsed)
        if len(kept) < LEAST_FUTURES:
            kept = np.argsort(lasts[:, k])[-LEAST_FUTURES:]
        drawn = left_at[generator.choice(kept, len(left_at)), k]
        result[:, k] = np.where(drawn == NOT_YET, NOT_YET, np.maximum(drawn - elapsed, 0))
    return result


def _ends(stream: SimulatedStream) -> tuple[str, str]:
    return stream.delivered_status, stream.cancelled_status
