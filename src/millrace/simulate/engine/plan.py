"""What the compiled engine works on: a stream, its items and its people as tables of records.

Instants and durations are microseconds, instants since 1970 UTC; durations of laws are seconds. `NONE` is no entry.
A `from` and `to` are the places of the first entry and behind the last one in another table.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
UInt64s = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Records = npt.NDArray[np.void]

NONE = -1
TO_VALUE, TO_CANCELLED = -1, -2
"""Ends that a way may lead to, beside the number of a step."""

ITEM = np.dtype(
    [
        ("arrive_at", np.int64),
        ("uid", np.uint64),
        ("urgency", np.int64),
        ("rank", np.int64),
        ("order", np.int64),
        ("began", np.int64),
        ("kind", np.int32),
        ("step", np.int32),
        ("stage", np.int32),
        ("wait", np.int32),
        ("work", np.int32),
        ("crew", np.int32),
        ("person", np.int32),
        ("code", np.int32),
        ("phase", np.int32),
        ("child", np.int32),
        ("sibling", np.int32),
        ("before", np.int32),
    ]
)
"""An item: what its random numbers hang on (`uid`), what rules tell it apart by (`kind`), and where it is now: step,
stage of its visit, next wait, way of working, who works, and its present phase: code, beginning, number."""
RULE = np.dtype(
    [
        ("work_from", np.int32),
        ("work_to", np.int32),
        ("way_from", np.int32),
        ("way_to", np.int32),
        ("before_from", np.int32),
        ("before_to", np.int32),
        ("after_from", np.int32),
        ("after_to", np.int32),
        ("gather", np.int32),
        ("patience", np.int32),
        ("escalate_after", np.int64),
    ]
)
"""What holds for a step, a kind of item and the number of a visit."""
STEP = np.dtype([("salt", np.uint64), ("delivered", np.int32), ("cancelled", np.int32)])
WORK = np.dtype(
    [
        ("until", np.float64),
        ("law", np.int32),
        ("pool", np.int32),
        ("calendar", np.int32),
        ("queue_code", np.int32),
        ("code", np.int32),
    ]
)
"""A way to work; `until` is the sum of shares up to it. `calendar` counts where there is no pool."""
WAY = np.dtype([("until", np.float64), ("to", np.int32)])
WAIT = np.dtype(
    [
        ("share", np.float64),
        ("salt", np.uint64),
        ("at_most", np.int64),
        ("law", np.int32),
        ("calendar", np.int32),
        ("code", np.int32),
    ]
)
GATHER = np.dtype(
    [
        ("size", np.int64),
        ("at_most", np.int64),
        ("calendar", np.int32),
        ("code", np.int32),
        ("last", np.int32),
        ("n", np.int32),
        ("times", np.int32),
    ]
)
"""Items that gather: the limits, who came last, how many are there, how often it began anew."""
PATIENCE = np.dtype([("share", np.float64), ("law", np.int32)])
LAW = np.dtype([("a", np.float64), ("b", np.float64), ("first", np.int32), ("n", np.int32), ("family", np.int32)])
"""A distribution: its family, its parameters, and where its quantiles lie."""
POOL = np.dtype([("discipline", np.int32), ("root", np.int32), ("crew_from", np.int32), ("crew_to", np.int32)])
"""Teams that share a queue; `root` is the item whose turn is next."""
CREW = np.dtype(
    [
        ("closes", np.int64),
        ("overtime", np.int64),
        ("period", np.int64),
        ("n_people", np.int32),
        ("n_free", np.int32),
        ("next_free", np.int32),
        ("first_person", np.int32),
        ("calendar", np.int32),
        ("pool_from", np.int32),
        ("pool_to", np.int32),
    ]
)
"""People who share hours: when they end, the period of work that comes next, and a ring of who is free."""
WORKED = np.dtype([("opens", np.int64), ("closes", np.int64), ("worked_before", np.int64)])
"""A period of work of a calendar."""
HAPPENING = np.dtype(
    [("at", np.int64), ("order", np.int64), ("what", np.int32), ("who", np.int32), ("phase", np.int32)]
)
"""What is to happen: when, in which order among equals, to whom, and in which of its phases only."""
PHASE = np.dtype(
    [("began", np.int64), ("ended", np.int64), ("item", np.int32), ("code", np.int32), ("person", np.int32)]
)
"""What is recorded: an item was in a phase from when to when, and who worked."""

N_HAPPENING, N_RECORDED, N_ORDERED, NEXT_ARRIVAL, N_GATHERED = range(5)
"""Places of the counters: entries of the agenda, records, what was ever planned, the next item, who gathers."""


class Plan(NamedTuple):
    """All tables of a run, but for the agenda and the records. `lists` holds crews of pools and pools of crews."""

    seed: np.uint64
    items: Records
    visits: npt.NDArray[np.uint16]
    rules: Records
    steps: Records
    works: Records
    ways: Records
    wait_index: Int32s
    waits: Records
    gathers: Records
    patiences: Records
    laws: Records
    quantiles: Floats
    pools: Records
    crews: Records
    lists: Int32s
    free: Int32s
    is_work: npt.NDArray[np.bool_]
    periods: Records
    calendars: Int64s
    counters: Int64s
