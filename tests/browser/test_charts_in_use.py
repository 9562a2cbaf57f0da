"""Charts in a real browser: drawn without scripts, and with them they tell their points to pointer and keyboard."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from served_workspace import Served
from visiting import DESKTOP, PHONE, Visitor

from millrace.model.absent import Absent
from millrace.report.charts import CHARTS
from millrace.workbench.shared.access import HERE

_PATIENCE = 60_000
_WEEK = re.compile(r"^Week of \d+ \w+ 20\d\d\n\d")


def chart_of(visitor: Visitor, served: Served, named: str, width: int = DESKTOP) -> Locator:
    """A chart, once it can be asked for its points."""
    page = visitor.opens(f"{served.stream}/charts/{named}", width=width)
    chart = page.locator(".picture.chart")
    expect(chart.get_by_role("slider", name="Points of this chart")).to_be_attached(timeout=_PATIENCE)
    return chart


def over(page: Page, chart: Locator, across: float, down: float) -> None:
    """Move the pointer to a place of the drawing, in parts of its width and height."""
    box = chart.locator("svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def test_under_a_pointer_the_nearest_point_tells_its_figures(visitor: Visitor, served: Served) -> None:
    chart = chart_of(visitor, served, "lead-time-trend")
    expect(chart.locator(".tip")).to_be_hidden()

    over(visitor.page, chart, 0.1, 0.5)
    expect(chart.locator(".tip")).to_have_text(_WEEK)
    first = chart.locator(".tip").inner_text()
    over(visitor.page, chart, 0.7, 0.5)

    expect(chart.locator(".ring")).to_be_visible()
    assert chart.locator(".tip").inner_text() != first
    visitor.finds_it_sound()


def test_what_is_told_goes_with_the_pointer_and_with_escape(visitor: Visitor, served: Served) -> None:
    chart = chart_of(visitor, served, "lead-time-trend")
    over(visitor.page, chart, 0.5, 0.5)
    expect(chart.locator(".tip")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(chart.locator(".tip")).to_be_hidden()
    over(visitor.page, chart, 0.4, 0.5)
    visitor.page.mouse.move(0, 0)

    expect(chart.locator(".tip")).to_be_hidden()


def test_arrow_keys_go_along_the_points_and_listeners_hear_them(visitor: Visitor, served: Served) -> None:
    chart = chart_of(visitor, served, "lead-time-trend")
    points = chart.get_by_role("slider")
    visitor.page.get_by_text("Show the chart as a table").focus()
    visitor.page.keyboard.press("Shift+Tab")
    expect(points).to_be_focused()
    first = chart.locator(".tip").inner_text()
    visitor.page.keyboard.press("ArrowRight")

    expect(chart.locator(".tip")).not_to_have_text(first)
    heard = chart.locator(".tip").inner_text().replace("\n", ", ")
    expect(points).to_have_attribute("aria-valuetext", heard)
    visitor.page.keyboard.press("Home")
    assert chart.locator(".tip").inner_text() == first
    visitor.finds_it_sound()
    visitor.page.keyboard.press("Escape")
    expect(chart.locator(".tip")).to_be_hidden()


def test_a_point_is_the_row_of_the_table(visitor: Visitor, served: Served) -> None:
    chart = chart_of(visitor, served, "throughput-trend")
    visitor.page.get_by_text("Show the chart as a table").click()
    last = visitor.page.locator("tbody tr").last
    chart.get_by_role("slider").focus()
    visitor.page.keyboard.press("End")

    week, figure = last.locator("th").inner_text(), last.locator("td").nth(1).inner_text()
    expect(chart.locator(".tip")).to_have_text(re.compile(rf"^Week of {week}\n{figure}\b"))


@pytest.mark.parametrize(
    ("named", "width"),
    [
        ("cumulative-flow", PHONE),
        ("lead-time-scatter", PHONE),
        ("delay-tree", DESKTOP),
        ("state-time", DESKTOP),
        ("team-time", PHONE),
        ("variants", PHONE),
    ],
)
def test_every_kind_of_chart_tells_its_points(visitor: Visitor, served: Served, named: str, width: int) -> None:
    chart = chart_of(visitor, served, named, width)
    for across in (0.02, 0.5, 0.98):
        over(visitor.page, chart, across, 0.4)
        expect(chart.locator(".tip")).not_to_be_empty()
        visitor.finds_it_sound()


def test_charts_that_are_fetched_later_tell_their_points_too(visitor: Visitor, served: Served) -> None:
    page = visitor.opens(served.stream + "/measures")
    first = page.locator(".charts .card").first
    first.scroll_into_view_if_needed(timeout=_PATIENCE)
    drawn = first.get_by_role("img")
    drawn.wait_for(timeout=_PATIENCE)
    drawn.scroll_into_view_if_needed()
    points = first.get_by_role("slider", name="Points of this chart")
    expect(points).to_be_attached()
    points.focus()

    expect(first.locator(".tip")).not_to_be_empty()


def test_a_printed_chart_tells_no_point(visitor: Visitor, served: Served) -> None:
    chart = chart_of(visitor, served, "lead-time-trend")
    over(visitor.page, chart, 0.5, 0.5)
    expect(chart.locator(".tip")).to_be_visible()
    visitor.page.emulate_media(media="print")

    expect(chart.locator(".tip")).to_be_hidden()


def test_without_scripts_the_drawing_has_the_figures_as_titles(browser: Browser, served: Served) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{served.address}{served.stream}/charts/lead-time-trend")

    expect(page.get_by_role("img", name=re.compile("Line chart"))).to_be_visible(timeout=_PATIENCE)
    assert _WEEK.match(page.locator("svg title").first.text_content() or "")


def test_every_chart_that_has_something_to_show_has_points(served: Served) -> None:
    key = served.stream.rpartition("/")[2]
    drawn = {named: served.bench.stream_chart(HERE, key, named) for named in CHARTS}

    assert [
        named for named, chart in drawn.items() if not isinstance(chart, Absent) and "<title>" not in chart.svg
    ] == []
