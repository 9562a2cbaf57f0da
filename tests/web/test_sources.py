"""From an export to a stream, in the browser."""

import errno
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Browser
from fastapi import FastAPI

from millrace.ingest.reading import byte_source
from millrace.web.app import create_app
from millrace.web.security import uploads
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.serving import ServeSettings

BrowserOf = Callable[[Role | None], Browser]
LOG = "number,time,status,team,<b>note</b>\n" + "".join(
    f"INC{n},2025-01-{1 + n % 27:02} {hour}:00:00,{status},<script>alert(1)</script>,x\n"
    for n in range(40)
    for hour, status in (("08", "New"), ("09", "In Progress"), ("10", "Parked"), ("11", "Resolved"))
)


def give(browser: Browser, content: str | bytes = LOG, name: str = "incidents.csv", called: str = "Incidents") -> str:
    """Give an export through the form; where it leads."""
    browser.get("/sources/new")
    answer = browser.post(
        "/sources/new",
        data={"name": called, "form_secret": browser.cookies["millrace_form"]},
        files={"files": (name, content)},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_an_export_becomes_a_stream(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    path = give(browser)
    assert "It waits for its turn" in browser.get(path).text

    bench.bring_in_next()

    shown = browser.get(path).text
    assert "Which column is what" in shown
    assert "<option selected>number</option>" in shown
    assert "40 items, 160 events" in shown
    assert "160 kept" in shown
    begun = browser.fill_in(f"{path}/stream", form=path)
    assert begun.headers["location"] == "/streams/incidents"
    assert "Incidents" in browser.get("/").text


def test_what_a_status_means_is_corrected(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    browser = browser_of(Role.ANALYST)
    path = give(browser)
    bench.bring_in_next()
    anna = people[Role.ANALYST]
    labels = [each.status for each in bench.inspection(anna, "incidents").classes]

    browser.fill_in(f"{path}/mapping", form=path, **{f"meaning-{labels.index('Parked')}": "waiting for a supplier"})
    bench.bring_in_next()

    inspection = bench.inspection(anna, "incidents")
    parked = next(each for each in inspection.classes if each.status == "Parked")
    assert (parked.wait_reason, parked.is_given) == ("supplier", True)


def test_another_column_of_times_is_read_as_it_is_written(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    browser = browser_of(Role.ANALYST)
    rows = (
        f"INC{n},2025-01-{1 + n % 27:02} {hour}:00:00,{1 + n % 27:02}/02/2025 {hour}:30,{status}\n"
        for n in range(40) for hour, status in (("08", "New"), ("09", "In Progress"), ("11", "Resolved"))
    )  # fmt: skip
    path = give(browser, "number,time,synced,status\n" + "".join(rows))
    bench.bring_in_next()
    browser.fill_in(f"{path}/mapping", form=path, **{"column-at": "synced"})
    bench.bring_in_next()
    inspection = bench.inspection(people[Role.ANALYST], "incidents")
    assert inspection.mapping.times["at"].day_first is True
    assert inspection.readiness.n_rows_kept == 120


def test_columns_that_nobody_recognised_are_chosen(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    browser = browser_of(Role.ANALYST)
    rows = (
        f"{letter} thing,{day:02}.04.2025 {hour:02}:00,{what},Ada\n"
        for letter in "abcdefgh" for day, hour, what in ((3, 8, "open it"), (14, 9, "done it"))
    )  # fmt: skip
    path = give(browser, "what,day,note,who\n" + "".join(rows), called="Odd")
    bench.bring_in_next()
    shown = browser.get(path).text
    assert "Say which column is what" in shown
    assert "Ada" not in shown
    chosen = {"column-item_id": "what", "column-at": "day", "column-status": "note"}
    browser.fill_in(f"{path}/mapping", form=path, **chosen)
    bench.bring_in_next()
    source = bench.source(people[Role.ANALYST], "odd")
    assert (source.problem, source.n_items, source.n_events) == (None, 8, 16)


def test_a_wrong_mapping_is_told_and_kept_in_the_form(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    path = give(browser)
    bench.bring_in_next()
    answer = browser.fill_in(f"{path}/yaml", form=path, yaml="shape: status_log\ncolums: {}\n")
    assert answer.status_code == 422
    assert "line 2" in answer.text
    assert "colums: {}" in answer.text


def test_what_cannot_be_read_says_why(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    path = give(browser, "fruit,price\napple,3\npear,4\n", "prices.csv")
    bench.bring_in_next()
    shown = browser.get(path).text
    assert "no column looks like the number" in shown
    assert "give another file" in shown
    assert "Say which column is what" in shown


def test_nothing_in_an_export_runs_in_the_page(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    path = give(browser, name="<img src=x onerror=alert(1)>.csv", called="<script>alert(2)</script>")
    bench.bring_in_next()
    shown = browser.get(path).text
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "<b>note" not in shown


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/abs/olute.csv", ".hidden", "a\x00b.csv"])
def test_a_name_stays_inside_the_workspace(browser_of: BrowserOf, app: FastAPI, name: str) -> None:
    give(browser_of(Role.ANALYST), name=name)
    workspace: Path = app.state.bench.folder
    kept = [path for path in (workspace / "sources").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert not kept[0].name.startswith(".")


def test_what_is_too_large_is_refused_before_it_is_kept(
    browser_of: BrowserOf, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FORM_BYTES", 1000)
    browser = browser_of(Role.ANALYST)
    answer = browser.post("/account/password", data={"old": "x" * 2000})
    assert answer.status_code == 413
    assert "larger than" in answer.text


def test_an_export_that_is_larger_than_may_be_is_refused(tmp_path: Path) -> None:
    app = create_app(ServeSettings(tmp_path / "workspace", largest_upload_bytes=5000))
    browser = Browser(app, base_url="http://127.0.0.1")
    browser.get("/sources/new")
    secret = {"form_secret": browser.cookies["millrace_form"]}
    answer = browser.post("/sources/new", data=secret, files={"files": ("large.csv", LOG)})
    assert (answer.status_code, "larger than" in answer.text) == (413, True)
    assert app.state.bench.sources(HERE) == ()
    app.state.bench.close()


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_what_unpacks_without_end_is_refused(
    browser_of: BrowserOf, bench: SharedWorkbench, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(byte_source, "_FREE_EXPANSION", 2**16)
    monkeypatch.setattr(byte_source, "BLOCK", 2**16)
    endless = b"number,time,status\n" + b"\n" * 2**23
    packed = io.BytesIO()
    if kind == "gzip":
        packed.write(gzip.compress(endless))
    else:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("log.csv", endless)
    browser = browser_of(Role.ANALYST)
    path = give(browser, packed.getvalue(), "log.csv.gz")
    bench.bring_in_next()
    assert "unpack" in browser.get(path).text


def test_a_picture_is_told_to_be_none_where_it_was_given(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    browser.get("/sources/new")
    answer = browser.post(
        "/sources/new",
        data={"name": "Mine", "form_secret": browser.cookies["millrace_form"]},
        files={"files": ("<b>shot</b>.csv", b"\x89PNG\r\n\x1a\n" + bytes(99))},
    )
    assert (answer.status_code, "a picture (PNG)" in answer.text, 'value="Mine"' in answer.text) == (422, True, True)
    assert "<b>shot" not in answer.text


def test_a_full_disk_is_told(browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    browser = browser_of(Role.ANALYST)
    browser.get("/sources/new")
    monkeypatch.setattr("millrace.web.pages.given_files.shutil.copyfileobj", full)
    secret = {"form_secret": browser.cookies["millrace_form"]}
    answer = browser.post("/sources/new", data=secret, files={"files": ("incidents.csv", LOG)})
    assert (answer.status_code, "disk of the workspace is full" in answer.text) == (422, True)


def test_newer_data_is_given_beside_or_instead(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    path = give(browser)
    bench.bring_in_next()
    newer = LOG.replace("INC1,", "INC1000,").replace("INC2,2025-01-03 11", "INC2,2025-01-03 12")
    for place, told in (("beside", "1 items new, 1 updated, 39 as before"), ("instead", "1 no longer there")):
        browser.get(path)
        given = {"form_secret": browser.cookies["millrace_form"], "place": place}
        answer = browser.post(
            f"{path}/files", data=given, files={"files": ("newer.csv", newer)}, follow_redirects=False
        )
        assert answer.status_code == 303
        bench.bring_in_next()
        assert told in browser.get(path).text


def test_a_source_is_removed_after_a_question(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    path = give(browser)
    bench.bring_in_next()
    browser.fill_in(f"{path}/stream", form=path)
    asked = browser.get(f"{path}/remove").text
    assert "This stream is measured on it" in asked
    assert "removed" in browser.fill_in(f"{path}/remove", form=f"{path}/remove").headers["location"]
    assert browser.get(path).status_code == 404


def test_statuses_that_mean_harm_are_only_shown(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    path = give(browser, LOG.replace("Parked", '"<svg onload=alert(1)>"').replace("team", "<i>team"))
    bench.bring_in_next()
    shown = browser.get(path).text
    assert "&lt;svg onload" in shown
    assert "<svg onload" not in shown
    assert "<i>team" not in shown


def test_a_viewer_gives_nothing(browser_of: BrowserOf) -> None:
    assert browser_of(Role.VIEWER).get("/sources/new").status_code == 403
    assert "Give an export" not in browser_of(Role.VIEWER).get("/sources").text
