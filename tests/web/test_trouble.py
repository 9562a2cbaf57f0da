"""A disk without room, a database that is away: told in a sentence, and nothing is left half-done."""

import errno
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from browsing import Browser
from fastapi import FastAPI
from starlette.datastructures import UploadFile
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from millrace.store.database import DatabaseNotReached
from millrace.web import worker
from millrace.web.app import create_app
from millrace.web.security.gate import FORM
from millrace.web.worker import Worker
from millrace.workbench.shared import Role, SharedWorkbench
from millrace.workbench.shared.serving import ServeSettings

BrowserOf = Callable[[Role | None], Browser]


def give(browser: Browser) -> Any:
    browser.get("/sources/new")
    return browser.post(
        "/sources/new",
        data={"name": "Incidents", "form_secret": browser.cookies[FORM]},
        files={"files": ("incidents.csv", "number,time,status\nA,2025-01-01 08:00:00,New\n")},
        follow_redirects=False,
    )


def nothing_is_left(folder: Path) -> bool:
    return not [path for path in folder.rglob("*") if path.name.startswith(("upload", "incidents"))]


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_while_the_export_comes(
    browser_of: BrowserOf, bench: SharedWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(Role.ANALYST)
    monkeypatch.setattr(UploadFile, "write", full)
    answer = give(browser)
    assert answer.status_code == 507
    assert "no room for what was sent" in answer.text
    assert nothing_is_left(bench.folder)


def test_a_full_disk_is_told_while_the_export_is_laid_down(
    browser_of: BrowserOf, bench: SharedWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(Role.ANALYST)
    monkeypatch.setattr("millrace.web.pages.given_files.shutil.copyfileobj", full)
    answer = give(browser)
    assert answer.status_code in (422, 507)
    assert "is full" in answer.text
    assert nothing_is_left(bench.folder)


def away(*_: object) -> None:
    raise DatabaseNotReached("postgresql://db.internal/millrace", "connection refused")


@pytest.mark.parametrize("path", ["/", "/sources", "/api/v1/streams"])
def test_a_database_that_is_away_is_told_without_saying_where_it_is(
    browser_of: BrowserOf, bench: SharedWorkbench, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    browser = browser_of(Role.ANALYST)
    monkeypatch.setattr(bench._database, "reading", away)
    answer = browser.get(path)
    assert answer.status_code == 503
    assert "cannot reach its database" in answer.text
    assert "db.internal" not in answer.text


def test_what_works_beside_the_pages_goes_on_after_a_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "AFTER_A_FAILURE_SECONDS", 0.01)
    was_called_again, calls = Event(), list[int]()

    def do_next() -> bool:
        calls.append(1)
        if len(calls) == 1:
            away()
        was_called_again.set()
        return False

    with caplog.at_level(logging.CRITICAL), Worker("test", do_next):
        assert was_called_again.wait(10)


def test_behind_a_proxy_cookies_travel_by_https_and_attempts_are_the_visitors_own(tmp_path: Path) -> None:
    """As uvicorn hears it from a proxy on the same machine."""
    app: FastAPI = create_app(
        ServeSettings(tmp_path, is_alone=False, is_behind_https=True, known_as=("millrace.example.org",))
    )
    proxied = Browser(
        ProxyHeadersMiddleware(app, trusted_hosts="testclient"),  # type: ignore[arg-type]
        base_url="https://millrace.example.org",
    )
    headers = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
    answer = proxied.get("/sign-in", headers=headers)
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"]

    statuses = []
    for place in ["203.0.113.7"] * 31 + ["203.0.113.8"]:
        tried = {"email": f"{len(statuses)}@example.org", "password": "wrong", "form_secret": proxied.cookies[FORM]}
        answer = proxied.post(
            "/sign-in",
            data=tried,
            headers={**headers, "x-forwarded-for": place, "origin": "https://millrace.example.org"},
        )
        statuses.append(answer.status_code)
    app.state.bench.close()
    assert statuses[29:] == [422, 429, 422]
