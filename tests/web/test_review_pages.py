"""Weeks and reviews of a stream in the browser."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browsing import Browser

from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
EVIL = "<script>alert(1)</script>"
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def stream(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> str:
    """A stream measured on eight weeks of work."""
    rows = ["number,time,status,team"]
    for n in range(80):
        at = MONDAY + timedelta(days=7 * (n // 10) + n % 5, hours=8)
        for hours, status in ((0, "New"), (1, "In Progress"), (3 + n % 3, "Resolved")):
            rows.append(f"INC{n},{at + timedelta(hours=hours):%Y-%m-%d %H:%M:%S},{status},{EVIL}")
    rows.append(f"INC99,{MONDAY + timedelta(days=57):%Y-%m-%d} 09:00:00,New,Desk")
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n")
    anna = people[Role.ANALYST]
    source = bench.add_source(anna, "Log", [("log.csv", tmp_path / "log.csv")])
    bench.bring_in_next()
    proposed = bench.proposed_stream(anna, source.key).model_copy(update={"title": f"Desk {EVIL}"})
    return f"/streams/{bench.begin_stream(anna, proposed, source=source.key).key}"


def test_a_week_is_kept_and_shown(browser_of: BrowserOf, stream: str) -> None:
    browser = browser_of(Role.ANALYST)
    assert "No week is kept yet" in browser.get(f"{stream}/weekly").text
    kept = browser.fill_in(f"{stream}/weekly", week="2026-02-18")
    assert kept.headers["location"].startswith(f"{stream}/weekly?week=2026-02-16")
    shown = browser.get(f"{stream}/weekly").text
    assert "Median lead time" in shown
    assert "<script>alert" not in shown
    assert "style=" not in shown


@pytest.mark.parametrize("week", ["2031-01-01", "tomorrow"])
def test_a_week_that_is_none_is_told_in_place(browser_of: BrowserOf, stream: str, week: str) -> None:
    refused = browser_of(Role.ANALYST).fill_in(f"{stream}/weekly", week=week)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text


def test_a_review_is_planned_written_down_and_held(browser_of: BrowserOf, stream: str) -> None:
    owner = browser_of(Role.OWNER)
    planned = owner.fill_in(f"{stream}/reviews", due_on="2026-03-02").headers["location"]
    owner.fill_in(planned, version="1", minutes=f"All {EVIL}", decisions="Approve by rule | Ada | 2026-03-20\n\nLook")
    shown = owner.get(planned).text
    assert "Approve by rule | Ada | 2026-03-20" in shown
    assert "<script>alert" not in shown
    held = owner.fill_in(
        f"{planned}/held", form=planned, version="2", held_on="2026-03-03", next_on="2026-04-01"
    )  # fmt: skip
    assert held.status_code == 303
    listed = owner.get(f"{stream}/reviews").text
    assert "held on 2026-03-03" in listed
    assert "2026-04-01" in listed


def test_a_decision_with_a_wrong_day_loses_nothing(browser_of: BrowserOf, stream: str) -> None:
    owner = browser_of(Role.OWNER)
    planned = owner.fill_in(f"{stream}/reviews", due_on="2026-03-02").headers["location"]
    refused = owner.fill_in(planned, version="1", minutes="Long minutes", decisions="Do it | Ada | soon")
    assert refused.status_code == 422
    assert "Long minutes" in refused.text
    assert "“soon” is no day" in refused.text


@pytest.mark.parametrize(("form", "begins"), [(".pdf", b"%PDF"), (".pptx", b"PK"), (".html", b"<!doctype html>")])
def test_the_pack_comes_in_every_form(browser_of: BrowserOf, stream: str, form: str, begins: bytes) -> None:
    pack = browser_of(Role.VIEWER).get(f"{stream}/reviews/pack{form}")
    assert pack.status_code == 200
    assert pack.content.startswith(begins)
    assert form != ".html" or EVIL not in pack.text


def test_a_pack_in_another_form_is_told_there_is_none(browser_of: BrowserOf, stream: str) -> None:
    assert browser_of(Role.VIEWER).get(f"{stream}/reviews/pack.exe").status_code == 422


def test_the_pack_of_a_review_stays_as_it_was(browser_of: BrowserOf, stream: str) -> None:
    owner = browser_of(Role.OWNER)
    planned = owner.fill_in(f"{stream}/reviews", due_on="2026-03-02").headers["location"]
    assert owner.get(f"{planned}/pack.pdf").status_code == 422
    assert owner.fill_in(f"{planned}/pack", form=planned).status_code == 303
    first = owner.get(f"{planned}/pack.html").text
    assert "How the stream fares" in first
    owner.fill_in(f"{stream}/reviews", due_on="2026-04-02")
    assert owner.get(f"{planned}/pack.html").text == first
