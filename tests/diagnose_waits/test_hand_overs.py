"""Hand-overs as tables: what a file of them holds."""

from pathlib import Path

import pytest
from tests.diagnose_waits.shop_floor import flow_of_work
from tests.flow.logs import Row, hour

from millrace.diagnose.waits.hand_overs import each_wait, hand_overs
from millrace.diagnose.waits.waits import Waits, waits


@pytest.fixture
def found(tmp_path: Path) -> Waits:
    """Ann hands two items to Bob, of which one waits for the other; a third goes to a team."""
    rows = [
        Row("1", hour(1), activity="A", started_at=hour(0), person="Ann"),
        Row("1", hour(3), activity="B", started_at=hour(1), person="Bob"),
        Row("2", hour(2), activity="A", started_at=hour(1), person="Ann"),
        Row("2", hour(4), activity="B", started_at=hour(3), person="Bob"),
        Row("3", hour(3), activity="A", started_at=hour(2), person="Ann"),
        Row("3", hour(7), activity="B", started_at=hour(5), team="Desk"),
    ]
    split = waits(flow_of_work(rows, tmp_path))
    assert isinstance(split, Waits)
    return split


def test_hand_overs_add_up_by_who_and_what(found: Waits) -> None:
    rows = hand_overs(found).to_pylist()

    assert [(row["to_person"], row["n"], row["n_items"], row["wait_seconds"]) for row in rows] == [
        ("Desk", 1, 1, 7200.0),
        ("Bob", 2, 2, 3600.0),
    ]
    assert rows[1]["contention_seconds"] == 3600.0
    assert rows[0]["undetermined_seconds"] == 7200.0


def test_the_columns_are_those_that_were_promised(found: Waits) -> None:
    assert hand_overs(found).column_names == [
        "from_activity", "from_person", "to_activity", "to_person", "n", "n_items", "wait_seconds",
        "batching_seconds", "prioritisation_seconds", "contention_seconds", "unavailability_seconds",
        "extraneous_seconds", "undetermined_seconds",
    ]  # fmt: skip


def test_each_wait_is_a_row_of_its_item(found: Waits) -> None:
    rows = each_wait(found).to_pylist()

    assert [(row["item"], row["wait_seconds"]) for row in rows] == [("1", 0.0), ("2", 3600.0), ("3", 7200.0)]
    assert len({row["started_at"] - row["ready_at"] for row in rows}) == 3
