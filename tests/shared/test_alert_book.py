"""Alerts are raised once, dealt with by people, and end by themselves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from governed import PROMISE, export, governed, replaced

from millrace.govern.signal import Severity
from millrace.model.service_level import ServiceLevel
from millrace.model.target import Target
from millrace.workbench.shared import Actor, NotAllowed, Role, SharedWorkbench
from millrace.workbench.shared.alert_book import AlertsAsked, NoSuchAlert
from millrace.workbench.shared.stream_book import ChangedMeanwhile
from millrace.workbench.shared.target_book import TargetNotUsable

BREACHES = AlertsAsked(kind="sla_breach")


def breaches(bench: SharedWorkbench, actor: Actor, **asked: str) -> list[str | None]:
    return sorted(str(each.item) for each in bench.alerts(actor, AlertsAsked(kind="sla_breach", **asked)).alerts)


def test_looking_twice_raises_once(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = governed(bench, admin, tmp_path)
    first, second = bench.look(admin, key), bench.look(admin, key)
    assert breaches(bench, admin) == ["INC030", "INC031"]
    assert (first.n_raised >= 2, second.n_raised, second.n_going_on) == (True, 0, first.n_raised)


def test_what_is_over_ends_by_itself_and_is_not_raised_again(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    key = governed(bench, admin, tmp_path)
    bench.look(admin, key)
    replaced(bench, admin, tmp_path, export(31, n_open=1))
    bench.look(admin, key)
    assert breaches(bench, admin) == ["INC031"]
    (over,) = bench.alerts(admin, AlertsAsked(state="resolved", kind="sla_breach")).alerts
    assert (over.item, over.is_over) == ("INC030", True)

    replaced(bench, admin, tmp_path, export(30))
    assert bench.look(admin, key).n_raised == 0


def test_an_alert_that_somebody_resolved_stays_resolved(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = governed(bench, admin, tmp_path)
    bench.look(admin, key)
    first = bench.alerts(admin, BREACHES).alerts[0]
    bench.resolve(admin, first.id, note="Told the requester")
    bench.look(admin, key)
    assert bench.alert(admin, first.id).state == "resolved"
    assert first.item not in breaches(bench, admin)
    assert [(each.deed, each.person, each.note) for each in bench.alert_history(admin, first.id)] == [
        ("resolved", "Ada", "Told the requester"),
        ("raised", None, ""),
    ]


def test_a_muted_alert_is_put_away_until_its_day(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    bench.look(admin, governed(bench, admin, tmp_path))
    at = datetime(2025, 2, 1, tzinfo=UTC)
    bench.clock = lambda: at
    muted = bench.alerts(admin, BREACHES).alerts[0]
    bench.mute(admin, muted.id, until=at + timedelta(days=7))
    assert muted.item not in breaches(bench, admin)
    bench.clock = lambda: at + timedelta(days=8)
    assert muted.item in breaches(bench, admin)


def test_alerts_are_found_by_kind_severity_and_item(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    bench.look(admin, governed(bench, admin, tmp_path))
    shown = bench.alerts(admin, AlertsAsked(severity="critical", item="INC030")).alerts
    assert [(each.kind, each.severity) for each in shown] == [("sla_breach", Severity.CRITICAL)]
    assert bench.alerts(admin, AlertsAsked(stream="another")).n_alerts == 0


def test_a_viewer_sees_alerts_and_changes_none(
    bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path
) -> None:
    key = governed(bench, people[Role.ADMIN], tmp_path)
    bench.look(people[Role.ANALYST], key)
    alert = bench.alerts(people[Role.VIEWER], BREACHES).alerts[0]
    with pytest.raises(NotAllowed):
        bench.acknowledge(people[Role.VIEWER], alert.id)
    with pytest.raises(NotAllowed):
        bench.save_service_level(
            people[Role.ANALYST], key, ServiceLevel(name="Mine", within=timedelta(days=1)), based_on=1
        )


def test_there_is_no_alert_of_another_id(bench: SharedWorkbench, admin: Actor) -> None:
    with pytest.raises(NoSuchAlert, match="“nothing”"):
        bench.alert(admin, "nothing")


def test_targets_are_stated_in_the_stream_and_stand_at_once(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    key = governed(bench, admin, tmp_path)
    flow = bench.flow(admin, key)
    target = Target.model_validate({"name": "Fast", "measure": "lead_time", "target": "12 h"})
    revision = bench.save_target(admin, key, target, based_on=1)
    assert revision.stream.targets == (target,)
    assert bench.flow(admin, key).folder == flow.folder, "a target does not cut the log again"

    board = bench.target_board(admin, key)
    assert [(str(status.now.standing), status.now.value) for status in board.targets if status.now] == [
        ("missed", 86400)
    ]
    assert board.service_levels[0].met.ratio == 1.0
    assert [item.key for item in board.service_levels[0].near] == ["INC030", "INC031"]


def test_a_target_is_changed_by_its_name_and_dropped(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = governed(bench, admin, tmp_path)
    fast = Target.model_validate({"name": "Fast", "measure": "lead_time", "target": "12 h"})
    slow = Target.model_validate({"name": "Slow", "measure": "lead_time", "target": "3 d"})
    bench.save_target(admin, key, fast, based_on=1)
    assert bench.save_target(admin, key, slow, based_on=2, replaces="Fast").stream.targets == (slow,)
    with pytest.raises(ChangedMeanwhile):
        bench.drop_target(admin, key, "Slow", based_on=1)
    assert bench.drop_target(admin, key, "Slow", based_on=3).stream.targets == ()


def test_a_service_level_that_a_target_is_about_cannot_be_dropped(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    target = {"name": "Kept", "measure": "sla_compliance", "service_level": "Promise", "target": 0.9}
    key = governed(bench, admin, tmp_path, **PROMISE, targets=[target])
    with pytest.raises(TargetNotUsable, match="which is no service level here"):
        bench.drop_service_level(admin, key, "Promise", based_on=1)
