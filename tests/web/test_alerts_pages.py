"""Pages of alerts, receivers and the schedule: what they show, to whom, and what comes of their forms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Browser
from tests.shared.governed import governed

from millrace.govern.receiver_address import ALLOWED_VARIABLE
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.alert_book import AlertsAsked

BrowserOf = Callable[[Role | None], Browser]
SECRET = "jsons://hooks.invalid/a-very-secret-path"


@pytest.fixture
def alert(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> str:
    """The address of an alert of a broken service level."""
    admin = people[Role.ADMIN]
    bench.look(admin, governed(bench, admin, tmp_path))
    return f"/alerts/{bench.alerts(admin, AlertsAsked(kind='sla_breach')).alerts[0].id}"


def test_alerts_are_listed_with_why_and_can_be_narrowed(browser_of: BrowserOf, alert: str) -> None:
    browser = browser_of(Role.VIEWER)
    shown = browser.get("/alerts").text
    assert "INC030 has broken “Promise”" in shown
    assert alert in shown
    assert "No alert is in this list" in browser.get("/alerts?item=INC999").text
    assert "INC030 has broken" not in browser.get("/alerts?kind=map_drift&severity=notice").text


def test_an_empty_workspace_says_what_to_do(browser_of: BrowserOf) -> None:
    assert "Give an export" in browser_of(Role.ADMIN).get("/alerts").text


def test_an_alert_is_acknowledged_muted_and_resolved(browser_of: BrowserOf, alert: str) -> None:
    browser = browser_of(Role.ANALYST)
    for deed, fields in (("acknowledge", {"note": "On it"}), ("mute", {"days": "3"}), ("resolve", {"note": "Done"})):
        assert browser.fill_in(f"{alert}/{deed}", form=alert, **fields).status_code == 303
    shown = browser.get(alert).text
    assert all(told in shown for told in ("On it", "muted until", "Done", "resolved"))
    assert "Say that somebody deals with it" not in shown


def test_a_viewer_has_no_forms(browser_of: BrowserOf, alert: str) -> None:
    browser = browser_of(Role.VIEWER)
    assert "Acknowledge</button>" not in browser.get(alert).text
    assert browser.fill_in(f"{alert}/resolve", form=alert).status_code == 403


def test_looking_now_says_what_was_found(browser_of: BrowserOf, alert: str) -> None:
    answer = browser_of(Role.ANALYST).fill_in("/alerts/look", form="/alerts")
    assert "New+alerts%3A+0.+Streams+looked+at%3A+1." in answer.headers["location"]


def test_an_unknown_alert_is_not_there(browser_of: BrowserOf) -> None:
    answer = browser_of(Role.VIEWER).get("/alerts/none")
    assert (answer.status_code, "There is no alert “none”." in answer.text) == (404, True)


def test_an_address_is_entered_once_and_never_shown(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMIN)
    added = browser.fill_in("/settings/receivers", name="Lead", address=SECRET)
    shown = browser.get("/settings/receivers").text
    assert added.status_code == 303
    assert "jsons://…path" in shown
    assert "very-secret" not in shown + browser.get("/settings/trail").text


def test_a_private_address_is_refused_in_place_and_not_repeated(
    browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ALLOWED_VARIABLE, raising=False)
    answer = browser_of(Role.ADMIN).fill_in(
        "/settings/receivers", name="Inside", address="json://127.0.0.1/secret-hook"
    )
    assert answer.status_code == 422
    assert "private network" in answer.text
    assert 'value="Inside"' in answer.text
    assert "secret-hook" not in answer.text


def test_a_route_is_added_and_told_in_words(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    receiver = bench.add_receiver(people[Role.ADMIN], "Head", SECRET)
    browser = browser_of(Role.ADMIN)
    path, form = f"/settings/receivers/{receiver}/routes", "/settings/receivers"
    browser.fill_in(path, form=form, kind="sla_breach", severity="critical", after_hours="4")
    told = "Service level breached of all streams, from critical on, when nobody has acknowledged them for 4 h"
    assert told in browser.get(form).text


def test_a_job_is_planned_and_a_wrong_zone_said(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMIN)
    planned = {"what": "alerts", "every": "day", "at": "02:30", "zone": "Europe/Berlin"}
    assert browser.fill_in("/settings/schedule", **planned).status_code == 303
    assert "every day at 02:30 (Europe/Berlin)" in browser.get("/settings/schedule").text
    refused = browser.fill_in("/settings/schedule", **{**planned, "zone": "Mars"})
    assert (refused.status_code, "“Mars” is not a known time zone" in refused.text) == (422, True)


def test_a_folder_is_watched_from_the_page(browser_of: BrowserOf, alert: str, tmp_path: Path) -> None:
    browser = browser_of(Role.ADMIN)
    pattern = str(tmp_path / "exports" / "*.csv")
    browser.fill_in("/settings/schedule/folders", form="/settings/schedule", source="incidents", pattern=pattern)
    shown = browser.get("/settings/schedule").text
    assert pattern in shown
    assert "Look for a newer export" in shown


def test_programs_read_alerts_and_acknowledge_them(browser_of: BrowserOf, alert: str) -> None:
    browser = browser_of(Role.ANALYST)
    browser.get("/alerts")
    listed = browser.get("/api/v1/alerts?kind=sla_breach").json()
    assert [each["item"] for each in listed["alerts"]] == ["INC031", "INC030"]
    answer = browser.post(
        f"/api/v1{alert}/acknowledge", json={"note": "On it"}, headers={"x-form": browser.cookies["millrace_form"]}
    )
    assert answer.json()["state"] == "acknowledged"


def test_programs_read_how_targets_stand(browser_of: BrowserOf, alert: str) -> None:
    told = browser_of(Role.VIEWER).get("/api/v1/streams/incidents/targets").json()
    (level,) = told["service_levels"]
    assert (told["millrace_targets"], level["n_overdue"], level["met_ratio"]) == (1, 2, 1.0)
