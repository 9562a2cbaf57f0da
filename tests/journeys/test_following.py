"""Which records a stream follows: relations, direction, nearness, and what is missing. Hours."""

from itertools import pairwise
from pathlib import Path

import pytest
from record_logs import Record, journeys_of, record, stream_of

from millrace.flow.flow import Flow
from millrace.flow.following import UnknownRecordType
from millrace.flow.journey import journey
from millrace.flow.journeys import NoItems
from millrace.model.follow import Follow
from millrace.model.value_stream import Demand, Match, Rule, Value

CALL = record("call", "C1", (0, "New"), (30, "Done"))
OTHER = record("call", "C2", (1, "New"), (2, "Done"))
NEAR = record("incident", "I1", (1, "New"), (9, "Done"))
FAR = record("incident", "I2", (20, "New"), (29, "Done"))
RECORDS = (CALL, OTHER, NEAR, FAR)


def flow_of(folder: Path, **follow: object) -> Flow:
    path = Follow.model_validate({"path": "call → incident", **follow})
    return journeys_of(RECORDS, [(CALL, NEAR, "became"), (FAR, CALL, "from")], folder, stream_of(path))


def served(flow: Flow, item: Record = CALL) -> list[str]:
    return [each.key for each in journey(flow, item.key).records]


@pytest.mark.parametrize(
    ("follow", "keys"),
    [
        ({}, ["C1", "I1", "I2"]),
        ({"direction": "forward"}, ["C1", "I1"]),
        ({"direction": "backward"}, ["C1", "I2"]),
        ({"relations": ["from"]}, ["C1", "I2"]),
        ({"within": "10 h"}, ["C1", "I1"]),
        ({"relations": ["other"]}, ["C1"]),
    ],
)
def test_links_are_followed_as_the_stream_says(tmp_path: Path, follow: dict[str, object], keys: list[str]) -> None:
    assert served(flow_of(tmp_path, **follow)) == keys


def test_a_demand_without_anything_linked_stays_or_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    kept, left = flow_of(tmp_path / "kept"), flow_of(tmp_path / "left", missing="leave_out")

    assert served(kept, OTHER) == ["C2"]
    assert (kept.about.n_items, left.about.n_items) == (2, 1)
    assert left.about.journeys
    assert left.about.journeys.n_left_out == 1


def test_where_no_demand_is_left_the_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoItems, match="2 are linked with nothing"):
        flow_of(tmp_path, relations=["other"], missing="leave_out")


def test_demand_by_a_rule_is_asked_of_the_root_only(tmp_path: Path) -> None:
    stream = stream_of("call → incident").model_copy(
        update={"demand": Demand(rule=Rule(when=(Match(status=("Done",), item_type=("call",)),)))}
    )

    flow = journeys_of(RECORDS, [(CALL, NEAR), (OTHER, FAR)], tmp_path, stream)

    found = journey(flow, "C2")
    assert [each.key for each in found.records] == ["C2", "I2"]
    assert (found.demand_at.hour, found.ended_at.day) == (2, 2)


def test_value_by_a_rule_shows_though_a_deeper_record_is_open(tmp_path: Path) -> None:
    stream = stream_of("call → incident").model_copy(
        update={"value": Value(rule=Rule(when=(Match(status=("Done",), item_type=("call",)),)))}
    )

    flow = journeys_of([OTHER, NEAR], [(OTHER, NEAR)], tmp_path, stream)

    found = journey(flow, "C2")
    assert found.value_at
    assert (found.value_at.hour, found.ended_at.hour) == (2, 9)
    assert found.spans[0].began_at == found.demand_at
    assert all(before.ended_at == after.began_at for before, after in pairwise(found.spans))


def test_without_a_path_every_record_is_an_item(tmp_path: Path) -> None:
    flow = journeys_of(RECORDS, [(CALL, NEAR)], tmp_path, stream_of())

    assert flow.about.n_items == len(RECORDS)
    assert served(flow, NEAR) == ["I1"]


def test_a_type_that_the_log_lacks_is_named_with_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(UnknownRecordType, match=r"follows “change”.*the types call, incident"):
        journeys_of(RECORDS, [], tmp_path, stream_of("call → change"))
