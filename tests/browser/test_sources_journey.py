"""From an export to a stream, as somebody who has never seen Millrace does it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from served_workspace import Served
from visiting import PHONE, Visitor

MOST_CLICKS = 10
LOG = "number,time,status,team\n" + "".join(
    f"INC{n},2025-{1 + n // 27:02}-{1 + n % 27:02} {hour}:00:00,{status},{team}\n"
    for n in range(120)
    for hour, status, team in (
        ("08", "New", "Desk"),
        ("09", "In Progress", "Desk"),
        ("11", "Awaiting User", "Desk"),
        ("15", "In Progress", "<img src=x onerror=alert(1)>"),
        ("16", "Resolved", "Desk"),
    )
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "<script>alert(1)<.csv"
    path.write_text(LOG)
    return path


class Clicks:
    """Clicks on what can be seen, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.n = page, 0

    def on(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.n += 1


def test_an_export_becomes_a_stream_with_findings_in_a_few_clicks(visitor: Visitor, export: Path) -> None:
    page = visitor.opens("/")
    clicks = Clicks(page)
    clicks.on("link", "Give an export")
    page.get_by_label("The file", exact=True).set_input_files(export)
    clicks.n += 2
    page.get_by_label("What to call it").fill("Incidents of the desk")
    clicks.on("button", "Give it")
    expect(page.get_by_role("heading", name="Which column is what")).to_be_visible(timeout=60_000)
    visitor.finds_it_sound()
    clicks.on("button", "Begin a stream from this")
    expect(page.locator("svg").first).to_be_visible(timeout=60_000)
    clicks.on("link", "Findings")
    expect(page).to_have_url(re.compile("/streams/incidents-of-the-desk/findings"))
    assert clicks.n <= MOST_CLICKS


def test_a_status_is_corrected_and_the_export_read_again(visitor: Visitor, served: Served, export: Path) -> None:
    page = visitor.opens("/sources/new")
    page.get_by_label("The file", exact=True).set_input_files(export)
    page.get_by_label("What to call it").fill("Corrected")
    page.get_by_role("button", name="Give it").click()
    status = page.get_by_label("Awaiting User", exact=True)
    expect(status).to_have_value("waiting for the requester", timeout=60_000)
    status.select_option("waiting for approval")
    page.get_by_role("button", name="Read it again with these").click()
    expect(page.get_by_role("cell", name="given").first).to_be_visible(timeout=60_000)
    expect(page.get_by_label("Awaiting User", exact=True)).to_have_value("waiting for approval")
    page.get_by_text("Give newer data").click()
    page.get_by_text("The mapping as YAML").click()
    visitor.finds_it_sound()


def test_what_cannot_be_read_tells_the_ways_out_on_a_phone_too(visitor: Visitor, tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text("fruit,price\napple,3\npear,4\n")
    page = visitor.opens("/sources/new", width=PHONE)
    page.get_by_label("The file", exact=True).set_input_files(prices)
    page.get_by_role("button", name="Give it").click()
    expect(page.get_by_role("heading", name="It could not be brought in")).to_be_visible(timeout=60_000)
    visitor.finds_it_sound()
    page.get_by_role("link", name="Remove this source").click()
    visitor.finds_it_sound()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status")).to_contain_text("was removed")


def test_what_is_no_table_is_told_where_it_was_given(visitor: Visitor, tmp_path: Path) -> None:
    picture = tmp_path / "shot.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    page = visitor.opens("/sources/new")
    page.get_by_label("The file", exact=True).set_input_files(picture)
    page.get_by_role("button", name="Give it").click()
    expect(page.get_by_role("alert")).to_contain_text("a picture (PNG)")
    assert [each for each in visitor.complaints if "422" not in each] == []
