"""The process map in the browser: two sliders, filters, and the drawing as a file."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browsing import Browser

from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
EVIL = "<script>alert(1)</script>"
COMMON = ("New", "In Progress", "Resolved")
RARE = ("New", EVIL, "In Progress", "Resolved")
LOG = "number,time,status,priority\n" + "".join(
    f"INC{n},2025-01-{1 + n % 27:02} {8 + k}:00:00,{status},P{n % 2}\n"
    for n in range(40)
    for k, status in enumerate(RARE if n % 8 == 0 else COMMON)
)


@pytest.fixture
def path(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> str:
    anna = people[Role.ANALYST]
    (tmp_path / "log.csv").write_text(LOG)
    source = bench.add_source(anna, "Log", [("log.csv", tmp_path / "log.csv")])
    bench.bring_in_next()
    stream = bench.begin_stream(anna, bench.proposed_stream(anna, source.key), source=source.key)
    return f"/streams/{stream.key}/process-map"


def drawn(browser: Browser, path: str) -> str:
    """The drawing on a page."""
    shown = browser.get(path).text
    return shown[shown.index("<svg") : shown.index("</svg>") + 6]


def test_sliders_show_more_and_less(browser_of: BrowserOf, path: str) -> None:
    browser = browser_of(Role.VIEWER)
    whole = drawn(browser, f"{path}?paths=100")
    usual = drawn(browser, f"{path}?activities=0&paths=0")
    assert whole.count('class="activity"') == 4
    assert usual.count('class="activity"') == 3
    assert "<script>alert" not in whole


def test_what_is_told_is_a_choice(browser_of: BrowserOf, path: str) -> None:
    browser = browser_of(Role.VIEWER)
    words = {
        shows: " ".join(ElementTree.fromstring(drawn(browser, f"{path}?shows={shows}")).itertext())
        for shows in ("both", "frequency", "time")
    }
    assert "35 · 1\u00a0h" in words["both"]
    assert "1\u00a0h" not in words["frequency"].split("usual")[0]
    assert "35 ·" not in words["time"]
    assert "after how long one follows the other, half of the times" in words["time"]


def test_filters_stand_in_the_address(browser_of: BrowserOf, path: str) -> None:
    browser = browser_of(Role.VIEWER)
    assert "20 items" in drawn(browser, f"{path}?where=priority%3DP0")
    assert browser.get(f"{path}?activities=101").status_code == 422
    assert "write it like priority=P1" in browser.get(f"{path}?where=what").text


def test_htmx_gets_the_drawing_alone(browser_of: BrowserOf, path: str) -> None:
    part = browser_of(Role.VIEWER).get(path, headers={"HX-Request": "true"}).text
    assert part.startswith('<div id="drawing">')
    assert "<html" not in part


def test_the_drawing_is_a_file(browser_of: BrowserOf, path: str) -> None:
    browser = browser_of(Role.VIEWER)
    svg, png = browser.get(f"{path}.svg?paths=100"), browser.get(f"{path}.png")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert ElementTree.fromstring(svg.text).tag.endswith("svg")
    assert "attachment" in svg.headers["content-disposition"]
    assert png.content.startswith(b"\x89PNG")
    assert browser.get(f"{path}.exe").status_code == 422


def test_who_waited_for_the_figures_gets_the_whole_page(browser_of: BrowserOf, path: str) -> None:
    whole = browser_of(Role.VIEWER).get(path, headers={"HX-Request": "true", "HX-Target": "main#main"}).text
    assert "Process map</h1>" in whole
    assert 'id="activities"' in whole
