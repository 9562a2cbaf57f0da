"""What spans, visits and outcomes should be, in plain Python, one item at a time, written from the definitions.

It knows nothing of the compiled pass: instants are looked at one by one, histories are lists, everything is quadratic
where that is plainer.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from logs import Row

from millrace.eventlog.event_log import EventClass
from millrace.eventlog.schema import Shape
from millrace.model.state import State, WaitReason

PAUSE = "pause"
UNMAPPED = "unmapped"
ENDS = (State.DONE, State.CANCELLED)
StepOf = Callable[[Row], str]
Test = Callable[[Row], bool]
Classes = dict[tuple[str | None, str | None], EventClass]


@dataclass(frozen=True)
class Piece:
    """Some time of an item: what holds between two instants."""

    began_at: int
    ended_at: int
    step: str
    state: State
    reason: WaitReason
    event: int
    """The number of the event that the time belongs to."""
    is_of_event: bool = True
    """False for a wait before work."""

    @property
    def time(self) -> int:
        return self.ended_at - self.began_at


@dataclass
class Life:
    """What should be known of one item."""

    events: list[Row]
    pieces: list[Piece]
    steps: list[str]
    """The step that each event puts the item into."""
    value_at: int | None
    value_event: int
    """The first event after value."""
    states: list[State]
    """The state after each event."""
    demand_at: int
    ended_at: int
    known_teams: list[str] = field(default_factory=list)

    def is_before_value(self, piece: Piece) -> bool:
        return self.value_at is None or piece.ended_at <= self.value_at


def lives(
    rows: Sequence[Row],
    shape: Shape,
    classes: Sequence[EventClass],
    step_of: StepOf,
    *,
    is_demand: Test | None = None,
    is_value: Test | None = None,
) -> dict[str, Life]:
    """Every item that has a demand, by its id. `step_of` gives a step's name, `PAUSE` or `UNMAPPED`."""
    by_label = {(c.activity, c.status): c for c in classes}
    found = {}
    for item in {row.item_id for row in rows}:
        events = [row for row in rows if row.item_id == item]
        events.sort(key=lambda row: (*_begin_and_end(row, shape), row.position, rows.index(row)))
        demand = next((i for i, row in enumerate(events) if is_demand is None or is_demand(row)), None)
        if demand is not None:
            found[item] = _life(events, demand, shape, by_label, step_of, is_value)
    return found


def _begin_and_end(row: Row, shape: Shape) -> tuple[int, int]:
    if shape is not Shape.ACTIVITY_LOG or row.started_at is None:
        return row.at, row.at
    return min(row.started_at, row.at), row.at


def _life(
    events: list[Row], demand: int, shape: Shape, by_label: Classes, step_of: StepOf, is_value: Test | None
) -> Life:
    what = [by_label.get((row.activity, row.status)) for row in events]
    if shape is Shape.STATUS_LOG:
        held = _held(events, what, step_of)[demand:]
        events = events[demand:]
        pieces = _pieces_of_statuses(events, held)
        states, steps = [state for state, _, _ in held], [step for _, _, step in held]
    else:
        events, what = events[demand:], what[demand:]
        states, steps = _states_after(what), _steps_of_work(events, step_of)
        cut = _pieces_of_work if shape is Shape.ACTIVITY_LOG else _pieces_of_ends
        pieces = cut(events, what, states, steps)
    value_at, value_event = _value(events, states, shape, is_value)
    begins = [_begin_and_end(row, shape)[0] for row in events]
    teams = [row.team for row in events if row.team is not None]
    return Life(
        events, pieces, steps, value_at, value_event, states,
        min(begins), max(row.at for row in events), [team for team, _ in groupby(teams)],
    )  # fmt: skip


def _held(events: list[Row], what: list[EventClass | None], step_of: StepOf) -> list[tuple[State, WaitReason, str]]:
    """What holds after each event of a status log: state, reason, step."""
    state, reason, step, result = State.UNKNOWN, WaitReason.NONE, UNMAPPED, []
    for row, event_class in zip(events, what, strict=True):
        here = step_of(row)
        sets = event_class is not None and event_class.state is not None
        if sets:
            state = event_class.state
            reason = WaitReason.CLOSING if state in ENDS else event_class.wait_reason
        if here != PAUSE and (sets or here != UNMAPPED):
            step = here
        result.append((state, reason, step))
    return result


def _pieces_of_statuses(events: list[Row], held: list[tuple[State, WaitReason, str]]) -> list[Piece]:
    until = [row.at for row in events[1:]] + [events[-1].at]
    return [
        Piece(row.at, end, step, state, reason, i)
        for i, (row, end, (state, reason, step)) in enumerate(zip(events, until, held, strict=True))
    ]


def _states_after(what: list[EventClass | None]) -> list[State]:
    """Done or cancelled once an activity ended the item, until one reopens it."""
    state, result = State.UNKNOWN, []
    for event_class in what:
        if event_class is not None and event_class.reopens:
            state = State.UNKNOWN
        elif event_class is not None and event_class.state in ENDS:
            state = event_class.state
        result.append(state)
    return result


def _steps_of_work(events: list[Row], step_of: StepOf) -> list[str]:
    step, result = UNMAPPED, []
    for row in events:
        step = step if step_of(row) == PAUSE else step_of(row)
        result.append(step)
    return result


def _pieces_of_work(
    events: list[Row], what: list[EventClass | None], states: list[State], steps: list[str]
) -> list[Piece]:
    """Between any two neighbouring instants: who works then, and if nobody, what does the item wait for?"""
    work = [_begin_and_end(row, Shape.ACTIVITY_LOG) for row in events]
    pieces = []
    for began_at, ended_at in pairwise(sorted({instant for begin_end in work for instant in begin_end})):
        at_work = [i for i, (begin, end) in enumerate(work) if begin <= began_at and ended_at <= end]
        coming = [i for i, (begin, _) in enumerate(work) if begin >= ended_at]
        owner = at_work[0] if at_work else coming[0]
        before = states[owner - 1] if owner else State.UNKNOWN
        reopens = what[owner] is not None and what[owner].reopens
        if before in ENDS and not (at_work and reopens):
            state, reason = before, WaitReason.CLOSING
        elif at_work:
            state, reason = State.ACTIVE, WaitReason.NONE
        else:
            state, reason = State.WAITING, WaitReason.QUEUE
        pieces.append(Piece(began_at, ended_at, steps[owner], state, reason, owner, bool(at_work)))
    return pieces


def _pieces_of_ends(
    events: list[Row], what: list[EventClass | None], states: list[State], steps: list[str]
) -> list[Piece]:
    pieces = []
    for i, row in enumerate(events):
        before = states[i - 1] if i else State.UNKNOWN
        reason = WaitReason.CLOSING if before in ENDS else WaitReason.NONE
        pieces.append(Piece(events[max(i - 1, 0)].at, row.at, steps[i], before, reason, i))
    return pieces


def _value(events: list[Row], states: list[State], shape: Shape, is_value: Test | None) -> tuple[int | None, int]:
    """The instant of value and the first event after it."""
    if is_value is not None:
        last = max((i for i, row in enumerate(events) if is_value(row)), default=None)
        if last is None:
            return None, len(events)
        return (events[last].at, last) if shape is Shape.STATUS_LOG else (_reached(events, last), last + 1)
    first = len(states)
    while first and states[first - 1] is State.DONE:
        first -= 1
    if first == len(states):
        return None, len(events)
    return (events[first].at, first) if shape is Shape.STATUS_LOG else (_reached(events, first), first + 1)


def _reached(events: list[Row], number: int) -> int:
    """When all work up to this event is over: what is worked on is not done."""
    return max(row.at for row in events[: number + 1])


# ---------------------------------------------------------------------------------------------- what follows from it


def handoffs(life: Life) -> Counter[tuple[str, str]]:
    return Counter(pairwise(life.known_teams))


def ping_pongs(life: Life) -> int:
    teams = life.known_teams
    return sum(teams[i] == teams[i + 2] for i in range(len(teams) - 2))


def returns(life: Life) -> bool:
    return len(set(life.known_teams)) < len(life.known_teams)


def reopenings(life: Life) -> int:
    """Done, and then neither done nor cancelled."""
    return sum(a is State.DONE and b not in ENDS for a, b in pairwise(life.states))


def visits(life: Life) -> list[tuple[str, list[int]]]:
    """Steps in the order of their visits, each with the numbers of its events."""
    numbered = groupby(range(len(life.events)), key=lambda i: life.steps[i])
    return [(step, list(numbers)) for step, numbers in numbered]


def nth_visits(life: Life) -> list[int]:
    steps = [step for step, _ in visits(life)]
    return [steps[: i + 1].count(step) for i, step in enumerate(steps)]


def time_of(life: Life, events: Sequence[int], states: Sequence[State]) -> int:
    """Time before value that belongs to these events, in these states."""
    return sum(p.time for p in life.pieces if p.event in events and p.state in states and life.is_before_value(p))


def first_owned_at(life: Life, shape: Shape) -> int | None:
    """When a person is first at work; where work overlaps, once the earlier work is over."""
    for i, row in enumerate(life.events):
        if row.person is not None:
            begin, _ = _begin_and_end(row, shape)
            return max([begin, *(earlier.at for earlier in life.events[:i])])
    return None


def idle(life: Life) -> int:
    """Time before value with a team and without a person, unless the item is done."""
    return sum(
        p.time
        for p in life.pieces
        if life.is_before_value(p)
        and p.state not in ENDS
        and life.events[p.event].team is not None
        and life.events[p.event].person is None
    )


def queue_of(life: Life, events: Sequence[int], shape: Shape) -> int:
    """The wait at the start of a visit, before any work; work that took no time is work."""
    if shape is not Shape.STATUS_LOG:
        events = events[:1]
    total = 0
    for p in sorted((p for p in life.pieces if p.event in events), key=lambda p: (p.began_at, p.event)):
        if p.state in (State.ACTIVE, State.UNKNOWN):
            break
        if life.is_before_value(p) and p.state not in ENDS:
            total += p.time
    return total


def time_in_later_visits(life: Life) -> int:
    working = tuple(state for state in State if state not in ENDS)
    return sum(
        time_of(life, events, working)
        for (_, events), nth in zip(visits(life), nth_visits(life), strict=True)
        if nth > 1
    )


def handed_on_and_came_back(life: Life, order: Sequence[str]) -> tuple[set[str], set[str]]:
    """Steps that handed the item on to a later one, and those of them that it came back to or that made it wait.

    `order` holds the steps of the stream; an unmapped step is neither earlier nor later than any.
    """
    route = visits(life)
    handed_on, came_back = set(), set()
    for i, (step, _) in enumerate(route[:-1]):
        following, events = route[i + 1]
        if UNMAPPED in (step, following) or order.index(following) <= order.index(step):
            continue
        handed_on.add(step)
        later = [other for other, _ in route[i + 1 :] if other != UNMAPPED]
        asks = any(
            p.reason is WaitReason.REQUESTER and p.event in events and p.event < life.value_event for p in life.pieces
        )
        if asks or any(order.index(other) <= order.index(step) for other in later):
            came_back.add(step)
    return handed_on, came_back
