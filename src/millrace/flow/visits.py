"""Visits: maximal runs of an item's spans in one step; and outcomes: what became of each item.

The second half of the compiled pass. Time before value is split by state; what follows value is set aside as the
closing tail. Durations are microseconds on both clocks.
"""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from millrace.flow.spans import ACTIVE, CANCELLED, DONE, MEASURED, NEVER, NOTHING, UNKNOWN, Records
from millrace.model.state import WAIT_REASONS, WaitReason

REQUESTER = WAIT_REASONS.index(WaitReason.REQUESTER)
BY_STATE, BY_LAST_EVENT, BY_ENTRY, BY_WORK_DONE = 0, 1, 2, 3
"""How value is found: the start of the final run in a state; the last event; the last event that matches, where it
sets a status (entry) or where it ends work."""


VISIT = np.dtype(
    [
        ("item", np.int32),
        ("step", np.int16),
        ("previous_step", np.int16),
        ("nth_visit", np.int32),
        ("team", np.int32),
        ("began_at", np.int64),
        ("lead", np.int64),
        ("active", np.int64),
        ("wait", np.int64),
        ("queue", np.int64),
        ("business_lead", np.int64),
        ("business_active", np.int64),
        ("business_wait", np.int64),
        ("business_queue", np.int64),
        ("is_automated", np.int8),
        ("asks_requester", np.bool_),
        ("is_handoff", np.bool_),
        ("is_after_value", np.bool_),
        ("is_delivered", np.bool_),
        ("is_last", np.bool_),
        ("item_handed_on", np.bool_),
        ("item_came_back", np.bool_),
    ],
    align=True,
)
"""A visit. `previous_step` is `NOTHING` for the item's first.

`lead` is its time before value, of which `active` and `wait` are known as such; `queue` is the part of `wait` at the
start, before any work; what follows value is not in it. `is_delivered`: its item is. `is_handoff`: it began with a
change of team. On the item's first visit of a step, `item_handed_on` and `item_came_back` tell of all its visits there:
whether the step handed the item on to a later step, and whether it then came back to this or an earlier step, or next
waited for the requester.
"""

OUTCOME = np.dtype(
    [
        ("item", np.int32),
        ("demand_at", np.int64),
        ("value_at", np.int64),
        ("ended_at", np.int64),
        ("n_events", np.int32),
        ("n_visits", np.int32),
        ("last_state", np.int8),
        ("last_step", np.int16),
        ("last_team", np.int32),
        ("last_row", np.int64),
        ("first_owned_at", np.int64),
        ("active", np.int64),
        ("wait", np.int64),
        ("unknown", np.int64),
        ("done", np.int64),
        ("idle", np.int64),
        ("later_visits", np.int64),
        ("business_lead", np.int64),
        ("business_close", np.int64),
        ("business_active", np.int64),
        ("business_wait", np.int64),
        ("n_handoffs", np.int32),
        ("n_ping_pongs", np.int32),
        ("returned_to_team", np.bool_),
        ("n_reopened", np.int32),
        ("has_revisit", np.bool_),
        ("returned_to_first_step", np.bool_),
        ("waited_in_first_step", np.bool_),
        ("waited_after_first_step", np.bool_),
        ("variant", np.int64),
    ],
    align=True,
)
"""One row per item that has a demand. `value_at` is `NEVER` for an item not delivered.
"""


def visits_and_outcomes(
    spans: Records, business: Any, kinds: Records, unmapped: int, value_by: int, value_state: int, n_teams: int
) -> tuple[Records, Records, npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Visits and outcomes of whole items; and for every span the team that handed the item over (`NOTHING` if none),
    and whether it ends by its item's value.

    `business` is each span's business time in microseconds.
    """
    return _walk(spans, business, kinds, unmapped, value_by, value_state, n_teams)  # type: ignore[no-any-return]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _walk(spans: Any, business: Any, kinds: Any, unmapped: int, value_by: int, value_state: int, n_teams: int) -> Any:
    n_items, n_visits = _numbers(spans)
    visits, outcomes = np.zeros(n_visits, VISIT), np.zeros(n_items, OUTCOME)
    from_team, is_before_value = np.full(len(spans), NOTHING, np.int32), np.zeros(len(spans), np.bool_)
    n_steps = unmapped + 1
    nth = np.zeros(n_steps, np.int32)
    first_of_step = np.zeros(n_steps, np.int64)
    team_seen_in = np.full(max(n_teams, 1), NOTHING, np.int64)
    n_visits, item_no, begin, total = np.int64(0), np.int64(0), np.int64(0), len(spans)
    while begin < total:
        end = begin + 1
        while end < total and spans[end].item == spans[begin].item:
            end += 1
        value, value_at = _value(spans, kinds, begin, end, value_by, value_state)
        outcomes[item_no].value_at = value_at
        for i in range(begin, end):
            is_before_value[i] = spans[i].ended_at <= value_at
        _follow_teams(spans, kinds, begin, end, item_no, team_seen_in, outcomes[item_no], from_team)
        first = n_visits
        n_visits = _visit(spans, business, kinds, begin, end, value, nth, visits, n_visits, outcomes[item_no])
        _look_back(visits, first, n_visits, unmapped, first_of_step)
        _conclude(spans, kinds, begin, end, visits, first, n_visits, outcomes[item_no])
        for v in range(first, n_visits):
            nth[visits[v].step] = 0
            visits[v].is_delivered = value_at != NEVER
        item_no += 1
        begin = end
    return visits, outcomes, from_team, is_before_value


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _numbers(spans: Any) -> tuple[int, int]:
    """How many items and how many visits there are."""
    n_items, n_visits = 0, 0
    for i in range(len(spans)):
        is_other_item = i == 0 or spans[i].item != spans[i - 1].item
        n_items += is_other_item
        n_visits += is_other_item or spans[i].step != spans[i - 1].step
    return n_items, n_visits


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _value(spans: Any, kinds: Any, begin: int, end: int, value_by: int, value_state: int) -> tuple[int, int]:
    """The first span after value and the instant of value; `end` and `NEVER` where the item is not delivered."""
    if value_by == BY_STATE:
        i = end
        while i > begin and spans[i - 1].state == value_state:
            i -= 1
        return (i, spans[i].began_at) if i < end else (end, NEVER)
    if value_by == BY_LAST_EVENT:
        return end, NEVER if spans[end - 1].state == CANCELLED else spans[end - 1].ended_at
    for i in range(end - 1, begin - 1, -1):
        if kinds[spans[i].kind].is_value and spans[i].row != NOTHING:
            return (i, spans[i].began_at) if value_by == BY_ENTRY else (i + 1, spans[i].ended_at)
    return end, NEVER


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _follow_teams(
    spans: Any, kinds: Any, begin: int, end: int, item_no: int, seen_in: Any, outcome: Any, from_team: Any
) -> None:
    """Handoffs, ping-pongs (A, B, A) and returns over the sequence of known teams, repeats collapsed."""
    before, team = NOTHING, NOTHING
    for i in range(begin, end):
        here = kinds[spans[i].kind].team
        if here in (NOTHING, team):
            continue
        if team != NOTHING:
            from_team[i] = team
            outcome.n_handoffs += 1
            outcome.n_ping_pongs += here == before
            if seen_in[here] == item_no:
                outcome.returned_to_team = True
        seen_in[here] = item_no
        before, team = team, here
    outcome.last_team = team


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _visit(
    spans: Any, business: Any, kinds: Any, begin: int, end: int, value: int, nth: Any, visits: Any, n_visits: int,
    outcome: Any,
) -> int:  # fmt: skip
    """Gather the spans of one item into visits, and its times into its outcome; the number of visits then."""
    v, team, queueing = n_visits - 1, NOTHING, True
    for i in range(begin, end):
        span, kind = spans[i], kinds[spans[i].kind]
        if i == begin or span.step != visits[v].step:
            v += 1
            queueing = True
            nth[span.step] += 1
            visit = visits[v]
            visit.item = span.item
            visit.step = span.step
            visit.previous_step = NOTHING if i == begin else visits[v - 1].step
            visit.nth_visit = nth[span.step]
            visit.began_at = span.began_at
            visit.team = NOTHING
            visit.is_automated = NOTHING
            visit.is_after_value = i >= value
            visit.is_handoff = team != NOTHING and kind.team != NOTHING and kind.team != team
        visit = visits[v]
        if kind.team != NOTHING:
            team = kind.team
            if visit.team == NOTHING:
                visit.team = kind.team
        visit.is_automated = max(visit.is_automated, kind.is_automated)
        outcome.business_close += business[i]
        if i < value:
            outcome.business_lead += business[i]
            queueing = _count_time(span, business[i], visit, queueing)
            _count_item_time(span, business[i], kind, v == n_visits, visit, outcome)
    visits[v].is_last = True
    return v + 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _count_time(span: Any, worked: int, visit: Any, queueing: bool) -> bool:
    """Add a span before value to its visit; whether the visit is still in its queue afterwards."""
    elapsed = span.ended_at - span.began_at
    visit.lead += elapsed
    visit.business_lead += worked
    if span.state == ACTIVE:
        visit.active += elapsed
        visit.business_active += worked
        return False
    if span.state in (UNKNOWN, DONE, CANCELLED):
        return queueing and span.state != UNKNOWN
    visit.wait += elapsed
    visit.business_wait += worked
    if span.wait_reason == REQUESTER:
        visit.asks_requester = True
    if queueing:
        visit.queue += elapsed
        visit.business_queue += worked
    return queueing


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _count_item_time(span: Any, worked: int, kind: Any, in_first_visit: bool, visit: Any, outcome: Any) -> None:
    elapsed = span.ended_at - span.began_at
    if span.state in (DONE, CANCELLED):
        outcome.done += elapsed
        return
    if span.state == ACTIVE:
        outcome.active += elapsed
        outcome.business_active += worked
    elif span.state == UNKNOWN:
        outcome.unknown += elapsed
    else:
        outcome.wait += elapsed
        outcome.business_wait += worked
        if span.wait_reason == REQUESTER and in_first_visit:
            outcome.waited_in_first_step = True
        elif span.wait_reason == REQUESTER:
            outcome.waited_after_first_step = True
    if kind.team != NOTHING and span.person == NOTHING:
        outcome.idle += elapsed
    if visit.nth_visit > 1:
        outcome.later_visits += elapsed


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _look_back(visits: Any, begin: int, end: int, unmapped: int, first_of_step: Any) -> None:
    """From the last visit to the first: did a step hand the item on, and did it come back or ask the requester?"""
    for v in range(begin, end):
        if visits[v].nth_visit == 1:
            first_of_step[visits[v].step] = v
    earliest_later = unmapped
    for v in range(end - 1, begin - 1, -1):
        step = visits[v].step
        if v + 1 < end and step < visits[v + 1].step < unmapped:
            first = visits[first_of_step[step]]
            first.item_handed_on = True
            if earliest_later <= step or visits[v + 1].asks_requester:
                first.item_came_back = True
        earliest_later = min(earliest_later, step)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _conclude(spans: Any, kinds: Any, begin: int, end: int, visits: Any, first: int, last: int, outcome: Any) -> None:
    """What became of an item: where it stands, its events as a fingerprint, whether it came back."""
    outcome.item = spans[begin].item
    outcome.demand_at = spans[begin].began_at
    outcome.ended_at = spans[end - 1].ended_at
    outcome.last_state = spans[end - 1].state
    outcome.last_step = spans[end - 1].step
    outcome.n_visits = last - first
    outcome.first_owned_at = NEVER
    sequence = np.uint64(0)
    for i in range(begin, end):
        span = spans[i]
        if outcome.first_owned_at == NEVER and span.person != NOTHING and span.row != NOTHING:
            # An event opens the span that it measures, and closes the one that is derived from it.
            outcome.first_owned_at = span.began_at if span.fidelity == MEASURED else span.ended_at
        if i > begin and spans[i - 1].state == DONE and span.state != DONE and span.state != CANCELLED:
            outcome.n_reopened += 1
        if span.row != NOTHING:
            outcome.n_events += 1
            outcome.last_row = span.row
            sequence = _mix(sequence, np.uint64(kinds[span.kind].activity + 1))
    outcome.variant = np.int64(sequence)
    for v in range(first, last):
        if visits[v].nth_visit > 1:
            outcome.has_revisit = True
            if visits[v].step == visits[first].step:
                outcome.returned_to_first_step = True


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _mix(sequence: Any, activity: Any) -> Any:
    """Fold an activity into the 64-bit fingerprint of a sequence (the finaliser of SplitMix64)."""
    mixed = (sequence ^ activity) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
