"""Every hour of lead time lies in one leaf of the delay tree."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diagnose_waits.shop_floor import HOUR, MONDAY, flow_of_work
from tests.flow.logs import DESK, Row, flow_of, hour

from millrace.diagnose.delay_tree import Delay, Division, delay_tree
from millrace.flow.flow import Flow
from millrace.flow.selection import Selection


def lead_time(flow: Flow) -> int:
    """Microseconds of all lead times together."""
    return int(
        flow.engine.con.sql(
            "SELECT coalesce(sum(epoch_us(value_at) - epoch_us(demand_at)), 0)::BIGINT FROM items"
        ).fetchall()[0][0]
    )


def hours(root: Delay) -> dict[str, float]:
    return {leaf.id: leaf.microseconds / HOUR for leaf in root.leaves}


@pytest.fixture
def shop(tmp_path: Path) -> Callable[[Sequence[Row]], Flow]:
    return lambda rows: flow_of_work(rows, tmp_path)


@pytest.fixture
def desk(tmp_path: Path) -> Flow:
    """Two delivered items and an open one."""
    rows = [
        Row("1", hour(0), status="New", team="First line"),
        Row("1", hour(2), status="In progress", team="First line", person="Ann"),
        Row("1", hour(3), status="Awaiting user", team="First line", person="Ann"),
        Row("1", hour(9), status="In progress", team="Second line", person="Bob"),
        Row("1", hour(13), status="Resolved", team="Second line", person="Bob"),
        Row("2", hour(1), status="New", team="First line"),
        Row("2", hour(2), status="In progress", team="First line", person="Cid"),
        Row("2", hour(5), status="Resolved", team="First line", person="Cid"),
        Row("3", hour(1), status="New", team="First line"),
        Row("3", hour(90), status="In progress", team="First line", person="Cid"),
    ]
    return flow_of(rows, tmp_path, DESK)


def test_time_divides_by_state_side_reason_step_team_and_cause(desk: Flow) -> None:
    assert hours(delay_tree(desk).root) == {
        "waiting/requester/requester/work/first-line": 6.0,
        "waiting/provider/queue/take-in/first-line/undetermined": 3.0,
        "active/work/first-line": 4.0,
        "active/work/second-line": 4.0,
    }


def test_a_node_counts_its_items_once(desk: Flow) -> None:
    root = delay_tree(desk).root

    assert root.n_items == 2
    assert root.find("active").n_items == 2
    assert root.find("active/work/second-line").n_items == 1


def test_a_node_says_by_what_it_was_divided(desk: Flow) -> None:
    root = delay_tree(desk).root

    assert [root.find(way).division for way in ("waiting", "waiting/provider", "active/work")] == [
        Division.STATE,
        Division.SIDE,
        Division.STEP,
    ]


def test_a_way_that_leads_nowhere_is_refused(desk: Flow) -> None:
    with pytest.raises(KeyError):
        delay_tree(desk).root.find("active/holiday")


def test_a_selection_narrows_the_tree(desk: Flow) -> None:
    chosen = Selection(where={"team": ("Second line",)})

    assert delay_tree(desk, selection=chosen).root.microseconds == 13 * HOUR


def test_queueing_divides_by_cause(shop: Callable[[Sequence[Row]], Flow]) -> None:
    rows = [
        Row("1", hour(1), activity="A", started_at=hour(0), person="Ann"),
        Row("2", hour(3), activity="A", started_at=hour(0), person="Bob"),
        Row("1", hour(6), activity="B", started_at=hour(4), person="Bob"),
    ]

    assert hours(delay_tree(shop(rows)).root) == {
        "active/a": 4.0,
        "active/b": 2.0,
        "waiting/provider/queue/b/contention": 2.0,
        "waiting/provider/queue/b/extraneous": 1.0,
    }


def test_a_log_in_which_nothing_is_delivered_has_no_time(tmp_path: Path) -> None:
    root = delay_tree(flow_of([Row("1", hour(0), status="New")], tmp_path, DESK)).root

    assert (root.microseconds, root.children) == (0, ())


@given(st.integers(0, 10**6), st.integers(1, 200))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("tells_starts", [True, False], ids=["work", "statuses"])
def test_leaves_add_up_to_all_lead_time(tmp_path: Path, tells_starts: bool, seed: int, n_events: int) -> None:
    chance = np.random.default_rng(seed)
    rows = []
    for n in range(n_events):
        at = MONDAY + int(chance.integers(10**12))
        who = {"person": f"P{chance.integers(9)}", "team": f"T{chance.integers(3)}", "position": n}
        item = f"{chance.integers(n_events // 6 + 1)}"
        if tells_starts:
            long = int(chance.integers(10**11))
            rows.append(Row(item, at + long, activity="AB"[chance.integers(2)], started_at=at, **who))  # type: ignore[arg-type]
        else:
            status = ("New", "In progress", "Fixing", "Awaiting user", "Resolved")[chance.integers(5)]
            rows.append(Row(item, at, status=status, **who))  # type: ignore[arg-type]
    flow = flow_of_work(rows, tmp_path) if tells_starts else flow_of(rows, tmp_path, DESK)
    root = delay_tree(flow).root

    assert sum(leaf.microseconds for leaf in root.leaves) == root.microseconds == lead_time(flow)
