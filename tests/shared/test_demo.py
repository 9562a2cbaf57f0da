"""The demo shows everything there is to see, and stays as it was left."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from millrace.workbench import Workbench
from millrace.workbench.finding_moves import NoMoveFits
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared import demo as shown
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.alert_book import AlertsAsked
from millrace.workbench.shared.future_trials import Exactness, Trial


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedWorkbench]:
    """The demo with less in it: a few months of each sample, little simulated."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Exactness, "weeks", property(lambda _: 2))
        patch.setattr(Exactness, "n_replications", property(lambda _: 2))
        whole = Workbench.sample
        patch.setattr(Workbench, "sample", lambda self, name, path: whole(self, name, path, months=3))
        opened = SharedWorkbench(tmp_path_factory.mktemp("demo"))
        shown.set_up_demo(opened, lambda *_: None)
        yield opened
        opened.close()


def test_it_has_two_streams_with_findings(bench: SharedWorkbench) -> None:
    streams = bench.streams(HERE)
    assert len(streams) == 2
    for view in streams:
        assert view.published == 1
        assert bench.stream_findings(HERE, view.key).findings


def test_a_future_of_each_was_simulated(bench: SharedWorkbench) -> None:
    tried = [
        bench.answer(HERE, view.key, Trial(future, Exactness.QUICK))
        for view in bench.streams(HERE)
        for future in view.stream.future_states
        if future.moves
    ]
    assert len(tried) == 2
    assert all(each is not None and each.future_map.startswith("<svg") for each in tried)


def test_each_stream_has_aims_a_kept_week_and_a_review_to_come(bench: SharedWorkbench) -> None:
    today = bench.clock().date()
    for view in bench.streams(HERE):
        board, review = bench.target_board(HERE, view.key), bench.next_review(HERE, view.key)
        assert len(board.targets) == 2
        assert all(status.now is not None for status in board.targets)
        assert board.service_levels[0].met.ratio is not None
        assert [week.week_on for week in bench.snapshots(HERE, view.key)] == [bench.whole_weeks(HERE, view.key)[1]]
        assert review is not None
        assert review.due_on > today


def test_few_alerts_are_open_and_none_is_told_twice(bench: SharedWorkbench) -> None:
    alerts = bench.alerts(HERE, AlertsAsked()).alerts
    assert 0 < len(alerts) <= 40
    for view in bench.streams(HERE):
        drift = [each.title for each in alerts if (each.stream_key, each.kind) == (view.key, "map_drift")]
        assert len(drift) == len(set(drift)) <= 2


def test_an_improvement_is_under_way_with_one_action_late(bench: SharedWorkbench) -> None:
    (improvement,) = bench.improvements(HERE)
    assert (improvement.origin, improvement.state, improvement.model_step) == ("finding", "in progress", 5)
    assert improvement.hypothesis is not None
    assert improvement.baseline is not None
    assert [action.is_late(bench.clock().date()) for action in improvement.actions] == [False, True, False]
    week = bench.snapshots(HERE, improvement.stream_key)[0]
    assert week.todo[0].sentence.startswith("Overdue: ")


def test_a_finding_becomes_a_future_state_that_bears_its_title(bench: SharedWorkbench) -> None:
    key = bench.streams(HERE)[0].key
    made = {}
    for found in bench.stream_findings(HERE, key).findings:
        with suppress(NoMoveFits):
            made[found.title] = bench.future_of_finding(HERE, key, found.id)
    assert made
    assert all(future.name == title and future.moves for title, future in made.items())


def test_moves_can_name_kinds_of_items_but_nobody(bench: SharedWorkbench) -> None:
    (key,) = (view.key for view in bench.streams(HERE) if "Incident" in view.title)
    parts = bench.movable_parts(HERE, key)
    assert parts.teams == ("Second line support", "Service Desk", "Specialists and vendors")
    assert {"priority", "category", "channel", "Site"} <= set(parts.attributes)
    assert not {"person", "requester", "Opened", "team", "step"} & set(parts.attributes)


def test_it_is_set_up_once(bench: SharedWorkbench) -> None:
    key = bench.streams(HERE)[0].key
    bench.archive_stream(HERE, key)
    shown.set_up_demo(bench, lambda *_: None)
    assert len(bench.streams(HERE)) == 1
