"""Lead time by record type and practice, and groups by record type, worked by hand. Hours."""

from pathlib import Path

import pytest
from record_logs import journeys_of, record, stream_of

from millrace.flow.across_records import across_records
from millrace.flow.flow import Flow
from millrace.flow.lead_time import lead_time
from millrace.flow.linked_time import linked_time
from millrace.flow.time_by import time_by
from millrace.model.value_stream import ValueStream

FOLLOW = "call → incident → change"


@pytest.fixture
def desk(tmp_path: Path) -> Flow:
    first = record("call", "C1", (0, "New"), (1, "Working"), (2, "Asked"), (12, "Done"), attributes="x")
    second = record("call", "C2", (5, "New"), (6, "Done"))
    alone = record("call", "C3", (0, "New"), (4, "Done"))
    incident = record("incident", "I1", (3, "New", "A"), (4, "Working", "B"), (8, "Done", "B"))
    change = record("change", "R1", (5, "Working"), (7, "Done"))
    steps = stream_of(FOLLOW).steps
    practices = ("service desk", "incident management", "change enablement")
    named = tuple(
        step.model_copy(update={"practices": (practice,)}) for step, practice in zip(steps, practices, strict=True)
    )
    stream: ValueStream = stream_of(FOLLOW).model_copy(update={"steps": named})
    links = [(first, incident), (second, incident), (incident, change)]
    return journeys_of([first, second, alone, incident, change], links, tmp_path, stream)


def test_lead_time_is_shared_out_among_record_types(desk: Flow) -> None:
    found = {each.label: (each.lead.part / 3600, each.active_seconds / 3600, each.n_items)
             for each in time_by(desk, "record_type")}  # fmt: skip

    # C1: call 0–3 and 8–12, incident 3–5 and 7–8, change 5–7. C2: change 5–7, incident 7–8. C3: call 0–4.
    # At work: C1's call 1–2, and, since its demand came first, the incident 4–5, 7–8 and the change 5–7.
    assert found == {"call": (11, 1, 2), "incident": (4, 2, 2), "change": (4, 2, 2)}


def test_practices_are_those_of_the_steps(desk: Flow) -> None:
    found = {each.label: each.lead.part / 3600 for each in time_by(desk, "practice")}

    assert found == {"service desk": 11, "incident management": 4, "change enablement": 4}


def test_an_item_stays_in_its_step_until_an_event_puts_it_into_another(desk: Flow) -> None:
    found = {each.label: each.lead.part / 3600 for each in time_by(desk, "step")}

    # Taken up again at 7, the incident has no event before it is done; taken up again at 8, the call none before 12.
    assert found == {"call": 7, "incident": 2, "change": 10}


def test_an_item_counts_in_the_group_of_every_type_that_serves_it(desk: Flow) -> None:
    groups = lead_time(desk, per="record_type").groups

    assert {label: times.n for label, times in groups.items()} == {"call": 3, "incident": 2, "change": 2}


def test_a_record_is_timed_once_from_the_earliest_that_led_to_it(desk: Flow) -> None:
    found = {(each.from_type, each.to_type): (each.times.n, each.min_seconds / 3600) for each in linked_time(desk)}

    assert found == {("call", "incident"): (1, 8), ("incident", "change"): (1, 4)}


def test_a_record_that_was_closed_before_its_demand_is_counted_and_named(tmp_path: Path) -> None:
    call, incident = record("call", "C1", (9, "New"), (10, "Done")), record("incident", "I1", (0, "New"), (5, "Done"))

    flow = journeys_of([call, incident], [(call, incident)], tmp_path, stream_of("call → incident"))

    (found,) = linked_time(flow)
    assert (found.n_negative, found.negative, found.min_seconds) == (1, ("I1",), -4 * 3600)
    across = across_records(flow)
    assert across
    assert across.journeys.n_ended_before_demand == 1
    assert lead_time(flow).groups[""].total_seconds == 3600
