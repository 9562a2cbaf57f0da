"""A log whose every field attacks: no page runs it, no export has a spreadsheet run it, no filter obeys it."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from browsing import Browser
from fastapi import FastAPI
from fastapi.routing import APIRoute

from millrace.web.app import PAGES, create_app
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.serving import ServeSettings

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "\"'><img src=x onerror=alert(2)>"
FORMULA = "=HYPERLINK(1)"
SQL = "'; DROP TABLE items; --"
RUNS = re.compile(r"^[=+@\t\r-](?!\d+([.,]\d+)*$)")


def rows() -> Iterator[list[str]]:
    yield [
        f"number{SCRIPT}",
        "time",
        "status",
        "assignment group",
        "priority",
        f"field{ATTRIBUTE}",
        "short description",
    ]
    for n in range(60):
        for hour, status, team in (
            (8, f"New {SCRIPT}", f"Desk {SCRIPT}"),
            (9, "In Progress", FORMULA),
            (10, f"Pending {ATTRIBUTE}", f"Team {ATTRIBUTE}"),
            (11, "In Progress", SQL),
            (12, "Resolved", f"Desk {SCRIPT}"),
        ):
            told = [SCRIPT, FORMULA, SQL][n % 3]
            when = f"2025-01-{1 + n % 27:02} {hour:02}:00:00"
            yield [f"{FORMULA}{n}{SCRIPT}", when, status, team, told, told, f"{ATTRIBUTE} {n % 4}"]


def harm_in(page: str) -> list[str]:
    """What a page would run: scripts of its own, and handlers in attributes."""
    found: list[str] = []

    class Reading(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            named = dict(attrs)
            found.extend(f"{tag} {name}" for name in named if name.startswith("on") or name == "style")
            if (tag == "script" and not (named.get("src") or "").startswith("/static/")) or named.get("src") == "x":
                found.append(tag)

    Reading().feed(page)
    return found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    served = create_app(ServeSettings(tmp_path_factory.mktemp("evil") / "workspace"))
    yield served
    served.state.bench.close()


@pytest.fixture(scope="module")
def visitor(app: FastAPI) -> Browser:
    return Browser(app, base_url="http://localhost")


@pytest.fixture(scope="module")
def stream(app: FastAPI, tmp_path_factory: pytest.TempPathFactory) -> str:
    bench: SharedWorkbench = app.state.bench
    export = tmp_path_factory.mktemp("given") / "export"
    with export.open("w", newline="") as file:
        csv.writer(file).writerows(rows())
    source = bench.add_source(HERE, f"Incidents {SCRIPT}", [(f"{ATTRIBUTE}.csv", export)])
    assert bench.bring_in_next()
    assert bench.source(HERE, source.key).problem is None
    proposed = bench.proposed_stream(HERE, source.key)
    titled = proposed.model_copy(update={"title": f"{SCRIPT}{ATTRIBUTE}", "owner": SCRIPT, "description": ATTRIBUTE})
    key = bench.begin_stream(HERE, titled, source=source.key).key
    bench.stream_findings(HERE, key)
    bench.measured(HERE, key)
    return key


def addresses(app: FastAPI, key: str) -> Iterator[str]:
    """Every page that is read, and needs no more than a source, a stream, a step or an item."""
    source = app.state.bench.stream(HERE, key).source_key
    for router in PAGES:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                path = route.path.replace("{key}", source if route.path.startswith("/sources") else key)
                path = path.replace("{number}", "1").replace("{item:path}", f"{FORMULA}1{SCRIPT}")
                if "{" not in path:
                    yield path


def test_no_page_shows_what_a_log_says_as_anything_but_text(app: FastAPI, visitor: Browser, stream: str) -> None:
    looked_at = []
    for path in addresses(app, stream):
        answer = visitor.get(path)
        assert answer.status_code < 500, path
        if "html" in answer.headers.get("content-type", ""):
            looked_at.append(path)
            assert harm_in(answer.text) == [], path
    assert len(looked_at) > 15


def test_no_export_holds_a_cell_that_a_spreadsheet_would_run(app: FastAPI, visitor: Browser, stream: str) -> None:
    exported = 0
    for path in (*addresses(app, stream), f"/streams/{stream}/items?of=lead_time&as=csv"):
        for kind in ("csv", "xlsx"):
            answer = visitor.get(path, params={"as": kind} if "?" not in path else None)
            content = answer.headers.get("content-type", "")
            if content.startswith("text/csv"):
                exported += 1
                cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
                assert [cell for cell in cells if RUNS.match(cell)] == [], path
            elif "spreadsheetml" in content:
                exported += 1
                for sheet in openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets:
                    assert not [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"], path
    assert exported > 2


@pytest.mark.parametrize(
    "said", [SQL, "x' OR '1'='1", "priority=' OR 1=1 --", 'priority"; DROP TABLE items; --=1', "\\"]
)
def test_no_filter_is_obeyed_as_a_command(visitor: Browser, stream: str, said: str) -> None:
    before = visitor.get(f"/streams/{stream}/items").text
    for asked in (
        {"where": said},
        {"where": f"priority={said}"},
        {"search": said},
        {"order": said},
        {"of": f"team:{said}"},
    ):
        answer = visitor.get(f"/streams/{stream}/items", params=asked)
        assert answer.status_code in (200, 403, 404, 422), asked
    assert re.findall(r"of (\d+)|: (\d+)<", visitor.get(f"/streams/{stream}/items").text) == re.findall(
        r"of (\d+)|: (\d+)<", before
    )


@pytest.mark.parametrize("key", ["..", "../..", "%2e%2e%2fmillrace.sqlite", "a%00b", SCRIPT])
def test_no_address_leads_out_of_the_workspace(visitor: Browser, key: str, tmp_path: Path) -> None:
    for path in (f"/sources/{key}", f"/streams/{key}", f"/static/{key}", f"/static/fonts/{key}/../../page.py"):
        answer = visitor.get(path)
        assert answer.status_code in (200, 404, 422), path
        assert b"SQLite format" not in answer.content
        assert SCRIPT not in answer.text
