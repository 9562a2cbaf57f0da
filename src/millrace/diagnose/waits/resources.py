"""What every person does, one after the other; and whether the log can show that they are busy."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from millrace.diagnose.waits.work import Int64s
from millrace.flow.spans import NEVER, Records

JUGGLES_RATIO = 0.2
"""Share of works begun while another of the same person goes on, or of working time that runs beside other work, from
which on the person's work blocks no other."""


MIN_OVERLAPS = 5
"""How often somebody must be seen at two things at once; what they begin together of one kind is one."""


class Resources(NamedTuple):
    """The works of each person in the order of their starts: person p's are `first[p] : first[p + 1]` of `order`.

    `starts` are the starts in that order; `latest_ends` the latest end of the person's works up to there. `juggles`
    tells who works on several things at once: the log cannot show whether they are busy.
    """

    order: Int64s
    first: Int64s
    starts: Int64s
    latest_ends: Int64s
    juggles: npt.NDArray[np.bool_]


def resources(works: Records, n_people: int) -> Resources:
    """Put the works with a known person in the order of people and starts."""
    known = np.flatnonzero(works["person"] >= 0)
    order = known[np.lexsort((works["ended_at"][known], works["started_at"][known], works["person"][known]))]
    people, activities, starts, ends = (
        np.ascontiguousarray(works[field][order]) for field in ("person", "activity", "started_at", "ended_at")
    )
    first = np.searchsorted(people, np.arange(n_people + 1))
    latest_ends = _latest_ends(people, ends)
    before = np.concatenate(([NEVER], latest_ends[:-1])) if len(order) else latest_ends
    before[first[:-1][first[:-1] < len(order)]] = NEVER
    is_batch = np.zeros(len(order), bool)
    is_batch[1:] = (starts[1:] == starts[:-1]) & (activities[1:] == activities[:-1]) & (people[1:] == people[:-1])
    overlaps = np.bincount(people[(starts < before) & ~is_batch], minlength=n_people)
    alone = np.bincount(people, np.maximum(ends - np.maximum(starts, before), 0), n_people)
    together = np.bincount(people[~is_batch], (ends - starts)[~is_batch], n_people)
    is_much = (overlaps > JUGGLES_RATIO * np.diff(first)) | (together - alone > JUGGLES_RATIO * together)
    juggles = is_much & (overlaps >= MIN_OVERLAPS)
    return Resources(order, first, starts, latest_ends, juggles)


def _latest_ends(people: Any, ends: Any) -> Int64s:
    """The running maximum of ends, begun anew with each person."""
    if not len(ends):
        return np.empty(0, np.int64)
    low = int(ends.min())
    width = int(ends.max()) - low + 1
    if people[-1] < 2**62 // width:
        latest: Int64s = np.maximum.accumulate(people.astype(np.int64) * width + (ends - low))
        latest -= people.astype(np.int64) * width - low
        return latest
    parts = np.split(ends, np.flatnonzero(np.diff(people)) + 1)
    return np.concatenate([np.maximum.accumulate(part) for part in parts])
