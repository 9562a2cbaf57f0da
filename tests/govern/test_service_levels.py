"""Items held against what is promised of them, worked by hand and against a plain reckoning."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flow.logs import Row, flow_of, hour
from watched_desk import Items, at_hour, desk_stream, rows_of

from millrace.flow.flow import Flow
from millrace.flow.sla import sla_compliance
from millrace.flow.spans import NEVER
from millrace.govern.lives import instant, lives
from millrace.govern.service_level_check import ServiceLevelCheck, service_level_check
from millrace.govern.service_level_record import STATES, ServiceLevelRecord, service_level_record
from millrace.model.service_level import ServiceLevel

Held = Callable[..., ServiceLevelRecord]
OFFICE = {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")}


def level(**given: Any) -> ServiceLevel:
    return ServiceLevel.model_validate({"name": "Promise", "within": "8 h", **given})


@pytest.fixture
def held(tmp_path: Path) -> Held:
    """Hold hand-made items against a service level, as known at an hour."""

    def make(items: Items, at: float, **given: Any) -> ServiceLevelRecord:
        flow = flow_of(rows_of(items), tmp_path, desk_stream())
        return service_level_record(lives(flow, at_hour(at)), level(**given))

    return make


def due(record: ServiceLevelRecord, place: int = 0) -> Any:
    at = record.due_at[place]
    return None if at == NEVER else instant(at)


def state(record: ServiceLevelRecord, place: int = 0) -> str:
    return STATES[record.state[place]]


def test_an_item_delivered_at_its_limit_has_met_it(held: Held) -> None:
    record = held({"a": [(0, "New"), (8, "Resolved")], "b": [(0, "New"), (8.01, "Resolved")]}, 9)
    assert [state(record, place) for place in (0, 1)] == ["met", "breached"]
    assert record.met.ratio == 0.5


def test_an_open_item_is_due_when_its_time_is_used_up(held: Held) -> None:
    record = held({"a": [(1, "New"), (2, "In progress")]}, 5)
    assert (state(record), due(record), record.used[0]) == ("running", at_hour(9), hour(4) - hour(0))


def test_an_overdue_item_was_due_at_an_instant_of_the_past(held: Held) -> None:
    record = held({"a": [(1, "New"), (2, "In progress")]}, 50)
    assert (state(record), due(record)) == ("overdue", at_hour(9))


def test_the_clock_stands_still_while_the_requester_is_waited_for(held: Held) -> None:
    waits = {"a": [(0, "New"), (2, "Awaiting user"), (20, "In progress"), (25, "Resolved")]}
    record = held(waits, 30, pauses=[{"wait_reason": "requester"}])
    assert (state(record), record.used[0]) == ("met", hour(7) - hour(0))
    assert state(held(waits, 30)) == "breached"


def test_an_item_whose_clock_stands_still_has_no_due_time(held: Held) -> None:
    record = held({"a": [(0, "New"), (2, "Awaiting user")]}, 100, pauses=[{"state": "waiting"}])
    assert (state(record), due(record)) == ("paused", None)


def test_a_promise_of_a_response_stops_at_the_first_work(held: Held) -> None:
    record = held({"a": [(0, "New"), (3, "In progress"), (90, "Resolved")]}, 99, stops=[{"state": "active"}])
    assert (state(record), record.used[0]) == ("met", hour(3) - hour(0))


def test_a_clock_can_start_at_a_step(held: Held) -> None:
    record = held({"a": [(0, "New"), (30, "Fixing"), (36, "Resolved")]}, 40, starts=[{"step": "fix"}])
    assert (state(record), instant(record.started_at[0])) == ("met", at_hour(30))


def test_an_item_that_never_starts_the_clock_is_neither_met_nor_breached(held: Held) -> None:
    record = held({"a": [(0, "New"), (30, "Resolved")]}, 40, starts=[{"step": "Fix"}])
    assert (state(record), record.met.whole) == ("left", 0)


def test_a_cancelled_item_is_neither_met_nor_breached(held: Held) -> None:
    assert state(held({"a": [(0, "New"), (30, "Cancelled")]}, 40)) == "left"


def test_business_hours_end_and_begin_again(held: Held) -> None:
    """8 working hours after Monday 12:00 are over on Tuesday at 12:00."""
    record = held({"a": [(12, "New"), (13, "In progress")]}, 14, clock="business", calendar=OFFICE)
    assert due(record) == at_hour(24 + 12)


def test_what_is_due_at_the_end_of_a_day_is_not_due_the_next_morning(held: Held) -> None:
    record = held({"a": [(9, "New"), (10, "In progress")]}, 10, clock="business", calendar=OFFICE)
    assert due(record) == at_hour(17)


def test_a_weekend_is_not_worked(held: Held) -> None:
    """Friday 16:00 and 8 working hours: Monday 16:00."""
    friday = 4 * 24 + 16
    record = held(
        {"a": [(friday, "New"), (friday + 0.5, "In progress")]}, friday + 1, clock="business", calendar=OFFICE
    )
    assert due(record) == at_hour(7 * 24 + 16)


def test_only_the_items_that_are_named_are_covered(held: Held) -> None:
    rows = {
        "a": [(0, "New", {"team": "Desk"}), (1, "Resolved")],
        "b": [(0, "New", {"team": "Lab"}), (1, "In progress", {"team": "Lab"})],
    }
    record = held(rows, 5, where={"team": ["Lab"]})
    assert record.lives.keys(record.places) == ["b"]


def test_a_team_can_stop_the_clock(held: Held) -> None:
    rows = {
        "a": [
            (0, "New", {"team": "Desk"}),
            (2, "In progress", {"team": "Vendor Ltd"}),
            (30, "In progress", {"team": "Desk"}),
            (34, "Resolved"),
        ]
    }
    assert held(rows, 40, pauses=[{"team": "vendor*"}]).used[0] == hour(6) - hour(0)


def test_another_policy_tells_the_past_anew(tmp_path: Path) -> None:
    flow = flow_of(rows_of({"a": [(0, "New"), (6, "Awaiting user"), (12, "Resolved")]}), tmp_path, desk_stream())
    known = lives(flow)
    shorter, longer = (service_level_record(known, level(within=within)) for within in ("8 h", "12 h"))
    assert [state(record) for record in (shorter, longer)] == ["breached", "met"]


def test_the_logs_own_word_is_held_beside(tmp_path: Path) -> None:
    told = {"a": "true", "b": "false", "c": "true"}
    rows = [
        Row(item, hour(at), status=status, position=n, more=(("made_sla", told[item]),))
        for item, ended in (("a", 5), ("b", 5), ("c", 20))
        for n, (at, status) in enumerate(((0, "New"), (ended, "Resolved")))
    ]
    record = service_level_record(lives(flow_of(rows, tmp_path, desk_stream())), level(recorded_in="made_sla"))
    check = service_level_check(record)
    assert isinstance(check, ServiceLevelCheck)
    assert (check.recorded_met.part, check.agree.part) == (2, 1)
    assert (check.n_only_here_breached, check.n_only_there_breached) == (1, 1)


STATUS = st.sampled_from(["New", "In progress", "Awaiting user", "Fixing"])
LIFE = st.tuples(
    st.lists(st.tuples(st.integers(0, 300), STATUS), min_size=1, max_size=6), st.none() | st.integers(301, 500)
)


@settings(max_examples=25, deadline=None)
@given(lives_given=st.lists(LIFE, min_size=1, max_size=5), limit=st.integers(1, 200), now=st.integers(500, 700))
def test_the_kernel_reckons_as_a_plain_loop_does(
    tmp_path_factory: pytest.TempPathFactory, lives_given: list[Any], limit: int, now: int
) -> None:
    """Used time and due time on the elapsed clock, with pauses for the requester."""
    items = {
        f"i{n}": [*sorted(events, key=lambda event: event[0]), *([(end, "Resolved")] if end else [])]
        for n, (events, end) in enumerate(lives_given)
    }
    flow = flow_of(rows_of(items), tmp_path_factory.mktemp("flow"), desk_stream())
    promise = level(within=f"{limit} h", pauses=[{"wait_reason": "requester"}])
    record = service_level_record(lives(flow, at_hour(now)), promise)

    for place, key in enumerate(record.lives.keys(record.places)):
        used, reached = plainly(items[key], limit, now)
        assert (record.used[place] / 3.6e9, due(record, place) if reached is not None else None) == (
            used,
            at_hour(reached) if reached is not None else None,
        )


def plainly(events: list[tuple[int, str]], limit: int, now: int) -> tuple[float, float | None]:
    """Hours used, and the hour at which the limit was passed."""
    used, reached = 0.0, None
    ends = [*(at for at, _ in events[1:]), now]
    for (at, status), end in zip(events, ends, strict=True):
        if status == "Resolved":
            break
        if status != "Awaiting user":
            if reached is None and used + end - at > limit:
                reached = at + limit - used
            used += end - at
    return used, reached


def test_without_pauses_it_agrees_with_sla_compliance(tmp_path: Path) -> None:
    items = {f"i{n}": [(n, "New"), (n + n * 0.7, "In progress"), (n + n * 1.3, "Resolved")] for n in range(1, 30)}
    flow: Flow = flow_of(rows_of(items), tmp_path, desk_stream())
    record = service_level_record(lives(flow), level())
    assert record.met == sla_compliance(flow, within=timedelta(hours=8)).met


def test_time_on_the_business_clock_is_told_in_hours() -> None:
    level = ServiceLevel(name="Two working days", within=timedelta(hours=16), clock="business")
    assert level.told(16 * 3600) == "16 business hours"
    assert level.told(45 * 60) == "0.8 business hours"
