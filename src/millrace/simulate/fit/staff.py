"""How many people a pool has, and on how many items each of them works at once.

Where the same person is at work on several items at once, there are two explanations. Either people work on so many at
a time and take no more: then, as long as anything waits, the pool is at work on as many items as it ever is. Or what
the log calls work is a status that items keep, not hands at work: then its number is nothing in particular while others
wait, and capacity cannot be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from millrace.flow.spans import NOTHING
from millrace.model.absent import Absent
from millrace.simulate.fit.delays import busy, worked
from millrace.simulate.fit.history import History
from millrace.simulate.fit.past_visits import Stretches
from millrace.simulate.fit.pool_hours import clock_of
from millrace.simulate.fit.shown_hours import shown_hours

SECOND = 1_000_000
WEEK = 7 * 24 * 3_600 * SECOND
MOST_AT_ONCE_RATIO = 0.1
"""Share of a person's working time on several items at once beyond which the work is not that of one item at a time."""
LEAST_STRETCHES = 20
"""Stretches of work, or of waiting, that tell a pool's capacity."""
BUSY_LEVEL = 0.99
"""No more people are needed than were at work at once in all but this share of the working time."""
FULL_RATIO = 0.75
"""Share of the working time during which something waits in which a pool is full, if it has a limit."""
BEYOND_RATIO = 0.02
"""Share of it in which a pool may seem to work on more."""


@dataclass(frozen=True)
class Staff:
    """The people of a pool, or why they are not known, and on how many items each of them works at once."""

    n_people: int | Absent
    at_once: int = 1


def staff(of_pools: Sequence[Stretches], waiting: Sequence[Stretches], history: History) -> list[Staff]:
    """The staff of every pool, told by its work and by what waits for it.

    Where most of the work is by people who are at several items at once without limit, the rest of it means no more.
    """
    found = [_staff(work, queues, history) for work, queues in zip(of_pools, waiting, strict=True)]
    total = np.array([float((work.ended_at - work.began_at).sum()) for work in of_pools])
    at_once = np.array([_at_once_ratio(work) if len(work.visit) else 0.0 for work in of_pools])
    told = np.array([isinstance(each.n_people, int) for each in found], bool)
    if not total.any() or total[~told & (at_once > MOST_AT_ONCE_RATIO)].sum() <= total.sum() / 2:
        return found
    return [Staff(_many_at_once(float(np.average(at_once, weights=total))))] * len(found)


def _many_at_once(ratio: float) -> Absent:
    return Absent(
        f"people are at work on several items at once {ratio:.0%} of the time, so the log tells a status that items "
        "keep, not hands at work".replace("%", " %")
    )


def _staff(work: Stretches, queues: Stretches, history: History) -> Staff:
    """How many people a pool has: those who work in a usual week, but no fewer than worked at once."""
    if not history.flow.knows_work:
        return Staff(Absent("the log tells when work ended, not when it began"))
    if len(work.visit) < LEAST_STRETCHES:
        return Staff(Absent(f"the log holds only {len(work.visit):,} stretches of its work"))
    if (work.person == NOTHING).mean() > MOST_AT_ONCE_RATIO:
        return Staff(Absent("the log does not say who did its work"))
    week = work.began_at // WEEK
    per_week = np.bincount(np.unique(np.stack([week - week.min(), work.person]), axis=1)[0])
    usual = int(np.median(per_week[per_week > 0]))
    if (at_once := _at_once_ratio(work)) <= MOST_AT_ONCE_RATIO:
        return Staff(max(usual, _at_once(work)))
    n_places = _places(work, queues, history)
    if n_places is None or n_places % usual:
        return Staff(_many_at_once(at_once))
    return Staff(usual, n_places // usual)


def _at_once_ratio(work: Stretches) -> float:
    """Share of people's time at work that they spend on more than one item."""
    order = np.lexsort((work.began_at, work.person))
    person, began_at, ended_at = (column[order] for column in (work.person, work.began_at, work.ended_at))
    # Shifted by person, so that the latest end so far never reaches from one person into the next.
    apart = (person - person.min()) * (int(ended_at.max() - began_at.min()) + 1)
    reached = np.maximum.accumulate(ended_at + apart) - apart
    overlap = np.maximum(np.minimum(reached[:-1], ended_at[1:]) - began_at[1:], 0)[person[1:] == person[:-1]]
    return float(overlap.sum() / (ended_at - began_at).sum())


def _at_once(work: Stretches) -> int:
    """How many are at work at once at the busiest, but for moments."""
    at, n = busy(work)
    lengths = np.append(np.diff(at), 0)
    order = np.argsort(n, kind="stable")
    reached = np.cumsum(lengths[order] * (n[order] > 0))
    return int(n[order][np.searchsorted(reached, BUSY_LEVEL * reached[-1])])


def _places(work: Stretches, queues: Stretches, history: History) -> int | None:
    """On how many items a pool works while others wait, if that is nearly always the same number; None where not."""
    if len(queues.visit) < LEAST_STRETCHES:
        return None
    (at, n), (queued_at, n_waiting) = busy(work), busy(queues)
    instants = np.union1d(at, queued_at)
    working = np.append(0, n)[np.searchsorted(at, instants, side="right")]
    others_wait = np.append(0, n_waiting)[np.searchsorted(queued_at, instants, side="right")] > 0
    hours = shown_hours(work.began_at, "hours in which work begins", history.flow.about.calendar.zone)
    lengths = np.append(worked(clock_of(hours, history), instants[:-1], instants[1:]), 0)
    spent = np.bincount(working, lengths * others_wait)
    if not spent.any():
        return None
    full = int(spent.argmax())
    is_limit = spent[full] >= FULL_RATIO * spent.sum() and spent[full + 1 :].sum() <= BEYOND_RATIO * spent.sum()
    return full if is_limit else None
