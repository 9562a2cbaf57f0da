"""What deserves attention, kind by kind, and that nothing is told which had not happened."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from watched_desk import Items, at_hour, desk_stream, of_kind

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.flow.cut import cut
from millrace.govern.kinds.control_chart import broken_rule, shift
from millrace.govern.kinds.target_missed import shown
from millrace.govern.raising import raising
from millrace.govern.replay import Told, replay, signals_as_of
from millrace.govern.signal import Severity, Signal, SourceState, Watched
from millrace.govern.signals import KINDS, signals
from millrace.govern.target_status import Standing, target_status
from millrace.model.target import Target
from millrace.model.value_stream import ValueStream

DeskLog = Callable[[Items], EventLog]
PROMISE = {"service_levels": [{"name": "Promise", "within": "10 h"}]}
WEEK = 7 * 24


def look(log: EventLog, stream: ValueStream, at: float, source: SourceState | None = None) -> tuple[Signal, ...]:
    """The signals at an hour, of the whole log."""
    folder = log.folder / f"flow-{at}"
    folder.mkdir()
    with connect() as connection:
        flow = cut(log, stream, folder, connection)
    return signals(Watched(stream, flow, log, at_hour(at), source))


def test_a_breach_is_told_since_the_time_was_used_up(desk_log: DeskLog) -> None:
    log = desk_log({"a": [(0, "New"), (1, "In progress")], "b": [(0, "New"), (2, "Resolved")]})
    (told,) = of_kind(look(log, desk_stream(**PROMISE), 30), "sla_breach")
    assert (told.item, told.began_at, told.severity) == ("a", at_hour(10), Severity.CRITICAL)
    assert "1.2 d of the 10 h promised are used" in told.sentence


def test_a_breach_is_foreseen_by_those_that_used_as_much(desk_log: DeskLog) -> None:
    """Of 40 items 30 took 20 hours and 10 took 2: whoever has used 3 hours will take 20."""
    past = {f"p{n}": [(n, "New"), (n + (20 if n % 4 else 2), "Resolved")] for n in range(40)}
    log = desk_log({**past, "now": [(100, "New"), (103, "In progress")]})
    (told,) = of_kind(look(log, desk_stream(**PROMISE), 103.5), "breach_foreseen")
    assert told.item == "now"
    assert told.sentence.startswith("100 % of the 30 items")


def test_an_item_older_than_85_percent_were_on_leaving_its_step_is_told(desk_log: DeskLog) -> None:
    past = {f"p{n}": [(n, "New"), (n + 1 + n % 10, "In progress"), (n + 30, "Resolved")] for n in range(60)}
    log = desk_log({**past, "old": [(90, "New"), (101, "New")], "young": [(99, "New"), (100, "New")]})
    assert [told.item for told in of_kind(look(log, desk_stream(), 101), "ageing")] == ["old"]


def test_many_old_items_are_told_as_one_while_the_same_is_the_oldest(desk_log: DeskLog) -> None:
    """Of twelve old items two are delivered, which leaves ten; the aggregate ends, and nothing is told twice."""
    past = {f"p{n}": [(n, "New"), (n + 1 + n % 10, "In progress"), (n + 30, "Resolved")] for n in range(60)}
    old: Items = {f"o{n:02}": [(90 + n / 10, "New"), *([(120, "Resolved")] if n > 9 else [])] for n in range(12)}
    log = desk_log({**past, **old, "late": [(140, "New")]})
    told = [each for each in replay(log, desk_stream(), map(at_hour, (99, 105, 110, 121, 125))) if is_ageing(each)]
    assert [each.signal.title for each in told[:1]] == ["12 items have grown old"]
    assert told[0].signal.sentence.startswith("The oldest, o00 in “Take in”, is 15 h old")
    assert [(each.at, each.signal.item) for each in told[1:]] == [(at_hour(121), f"o{n:02}") for n in range(10)]


def is_ageing(told: Told) -> bool:
    return told.signal.kind == "ageing"


def test_an_item_without_an_event_is_stuck_once_per_standstill(desk_log: DeskLog) -> None:
    stream = desk_stream(watch={"stuck": [{"after": "10 h", "held": [{"state": "waiting"}]}]})
    log = desk_log(
        {"a": [(0, "New"), (1, "Awaiting user"), (20, "In progress"), (21, "Awaiting user")], "b": [(0, "In progress")]}
    )
    looks = [at_hour(each) for each in (5, 12, 15, 20.5, 25, 31.5, 40)]
    told = [told for told in replay(log, stream, looks) if told.signal.kind == "stuck"]
    assert [(each.at, each.signal.item) for each in told] == [(at_hour(12), "a"), (at_hour(31.5), "a")]


def weekly(hours_per_week: list[float]) -> Items:
    """Two items a week, which take so many hours in that week."""
    return {
        f"w{week}-{n}": [(week * WEEK + n, "New"), (week * WEEK + n + hours, "Resolved")]
        for week, hours in enumerate(hours_per_week)
        for n in range(2)
    }


LEAD = {
    "targets": [{"name": "Lead time", "measure": "lead_time", "statistic": "p50", "target": "10 h", "warning": "8 h"}]
}


def test_a_run_of_missed_weeks_is_told_once_and_ends_by_itself(desk_log: DeskLog) -> None:
    log = desk_log(weekly([5, 20, 20, 20, 5, 20, 5]))
    looks = [at_hour(week * WEEK + 1) for week in range(1, 8)]
    told = [told for told in replay(log, desk_stream(**LEAD), looks) if told.signal.kind == "target_missed"]
    assert [each.at for each in told] == [at_hour(2 * WEEK + 1), at_hour(6 * WEEK + 1)]
    assert "came to 20 h (n = 2) in the week from 2024-01-08; the target is at most 10 h" in told[0].signal.sentence


@pytest.mark.parametrize(
    ("limit", "figure", "told"),
    [("3 d", 3.04 * 86400, "just over 3 d"), ("3 d", 3 * 86400, "3 d"), ("3 d", 4 * 86400, "4 d")],
)
def test_a_figure_that_misses_by_a_little_says_so(limit: str, figure: float, told: str) -> None:
    assert shown(Target.model_validate({"name": "Fast", "measure": "lead_time", "target": limit}), figure) == told


def test_a_target_says_how_each_whole_week_stands(desk_log: DeskLog, tmp_path: Path) -> None:
    log, stream = desk_log(weekly([5, 9, 20, 5])), desk_stream(**LEAD)
    with connect() as connection:
        flow = cut(log, stream, tmp_path, connection)
    points = target_status(flow, stream, stream.targets[0], at=at_hour(4 * WEEK)).points
    assert [point.standing for point in points] == [Standing.KEPT, Standing.CLOSE, Standing.MISSED, Standing.KEPT]
    assert points[2].value == 20 * 3600


def test_a_target_of_a_service_level_counts_what_ended_in_the_period(desk_log: DeskLog, tmp_path: Path) -> None:
    target = {"name": "Kept", "measure": "sla_compliance", "service_level": "Promise", "target": 0.9}
    log, stream = desk_log(weekly([5, 20])), desk_stream(**PROMISE, targets=[target])
    with connect() as connection:
        flow = cut(log, stream, tmp_path, connection)
    points = target_status(flow, stream, stream.targets[0], at=at_hour(2 * WEEK)).points
    assert [(point.value, point.standing) for point in points] == [(1.0, "kept"), (0.0, "missed")]


USUAL = [10, 10.5] * 8


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([10, 11, 9, 10, 11, 9, 10, 30], (1, 1)),
        ([10, 11, 9, 10, 11, 9, 10, 10.5], (None, 0)),
        ([*USUAL, 11.3, 10.2, 11.4], (2, 1)),
        ([*USUAL, 9.6, 9.6, 10.2, 9.6, 9.6], (3, -1)),
        ([10, 12, 8, 10, 12, 8, 11, 11, 11, 11, 11, 11, 11, 11], (4, 1)),
        ([10.0] * 20, (None, 0)),
    ],
)
def test_rules_of_the_control_chart(values: list[float], expected: tuple[int | None, int]) -> None:
    assert broken_rule(values) == expected


def test_a_new_level_is_found_and_noise_is_not() -> None:
    assert shift([10, 11, 9, 10, 12, 10, 9, 11, 10, 20, 21, 19, 20, 22, 20]) == 9
    assert shift([10, 11, 9, 10, 12, 10, 9, 11, 10, 11, 10, 9, 12, 10, 11]) is None


def test_events_outside_all_steps_are_drift(desk_log: DeskLog) -> None:
    items: dict[str, Any] = {f"i{n}": [(n, "New"), (n + 1, "Updated"), (n + 2, "Resolved")] for n in range(40)}
    items |= {f"j{n}": [(n, "New" if n % 2 else "Reopened by mail"), (n + 1, "Resolved")] for n in range(40)}
    drift = of_kind(look(desk_log(items), desk_stream(discovered=True), 60), "map_drift")
    assert [told.subject for told in drift] == ["unmapped"]
    assert "“Reopened by mail”" in drift[0].sentence


def drawn(steps: dict[str, Any], **more: Any) -> ValueStream:
    """The desk with estimates and routes, by the names of its steps."""
    stream = desk_stream(**more).model_dump()
    return ValueStream.model_validate({**stream, "steps": [s | steps.get(s["name"], {}) for s in stream["steps"]]})


OFF = {
    "Take in": {"estimate": {"queue_time": "50 min"}},
    "Work": {"estimate": {"process_time": "20 h", "complete_and_accurate_ratio": 0.5, "automation_ratio": 0.9}},
    "Fix": {"estimate": {"process_time": "10 h"}},
}


def test_estimates_that_differ_are_one_alert_that_names_the_worst(desk_log: DeskLog) -> None:
    """Each item waits 2 hours, is worked on for 3 and fixed for 4."""
    log = desk_log(
        {f"i{n}": [(n, "New"), (n + 2, "In progress"), (n + 5, "Fixing"), (n + 9, "Resolved")] for n in range(30)}
    )
    (told,) = [each for each in of_kind(look(log, drawn(OFF), 50), "map_drift") if each.subject == "estimates"]
    assert told.title == "4 estimates differ from what is measured"
    assert told.sentence.startswith("“Work”: a process time of 20 h is estimated, but the median is 3 h. “Fix”: a ")
    assert "1 more differs. Edit the stream and take over what is measured" in told.sentence


def test_differing_estimates_are_told_anew_only_of_a_map_that_was_drawn_anew(desk_log: DeskLog) -> None:
    log = desk_log({f"i{n}": [(n, "New"), (n + 2, "In progress"), (n + 5, "Resolved")] for n in range(30)})
    first, later = (of_kind(look(log, drawn(OFF), at), "map_drift")[0] for at in (50, 60))
    assert first.fingerprint == later.fingerprint
    anew = drawn(OFF | {"Take in": {"estimate": {"queue_time": "30 min"}}})
    assert of_kind(look(log, anew, 70), "map_drift")[0].fingerprint != first.fingerprint


def test_ways_that_are_not_drawn_are_one_alert(desk_log: DeskLog) -> None:
    log = desk_log({f"i{n}": [(n, "New"), (n + 2, "Fixing"), (n + 5, "In progress")] for n in range(30)})
    (told,) = of_kind(look(log, desk_stream(), 50), "map_drift")
    assert told.subject == "drawing"
    assert "go on to “Fix”, a way that is not drawn" in told.sentence


def test_a_source_that_stops_is_told_and_an_export_given_once_is_not(desk_log: DeskLog) -> None:
    log = desk_log({f"i{n}": [(n, "New"), (n + 2, "Resolved")] for n in range(48)})
    refreshed, once = SourceState("Export", is_refreshed=True), SourceState("Export")
    (told,) = of_kind(look(log, desk_stream(), 100, refreshed), "source_stopped")
    assert told.began_at == at_hour(49 + 24)
    assert of_kind(look(log, desk_stream(), 101, once), "source_stopped") == []


def test_a_source_that_cannot_be_read_is_told(desk_log: DeskLog) -> None:
    log = desk_log({"a": [(0, "New")]})
    broken = SourceState("Export", problem="The column “state” is gone.", version=3)
    (told,) = of_kind(look(log, desk_stream(), 1, broken), "source_stopped")
    assert told.sentence == "The column “state” is gone. Figures are those of the export before."


def test_a_column_that_is_gone_is_told_and_stops_nothing_else(desk_log: DeskLog) -> None:
    gone = {"name": "Urgent", "within": "1 h", "where": {"urgency": ["1"]}}
    log = desk_log({"a": [(0, "New"), (1, "In progress")]})
    found = look(log, desk_stream(service_levels=[gone, *PROMISE["service_levels"]]), 20)
    assert [told.sentence.partition(".")[0] for told in of_kind(found, "source_stopped")] == [
        "The log has no column “urgency”"
    ]
    assert len(of_kind(found, "sla_breach")) == 1


def test_a_review_is_overdue_the_moment_its_time_is_over(desk_log: DeskLog) -> None:
    stream = desk_stream(review_every="30 d", reviewed_on=date(2024, 1, 1))
    log = desk_log({"a": [(0, "New")]})
    assert of_kind(look(log, stream, 30 * 24), "review_overdue") == []
    assert of_kind(look(log, stream, 30 * 24 + 1), "review_overdue")[0].began_at == at_hour(30 * 24)


def test_kinds_that_a_stream_leaves_out_are_not_looked_for(desk_log: DeskLog) -> None:
    log = desk_log({"a": [(0, "New")]})
    assert look(log, desk_stream(**PROMISE, watch={"leaves_out": list(KINDS)}), 30) == ()


def test_what_is_told_once_is_not_told_again() -> None:
    def signal(subject: str, occasion: str = "") -> Signal:
        at = datetime(2024, 1, 1, tzinfo=UTC)
        return Signal("stuck", subject, Severity.WARNING, subject, "", at, occasion)

    changes = raising(
        [signal("new"), signal("open"), signal("told", "1"), signal("came back", "2")],
        {("stuck", "open"), ("stuck", "gone")},
        {signal("told", "1").fingerprint, signal("came back", "1").fingerprint},
    )
    assert [each.subject for each in changes.raised] == ["new", "came back"]
    assert set(changes.going_on) == {("stuck", "open")}
    assert changes.over == {("stuck", "gone")}


def test_every_breach_is_told_once_at_the_first_look_after_it_and_never_ahead(desk_log: DeskLog) -> None:
    """Against a plain reckoning: the first look at which an item is open and past its 10 hours."""
    items = {f"i{n}": [(n * 3, "New"), (n * 3 + 1, "In progress"), (n * 3 + 4 + n * 2, "Resolved")] for n in range(15)}
    log, looks = desk_log(items), [hour * 4.0 for hour in range(1, 24)]
    told = replay(log, desk_stream(**PROMISE), [at_hour(each) for each in looks])
    found = {each.signal.item: each.at for each in told if each.signal.kind == "sla_breach"}

    expected = {}
    for n in range(15):
        late = [each for each in looks if n * 3 + 10 < each < n * 3 + 4 + n * 2]
        if late:
            expected[f"i{n}"] = at_hour(late[0])
    assert found == expected


def test_looking_at_the_past_sees_what_an_export_made_then_would_show(desk_log: DeskLog, tmp_path: Path) -> None:
    """The log cut off at an instant by hand yields the same signals, though the whole log knows more."""
    from tests.flow.logs import Written, write_log
    from watched_desk import rows_of

    items = {
        f"i{n}": [(n, "New"), (n + 3, "Awaiting user"), (n + 40, "Resolved"), (n + 60, "In progress")]
        for n in range(50)
    }
    stream = desk_stream(**PROMISE, **LEAD, watch={"stuck": [{"after": "5 h"}]})
    now = 45.5
    cut_off = {item: [event for event in events if event[0] <= now] for item, events in items.items()}
    by_hand = write_log(
        rows_of({item: events for item, events in cut_off.items() if events}), tmp_path / "cut", Written()
    )
    assert signals_as_of(desk_log(items), stream, at_hour(now)) == look(by_hand, stream, now)
