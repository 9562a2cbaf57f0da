"""On whose clock things last: an approval comes in the approver's hours, a delivery comes whenever it comes.

Waits, and work that no number of people limits, keep hours if these foretell better when they end. Both ways to count
give a probability to the instant at which each ends, so they can be held against each other: by all the time that it
took, or by what of it lay in the hours.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.flow.spans import NOTHING
from millrace.flow.week_profile import AROUND_THE_CLOCK
from millrace.flow.work_time import WorkClock, work_clock
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
LEAST_TELLING = 60
"""Waits, or stretches of work, that tell whether they keep hours."""
MOST_TELLING = 5_000
"""Beyond so many, a random part of them tells."""
LEAST_BEYOND = 30
"""Of them, those that begin outside the hours, without which nothing is told."""
LEAST_INSIDE_RATIO = 0.9
"""Share of the waits that end within hours where they keep to them."""
LEAST_GAIN = 0.1
"""Gain in held-out log-likelihood per wait from which on hours are believed."""
LEAST_SECONDS = 1.0
FINEST, GROWTH, LONGEST = 60.0, 1.3, 1e9
"""Durations are told apart from this many seconds on, then by this factor, up to here."""
N_FOLDS = 4
N_TYPICAL = 64
"""Lengths that tell how likely an end lies in the hours."""
LEAST_CHANCE = 0.5 / N_TYPICAL


@dataclass(frozen=True)
class Clocks:
    """Seconds that each visit waits per reason and is worked on, and in whose hours they are counted, by step.

    Where no hours are given, all time counts. Work of people who limit it has the hours of their pool.
    """

    wait_seconds: Mapping[WaitReason, Floats]
    work_seconds: Floats
    of_waits: Mapping[tuple[int, WaitReason], WorkCalendar]
    of_work: Mapping[int, WorkCalendar]

    @property
    def seconds(self) -> Floats:
        """All time of each visit, each part on its clock."""
        return sum(self.wait_seconds.values(), self.work_seconds)


def clocks(history: History, found: Capacities) -> Clocks:
    """The clock of everything that lasts: of what people limit, that of their pool; of the rest, what the log shows."""
    waits = {}
    of_waits: dict[tuple[int, WaitReason], WorkCalendar] = {}
    for code, reason in enumerate(WAIT_REASONS):
        stretches = history.waits[reason]
        if reason is WaitReason.QUEUE:
            seconds, told = found.delay_seconds, _told_queues(history, found)
        else:
            seconds, told = history.visits.waits[:, code], set()
        if seconds.any():
            waits[reason], shown = _on_clocks(history, found, stretches, seconds, told, f"waits for {reason}")
            own = {step: hours for step in told if (hours := _hours_of_pool(found, history, step)) is not None}
            of_waits |= {(step, reason): hours for step, hours in (shown | own).items()}
    limited = {step for step in _steps(history, history.work) if _limits(found, history, step)}
    work, of_work = _on_clocks(history, found, history.work, found.work_seconds, limited, "work")
    return Clocks(waits, work, of_waits, of_work)


def _told_queues(history: History, found: Capacities) -> set[int]:
    """The steps of whose queues it is told already what of them is delay: by their people, or by what gathers."""
    parts = found.delay_seconds != history.visits.waits[:, WAIT_REASONS.index(WaitReason.QUEUE)]
    told = {int(step) for step in np.unique(history.visits.step[parts])}
    return told | {step for step in _steps(history, history.queues) if _limits(found, history, step)}


def _on_clocks(
    history: History, found: Capacities, stretches: Stretches, seconds: Floats, limited: Collection[int], what: str
) -> tuple[Floats, dict[int, WorkCalendar]]:
    """Seconds of each visit on the clock that its step keeps to, and the hours of the steps that keep any."""
    seconds, shown = seconds.copy(), {}
    for step in _steps(history, stretches):
        of_step = history.visits.step == step
        here = stretches[of_step[stretches.visit]]
        offered = () if step in limited else _offered(history, found, step, (here, stretches), what)
        if (kept := _kept(history, here, offered)) is not None:
            shown[step] = kept
            on_clock = np.bincount(here.visit, _counted(kept, here, history), len(of_step))
            # What was over as soon as the hours began did wait for them.
            seconds[of_step] = np.maximum(on_clock, np.minimum(seconds, LEAST_SECONDS))[of_step]
    return seconds, shown


def _steps(history: History, stretches: Stretches) -> list[int]:
    return [int(step) for step in np.unique(history.visits.step[stretches.visit])]


def _limits(found: Capacities, history: History, step: int) -> bool:
    return found.limits(_main_pool(found, history.visits.step == step))


def _hours_of_pool(found: Capacities, history: History, step: int) -> WorkCalendar | None:
    """The hours of the pool that limits a step, if delays before it keep to them."""
    pool = found.pools[_main_pool(found, history.visits.step == step)]
    return pool.calendar if isinstance(pool.calendar, WorkCalendar) and pool.delays_keep_hours else None


def _main_pool(found: Capacities, of_step: Bools) -> int:
    """The pool that does most of these visits; NOTHING where none is known."""
    pools = found.of_visit[of_step]
    pools = pools[pools != NOTHING]
    return int(np.bincount(pools).argmax()) if len(pools) else NOTHING


def _offered(
    history: History, found: Capacities, step: int, told_by: Iterable[Stretches], what: str
) -> Iterator[WorkCalendar]:
    """Hours that may be kept: those in which it ends, in this step or else in all, and those of the step's pool."""
    zone = history.flow.about.calendar.zone
    for stretches in told_by:
        at = stretches.ended_at
        shown = shown_hours(at, f"hours of {what}", zone)
        if isinstance(shown, WorkCalendar) and shown.hours != AROUND_THE_CLOCK:
            yield shown.model_copy(update={"holidays": holidays(at, zone)})
            break
    pool = _main_pool(found, history.visits.step == step)
    if pool != NOTHING and isinstance(own := found.pools[pool].calendar, WorkCalendar):
        yield own


def _counted(calendar: WorkCalendar, stretches: Stretches, history: History) -> Floats:
    """Seconds of each stretch that lie in the hours."""
    about = history.flow.about
    clock = work_clock([calendar], about.first_at, about.last_at)
    return worked(clock, stretches.began_at, stretches.ended_at) / SECOND


def _kept(history: History, stretches: Stretches, offered: Iterable[WorkCalendar]) -> WorkCalendar | None:
    """Whichever of the hours that are offered foretells best when they end, if any does better than none."""
    told = np.flatnonzero(history.visit_weight[stretches.visit] > 0)
    if len(told) < LEAST_TELLING:
        return None
    stretches = stretches[np.random.default_rng(0).permutation(told)[:MOST_TELLING]]
    gains = [(_gain(history, stretches, calendar), calendar) for calendar in offered]
    gain, best = max(gains, key=lambda each: each[0], default=(0.0, None))
    return best if gain >= LEAST_GAIN else None


def _gain(history: History, stretches: Stretches, calendar: WorkCalendar) -> float:
    """By how much counting hours only foretells the ends of stretches better than counting all time."""
    about = history.flow.about
    clock = work_clock([calendar], about.first_at, 2 * about.last_at - about.first_at)
    inside = _inside(clock, stretches.ended_at)
    n_beyond = int((~_inside(clock, stretches.began_at)).sum())
    if inside.mean() < LEAST_INSIDE_RATIO or n_beyond < LEAST_BEYOND:
        return -np.inf
    elapsed = (stretches.ended_at - stretches.began_at) / SECOND
    on_clock = worked(clock, stretches.began_at, stretches.ended_at) / SECOND
    typical = np.quantile(elapsed, (np.arange(N_TYPICAL) + 0.5) / N_TYPICAL)
    ends = stretches.began_at[:, None] + (typical * SECOND).astype(np.int64)
    chance_inside = _inside(clock, ends.ravel()).reshape(ends.shape).mean(axis=1)
    return _gain_of(elapsed, on_clock, inside, chance_inside)


def _inside(clock: WorkClock, at: Ints) -> Bools:
    """Which instants lie in the hours, the stroke of closing included."""
    return np.asarray(worked(clock, at - SECOND, at + SECOND) > 0)


def _gain_of(elapsed: Floats, on_clock: Floats, inside: Bools, chance_inside: Floats) -> float:
    """Gain in held-out log-likelihood per stretch of the instant at which it ends.

    A second in the hours is a second of either clock, so densities compare. Ends that only happen to be seen in the
    hours, as when somebody looks in the morning, are foretold by all time as well, made as much likelier as fewer
    instants are left; what ends outside speaks for neither.
    """
    fold = np.arange(len(inside)) % N_FOLDS
    likelier = -np.log(np.maximum(chance_inside, LEAST_CHANCE))
    gain = 0.0
    for k in range(N_FOLDS):
        known, held = fold != k, (fold == k) & inside
        by_hours = _log_density(on_clock[known & inside], on_clock[held])
        by_all_time = _log_density(elapsed[known], elapsed[held]) + likelier[held]
        gain += float((by_hours - by_all_time).sum())
    return gain / len(inside)


def _log_density(known: Floats, held: Floats) -> Floats:
    """The logarithm of the density of `held` by a histogram of `known`, finer where durations are short."""
    n_cells = int(np.log(LONGEST / FINEST) / np.log(GROWTH)) + 1
    edges = np.concatenate(([0.0], FINEST * GROWTH ** np.arange(n_cells)))
    counts = np.bincount(_cells(edges, known), minlength=n_cells) + 0.5
    density = counts / counts.sum() / np.diff(edges)
    return np.asarray(np.log(density[_cells(edges, held)]))


def _cells(edges: Floats, seconds: Floats) -> Ints:
    return np.clip(np.searchsorted(edges, seconds, side="right") - 1, 0, len(edges) - 2)
