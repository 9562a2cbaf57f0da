"""What watches the server learns whether it is well, and nothing else."""

from collections.abc import Callable

import pytest
from browsing import Browser

from millrace.store.database import DatabaseNotReached
from millrace.workbench.shared import Role, SharedWorkbench
from millrace.workbench.shared import health as how_it_is

BrowserOf = Callable[[Role | None], Browser]


def test_a_server_that_is_well_says_so_to_everybody(browser_of: BrowserOf) -> None:
    answer = browser_of(None).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "well", "because": []})


def test_a_database_that_is_away_makes_it_ill_and_is_not_named(
    browser_of: BrowserOf, bench: SharedWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseNotReached("postgresql://db.internal/millrace", "connection refused")

    browser = browser_of(None)
    monkeypatch.setattr(bench._database, "reading", away)
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json()["because"]) == (503, ["the database does not answer"])


def test_a_disk_without_room_makes_it_ill(browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_of(None)
    monkeypatch.setattr(how_it_is, "LEAST_FREE_BYTES", 2**70)
    assert browser.get("/healthz").json()["because"] == ["the disk is nearly full"]
