"""The compiled engine: one loop over what happens next, and what follows from it.

Every random number is a hash of the seed, the item, what is decided and on which visit. So a scenario that changes one
step leaves every other draw of every item as it was, and the order in which things happen decides nothing.
"""

from typing import Any

import numba
import numpy as np

from millrace.simulate.engine.borrowing import borrowed
from millrace.simulate.engine.chance import chance_of, drawn, mixed, uniform
from millrace.simulate.engine.hours import NEVER, after
from millrace.simulate.engine.lines import is_before, put_in, put_on, take_off, take_out
from millrace.simulate.engine.plan import (
    N_GATHERED,
    N_HAPPENING,
    N_ORDERED,
    N_RECORDED,
    NEXT_ARRIVAL,
    NONE,
    TO_CANCELLED,
    TO_VALUE,
)

FIFO, PRIORITY, LIFO, RANDOM = range(4)
"""Codes of `simulated_stream.DISCIPLINES`."""
BEFORE, GATHER, QUEUE, AFTER, ROUTE, ENDED = range(6)
"""What comes next in an item's visit of a step."""
GOES_ON, WORK_ENDS, OPENS, GIVES_UP, ESCALATES, RELEASES = range(6)
"""What can happen; to an item, but for `OPENS` (a crew) and `RELEASES` (who gathers)."""
WORKS, ROUTES, WORKING, GIVING_UP, TURN = (np.uint64(k * 0x9E3779B97F4A7C15 % 2**64) for k in range(1, 6))
"""What a random number decides."""
AHEAD = -1
"""The rank of what has been escalated."""
MOST_HOPS = 16
"""Steps that an item may pass in no time before others get their turn."""
ROOM = 4 * MOST_HOPS + 16
"""Records and plans that one turn may make, beside one per person and per item that gathers."""

jit = numba.njit(cache=True, nogil=True)
part = numba.njit(cache=True, nogil=True, forceinline=True, no_cpython_wrapper=True)
"""A part of the loop that is compiled into it: handing all tables on with every call took longer than the work."""


@jit  # type: ignore[untyped-decorator]
def run(plan: Any, agenda: Any, phases: Any, ends_at: int) -> bool:
    """Let happen what happens before `ends_at`. False where the agenda or the records need more room to go on."""
    return bool(_run(borrowed(plan), borrowed(agenda), borrowed(phases), ends_at))


@part  # type: ignore[untyped-decorator]
def _run(plan: Any, agenda: Any, phases: Any, ends_at: int) -> bool:
    counters, room = plan.counters, ROOM + len(plan.free)
    while counters[N_RECORDED] + room <= len(phases) and (
        counters[N_HAPPENING] + counters[N_GATHERED] + room <= len(agenda)
    ):
        i, freed = counters[NEXT_ARRIVAL], NONE
        now = agenda[0].at if counters[N_HAPPENING] else NEVER
        arrives = i < len(plan.items) and plan.items[i].arrive_at <= now
        if arrives:
            now = plan.items[i].arrive_at
        if now >= ends_at:
            return True
        if arrives:
            counters[NEXT_ARRIVAL] += 1
            _enter(plan, i, plan.items[i].step)
        else:
            i, freed = _happen(plan, agenda, phases, now)
        found = _advance(plan, agenda, phases, i, now) if i != NONE else NONE
        for nth, crew in enumerate((found, freed)):
            if crew != NONE:
                # Only now is a person free, so that what waited longer comes before the item just done.
                if nth == 1 and i != NONE:
                    plan.crews[crew].n_free += 1
                _dispatch(plan, agenda, phases, crew, now)
    return False


@part  # type: ignore[untyped-decorator]
def _happen(plan: Any, agenda: Any, phases: Any, now: int) -> tuple[int, int]:
    """What is first on the agenda happens: the item that goes on, and the crew that it frees or that opens."""
    what, who, phase = agenda[0].what, agenda[0].who, agenda[0].phase
    take_off(agenda, plan.counters[N_HAPPENING])
    plan.counters[N_HAPPENING] -= 1
    if what == GOES_ON:
        return who, NONE
    if what == WORK_ENDS:
        return who, int(plan.items[who].crew)
    if what == OPENS:
        _open(plan, agenda, who)
        return NONE, who
    _limit(plan, agenda, phases, what, who, phase, now)
    return NONE, NONE


@part  # type: ignore[untyped-decorator]
def _limit(plan: Any, agenda: Any, phases: Any, what: int, who: int, phase: int, now: int) -> None:
    """A limit of time is reached, if what it is about still holds."""
    if what == RELEASES:
        gather = plan.gathers[who]
        if gather.n and phase == gather.times:
            _release(plan, agenda, gather, now)
    elif plan.items[who].phase == phase:
        pool = plan.pools[plan.works[plan.items[who].work].pool]
        take_out(plan.items, pool, who)
        if what == GIVES_UP:
            _end(plan, phases, who, now, TO_CANCELLED)
        else:
            put_in(plan.items, pool, who, AHEAD, plan.items[who].order)


@part  # type: ignore[untyped-decorator]
def _enter(plan: Any, i: int, step: int) -> None:
    item = plan.items[i]
    item.step, item.stage = step, BEFORE
    plan.visits[i, step] += 1
    item.wait = _rule(plan, i).before_from


@part  # type: ignore[untyped-decorator]
def _rule(plan: Any, i: int) -> Any:
    """What holds for the item's present visit."""
    item = plan.items[i]
    nth = min(int(plan.visits[i, item.step]), plan.rules.shape[2]) - 1
    return plan.rules[item.step, item.kind, nth]


@part  # type: ignore[untyped-decorator]
def _advance(plan: Any, agenda: Any, phases: Any, i: int, now: int) -> int:
    """Take an item on until it has to wait for something; a crew that is free to work on it, if it waits for that."""
    hops, item = 0, plan.items[i]
    while True:
        rule, stage = _rule(plan, i), item.stage
        if stage in (BEFORE, AFTER):
            last = rule.before_to if stage == BEFORE else rule.after_to
            if item.wait < last and _waits(plan, agenda, phases, i, last, now):
                return NONE
            item.stage = stage + 1
        elif stage == GATHER:
            item.stage = QUEUE
            if rule.gather != NONE and _gathers(plan, agenda, phases, i, rule.gather, now):
                return NONE
        elif stage == QUEUE:
            item.stage, item.wait = AFTER, rule.after_from
            if rule.work_from < rule.work_to:
                return int(_work(plan, agenda, phases, i, rule, now))
        elif hops == MOST_HOPS:
            schedule(agenda, plan.counters, now, GOES_ON, i, NONE)
            return NONE
        else:
            hops += 1
            to = _way_on(plan, i, rule)
            if to < 0:
                _end(plan, phases, i, now, to)
                return NONE
            _enter(plan, i, to)


@part  # type: ignore[untyped-decorator]
def _waits(plan: Any, agenda: Any, phases: Any, i: int, last: int, now: int) -> bool:
    """Begin the next wait that the item has here; False where it has none."""
    item = plan.items[i]
    while item.wait < last:
        wait = plan.waits[plan.wait_index[item.wait]]
        item.wait += 1
        chance = _chance(plan, i, wait.salt)
        if uniform(chance) >= wait.share:
            continue
        takes = drawn(plan.laws[wait.law], plan.quantiles, mixed(chance))
        if wait.at_most != NONE:
            takes = min(takes, wait.at_most)
        until = after(plan.periods, plan.calendars, wait.calendar, now, takes)
        if until > now:
            _begin(plan, phases, i, now, wait.code)
            schedule(agenda, plan.counters, until, GOES_ON, i, NONE)
            return True
    return False


@part  # type: ignore[untyped-decorator]
def _gathers(plan: Any, agenda: Any, phases: Any, i: int, g: int, now: int) -> bool:
    """Join those who gather; False where the item may go right on. The last one to come releases all."""
    gather, opens = plan.gathers[g], NEVER
    if gather.calendar != NONE:
        opens = after(plan.periods, plan.calendars, gather.calendar, now, 0)
        if opens <= now:
            return False
    _begin(plan, phases, i, now, gather.code)
    plan.items[i].sibling = gather.last
    gather.last = i
    gather.n += 1
    plan.counters[N_GATHERED] += 1
    if gather.n == 1:
        gather.times += 1
        if opens < NEVER:
            schedule(agenda, plan.counters, opens, RELEASES, g, gather.times)
        if gather.at_most != NONE:
            schedule(agenda, plan.counters, now + gather.at_most, RELEASES, g, gather.times)
    if gather.n == gather.size:
        _release(plan, agenda, gather, now)
    return True


@part  # type: ignore[untyped-decorator]
def _release(plan: Any, agenda: Any, gather: Any, now: int) -> None:
    """Send on all who gathered, in the order in which they came."""
    counters, last = plan.counters, gather.last
    for place in range(gather.n - 1, -1, -1):
        put_on(agenda, counters[N_HAPPENING], now, counters[N_ORDERED] + place, GOES_ON, last, NONE)
        counters[N_HAPPENING] += 1
        last = plan.items[last].sibling
    counters[N_ORDERED] += gather.n
    counters[N_GATHERED] -= gather.n
    gather.n, gather.last = 0, NONE


@part  # type: ignore[untyped-decorator]
def _work(plan: Any, agenda: Any, phases: Any, i: int, rule: Any, now: int) -> int:
    """Begin work if nobody is needed, else queue; a crew that is free to begin, if any."""
    item, w, last = plan.items[i], rule.work_from, rule.work_to - 1
    if w < last:
        chance = uniform(_chance(plan, i, plan.steps[item.step].salt ^ WORKS))
        while w < last and chance >= plan.works[w].until:
            w += 1
    item.work = w
    work = plan.works[w]
    if work.pool == NONE:
        _begin(plan, phases, i, now, work.code)
        until = after(plan.periods, plan.calendars, work.calendar, now, _work_time(plan, i))
        schedule(agenda, plan.counters, until, GOES_ON, i, NONE)
        return NONE
    pool = plan.pools[work.pool]
    _begin(plan, phases, i, now, work.queue_code)
    if pool.discipline == FIFO:
        put_in(plan.items, pool, i, 0, now)
    elif pool.discipline == PRIORITY:
        put_in(plan.items, pool, i, item.urgency, now)
    elif pool.discipline == LIFO:
        put_in(plan.items, pool, i, 0, -now)
    else:
        turn = _chance(plan, i, plan.steps[item.step].salt ^ TURN)
        put_in(plan.items, pool, i, 0, int(turn >> np.uint64(2)))
    for at in range(pool.crew_from, pool.crew_to):
        crew = plan.crews[plan.lists[at]]
        if crew.n_free and now < crew.closes:
            return int(plan.lists[at])
    _set_limits(plan, agenda, i, rule, now)
    return NONE


@part  # type: ignore[untyped-decorator]
def _set_limits(plan: Any, agenda: Any, i: int, rule: Any, now: int) -> None:
    """How long the item may wait in its queue before it gets ahead or gives up."""
    item = plan.items[i]
    if rule.escalate_after != NONE:
        schedule(agenda, plan.counters, now + rule.escalate_after, ESCALATES, i, item.phase)
    if rule.patience != NONE:
        patience = plan.patiences[rule.patience]
        chance = _chance(plan, i, plan.steps[item.step].salt ^ GIVING_UP)
        if uniform(chance) < patience.share:
            until = now + drawn(plan.laws[patience.law], plan.quantiles, mixed(chance))
            schedule(agenda, plan.counters, until, GIVES_UP, i, item.phase)


@part  # type: ignore[untyped-decorator]
def _work_time(plan: Any, i: int) -> int:
    item = plan.items[i]
    chance = _chance(plan, i, plan.steps[item.step].salt ^ WORKING)
    return int(drawn(plan.laws[plan.works[item.work].law], plan.quantiles, chance))


@part  # type: ignore[untyped-decorator]
def _dispatch(plan: Any, agenda: Any, phases: Any, c: int, now: int) -> None:
    """Give those of a crew who are free the first of what waits for them."""
    crew, items = plan.crews[c], plan.items
    while crew.n_free and now < crew.closes:
        best, best_pool = NONE, NONE
        for at in range(crew.pool_from, crew.pool_to):
            head = plan.pools[plan.lists[at]].root
            if head != NONE and (best == NONE or is_before(items, head, best)):
                best, best_pool = head, plan.lists[at]
        if best == NONE:
            return
        item = items[best]
        take_out(items, plan.pools[best_pool], best)
        _begin(plan, phases, best, now, plan.works[item.work].code)
        # Whoever has been free longest begins.
        item.person, item.crew = plan.free[crew.first_person + crew.next_free], c
        crew.next_free = (crew.next_free + 1) % crew.n_people
        crew.n_free -= 1
        takes = _work_time(plan, best)
        until = now + takes
        if until > crew.closes + crew.overtime:
            until = after(plan.periods, plan.calendars, crew.calendar, now, takes)
        schedule(agenda, plan.counters, until, WORK_ENDS, best, NONE)


@part  # type: ignore[untyped-decorator]
def _open(plan: Any, agenda: Any, c: int) -> None:
    """Begin the crew's next period of work, and look ahead to the one after."""
    crew = plan.crews[c]
    crew.closes = plan.periods[crew.period].closes
    crew.period += 1
    if crew.period < plan.calendars[crew.calendar + 1]:
        schedule(agenda, plan.counters, plan.periods[crew.period].opens, OPENS, c, NONE)


@part  # type: ignore[untyped-decorator]
def _way_on(plan: Any, i: int, rule: Any) -> int:
    way, last = rule.way_from, rule.way_to - 1
    if way > last:
        return TO_VALUE
    if way < last:
        chance = uniform(_chance(plan, i, plan.steps[plan.items[i].step].salt ^ ROUTES))
        while way < last and chance >= plan.ways[way].until:
            way += 1
    return int(plan.ways[way].to)


@part  # type: ignore[untyped-decorator]
def _chance(plan: Any, i: int, decision: Any) -> Any:
    item = plan.items[i]
    return chance_of(plan.seed, item.uid, decision, plan.visits[i, item.step])


@jit  # type: ignore[untyped-decorator]
def schedule(agenda: Any, counters: Any, at: int, what: int, who: int, phase: int) -> None:
    """Put on the agenda what is to happen, after all that is planned for the same instant."""
    put_on(agenda, counters[N_HAPPENING], at, counters[N_ORDERED], what, who, phase)
    counters[N_HAPPENING] += 1
    counters[N_ORDERED] += 1


@part  # type: ignore[untyped-decorator]
def _begin(plan: Any, phases: Any, i: int, now: int, code: int) -> None:
    """Record the phase that ends now, and begin another."""
    _record(plan, phases, i, now)
    item = plan.items[i]
    item.code, item.began = code, now
    item.phase += 1


@part  # type: ignore[untyped-decorator]
def _record(plan: Any, phases: Any, i: int, now: int) -> None:
    """Record the phase that ends now: work always, a wait only if it took any time."""
    item = plan.items[i]
    if item.code == NONE or (item.began == now and not plan.is_work[item.code]):
        return
    phase = phases[plan.counters[N_RECORDED]]
    phase.item, phase.code, phase.person = i, item.code, item.person
    phase.began, phase.ended = item.began, now
    plan.counters[N_RECORDED] += 1
    if item.person != NONE:
        crew = plan.crews[item.crew]
        plan.free[crew.first_person + (crew.next_free + crew.n_free) % crew.n_people] = item.person
        item.person = NONE


@part  # type: ignore[untyped-decorator]
def _end(plan: Any, phases: Any, i: int, now: int, to: int) -> None:
    """The item is delivered or given up: an instant that is recorded like a phase."""
    _record(plan, phases, i, now)
    item = plan.items[i]
    step = plan.steps[item.step]
    phase = phases[plan.counters[N_RECORDED]]
    phase.item, phase.code, phase.person = i, step.cancelled if to == TO_CANCELLED else step.delivered, NONE
    phase.began, phase.ended = now, now
    plan.counters[N_RECORDED] += 1
    item.stage, item.code = ENDED, NONE
    item.phase += 1
