"""Binding: every event goes to one rule or stays unmapped, and the time it carries adds up to the items' lives."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flow.logs import ACTIVITIES, Row, Written, hour, write_log

from millrace.diagnose.binding import PAUSE, Binding, bind
from millrace.eventlog.engine import connect
from millrace.eventlog.schema import Shape
from millrace.flow.flow import UNMAPPED
from millrace.flow.summary import Share
from millrace.model.value_stream import Match, Step, ValueStream

STATUSES = Written()
WORK = Written(Shape.ACTIVITY_LOG, ACTIVITIES)
STREAM = ValueStream(
    name="desk",
    steps=(
        Step(name="first line", match=(Match(status=("In progress",), team=("Desk",)),)),
        Step(name="second line", match=(Match(status=("Fixing",)), Match(status=("In*",)), Match(status=("Fix*",)))),
    ),
    pauses=(Match(status=("Awaiting*",)),),
)


def bound(rows: list[Row], folder: Path, stream: ValueStream = STREAM, about: Written = STATUSES) -> Binding:
    with connect() as connection:
        return bind(stream, write_log(rows, folder, about), connection)


def statuses(item: str, *events: tuple[float, str, str | None]) -> list[Row]:
    return [Row(item, hour(at), status=s, team=team, position=n) for n, (at, s, team) in enumerate(events)]


@pytest.fixture
def desk(tmp_path: Path) -> Binding:
    first = [(0, "In progress", "Desk"), (2, "Fixing", "Ops"), (5, "Awaiting user", "Ops"), (9, "Closed", "Ops")]
    second = [(0, "In progress", "Ops"), (1, "In progress", "Desk"), (2, "Junk", None), (4, "Closed", None)]
    return bound([*statuses("a", *first), *statuses("b", *second)], tmp_path)


def test_each_rule_tells_its_events_items_and_time(desk: Binding) -> None:
    carried = [(rule.step, rule.nth, rule.n_events, rule.items.part, rule.time.part / 3600) for rule in desk.rules]

    assert carried == [
        (PAUSE, 1, 1, 1, 4),
        ("first line", 1, 2, 2, 3),
        ("second line", 1, 1, 1, 3),
        ("second line", 2, 1, 1, 1),
        ("second line", 3, 0, 0, 0),
    ]


def test_a_label_goes_to_several_steps_where_rules_look_at_teams(desk: Binding) -> None:
    steps = {(label.step, label.n_events) for label in desk.labels if label.status == "In progress"}

    assert steps == {("first line", 2), ("second line", 1)}


def test_what_no_rule_takes_stays_visible(desk: Binding) -> None:
    assert [(label.name, label.n_events, label.time.part / 3600) for label in desk.unmapped] == [
        ("Junk", 1, 2),
        ("Closed", 2, 0),
    ]
    assert desk.unmapped_time == Share(2 * 3600, 13 * 3600)
    assert desk.unmapped_events == Share(3, 8)


def test_labels_that_several_rules_of_a_step_take_count_each_item_once(tmp_path: Path) -> None:
    step = Step(name="work", match=(Match(status=("Fixing",), team=("A",)), Match(status=("Fixing",))))
    rows = statuses("a", (0, "Fixing", "A"), (1, "Fixing", "B"))
    [label] = bound(rows, tmp_path, ValueStream(name="s", steps=(step,))).labels

    assert (label.n_events, label.items) == (2, Share(1, 1))


def test_work_carries_the_time_since_the_work_before_and_overlaps_count_once(tmp_path: Path) -> None:
    rows = [
        Row("a", hour(end), activity=activity, started_at=hour(start), position=n)
        for n, (start, end, activity) in enumerate([(0, 4, "Register"), (1, 2, "Check"), (6, 7, "Repair")])
    ]
    binding = bound(rows, tmp_path, ValueStream(name="s"), WORK)

    assert {label.name: label.time.part / 3600 for label in binding.labels} == {"Register": 4, "Check": 0, "Repair": 3}


def test_a_stream_without_rules_leaves_everything_unmapped(tmp_path: Path) -> None:
    binding = bound(statuses("a", (0, "New", None), (1, "Closed", None)), tmp_path, ValueStream(name="s"))

    assert binding.rules == ()
    assert {label.step for label in binding.labels} == {UNMAPPED}
    assert binding.unmapped_time.ratio == 1


def test_an_empty_log_has_nothing_to_bind(tmp_path: Path) -> None:
    binding = bound([], tmp_path, about=Written(columns=frozenset({"status"})))

    assert (binding.n_items, binding.n_events, binding.labels) == (0, 0, ())
    assert binding.unmapped_time.ratio is None


events = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.integers(0, 50),
        st.sampled_from(["In progress", "Fixing", "Awaiting user", "Junk"]),
        st.sampled_from(["Desk", "Ops", None]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(events)
def test_events_and_time_add_up(tmp_path_factory: pytest.TempPathFactory, written: list[tuple]) -> None:
    rows = [Row(item, hour(at), status=s, team=team, position=n) for n, (item, at, s, team) in enumerate(written)]
    binding = bound(rows, tmp_path_factory.mktemp("log"))
    lives = {item: [at for other, at, *_ in written if other == item] for item, *_ in written}

    assert sum(label.n_events for label in binding.labels) == len(rows) == binding.n_events
    assert sum(label.time.part for label in binding.labels) == sum(3600 * (max(at) - min(at)) for at in lives.values())
    assert sum(rule.n_events for rule in binding.rules) + binding.unmapped_events.part == len(rows)
