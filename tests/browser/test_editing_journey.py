"""A stream is drawn and changed in the browser: beside the map, by questions, by two people at once."""

import re

import pytest
from playwright.sync_api import Browser, expect
from served_workspace import Served
from visiting import PHONE, Visitor

from millrace.model.step_changes import change_step, plain
from millrace.model.templates.template import load_template
from millrace.workbench.shared.access import HERE


@pytest.fixture
def stream(served: Served) -> str:
    """A stream of its own for each test; its path."""
    return f"/streams/{served.bench.begin_stream(HERE, load_template('hr-access')).key}"


def test_a_step_is_edited_beside_the_list_and_undone(visitor: Visitor, stream: str) -> None:
    page = visitor.opens(f"{stream}/edit")
    page.get_by_role("link", name="Review and approve").first.click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="Edit step")).to_be_visible()
    visitor.finds_it_sound()
    panel.get_by_label("Team", exact=True).first.fill("Access board")
    panel.get_by_text("More about this step").click()
    panel.get_by_text("Which events of the log").first.click()
    visitor.finds_it_sound()
    panel.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("“Review and approve” changed")
    expect(page.get_by_role("cell", name="Access board")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("cell", name="Access board")).to_have_count(0)


def test_a_step_is_edited_beside_the_measured_map(visitor: Visitor, served: Served) -> None:
    page = visitor.opens(served.stream)
    page.locator("svg a").first.click()
    panel = page.locator("#panel")
    panel.get_by_role("link", name="Edit this step").click()
    expect(panel.get_by_role("heading", name="Edit step")).to_be_visible()
    panel.get_by_label("System", exact=True).fill("Portal")
    panel.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(f"{served.stream}\\?done"), timeout=60_000)


def test_a_wrong_field_is_told_and_kept_on_a_phone(visitor: Visitor, stream: str) -> None:
    page = visitor.opens(f"{stream}/edit/steps/2", width=PHONE)
    page.get_by_label("Process time", exact=True).fill("soon")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("Check 1 field")
    expect(page.get_by_label("Process time", exact=True)).to_have_value("soon")
    visitor.complaints.clear()
    visitor.finds_it_sound()


def test_steps_are_moved_by_keyboard_without_scripts(browser: Browser, served: Served, stream: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{served.address}{stream}/edit")
    page.get_by_role("button", name="Move “Log and triage” up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Log and triage")


def test_two_editors_are_shown_what_the_other_did(visitor: Visitor, served: Served, stream: str) -> None:
    key = stream.rpartition("/")[2]
    page = visitor.opens(f"{stream}/edit/steps/2")
    base = served.bench.stream(HERE, key).stream
    theirs = change_step(base, 2, {**plain(base)["steps"][1], "team": "Their team"})
    served.bench.save_stream(HERE, key, theirs, based_on=1)
    page.get_by_label("Team", exact=True).first.fill("My team")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Somebody else changed")
    expect(page.get_by_role("cell", name="Their team").first).to_be_visible()
    page.get_by_text("Both as text").click()
    visitor.complaints.clear()
    visitor.finds_it_sound()
    page.get_by_role("button", name="Save mine over theirs").click()
    expect(page.get_by_role("cell", name="My team")).to_be_visible()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="What revision 3 changed").click()
    visitor.finds_it_sound()


def test_a_stream_is_begun_by_questions(visitor: Visitor) -> None:
    page = visitor.opens("/streams/new")
    page.get_by_label("Name of the stream").fill("Travel requests")
    page.get_by_role("button", name="Be guided").click()
    expect(page).to_have_url(re.compile("/streams/travel-requests/guide$"))
    for _ in range(9):
        page.get_by_role("button", name="Leave it open").click()
    page.get_by_label("Which steps lead").fill("Ask\nApprove\nBook")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("group", name="After which step")).to_be_visible()
    expect(page.get_by_role("heading", name="The map so far")).to_be_visible()
    visitor.finds_it_sound()
    page.get_by_role("radio", name="Book").check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Who is responsible for “Ask”?")).to_be_visible()
