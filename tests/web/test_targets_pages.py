"""The page of a stream's targets: how they stand, and the forms that state them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Browser
from tests.shared.governed import governed

from millrace.draw.charts.target_sparkline import target_sparkline
from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
FAST = {"name": "Fast", "measure": "lead_time", "statistic": "p85", "target": "12 h", "per": "week", "based_on": "1"}
RESPONSE = {"name": "Response", "within": "30 min", "goal_ratio": "90 %", "stops": "state=active", "based_on": "1"}


@pytest.fixture
def path(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> str:
    return f"/streams/{governed(bench, people[Role.ADMIN], tmp_path)}/targets"


def test_a_target_is_set_and_shown_with_how_it_stands(browser_of: BrowserOf, path: str) -> None:
    browser = browser_of(Role.OWNER)
    assert browser.fill_in(path, **FAST).status_code == 303
    shown = browser.get(path).text
    assert all(told in shown for told in ("Fast", "at most 12 h", "missed", '<svg role="img" aria-label="Fast:'))


def test_a_mistake_is_said_in_place_and_the_form_kept(browser_of: BrowserOf, path: str) -> None:
    answer = browser_of(Role.OWNER).fill_in(path, **{**FAST, "target": "soon", "where": "priority=P1"})
    assert answer.status_code == 422
    assert "“soon” is not a duration" in answer.text
    assert all(kept in answer.text for kept in ('value="soon"', "priority=P1", 'value="Fast"'))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"target": "95 %"}, "lead time is a duration"),
        ({"warning": "2 d"}, "the warning has to come before the target is missed"),
        ({"where": "priority"}, "Write one condition a line"),
        ({"where": "nothing=P1"}, "has no column “nothing”"),
    ],
)
def test_what_cannot_be_meant_is_explained(browser_of: BrowserOf, path: str, wrong: dict[str, str], told: str) -> None:
    assert told in browser_of(Role.OWNER).fill_in(path, **{**FAST, **wrong}).text


def test_a_target_is_changed_in_the_same_form_and_dropped(browser_of: BrowserOf, path: str) -> None:
    browser = browser_of(Role.OWNER)
    browser.fill_in(path, **FAST)
    assert 'value="12 h"' in browser.get(f"{path}?change=Fast").text
    browser.fill_in(path, **{**FAST, "target": "3 d", "based_on": "2", "replaces": "Fast"})
    assert "at most 3 d" in browser.get(path).text
    browser.fill_in(f"{path}/drop", form=path, name="Fast", based_on="3")
    assert "No target is set" in browser.get(path).text


def test_a_service_level_is_promised_and_tells_the_past(browser_of: BrowserOf, path: str) -> None:
    browser, form = browser_of(Role.OWNER), path
    levels = path.replace("targets", "service-levels")
    assert browser.fill_in(levels, form=form, **RESPONSE).status_code == 303
    shown = browser.get(path).text
    assert "around the clock" in shown
    assert "INC030" in shown
    assert "state=active" in browser.get(f"{path}?level=Response").text


def test_what_is_watched_is_saved(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], path: str
) -> None:
    browser = browser_of(Role.OWNER)
    fields = {"stuck_after": "5 d", "stuck_in": "state=waiting", "kinds": "stuck", "based_on": "1"}
    assert browser.fill_in(path.replace("targets", "watch"), form=path, **fields).status_code == 303
    watch = bench.stream(people[Role.ADMIN], path.split("/")[2]).stream.watch
    assert watch.stuck[0].held[0].state == ("waiting",)
    assert "stuck" not in watch.leaves_out
    assert "ageing" in watch.leaves_out


def test_an_older_form_is_not_saved_over_newer_work(browser_of: BrowserOf, path: str) -> None:
    browser = browser_of(Role.OWNER)
    browser.fill_in(path, **FAST)
    answer = browser.fill_in(path, **{**FAST, "name": "Other"})
    assert "saved revision 2 since you opened the stream" in answer.text


def test_an_analyst_sees_targets_and_sets_none(browser_of: BrowserOf, path: str) -> None:
    browser = browser_of(Role.ANALYST)
    assert "Set a target" not in browser.get(path).text
    assert browser.fill_in(path, **FAST).status_code == 403


def test_a_sparkline_carries_no_style_and_all_periods(
    bench: SharedWorkbench, people: dict[Role, Actor], browser_of: BrowserOf, path: str
) -> None:
    browser_of(Role.OWNER).fill_in(path, **FAST)
    (status,) = bench.target_board(people[Role.ADMIN], path.split("/")[2]).targets
    drawn = target_sparkline(status)
    assert drawn.count("<circle") == len([point for point in status.points if point.value is not None])
    assert "style=" not in drawn
