"""The visits of a log before value, and the work and queues in them, as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from millrace.eventlog.engine import text
from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.spans import ACTIVE, CANCELLED, DONE, MEASURED, NOTHING, UNKNOWN
from millrace.flow.summary import SECOND
from millrace.model.state import WAIT_REASONS, WaitReason
from millrace.simulate.fit.life_table import NOT_YET

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TO_VALUE, TO_CANCELLED, UNDER_WAY = -1, -2, -3
"""Where a visit leads if to no other step."""
QUEUE, CLOSING, UNSPECIFIED = (
    WAIT_REASONS.index(reason) for reason in (WaitReason.QUEUE, WaitReason.CLOSING, WaitReason.UNSPECIFIED)
)


LEAST_SHARE_OF_ACTIVITY = 0.002
"""Share of all spans below which an activity is not told apart within its step."""


class PastStep(NamedTuple):
    """A step to simulate, and the step of the stream that it belongs to."""

    name: str
    step: str


@dataclass(frozen=True)
class Visits:
    """Visits before value, in the order of their items and times; arrays of one length, times in seconds.

    `item` is a position in the history's items, `step` one in its steps. `waits` has a column per wait reason
    (`closing`: an item that came back was thought done); `early_waits` is the part of each before any work.
    """

    item: Ints
    step: Ints
    nth: Ints
    team: Ints
    began_at: Ints
    ended_at: Ints
    to: Ints
    active: Floats
    waits: Floats
    early_waits: Floats

    def __getitem__(self, chosen: Any) -> "Visits":
        """The visits at these positions."""
        return Visits(*(getattr(self, column)[chosen] for column in self.__dataclass_fields__))


@dataclass(frozen=True)
class Stretches:
    """Parts of visits that have a length: of which visit, from when to when (microseconds since 1970 UTC), by whom.

    Work is what the log reports, also where two activities of an item overlap and a span holds only part of one.
    """

    visit: Ints
    began_at: Ints
    ended_at: Ints
    team: Ints
    person: Ints

    def __getitem__(self, chosen: Any) -> "Stretches":
        """The stretches at these positions."""
        return Stretches(*(getattr(self, column)[chosen] for column in self.__dataclass_fields__))


class PastVisits(NamedTuple):
    """The steps that visits are of, the visits, and what they hold of work and of waits for each reason."""

    steps: tuple[PastStep, ...]
    visits: Visits
    work: Stretches
    waits: Mapping[WaitReason, Stretches]


def past_visits(flow: Flow, codes: Ints, left_at: Ints, is_delivered: Any) -> PastVisits:
    """Gather the spans before value into visits."""
    import pyarrow.parquet as pq

    wanted = ["item", "began_at", "elapsed", "step", "state", "wait_reason", "team", "person", "fidelity", "activity"]
    table = pq.read_table(flow.folder / "spans.parquet", columns=wanted)
    item = np.searchsorted(codes, table["item"].to_numpy())
    began_at, elapsed = instants(table["began_at"]), table["elapsed"].to_numpy()
    worked_from, worked_until = _reported_work(flow, table["item"].to_numpy(), began_at, elapsed, table)
    before = ~is_delivered[item] | (began_at + elapsed <= left_at[item])
    # What opens at value is the closing tail, also where it has no length.
    before &= ~(is_delivered[item] & (began_at == left_at[item]) & (table["state"].to_numpy() == DONE))
    before &= ~_only_ends(item, table, began_at == left_at[item])
    # What is done as soon as it is demanded passes through the step it is recorded in, in no time.
    first_of_item = np.unique(item, return_index=True)[1]
    at_once = first_of_item[~np.isin(item[first_of_item], item[before])]
    before[at_once], elapsed = True, np.where(before, elapsed, 0)
    order = np.flatnonzero(before)
    order = order[np.argsort(item[order], kind="stable")]
    item, began_at, elapsed = item[order], began_at[order], elapsed[order]
    worked_from, worked_until = worked_from[order], worked_until[order]
    step, activity, state, reason, team, person, fidelity = (
        table[column].to_numpy()[order].astype(np.int64)
        for column in ("step", "activity", "state", "wait_reason", "team", "person", "fidelity")
    )
    reason = np.where(state == UNKNOWN, UNSPECIFIED, np.where(np.isin(state, (DONE, CANCELLED)), CLOSING, reason))
    steps, step = _steps(flow, item, step, activity)
    is_first = np.ones(len(item), bool)
    is_first[1:] = (item[1:] != item[:-1]) | (step[1:] != step[:-1])
    if flow.about.shape is not Shape.STATUS_LOG:
        is_first[1:] |= (
            _repeats(item, fidelity == MEASURED, worked_until - worked_from)[1:] if flow.knows_work else True
        )
    visits, visit = _gathered(item, began_at, elapsed, step, state, reason, team, is_first, left_at, is_delivered)
    work = Stretches(visit, worked_from, worked_until, team, person)[(state == ACTIVE) & (worked_until > worked_from)]
    spans = Stretches(visit, began_at, began_at + elapsed, team, person)
    is_wait = (state != ACTIVE) & (elapsed > 0)
    waits = {why: spans[is_wait & (reason == code)] for code, why in enumerate(WAIT_REASONS)}
    return PastVisits(steps, visits, work, waits)


def _only_ends(item: Ints, spans: Any, is_last: Any) -> Any:
    """Spans that say no more than that an item was cancelled in the step where it was."""
    step = spans["step"].to_numpy()
    same = np.zeros(len(item), bool)
    same[1:] = (item[1:] == item[:-1]) & (step[1:] == step[:-1])
    return same & is_last & (spans["state"].to_numpy() == CANCELLED)


def _steps(flow: Flow, item: Ints, step: Ints, activity: Ints) -> tuple[tuple[PastStep, ...], Ints]:
    """The steps to simulate, and that of each span: in a log of activities, each frequent activity by itself.

    A step of the stream may hold many, done by different people and leading to different places.
    """
    names = flow.step_names
    if flow.about.shape is Shape.STATUS_LOG:
        return tuple(PastStep(name, name) for name in names), step
    activity = _of_what_follows(item, activity)
    place = step * (len(flow.about.activities) + 1) + activity + 1
    places, code, counts = np.unique(place, return_inverse=True, return_counts=True)
    step_of, activity_of = np.divmod(places, len(flow.about.activities) + 1)
    rare = (counts < LEAST_SHARE_OF_ACTIVITY * len(item)) | (activity_of == 0)
    alone = np.bincount(step_of, minlength=len(names))[step_of] == 1
    listed, number = [PastStep(name, name) for name in names], np.empty(len(places), np.int64)
    for each, (of, what) in enumerate(zip(step_of.tolist(), activity_of.tolist(), strict=True)):
        number[each] = of
        if not alone[each] and not rare[each]:
            number[each] = len(listed)
            listed.append(PastStep(_distinct(flow.about.activities[what - 1], listed), names[of]))
    return tuple(listed), number[code]


def _of_what_follows(item: Ints, activity: Ints) -> Ints:
    """The activity of each span; of a wait, that of the item's next one, which it is a wait for."""
    filled = activity.copy()
    known = np.flatnonzero(activity != NOTHING)
    if not len(known):
        return filled
    following = known[np.minimum(np.searchsorted(known, np.arange(len(item))), len(known) - 1)]
    same = item[following] == item
    return np.where(same, activity[following], filled)


def _distinct(name: str, listed: list[PastStep]) -> str:
    taken = {step.name for step in listed}
    return (
        name
        if name not in taken
        else next(again for n in range(2, len(taken) + 3) if (again := f"{name} ({n})") not in taken)
    )


def _repeats(item: Ints, is_reported: Any, length: Ints) -> Any:
    """Where work follows work: each activity is a visit of its own, also where one follows its like.

    What takes no time (a demand that is recorded, an end) is part of the visit beside it. A wait goes with the work
    that it is for.
    """
    reported = np.flatnonzero(is_reported)
    if not len(reported):
        return np.zeros(len(item), bool)
    following = reported[np.minimum(np.searchsorted(reported, np.arange(len(item))), len(reported) - 1)]
    leads_to_work = (item[following] == item) & (length[following] > 0)
    repeats = np.zeros(len(item), bool)
    repeats[1:] = is_reported[:-1] & (length[:-1] > 0) & leads_to_work[1:]
    return repeats


def _reported_work(flow: Flow, item: Ints, began_at: Ints, elapsed: Ints, spans: Any) -> tuple[Ints, Ints]:
    """From when to when the activity behind each span was worked on; the span itself where no activity reports it."""
    began, ended = began_at.copy(), began_at + elapsed
    if flow.about.shape is not Shape.ACTIVITY_LOG:
        return began, ended
    events = flow.engine.con.sql(f"""
        WITH read AS (SELECT *, file_row_number AS row_no
                      FROM read_parquet({text(flow.events_path)}, file_row_number = true)),
        coded AS (SELECT r.item_id, i.item FROM items i JOIN read r ON r.row_no = i.last_row)
        SELECT item, epoch_us(least(coalesce(started_at, "at"), "at")) AS started, epoch_us("at") AS ended
        FROM read JOIN coded USING (item_id) ORDER BY item, started, ended, position, row_no
    """).to_arrow_table()
    # Spans that an event reports stand in the order of their events; those before the demand have none.
    reported = np.flatnonzero(spans["fidelity"].to_numpy() == MEASURED)
    reported = reported[np.argsort(item[reported], kind="stable")]
    of_event = events["item"].to_numpy()
    from_end = np.searchsorted(of_event, item[reported], side="right") - _places_from_end(item[reported])
    began[reported], ended[reported] = (events[edge].to_numpy()[from_end] for edge in ("started", "ended"))
    return began, ended


def _places_from_end(item: Ints) -> Ints:
    """How many of the item's rows are left, this one included."""
    return np.asarray(np.searchsorted(item, item, side="right") - np.arange(len(item)))


def _gathered(
    item: Ints, began_at: Ints, elapsed: Ints, step: Ints, state: Ints, reason: Ints, team: Ints, is_first: Any,
    left_at: Ints, is_delivered: Any,
) -> tuple[Visits, Ints]:  # fmt: skip
    """The visits, and to which of them each span belongs."""
    visit, first = np.cumsum(is_first) - 1, np.flatnonzero(is_first)
    n = len(first)
    seconds = elapsed / SECOND
    is_active = state == ACTIVE
    active = _sums(visit[is_active], seconds[is_active], n)
    worked_before = np.cumsum(np.where(is_active, seconds, 0.0))
    is_early = worked_before - (worked_before[first] - np.where(is_active, seconds, 0.0)[first])[visit] <= 0
    is_wait, n_reasons = ~is_active, len(WAIT_REASONS)
    cell = visit * n_reasons + reason
    waits = _sums(cell[is_wait], seconds[is_wait], n * n_reasons).reshape(n, n_reasons)
    early = is_wait & is_early
    early_waits = _sums(cell[early], seconds[early], n * n_reasons).reshape(n, n_reasons)
    known = np.flatnonzero(team != NOTHING)
    teams = np.full(n, NOTHING, np.int64)
    teams[visit[known[::-1]]] = team[known[::-1]]
    last = np.append(first[1:], len(item)) - 1 if n else first
    to = np.full(n, UNDER_WAY, np.int64)
    goes_on = np.append(item[first][1:] == item[first][:-1], False) if n else np.zeros(0, bool)
    to[goes_on] = np.roll(step[first], -1)[goes_on]
    ends = ~goes_on & (left_at[item[first]] != NOT_YET)
    to[ends] = np.where(is_delivered[item[first]][ends], TO_VALUE, TO_CANCELLED)
    visits = Visits(
        item[first], step[first], _nth(item[first], step[first]), teams, began_at[first], (began_at + elapsed)[last],
        to, active, waits, early_waits,
    )  # fmt: skip
    return visits, visit


def _sums(keys: Ints, values: Floats, n: int) -> Floats:
    return np.bincount(keys, values, n).astype(np.float64)


def _nth(item: Ints, step: Ints) -> Ints:
    """The how-manyeth visit of its item and step each visit is, from 1."""
    order = np.lexsort((np.arange(len(item)), step, item))
    begins = np.ones(len(item), bool)
    begins[1:] = (np.diff(item[order]) != 0) | (np.diff(step[order]) != 0)
    run = np.arange(len(item)) - np.maximum.accumulate(np.where(begins, np.arange(len(item)), 0))
    nth = np.empty(len(item), np.int64)
    nth[order] = run + 1
    return nth


def instants(column: Any) -> Ints:
    """A column of instants as microseconds since 1970 UTC; 0 for those that never came."""
    import pyarrow as pa

    return np.asarray(column.cast(pa.int64()).fill_null(0).to_numpy(), np.int64)
