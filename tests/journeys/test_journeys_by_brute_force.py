"""The merged spans of journeys are what the rule says, instant by instant, for any records and links."""

import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_logs import MONDAY, SECOND, STATES, Event, Record, journeys_of, stream_of

from millrace.flow.flow import Flow
from millrace.model import state as codes
from millrace.model.state import State

FAST = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TYPES = ("call", "incident", "change")
LAST = 12


class Life(NamedTuple):
    """A record as the definitions see it: its events' instants and states, and when it was settled for good."""

    events: list[tuple[int, State]]
    settled_at: float

    def state(self, at: float) -> State:
        return [state for when, state in self.events if when <= at][-1]


def life_of(record: Record) -> Life:
    held, events = State.UNKNOWN, list[tuple[int, State]]()
    for event in sorted(record.events, key=lambda event: event.at):
        held = STATES[event.status] or held
        events.append((int(event.at), held))
    settled: float = float("inf")
    for when, state in reversed(events):
        if state not in (State.DONE, State.CANCELLED):
            break
        settled = when
    return Life(events, settled)


class Served(NamedTuple):
    """A record that serves a demand."""

    place: int
    depth: int
    life: Life


def waited_for(serving: Sequence[Served], at: int) -> Served:
    begun = [each for each in serving if each.life.events[0][0] <= at]
    open_ = [each for each in begun if each.life.settled_at > at]
    if open_:
        return min(open_, key=lambda e: (-e.depth, -e.life.settled_at, e.life.events[0][0], e.place))
    return min(
        begun,
        key=lambda e: (e.life.events[-1][1] is State.CANCELLED, -e.life.settled_at, -e.depth, e.place),
    )


@st.composite
def linked_records(draw: st.DrawFn) -> tuple[list[Record], list[tuple[int, int]]]:
    records = []
    for number in range(draw(st.integers(1, 6))):
        instants = sorted(draw(st.lists(st.integers(0, LAST), min_size=1, max_size=4)))
        statuses = [draw(st.sampled_from(sorted(STATES))) for _ in instants]
        item_type = "call" if number == 0 else draw(st.sampled_from(TYPES))
        events = tuple(Event(at, status) for at, status in zip(instants, statuses, strict=True))
        records.append(Record(item_type, str(number), events))
    pairs = st.tuples(st.integers(0, len(records) - 1), st.integers(0, len(records) - 1))
    return records, draw(st.lists(pairs, max_size=8))


def reached(records: Sequence[Record], links: Sequence[tuple[int, int]], root: int) -> dict[int, int]:
    """Records that serve a call, with their depths."""
    depths, frontier = {root: 0}, {root}
    for depth, item_type in enumerate(TYPES[1:], start=1):
        near = {b for a, b in links if a in frontier} | {a for a, b in links if b in frontier}
        frontier = {each for each in near if records[each].item_type == item_type}
        for each in frontier:
            depths.setdefault(each, depth)
    return depths


def rows(flow: Flow, query: str) -> list[dict[str, object]]:
    return flow.engine.con.sql(query).to_arrow_table().to_pylist()  # type: ignore[no-any-return]


def spans_of(flow: Flow, key: str) -> list[tuple[int, int, str, State]]:
    """(began, ended, record's key, state) of a call's spans, in seconds."""
    path = f"read_parquet('{flow.folder}/spans.parquet', file_row_number = true)"
    found = rows(
        flow,
        f"""SELECT (epoch_us(s.began_at) - {MONDAY}) // {SECOND} AS began, s.elapsed // {SECOND} AS length,
                   r.key, s.state
            FROM {path} s JOIN records r USING (record) WHERE s.item = (
                SELECT j.item FROM journeys j JOIN records x USING (record)
                WHERE j.depth = 0 AND x.key = '{key}' AND x.record_type = 0)
            ORDER BY s.file_row_number""",
    )
    return [(r["began"], r["began"] + r["length"], r["key"], codes.STATES[r["state"]]) for r in found]  # type: ignore


@FAST
@given(linked_records())
def test_at_every_instant_the_requester_waits_for_the_record_that_the_rule_names(
    drawn: tuple[list[Record], list[tuple[int, int]]],
) -> None:
    records, links = drawn
    lives = [life_of(each) for each in records]
    roots = [number for number, each in enumerate(records) if each.item_type == "call"]
    serving = {root: reached(records, links, root) for root in roots}
    with tempfile.TemporaryDirectory() as folder:
        named = [(records[a], records[b]) for a, b in links]
        types = [each.item_type for each in records]
        present = [each for each in TYPES if each in types]
        path = " → ".join(present) if present == list(TYPES[: len(present)]) else "call"
        depths_known = len(path.split(" → "))
        flow = journeys_of(records, named, Path(folder), stream_of(path), unit=SECOND)
        for root in roots:
            serves = {each: depth for each, depth in serving[root].items() if depth < depths_known}
            known = [Served(each, depth, lives[each]) for each, depth in sorted(serves.items())]
            demand_at, ended_at = lives[root].events[0][0], max(each.life.events[-1][0] for each in known)
            spans = spans_of(flow, records[root].key)

            assert spans[0][0] == demand_at
            assert spans[-1][1] == ended_at
            assert all(before[1] == after[0] for before, after in pairwise(spans))
            for at in range(demand_at, ended_at):
                (shown,) = [span for span in spans if span[0] <= at < span[1]]
                expected = waited_for(known, at)
                owns = all(
                    (lives[root].events[0][0], root) <= (lives[other].events[0][0], other)
                    for other in roots
                    if expected.place in serving[other]
                )
                state = expected.life.state(at)
                if state is State.ACTIVE and at >= expected.life.events[-1][0]:
                    state = State.WAITING  # nobody is known to work on it after its last event
                hides_work = state is State.ACTIVE and not owns
                assert shown[3] is (State.WAITING if hides_work else state)
                same = [
                    e
                    for e in known
                    if (e.depth, e.life.settled_at, e.life.events[0][0])
                    == (expected.depth, expected.life.settled_at, expected.life.events[0][0])
                ]
                if len(same) == 1:
                    assert shown[2] == records[expected.place].key


@FAST
@given(linked_records())
def test_no_record_is_worked_on_twice(drawn: tuple[list[Record], list[tuple[int, int]]]) -> None:
    records, links = drawn
    with tempfile.TemporaryDirectory() as folder:
        named = [(records[a], records[b]) for a, b in links]
        present = [each for each in TYPES if each in {r.item_type for r in records}]
        path = " → ".join(present)
        flow = journeys_of(records, named, Path(folder), stream_of(path), unit=SECOND)
        active = codes.STATES.index(State.ACTIVE)

        found = rows(
            flow,
            f"""SELECT record, own, coalesce(shown, 0) AS shown FROM
                (SELECT record, sum(elapsed) AS own FROM record_spans WHERE state = {active} GROUP BY 1)
                LEFT JOIN (SELECT record, sum(elapsed) AS shown FROM spans WHERE state = {active} GROUP BY 1)
                USING (record)""",
        )

    assert all(row["shown"] <= row["own"] for row in found)  # type: ignore[operator]
