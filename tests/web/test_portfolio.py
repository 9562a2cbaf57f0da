"""The portfolio: streams beside each other."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Browser

from millrace.web.pages import portfolio
from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
EVIL = "<script>alert(1)</script>"


def log(hours: int, team: str) -> str:
    rows = ["number,time,status,team,priority"]
    for n in range(120):
        for hour, status in ((8, "New"), (9, "In Progress"), (9 + hours, "Resolved")):
            rows.append(f"INC{n},2025-{1 + n // 27:02}-{1 + n % 27:02} {hour:02}:00:00,{status},{team},P{n % 2}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def streams(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> tuple[str, str]:
    """Two streams, one slower than the other."""
    anna = people[Role.ANALYST]
    keys = []
    for name, hours, team in (("Quick", 2, "Desk"), (f"Slow {EVIL}", 8, EVIL)):
        (tmp_path / "log.csv").write_text(log(hours, team))
        source = bench.add_source(anna, name, [("log.csv", tmp_path / "log.csv")])
        bench.bring_in_next()
        proposed = bench.proposed_stream(anna, source.key).model_copy(update={"title": name})
        keys.append(bench.begin_stream(anna, proposed, source=source.key).key)
        bench.fare(anna, keys[-1])
    return keys[0], keys[1]


def test_streams_stand_beside_each_other(browser_of: BrowserOf, streams: tuple[str, str]) -> None:
    shown = browser_of(Role.VIEWER).get("/").text
    assert all(f'href="/streams/{key}"' in shown for key in streams)
    assert "Part of all hours" in shown
    assert "<script>alert" not in shown
    assert "style=" not in shown


def test_groups_are_held_against_each_other(
    bench: SharedWorkbench, people: dict[Role, Actor], streams: tuple[str, str]
) -> None:
    groups = {group.label: group.figures for group in bench.across(people[Role.VIEWER], streams, "priority")}
    assert set(groups) == {"P0", "P1"}
    lead = {key: groups["P0"][key].lead_time.p50 for key in streams}
    assert [each.seconds / 3600 for each in lead.values() if each] == [3, 9]


def test_what_a_log_does_not_tell_is_left_out(
    bench: SharedWorkbench, people: dict[Role, Actor], streams: tuple[str, str]
) -> None:
    assert bench.across(people[Role.VIEWER], streams, "service") == ()


def test_an_unknown_way_to_compare_is_told(browser_of: BrowserOf, streams: tuple[str, str]) -> None:
    assert streams
    assert browser_of(Role.VIEWER).get("/?per=person").status_code == 422


def test_a_stream_without_a_source_says_so(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], streams: tuple[str, str]
) -> None:
    bench.measure_on(people[Role.OWNER], streams[0], None)
    assert "is not measured on anything yet" in browser_of(Role.VIEWER).get("/").text


def test_a_portfolio_that_is_still_worked_out_comes_up_by_itself(
    browser_of: BrowserOf, streams: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(Role.VIEWER)
    assert "Look again" not in browser.get("/").text
    monkeypatch.setattr(portfolio, "PATIENCE_SECONDS", 0.0)
    shown = browser.get("/?per=team").text
    assert 'hx-get="/?per=team" hx-trigger="load delay:2s"' in shown
    assert '<meta http-equiv="refresh" content="3">' in shown
