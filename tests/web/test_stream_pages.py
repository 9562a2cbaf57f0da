"""A stream as it was measured, page by page."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from browsing import Browser
from measured_stream import EVIL, LOG, Measured, measured_stream

from millrace.report.charts import CHARTS
from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    with measured_stream(tmp_path_factory.mktemp("pages")) as there:
        yield there


def got(measured: Measured, path: str, status: int = 200) -> str:
    answer = measured.browser.get(measured.stream + path)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


PAGES = [
    "",
    "?map=designed",
    "?map=compared",
    f"?map={quote(f'future:Better {EVIL}')}",
    "/measures",
    "/measures?per=site",
    "/measures?per=week&clock=business",
    "/findings",
    "/items",
    "/items?of=handoffs",
    "/items?of=open",
    "/items?of=team:Desk",
    "/items?of=step:New&where=step%3DNew",
    "/items/=INC7",
    "/steps/1",
    "/charts/variants",
    "/charts/team-time",
    "/charts/handoff-matrix",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_shown_and_nothing_of_the_log_runs_in_it(measured: Measured, path: str) -> None:
    shown = got(measured, path)
    assert "<script>alert" not in shown
    assert "style=" not in shown
    assert shown.count("<h1") == 1


def test_the_map_leads_to_its_steps_by_their_numbers_in_the_stream(measured: Measured) -> None:
    shown = got(measured, "")
    svg = ElementTree.fromstring(shown[shown.index("<svg") : shown.index("</svg>") + 6])
    links = [link.get("href") for link in svg.iter("{http://www.w3.org/2000/svg}a")]
    assert f"{measured.stream}/steps/1" in links
    assert "<h1>New</h1>" in got(measured, "/steps/1")


def test_each_map_says_what_it_shows(measured: Measured) -> None:
    assert "Current state" in got(measured, "?map=current")
    for label in ("As measured", "As designed", "Designed against measured", "Better &lt;script&gt;"):
        assert label in got(measured, "")


def test_a_step_is_a_panel_where_htmx_asks_for_it(measured: Measured) -> None:
    panel = measured.browser.get(f"{measured.stream}/steps/1", headers={"HX-Request": "true"}).text
    assert "<html" not in panel
    assert "<h2>" in panel
    assert f"{measured.stream}/edit/steps/1" in panel
    assert "of=open&amp;where=step%3DNew" in panel


def test_those_who_may_not_change_are_offered_no_change(
    bench: SharedWorkbench, people: dict[Role, Actor], browser_of: BrowserOf, tmp_path: Path
) -> None:
    anna = people[Role.ANALYST]
    (tmp_path / "log.csv").write_text(LOG)
    source = bench.add_source(anna, "Log", [("log.csv", tmp_path / "log.csv")])
    bench.bring_in_next()
    key = bench.begin_stream(anna, bench.proposed_stream(anna, source.key), source=source.key).key
    shown = [browser_of(role).get(f"/streams/{key}/steps/1").text for role in (Role.VIEWER, Role.ANALYST)]
    assert ["Edit this step" in each for each in shown] == [False, True]


def test_every_measure_tells_its_definition_and_leads_to_its_items(measured: Measured) -> None:
    shown = got(measured, "/measures")
    assert "From demand until the stakeholder has the value" in shown
    assert "The responsible team changes from one known team to another" in shown
    assert f'{measured.stream}/items?of=rework"' in shown
    assert "no rates are given" in shown


def test_filters_stand_in_the_address(measured: Measured) -> None:
    every, some = got(measured, "/measures"), got(measured, "/measures?where=priority%3DP1&since=2025-02-01")
    assert ">160 items delivered</a>" in every
    assert ">160 items delivered</a>" not in some
    assert "where=priority%3DP1" in some
    assert '<option value="priority=P1" selected>P1 (53)</option>' in some


def test_what_can_be_chosen_is_not_written_a_second_time(measured: Measured) -> None:
    chosen = got(measured, "/measures?where=priority%3DP1")
    assert 'placeholder="priority=P1" value=""' in chosen
    written = got(measured, "/measures?where=priority%3DP9&where=site%3Dnowhere")
    assert 'placeholder="priority=P1" value="priority=P9"' in written
    assert '<input type="hidden" name="where" value="site=nowhere">' in written


def test_groups_stand_side_by_side_and_lead_on_to_each(measured: Measured) -> None:
    shown = got(measured, "/measures?per=priority")
    assert 'id="groups"' in shown
    assert f'<a href="{measured.stream}/measures?where=priority%3DP1">P1</a>' in shown


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/measures?since=spring", "write a day like"),
        ("/measures?where=nonsense", "write it like priority=P1"),
        ("/measures?where=nowhere%3D1", "has no column “nowhere”"),
        ("/measures?per=nowhere", "has no column “nowhere”"),
        ("/measures?clock=sand", "elapsed or business"),
        ("/measures?where=priority%3D'%3B DROP TABLE items%3B--", "Measures"),
        ("/items?where=priority%3D'%3B DROP TABLE items%3B--", "No item is in this list"),
        ("/items?of=step:nowhere", "No item can be in the step"),
    ],
)
def test_what_cannot_be_meant_is_told(measured: Measured, path: str, sentence: str) -> None:
    answer = measured.browser.get(measured.stream + path)
    assert answer.status_code in (200, 422)
    assert sentence in answer.text
    assert got(measured, "/measures")


def test_items_are_searched_and_sorted(measured: Measured) -> None:
    assert 'aria-sort="descending"' in got(measured, "/items?search=INC15&order=-lead_time_seconds")
    assert "Delivered: 11<" in got(measured, "/items?search=INC15")
    assert "Delivered: 0<" in got(measured, "/items?search=%27%20OR%201%3D1%20--")
    assert "Page 4 of 4" in got(measured, "/items?page=4")


@pytest.mark.parametrize(
    "path",
    [
        "/steps/99",
        "/findings/none",
        "/charts/none",
        "?map=none",
        "/measures?as=docx",
        "x/findings",
        "x/measures",
        "/items/NONE",
    ],
)
def test_what_is_not_there_is_told(measured: Measured, path: str) -> None:
    answer = measured.browser.get(measured.stream + path)
    assert answer.status_code == 404 or "/items/" in path
    assert "There is no" in answer.text or "has no item" in answer.text


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_a_part_of_a_page_or_a_page_of_its_own(measured: Measured, name: str) -> None:
    part = measured.browser.get(f"{measured.stream}/charts/{name}", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'role="img" aria-label="' in part or "Nothing to draw" in part
    assert CHARTS[name].label in got(measured, f"/charts/{name}")


def test_charts_are_fetched_when_they_are_seen_and_can_be_followed_without_scripts(measured: Measured) -> None:
    shown = got(measured, "/measures?where=priority%3DP1")
    address = f"{measured.stream}/charts/cumulative-flow?where=priority%3DP1"
    assert f'hx-get="{address}" hx-trigger="revealed"' in shown
    assert f'<a href="{address}">' in shown


VIEWS = ["", "/measures", "/findings", "/items", "/items/=INC7", "/charts/lead-time-trend"]
MARKS = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "pptx": b"PK"}


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_had_in_every_form(measured: Measured, view: str) -> None:
    for form in ("svg", "png", "pdf", "csv", "json"):
        assert f"as={form}" in got(measured, view)
        answer = measured.browser.get(f"{measured.stream}{view}", params={"as": form})
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].endswith(f".{form}")
        assert MARKS.get(form, b"") == answer.content[: len(MARKS.get(form, b""))]
        if form == "json":
            assert json.loads(answer.text)
        if form == "csv":
            assert len(answer.text.splitlines()) > 1


def test_slides_are_had_of_the_stream(measured: Measured) -> None:
    answer = measured.browser.get(measured.stream, params={"as": "pptx"})
    assert answer.content.startswith(MARKS["pptx"])


def test_items_as_csv_run_nothing_in_a_spreadsheet(measured: Measured) -> None:
    lines = got(measured, "/items?of=lead_time&as=csv").splitlines()
    assert len(lines) == 161
    assert all(line.startswith("'=INC") for line in lines[1:])
    assert "'=INC7" in got(measured, "/charts/ageing-work?as=csv") or "Nothing" in got(measured, "/charts/ageing-work")
