"""A stream as it was measured, page by page."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browsing import Browser

from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
EVIL = "<script>alert(1)</script>"
STATUSES = (("08", "New"), ("10", "In Progress"), ("12", "Awaiting User"), ("14", "In Progress"), ("16", "Resolved"))
LOG = "number,time,status,team,priority\n" + "".join(
    f"=INC{n},2025-{1 + n // 27:02}-{1 + n % 27:02} {hour}:00:00,{status},{EVIL if k % 2 else 'Desk'},P{n % 3}\n"
    for n in range(160)
    for k, (hour, status) in enumerate(STATUSES)
)


@pytest.fixture
def stream(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> str:
    """A stream measured on a log whose texts mean harm."""
    anna = people[Role.ANALYST]
    (tmp_path / "log.csv").write_text(LOG)
    source = bench.add_source(anna, "Log", [("log.csv", tmp_path / "log.csv")])
    bench.bring_in_next()
    proposed = bench.proposed_stream(anna, source.key).model_copy(update={"title": f"Desk {EVIL}"})
    return f"/streams/{bench.begin_stream(anna, proposed, source=source.key).key}"


@pytest.fixture
def browser(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.VIEWER)


PAGES = [
    "",
    "/measures",
    "/findings",
    "/items",
    "/items?of=handoffs",
    "/items?of=team:Desk",
    "/items/=INC7",
    "/steps/1",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_shown_and_nothing_of_the_log_runs_in_it(browser: Browser, stream: str, path: str) -> None:
    answer = browser.get(stream + path)
    assert answer.status_code == 200, answer.text[:2000]
    assert "<script>alert" not in answer.text
    assert "style=" not in answer.text
    assert answer.text.count("<h1") <= 1


def test_the_map_leads_to_its_steps(browser: Browser, stream: str) -> None:
    shown = browser.get(stream).text
    svg = ElementTree.fromstring(shown[shown.index("<svg") : shown.index("</svg>") + 6])
    links = {link.get("href") for link in svg.iter("{http://www.w3.org/2000/svg}a")}
    assert f"{stream}/steps/1" in links


def test_a_step_is_a_panel_where_htmx_asks_for_it(browser: Browser, stream: str) -> None:
    panel = browser.get(f"{stream}/steps/1", headers={"HX-Request": "true"}).text
    assert "<html" not in panel
    assert "<h2>" in panel


def test_filters_stand_in_the_address(browser: Browser, stream: str) -> None:
    every = browser.get(f"{stream}/measures").text
    some = browser.get(f"{stream}/measures?where=priority%3DP1&since=2025-02-01").text
    assert ">160 items delivered</a>" in every
    assert "items delivered</a>" in some
    assert ">160 items delivered</a>" not in some
    assert "where=priority%3DP1" in some


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=spring", "write a day like"),
        ("where=nonsense", "write it like priority=P1"),
        ("where=nowhere%3D1", "has no column “nowhere”"),
        ("clock=sand", "elapsed or business"),
        ("where=priority%3D'%3B DROP TABLE items%3B--", "Measures"),
    ],
)
def test_filters_that_cannot_be_meant_are_told(browser: Browser, stream: str, query: str, sentence: str) -> None:
    answer = browser.get(f"{stream}/measures?{query}")
    assert answer.status_code in (200, 422)
    assert sentence in answer.text


def test_items_are_searched_and_sorted(browser: Browser, stream: str) -> None:
    assert "Items</h1>" in browser.get(f"{stream}/items?search=INC15&order=-lead_time_seconds").text
    assert ": 11<" in browser.get(f"{stream}/items?search=INC15").text
    assert ": 0<" in browser.get(f"{stream}/items?search=%27%20OR%201%3D1%20--").text


def test_items_as_csv_run_nothing_in_a_spreadsheet(browser: Browser, stream: str) -> None:
    answer = browser.get(f"{stream}/items?of=lead_time&as=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.splitlines()
    assert len(lines) == 161
    assert all(line.startswith("'=INC") for line in lines[1:])


@pytest.mark.parametrize("path", ["/steps/99", "/items/NONE", "/items?of=finding:none", "x/findings"])
def test_what_is_not_there_is_told(browser: Browser, stream: str, path: str) -> None:
    answer = browser.get(stream + path)
    assert answer.status_code in (404, 422)
    assert "There is no" in answer.text or "no item" in answer.text.lower()
