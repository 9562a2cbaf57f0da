"""A target is set, an alert looked for and dealt with, in a real browser."""

import pytest
from playwright.sync_api import expect
from served_workspace import Served
from visiting import DESKTOP, PHONE, Visitor

from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.alert_book import AlertsAsked


def test_from_a_promise_to_an_alert_that_is_dealt_with(visitor: Visitor, served: Served) -> None:
    page = visitor.opens(f"{served.stream}/targets")
    page.get_by_text("Promise a service level").click()
    page.get_by_label("Name", exact=True).last.fill("Access in a day")
    page.get_by_label("Within", exact=True).fill("1 h")
    page.get_by_role("button", name="Save the service level").click()
    expect(page.get_by_role("status")).to_contain_text("is promised")
    expect(page.get_by_role("heading", name="Access in a day")).to_be_visible()
    visitor.finds_it_sound()

    page.get_by_label("Name", exact=True).first.fill("Fast")
    page.get_by_label("Target", exact=True).fill("30 min")
    page.get_by_role("button", name="Save the target").click()
    expect(page.get_by_role("row", name="Fast")).to_contain_text("missed")
    visitor.finds_it_sound()

    page.get_by_role("link", name="Alerts", exact=True).click()
    page.get_by_role("button", name="Look now").click()
    page.get_by_role("link", name="“Fast” is missed").click()
    visitor.finds_it_sound()
    page.get_by_label("Note").first.fill("On it")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_role("cell", name="On it")).to_be_visible()
    (told,) = served.bench.alerts(HERE, AlertsAsked(kind="target_missed")).alerts
    assert told.state == "acknowledged"


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("path", ["/alerts", "/settings/receivers", "/settings/schedule"])
def test_pages_with_something_on_them_are_sound(visitor: Visitor, served: Served, path: str, width: int) -> None:
    if not served.bench.receivers(HERE):
        receiver = served.bench.add_receiver(HERE, "Lead", "jsons://hooks.invalid/some-secret-path")
        served.bench.try_receiver(HERE, receiver)
        served.bench.look_everywhere(HERE)
    visitor.opens(path, width=width)
    visitor.finds_it_sound()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_an_alert_and_its_stream_s_targets_are_sound(visitor: Visitor, served: Served, width: int) -> None:
    shown = served.bench.alerts(HERE, AlertsAsked(state=""))
    visitor.opens(f"/alerts/{shown.alerts[0].id}", width=width)
    visitor.finds_it_sound()
    visitor.opens(f"{served.stream}/targets", width=width)
    visitor.finds_it_sound()
