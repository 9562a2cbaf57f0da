"""Timers: hand-overs that are held for a time before anyone can start, told by that free people never start sooner."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.diagnose.waits.work import Int64s
from millrace.flow.spans import NOTHING, Records

MIN_WAITS = 30
"""Hand-overs of a kind that it takes: few waits that are all long may be chance."""
MIN_FREE_STARTS = 10
"""Of them, starts by people who were free and on duty before."""
EARLY_RATIO = 0.02
"""Share of waits that may be shorter than a timer: somebody goes round it."""
SPREAD = 1.25
"""A timer of one length shows in that free people start within this many times that length …"""
MIN_PUNCTUAL_RATIO = 0.5
"""… in at least this share of their starts."""
LONGEST = 2.0
"""A free start up to this many times the length later still was the timer's."""
PROMPT = 1_000_000
"""Free people who start within a second of the hand-over start promptly."""
PROMPT_RATIO = 0.9
"""Where free people start promptly in this share of cases, a kind of hand-over in which they hardly do is held."""

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Timer:
    """Work handed from one activity to another is held; told by `n` waits.

    Activities are codes. `held_microseconds` is how long at least, or, where it `varies`, in the median.
    `n_free_starts` of the waits ended with somebody who had been free and on duty.
    """

    from_activity: int
    to_activity: int
    held_microseconds: int
    varies: bool
    n: int
    n_free_starts: int


def timers(works: Records, batch: Int64s, is_free: Bools, is_within_a_shift: Bools) -> tuple[tuple[Timer, ...], Int64s]:
    """The timers that the waits show, and until when each work was held (its `ready_at` where by none).

    People who are free start what is ready. Where, of many waits, none is shorter than some time, though people were
    free, and they then start punctually, the work was not ready before. Where the log's free people start everything
    else promptly, a hand-over that they hardly ever start promptly is held too, for a time that varies. What is
    done in batches is no sign of a timer.
    """
    held_until = works["ready_at"].copy()
    handed = np.flatnonzero(
        (works["previous"] != NOTHING) & ~np.isin(works["activity"], works["activity"][batch != NOTHING])
    )
    waits, free = works["started_at"][handed] - works["ready_at"][handed], is_free[handed]
    pairs = works["activity"][works["previous"][handed]].astype(np.int64) << 32 | works["activity"][handed]
    found, others = list[Timer](), list[tuple[int, Int64s]]()
    for pair, members in _groups(pairs):
        held = _fixed(waits[members], free[members])
        if held is None:
            others.append((pair, members))
            continue
        found.append(_timer(pair, held, False, free[members]))
        is_punctual = free[members] & (waits[members] <= LONGEST * held)
        held_until[handed[members]] += np.where(is_punctual, waits[members], np.minimum(waits[members], held))
    for pair, members in _slow(others, waits, free):
        held_here = members[free[members] & is_within_a_shift[handed[members]]]
        found.append(_timer(pair, int(np.median(waits[held_here])), True, free[members]))
        held_until[handed[held_here]] += waits[held_here]
    return tuple(sorted(found, key=lambda timer: -timer.held_microseconds * timer.n)), held_until


def _timer(pair: int, held: int, varies: bool, free: Bools) -> Timer:
    return Timer(pair >> 32, pair & 0xFFFFFFFF, held, varies, len(free), int(free.sum()))


def _fixed(waits: Int64s, free: Bools) -> int | None:
    """The length of the timer in a kind of hand-over, if it shows one."""
    if len(waits) < MIN_WAITS or free.sum() < MIN_FREE_STARTS:
        return None
    early = int(EARLY_RATIO * len(waits))
    held = int(np.partition(waits, early)[early])
    punctual = (waits[free] >= held) & (waits[free] <= SPREAD * held)
    return held if held > PROMPT and punctual.mean() >= MIN_PUNCTUAL_RATIO else None


def _slow(groups: list[tuple[int, Int64s]], waits: Int64s, free: Bools) -> list[tuple[int, Int64s]]:
    """Kinds of hand-over that free people hardly ever start promptly, in a log where they start the others so."""
    slow, prompt = [], list[Bools]()
    for pair, members in groups:
        is_prompt = waits[members][free[members]] <= PROMPT
        if len(members) >= MIN_WAITS and len(is_prompt) >= MIN_FREE_STARTS and is_prompt.mean() <= 1 - PROMPT_RATIO:
            slow.append((pair, members))
        else:
            prompt.append(is_prompt)
    rest = np.concatenate(prompt) if prompt else np.empty(0, bool)
    return slow if len(rest) >= MIN_FREE_STARTS and rest.mean() >= PROMPT_RATIO else []


def _groups(keys: Int64s) -> list[tuple[int, Int64s]]:
    """The distinct keys and where each stands."""
    order = np.argsort(keys, kind="stable")
    distinct, first = np.unique(keys[order], return_index=True)
    ends = np.append(first, len(keys))[1:]
    return [(key, order[a:b]) for key, a, b in zip(distinct.tolist(), first, ends, strict=True)]
