"""The activity graph of small logs, worked by hand."""

from collections.abc import Callable

from logs import Row, flow_of, hour

from millrace.flow.activity_graph import Activity, ActivityPath, activity_graph
from millrace.flow.flow import Flow
from millrace.flow.selection import Selection

MakeFlow = Callable[..., Flow]


def test_statuses_that_follow_each_other_are_counted_with_their_times(desk: MakeFlow) -> None:
    graph = activity_graph(
        desk(
            a=[(0, "New"), (2, "In progress"), (3, "Resolved")],
            b=[(0, "New"), (4, "In progress"), (5, "In progress"), (9, "Resolved")],
            c=[(1, "New"), (2, "Cancelled")],
        )
    )

    assert graph.n_items == 3
    assert graph.activities == (
        Activity("In progress", 3, 2, 0, 0),
        Activity("New", 3, 3, 3, 0),
        Activity("Resolved", 2, 2, 0, 2),
        Activity("Cancelled", 1, 1, 0, 1),
    )
    assert graph.paths[:2] == (
        ActivityPath("In progress", "Resolved", 2, 2.5 * 3600, 3.55 * 3600, 5 * 3600),
        ActivityPath("New", "In progress", 2, 3 * 3600, 3.7 * 3600, 6 * 3600),
    )


def test_work_follows_from_its_end_to_the_next_start_and_overlaps_take_no_time(shop: MakeFlow) -> None:
    graph = activity_graph(shop(a=[(0, 2, "Register"), (5, 6, "Repair")], b=[(0, 4, "Register"), (3, 6, "Repair")]))

    assert graph.paths == (ActivityPath("Register", "Repair", 2, 1.5 * 3600, 2.55 * 3600, 3 * 3600),)


def test_the_usual_path_is_the_most_frequent_sequence_without_its_repetitions(desk: MakeFlow) -> None:
    often = [(0, "New"), (1, "In progress"), (2, "New"), (3, "Resolved")]
    graph = activity_graph(desk(a=often, b=often, c=[(0, "New"), (1, "Resolved")]))

    assert graph.usual_path == ("New", "In progress", "Resolved")


def test_a_selection_leaves_other_items_out(tmp_path) -> None:
    rows = [
        Row(item, hour(at), status=status, position=at, more=(("priority", priority),))
        for item, priority in (("a", "high"), ("b", "low"), ("c", "low"))
        for at, status in enumerate(("New", "Resolved"))
    ]
    graph = activity_graph(flow_of(rows, tmp_path), selection=Selection(where={"priority": ("low",)}))

    assert graph.n_items == 2
    assert [path.n for path in graph.paths] == [2]
