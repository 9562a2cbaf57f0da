"""Choosing among moves, planning them, and what becomes of open work: worked out in the background, told on pages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Browser

from millrace.model.templates.template import load_template
from millrace.workbench import Workbench
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.future_trials import Exactness

BrowserOf = Callable[[Role | None], Browser]
CALLED = "future/states/automatic-standard-access-by-its-moves"


@pytest.fixture
def path(bench: SharedWorkbench, people: dict[Role, Actor], monkeypatch: pytest.MonkeyPatch) -> str:
    """A stream as people drew it; as little is simulated as can be compared."""
    monkeypatch.setattr(Exactness, "weeks", property(lambda _: 2))
    monkeypatch.setattr(Exactness, "n_replications", property(lambda _: 2))
    return f"/streams/{bench.begin_stream(people[Role.ANALYST], load_template('hr-access')).key}"


def test_moves_are_chosen_for_a_budget(browser_of: BrowserOf, bench: SharedWorkbench, path: str) -> None:
    browser, here = browser_of(Role.ANALYST), f"{path}/{CALLED}/choose"
    asked = browser.fill_in(here, measure="lead_time_mean", budget="6 000", months="12").headers["location"]
    assert "It waits for its turn" in browser.get(asked).text
    assert bench.background.do_next()
    told = browser.get(asked).text
    assert "What more money brings" in told
    assert "Go on with these moves" in told
    assert "10,800" not in told.split("What each move adds")[0], "a set dearer than the budget is on the front"
    draft = browser.fill_in(asked.replace("/choose?", "/choose/take?"), form=asked).headers["location"]
    assert "chosen" in browser.get(draft).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"budget": "much"}, "The budget “much” is not understood"),
        ({"goal": "be faster"}, "is not understood"),
        ({"goal": "speed <= 2"}, "is no measure to choose moves by"),
        ({"months": "-1"}, "is not understood"),
    ],
)
def test_what_cannot_be_asked_is_told_and_stays_in_the_form(
    browser_of: BrowserOf, path: str, fields: dict[str, str], told: str
) -> None:
    answer = browser_of(Role.ANALYST).fill_in(f"{path}/{CALLED}/choose", **fields)
    assert answer.status_code == 422
    assert told in answer.text
    (written,) = fields.values()
    assert f'value="{written.replace("<", "&lt;")}"' in answer.text


def test_moves_are_put_in_order(browser_of: BrowserOf, bench: SharedWorkbench, path: str) -> None:
    browser, here = browser_of(Role.ANALYST), f"{path}/{CALLED}/plan"
    assert browser.fill_in(here).headers["location"] == here
    assert bench.background.do_next()
    told = browser.get(here).text
    assert "Lead time, mean is to go from" in told
    assert "Auto approve: Review and approve" in told


def test_a_plan_can_be_stopped(browser_of: BrowserOf, bench: SharedWorkbench, path: str) -> None:
    browser, here = browser_of(Role.ANALYST), f"{path}/{CALLED}/plan"
    browser.fill_in(here)
    browser.fill_in(f"{here}/stop", form=here)
    assert not bench.background.do_next()
    assert "It was stopped" in browser.get(here).text


def test_a_drawing_has_no_open_work(browser_of: BrowserOf, bench: SharedWorkbench, path: str) -> None:
    browser, here = browser_of(Role.ANALYST), f"{path}/future/open-work"
    browser.fill_in(here)
    bench.background.do_next()
    assert "A drawing has no open items" in browser.get(here).text


def test_open_work_is_foretold(
    browser_of: BrowserOf,
    bench: SharedWorkbench,
    people: dict[Role, Actor],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("millrace.workbench.shared.open_work.N_FUTURES", 5)
    anna, browser = people[Role.ANALYST], browser_of(Role.ANALYST)
    log = Workbench(tmp_path / "made").sample("incidents", tmp_path / "incidents.csv", months=2)
    source = bench.add_source(anna, "Incidents", [(log.name, log)])
    bench.bring_in_next()
    stream = bench.begin_stream(anna, load_template("incident-three-tiers"), source=source.key)
    here = f"/streams/{stream.key}/future/open-work"
    asked = browser.fill_in(here, within="1 d").headers["location"]
    assert asked == f"{here}?within=1+d"
    assert bench.background.do_next()
    told = browser.get(asked).text
    assert re.search(r"The limit is (1\sd|24\sh)", told)
    assert "late already" in told
    assert f'href="/streams/{stream.key}/items/INC' in told
    assert "Amara Diaz" not in told
    assert browser.get(f"{here}?within=soon").status_code == 422


def test_tasks_are_shown_with_how_many_come_before(browser_of: BrowserOf, bench: SharedWorkbench, path: str) -> None:
    browser = browser_of(Role.ANALYST)
    browser.fill_in(f"{path}/{CALLED}/choose")
    browser.fill_in(f"{path}/{CALLED}/plan")
    assert "1 before it" in browser.get(f"{path}/{CALLED}/plan").text
