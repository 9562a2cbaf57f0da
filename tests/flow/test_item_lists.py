"""Which items a figure or a place is made of."""

from collections.abc import Callable

import pytest

from millrace.flow.flow import Flow
from millrace.flow.item_list import ItemMeasure, list_items
from millrace.flow.selection import Selection
from millrace.flow.time_in import NoTimeIn, TimeBy, TimeIn

MakeFlow = Callable[..., Flow]
DESK_TEAM, FIELD_TEAM = {"team": "Desk"}, {"team": "Field"}


@pytest.fixture
def two(desk: MakeFlow) -> Flow:
    return desk(
        a=[(0, "New", DESK_TEAM), (1, "In progress", DESK_TEAM), (4, "Awaiting user", DESK_TEAM), (9, "Resolved")],
        b=[(0, "New", DESK_TEAM), (2, "In progress", FIELD_TEAM), (3, "Resolved", FIELD_TEAM)],
    )


def there(flow: Flow, kind: TimeBy, name: str) -> dict[str, float]:
    listed = list_items(flow, TimeIn(kind, name))
    return {item: seconds / 3600 for item, seconds in listed.select("item, there_seconds").fetchall()}


@pytest.mark.parametrize(
    ("kind", "name", "hours"),
    [
        (TimeBy.STEP, "Take in", {"b": 2, "a": 1}),
        (TimeBy.STATE, "waiting", {"a": 5}),
        (TimeBy.REASON, "requester", {"a": 5}),
        (TimeBy.SIDE, "requester", {"a": 5}),
        (TimeBy.TEAM, "Field", {"b": 1}),
        (TimeBy.STEP, "Fix", {}),
    ],
)
def test_the_items_of_a_place_are_those_that_spent_time_there(
    two: Flow, kind: TimeBy, name: str, hours: dict[str, float]
) -> None:
    assert there(two, kind, name) == hours


def test_the_items_longest_in_a_place_come_first(two: Flow) -> None:
    assert list(there(two, TimeBy.STEP, "Take in")) == ["b", "a"]


def test_a_place_that_is_not_there_is_named_with_the_nearest(two: Flow) -> None:
    with pytest.raises(NoTimeIn, match="the team “Feild”; did you mean “Field”"):
        list_items(two, TimeIn(TimeBy.TEAM, "Feild"))


def test_demand_lists_every_item(two: Flow) -> None:
    assert {row[0] for row in list_items(two, ItemMeasure.DEMAND).fetchall()} == {"a", "b"}


@pytest.mark.parametrize(
    ("where", "items"),
    [({"team": ("Field",)}, {"b"}), ({"step": ("Work",)}, {"a", "b"})],
)
def test_the_items_of_a_team_or_step_can_be_listed(
    two: Flow, where: dict[str, tuple[str, ...]], items: set[str]
) -> None:
    listed = list_items(two, ItemMeasure.DEMAND, selection=Selection(where=where))
    assert {row[0] for row in listed.fetchall()} == items


def test_what_is_done_without_value_is_not_open(desk: MakeFlow) -> None:
    flow = desk(a=[(0, "New"), (1, "In progress")], b=[(0, "New"), (2, "Cancelled")])
    assert [row[0] for row in list_items(flow, ItemMeasure.OPEN).fetchall()] == ["a"]
