"""A stream as measured in a real browser: every page sound, and the way from the map to the journey of one item."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from served_workspace import Served
from visiting import DESKTOP, PHONE, Visitor

_WIDTHS = [pytest.param(DESKTOP, id="window"), pytest.param(PHONE, id="phone")]
_PATIENCE = 60_000
PAGES = {
    "": "Value stream map",
    "/measures?per=team&clock=business": "By team",
    "/findings": "Findings",
    "/items?of=handoffs&order=-n_handoffs": "Items",
    "/items?search=nothing+like+this": "No item is in this list",
    "/charts/cumulative-flow": "Cumulative flow",
    "/steps/2": "Team",
}


def shown(visitor: Visitor, path: str, words: str, width: int) -> Page:
    """The page, once its figures are there."""
    page = visitor.opens(path, width=width)
    expect(page.locator("#main").get_by_text(words).first).to_be_visible(timeout=_PATIENCE)
    return page


@pytest.mark.parametrize("width", _WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_stream_is_sound(visitor: Visitor, served: Served, path: str, width: int) -> None:
    page = shown(visitor, served.stream + path, PAGES[path], width)
    for opened in page.locator("#main details > summary").all()[:8]:
        opened.click()
    visitor.finds_it_sound()


def test_from_the_map_over_a_step_to_the_journey_of_an_item(visitor: Visitor, served: Served) -> None:
    page = shown(visitor, served.stream, "Value stream map", DESKTOP)
    page.locator(".picture a[href*='/steps/']").nth(1).click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", level=2)).to_be_focused(timeout=_PATIENCE)
    visitor.finds_it_sound()
    panel.locator("a[href*='of=step']").click()
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", name="In words")).to_be_visible(timeout=_PATIENCE)
    visitor.finds_it_sound()


def test_charts_come_when_they_are_seen(visitor: Visitor, served: Served) -> None:
    page = shown(visitor, served.stream + "/measures", "All measures", DESKTOP)
    last = page.locator(".charts .card").last
    expect(last.get_by_role("link", name="Show this chart")).to_be_attached()
    last.scroll_into_view_if_needed()
    expect(last.get_by_role("img")).to_be_visible(timeout=_PATIENCE)
    visitor.finds_it_sound()


def test_a_measure_opens_its_definition_and_filters_stay_in_the_address(visitor: Visitor, served: Served) -> None:
    page = shown(visitor, served.stream + "/measures", "All measures", DESKTOP)
    page.get_by_text("First-time completion", exact=True).click()
    expect(page.get_by_text("Delivered with no rework and no wait for the requester").first).to_be_visible()
    page.get_by_label("Compare by").select_option("week")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"per=week"))
    expect(page.get_by_role("heading", name="By week", exact=True)).to_be_visible(timeout=_PATIENCE)


def test_without_scripts_every_chart_is_a_link_away(browser: Browser, served: Served) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(served.address + served.stream + "/measures")
    page.get_by_role("link", name="Show this chart").first.click(timeout=_PATIENCE)
    expect(page.get_by_role("img").first).to_be_visible(timeout=_PATIENCE)
