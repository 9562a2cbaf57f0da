"""Which items tell most, and the journey of an item of an ordinary log."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from millrace.flow.flow import Flow
from millrace.flow.journey import UnknownItem, journey
from millrace.flow.telling_items import Telling, TellingItem, telling_items
from millrace.model.state import State

MakeFlow = Callable[..., Flow]


def team(name: str) -> dict[str, str]:
    return {"team": name}


def test_the_middle_the_slow_and_the_most_bounced_item_are_named(desk: MakeFlow) -> None:
    quick = {f"Q{n}": [(0, "New"), (n, "Resolved")] for n in range(1, 10)}
    bounced = [(0, "New", team("A")), (1, "New", team("B")), (2, "New", team("A")), (100, "Resolved", team("A"))]

    assert telling_items(desk(**quick, B1=bounced)) == (
        TellingItem(Telling.MEDIAN, "Q5"),
        TellingItem(Telling.SLOW, "Q9"),
        TellingItem(Telling.BOUNCED, "B1"),
    )


def test_an_item_that_tells_two_things_is_named_once(desk: MakeFlow) -> None:
    assert telling_items(desk(A=[(0, "New"), (1, "Resolved")])) == (TellingItem(Telling.MEDIAN, "A"),)


def test_nothing_tells_where_nothing_was_delivered(desk: MakeFlow) -> None:
    assert telling_items(desk(A=[(0, "New"), (1, "New")])) == ()


def test_the_journey_of_an_item_of_one_record_is_its_own_life(desk: MakeFlow) -> None:
    flow = desk(A=[(0, "New", team("A")), (2, "Resolved", team("A")), (5, "Resolved", team("A"))])
    found = journey(flow, "A")

    assert found.lead_time == timedelta(hours=2)
    assert found.last_state is State.DONE
    assert [record.key for record in found.records] == ["A"]
    assert found.records[0].spans == found.spans
    assert sum((span.ended_at - span.began_at for span in found.spans), timedelta()) == timedelta(hours=5)


def test_an_item_that_is_not_there_is_told_with_those_near_it(desk: MakeFlow) -> None:
    flow = desk(INC0001=[(0, "New")], INC0002=[(0, "New")], XYZ=[(0, "New")])
    with pytest.raises(UnknownItem, match=r"has no item “INC00O1”; near are “INC0001”, “INC0002”"):
        journey(flow, "INC00O1")
