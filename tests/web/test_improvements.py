"""The pages of the register: from a form to a proof, with what is refused told in place."""

from collections.abc import Callable
from datetime import date

import pytest
from browsing import Browser

from millrace.model.improvement import Improvement
from millrace.model.value_stream import Step, ValueStream
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.improvement_views import ImprovementDraft

BrowserOf = Callable[[Role | None], Browser]
DAY = date(2024, 7, 1)


@pytest.fixture
def stream(bench: SharedWorkbench, people: dict[Role, Actor]) -> str:
    drawn = ValueStream(
        name="access",
        title="HR access",
        steps=(Step(name="Approve"),),
        improvements=(Improvement(name="Pool the desks"),),
    )
    return bench.begin_stream(people[Role.ANALYST], drawn).key


@pytest.fixture
def entered(bench: SharedWorkbench, people: dict[Role, Actor], stream: str) -> str:
    draft = ImprovementDraft("Remind <approvers>", benefit="sooner", owner="Access lead", step="Approve")
    return bench.register_improvement(people[Role.ANALYST], stream, draft).key


def test_an_improvement_is_entered_and_found_by_filters(browser_of: BrowserOf, stream: str) -> None:
    anna = browser_of(Role.ANALYST)
    answer = anna.fill_in(
        "/improvements/new", f"/improvements/new?stream={stream}", stream=stream, title="Fewer forms", owner="Desk lead"
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/improvements/fewer-forms?done=")
    assert "Fewer forms" in anna.get(f"/improvements?stream={stream}&state=new&owner=Desk+lead").text
    assert "Fewer forms" not in anna.get("/improvements?state=closed").text
    assert "Fewer forms" in anna.get("/improvements?view=board").text
    assert "Fewer forms" in anna.get(f"/streams/{stream}/improvements").text


def test_what_was_entered_is_kept_where_something_is_wrong(browser_of: BrowserOf, stream: str) -> None:
    anna = browser_of(Role.ANALYST)
    answer = anna.fill_in(
        "/improvements/new", "/improvements/new", stream=stream, title=" ", owner="Desk lead", review_on="soon"
    )
    assert answer.status_code == 422
    assert "The next review “soon” is not understood" in answer.text
    assert 'value="Desk lead"' in answer.text


def test_text_of_people_is_shown_as_text(browser_of: BrowserOf, entered: str) -> None:
    shown = browser_of(Role.VIEWER).get(f"/improvements/{entered}").text
    assert "Remind &lt;approvers&gt;" in shown
    assert "Remind <approvers>" not in shown


def test_a_viewer_sees_no_forms_that_change(browser_of: BrowserOf, entered: str) -> None:
    shown = browser_of(Role.VIEWER).get(f"/improvements/{entered}").text
    assert 'method="post" action="/improvements' not in shown


def test_a_step_is_not_left_without_a_baseline(browser_of: BrowserOf, entered: str) -> None:
    anna, path = browser_of(Role.ANALYST), f"/improvements/{entered}"
    assert anna.fill_in(f"{path}/step", path, version="1").status_code == 303
    refused = anna.fill_in(f"{path}/step", path, version="2")
    assert refused.status_code == 422
    assert "it has no measured baseline" in refused.text


def test_states_follow_each_other_and_owners_approve(browser_of: BrowserOf, entered: str) -> None:
    path = f"/improvements/{entered}"
    anna, olga = browser_of(Role.ANALYST), browser_of(Role.OWNER)
    assert anna.fill_in(f"{path}/state", path, to="accepted", version="1").status_code == 303
    assert "cannot become “closed”" in anna.fill_in(f"{path}/state", path, to="closed", version="2").text
    assert anna.fill_in(f"{path}/state", path, to="assess", version="2").status_code == 303
    assert anna.fill_in(f"{path}/state", path, to="approved", version="3").status_code == 403
    assert "<option>approved</option>" not in anna.get(path).text
    assert olga.fill_in(f"{path}/state", path, to="approved", version="3").status_code == 303


def test_who_saves_over_another_is_told(browser_of: BrowserOf, entered: str) -> None:
    path = f"/improvements/{entered}"
    anna = browser_of(Role.ANALYST)
    assert anna.fill_in(path, title="Renamed", version="1").status_code == 303
    refused = anna.fill_in(path, title="Mine", version="1")
    assert refused.status_code == 422
    assert "was changed by somebody else" in refused.text
    assert 'value="Mine"' in refused.text


def test_actions_are_added_and_wait_for_each_other(browser_of: BrowserOf, entered: str) -> None:
    path = f"/improvements/{entered}"
    anna = browser_of(Role.ANALYST)
    assert anna.fill_in(f"{path}/actions", path, title="Agree", version="1", due_on="2024-05-01").status_code == 303
    assert anna.fill_in(f"{path}/actions", path, title="Send", version="2", after="1").status_code == 303
    early = anna.fill_in(f"{path}/actions/2", path, state="done", version="3")
    assert "Action 2 needs action 1 to be done first" in early.text
    assert anna.fill_in(f"{path}/actions/1", path, state="done", version="3").status_code == 303


def test_a_hypothesis_is_stated_and_shown_again(browser_of: BrowserOf, entered: str) -> None:
    path = f"/improvements/{entered}"
    anna = browser_of(Role.ANALYST)
    stated = anna.fill_in(
        f"{path}/hypothesis", path, version="1", measure="wait_time", statistic="mean", of_step="Approve",
        changed_on=DAY.isoformat(), expected="30 % less", changed_where="team=Desk",
        phases="2024-09-01 60 % team=Field",
    )  # fmt: skip
    assert stated.status_code == 303
    shown = anna.get(path).text
    assert "mean wait in “Approve”" in shown
    assert "30\u202f% less" in shown
    assert "in 2 phases" in shown
    assert "2024-09-01 60% team=Field" in shown
    wrong = anna.fill_in(f"{path}/hypothesis", path, version="2", changed_on=DAY.isoformat(), expected="much")
    assert "The expected change “much” is not understood" in wrong.text


def test_proving_without_a_log_says_what_is_missing(browser_of: BrowserOf, entered: str) -> None:
    path = f"/improvements/{entered}"
    anna = browser_of(Role.ANALYST)
    assert "State its hypothesis first" in anna.fill_in(f"{path}/prove", path).text
    anna.fill_in(f"{path}/hypothesis", path, version="1", changed_on=DAY.isoformat())
    assert "is not measured on anything yet" in anna.fill_in(f"{path}/prove", path).text


def test_what_the_stream_lists_is_taken_over_once(browser_of: BrowserOf, stream: str) -> None:
    anna, path = browser_of(Role.ANALYST), f"/streams/{stream}/improvements"
    assert "lists 1 that the register does not have" in anna.get(path).text
    assert anna.fill_in(f"{path}/import", path).headers["location"].endswith("1+taken+over.")
    assert "Pool the desks" in anna.get(path).text
    assert "Take them over" not in anna.get(path).text


def test_the_register_leaves_as_csv_and_json(browser_of: BrowserOf, entered: str) -> None:
    viewer = browser_of(Role.VIEWER)
    (row,) = viewer.get("/improvements/list.json").json()
    assert (row["key"], row["owner"], row["model_step"], row["verdict"]) == (entered, "Access lead", 1, None)
    lines = viewer.get("/improvements/list.csv").text.splitlines()
    assert lines[0].startswith("key,stream,title,state")
    assert len(lines) == 2


def test_unknown_keys_are_not_found(browser_of: BrowserOf, stream: str) -> None:
    anna = browser_of(Role.ANALYST)
    assert anna.get("/improvements/none").status_code == 404
    assert anna.get("/streams/none/improvements").status_code == 404
    assert anna.get(f"/improvements/new?stream={stream}&finding=none").status_code in (404, 409)
