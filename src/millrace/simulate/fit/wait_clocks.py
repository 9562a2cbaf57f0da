"""On whose clock waits run: an approval comes in the approver's hours, a delivery comes whenever it comes.

A wait keeps hours if they foretell better when it ends. Both ways to count give a probability to the instant at which
each wait ends, so they can be held against each other: by all the time that it took, or by what of it lay in the hours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.flow.spans import NOTHING
from millrace.flow.week_profile import AROUND_THE_CLOCK
from millrace.flow.work_time import work_clock
from millrace.model.state import WAIT_REASONS, WaitReason
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.capacity import Capacities
from millrace.simulate.fit.delays import worked
from millrace.simulate.fit.history import History
from millrace.simulate.fit.holidays import holidays
from millrace.simulate.fit.past_visits import Stretches
from millrace.simulate.fit.shown_hours import shown_hours

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SECOND = 1_000_000
LEAST_WAITS = 60
"""Waits that tell whether they keep hours."""
MOST_TELLING = 20_000
"""Beyond so many, a random part of them tells."""
LEAST_INSIDE_RATIO = 0.9
"""Share of the waits that end within hours where they keep to them."""
LEAST_GAIN = 0.1
"""Gain in held-out log-likelihood per wait from which on hours are believed."""
LEAST_SECONDS = 1.0
FINEST, GROWTH, LONGEST = 60.0, 1.3, 1e9
"""Durations are told apart from this many seconds on, then by this factor, up to here."""
N_FOLDS = 4


@dataclass(frozen=True)
class WaitClocks:
    """Seconds that each visit waits per reason, and whose hours they are counted in, by step and reason.

    Where no hours are given, all time counts.
    """

    seconds: Mapping[WaitReason, Floats]
    calendars: Mapping[tuple[int, WaitReason], WorkCalendar]


def wait_clocks(history: History, found: Capacities) -> WaitClocks:
    """The clock of every wait: of a queue that people limit, that of the pool; of others, what the log shows."""
    seconds, calendars = {}, {}
    visits = history.visits
    for code, reason in enumerate(WAIT_REASONS):
        is_queue = reason is WaitReason.QUEUE
        counted = (found.delay_seconds if is_queue else visits.waits[:, code]).copy()
        if not counted.any():
            continue
        seconds[reason] = counted
        for step in np.unique(visits.step[visits.waits[:, code] > 0]).tolist():
            of_step = visits.step == step
            pool = _main_pool(found, of_step)
            if is_queue and found.limits(pool):
                calendar, keeps = found.pools[pool].calendar, found.pools[pool].delays_keep_hours
                if isinstance(calendar, WorkCalendar) and keeps:
                    calendars[step, reason] = calendar
                continue
            waits = history.waits[reason]
            waits = waits[of_step[waits.visit]]
            offered = _offered(history, found, reason, waits.ended_at, pool)
            if (kept := _kept(history, waits, offered)) is not None:
                calendars[step, reason] = kept
                on_clock = np.bincount(waits.visit, _counted(kept, waits, history), len(of_step))
                # What was over as soon as the hours began did wait for them.
                counted[of_step] = np.maximum(on_clock, np.minimum(counted, LEAST_SECONDS))[of_step]
    return WaitClocks(seconds, calendars)


def _main_pool(found: Capacities, of_step: Bools) -> int:
    """The pool that does most of these visits; NOTHING where none is known."""
    pools = found.of_visit[of_step]
    pools = pools[pools != NOTHING]
    return int(np.bincount(pools).argmax()) if len(pools) else NOTHING


def _offered(
    history: History, found: Capacities, reason: WaitReason, ended_at: Ints, pool: int
) -> Iterator[WorkCalendar]:
    """Hours that waits may keep: those in which they end, in this step or in all, and those of the pool."""
    zone = history.flow.about.calendar.zone
    for at in (ended_at, history.waits[reason].ended_at):
        shown = shown_hours(at, f"hours in which waits for {reason} end", zone)
        if isinstance(shown, WorkCalendar) and shown.hours != AROUND_THE_CLOCK:
            yield shown.model_copy(update={"holidays": holidays(at, zone)})
            break
    if pool != NOTHING and isinstance(own := found.pools[pool].calendar, WorkCalendar):
        yield own


def _kept(history: History, waits: Stretches, offered: Iterator[WorkCalendar]) -> WorkCalendar | None:
    """Whichever of the hours that are offered foretells best when the waits end, if any does better than none."""
    told = np.flatnonzero(history.visit_weight[waits.visit] > 0)
    if len(told) < LEAST_WAITS:
        return None
    waits = waits[np.random.default_rng(0).permutation(told)[:MOST_TELLING]]
    elapsed = (waits.ended_at - waits.began_at) / SECOND
    all_inside = np.ones(len(elapsed), bool)
    best, score = None, _foretold(elapsed, elapsed, all_inside) + LEAST_GAIN
    for calendar in offered:
        on_clock, inside = _counted(calendar, waits, history), _inside(calendar, waits.ended_at, history)
        if inside.mean() >= LEAST_INSIDE_RATIO and (found := _foretold(elapsed, on_clock, inside)) > score:
            best, score = calendar, found
    return best


def _counted(calendar: WorkCalendar, waits: Stretches, history: History) -> Floats:
    """Seconds of each wait that lie in the hours."""
    about = history.flow.about
    return worked(work_clock([calendar], about.first_at, about.last_at), waits.began_at, waits.ended_at) / SECOND


def _inside(calendar: WorkCalendar, at: Ints, history: History) -> Bools:
    """Which instants lie in the hours, the stroke of closing included."""
    about = history.flow.about
    clock = work_clock([calendar], about.first_at, about.last_at)
    return np.asarray(worked(clock, at - SECOND, at + SECOND) > 0)


def _foretold(elapsed: Floats, on_clock: Floats, inside: Bools) -> float:
    """Held-out log-likelihood per wait of the instant at which it ends.

    A second in the hours is a second of either clock, so densities compare. What ends outside follows elapsed time.
    """
    share = (inside.sum() + 0.5) / (len(inside) + 1)
    fold = np.arange(len(inside)) % N_FOLDS
    total = 0.0
    for k in range(N_FOLDS):
        known, held = fold != k, fold == k
        within = np.log(share) + _log_density(on_clock[known & inside], on_clock[held & inside])
        beyond = np.log(1 - share) + _log_density(elapsed[known], elapsed[held & ~inside])
        total += float(within.sum() + beyond.sum())
    return total / len(inside)


def _log_density(known: Floats, held: Floats) -> Floats:
    """The logarithm of the density of `held` by a histogram of `known`, finer where durations are short."""
    n_cells = int(np.log(LONGEST / FINEST) / np.log(GROWTH)) + 1
    edges = np.concatenate(([0.0], FINEST * GROWTH ** np.arange(n_cells)))
    counts = np.bincount(_cells(edges, known), minlength=n_cells) + 0.5
    density = counts / counts.sum() / np.diff(edges)
    return np.asarray(np.log(density[_cells(edges, held)]))


def _cells(edges: Floats, seconds: Floats) -> Ints:
    return np.clip(np.searchsorted(edges, seconds, side="right") - 1, 0, len(edges) - 2)
