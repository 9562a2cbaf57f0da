"""Time in a step per item, all its visits there together."""

from collections.abc import Callable

from millrace.flow.flow import Flow
from millrace.flow.item_step_time import item_step_time
from millrace.flow.summary import Absent

MakeFlow = Callable[..., Flow]


def test_visits_of_an_item_to_a_step_count_together(desk: MakeFlow) -> None:
    flow = desk(
        a=[(0, "New"), (2, "In progress"), (3, "Fixing"), (5, "In progress"), (9, "Resolved")],
        b=[(0, "New"), (1, "In progress"), (3, "Resolved")],
    )
    work = next(each for each in item_step_time(flow) if each.step == "Work")
    assert (work.lead_time.n, work.lead_time.total_seconds) == (2, 7 * 3600)
    assert work.lead_time.max_seconds == 5 * 3600
    assert not isinstance(work.process_time, Absent)
    assert work.process_time.p50 is not None
    assert work.process_time.p50.seconds == 3.5 * 3600


def test_time_after_value_is_left_out(desk: MakeFlow) -> None:
    flow = desk(a=[(0, "New"), (2, "In progress"), (3, "Resolved"), (8, "Closed")])
    assert [(each.step, each.lead_time.total_seconds) for each in item_step_time(flow)] == [
        ("Take in", 2 * 3600),
        ("Work", 3600),
    ]


def test_work_per_item_is_absent_where_only_ends_are_known(ends: MakeFlow) -> None:
    flow = ends(a=[(1, "Register"), (4, "Check"), (6, "Resolve")])
    assert all(isinstance(each.process_time, Absent) for each in item_step_time(flow))
