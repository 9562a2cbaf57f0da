"""Future states, improvements and settings through the REST API: tried, saved, moved on, and never overwritten."""

import pytest
from browsing import Browser
from fastapi import FastAPI

from millrace.model.templates.template import load_template
from millrace.report.future_form import FutureJson
from millrace.workbench.shared import Actor, Permission, Role, SharedWorkbench
from millrace.workbench.shared.future_trials import Exactness

KEY = "automatic-standard-access-by-its-moves"
IMPROVEMENTS = "/api/v1/improvements"


def program_of(app: FastAPI, bench: SharedWorkbench, actor: Actor) -> Browser:
    token = bench.issue_token(actor, "program", frozenset(Permission))
    return Browser(app, base_url="http://testserver", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def program(app: FastAPI, bench: SharedWorkbench, people: dict[Role, Actor]) -> Browser:
    """A program with an analyst’s token."""
    return program_of(app, bench, people[Role.ANALYST])


@pytest.fixture
def admin(app: FastAPI, bench: SharedWorkbench, people: dict[Role, Actor]) -> Browser:
    """A program with an admin’s token."""
    return program_of(app, bench, people[Role.ADMIN])


@pytest.fixture
def stream(bench: SharedWorkbench, people: dict[Role, Actor], monkeypatch: pytest.MonkeyPatch) -> str:
    """A stream as people drew it; as little is simulated as can be compared."""
    monkeypatch.setattr(Exactness, "weeks", property(lambda _: 2))
    monkeypatch.setattr(Exactness, "n_replications", property(lambda _: 2))
    return bench.begin_stream(people[Role.ANALYST], load_template("hr-access")).key


@pytest.fixture
def futures(stream: str) -> str:
    return f"/api/v1/streams/{stream}/futures"


@pytest.fixture
def entered(program: Browser, stream: str) -> str:
    """The address of an improvement that was entered."""
    given = {"stream": stream, "title": "Remind approvers", "owner": "Access lead", "benefit": "sooner"}
    answer = program.post(IMPROVEMENTS, json=given)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def test_a_future_state_is_simulated_and_its_answer_fetched(
    program: Browser, bench: SharedWorkbench, futures: str
) -> None:
    told = {each["key"]: each for each in program.get(futures).json()}[KEY]
    assert [move["move"] for move in told["future"]["moves"]] == ["auto_approve", "raise_entry_quality", "automate"]
    asked = program.post(f"{futures}/simulate", json={"name": told["name"]})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    answer = asked.headers["Location"]
    assert (program.get(answer).status_code, program.get(answer).json()["state"]) == (202, "waiting")
    assert bench.background.do_next()
    came = program.get(answer)
    assert came.status_code == 200, came.text
    assert FutureJson.model_validate(came.json()).future_state == told["name"]
    again = program.post(f"{futures}/simulate", json={"future": told["future"]}).json()
    assert (again["answer"], again["state"]) == (answer, "done")
    assert not bench.background.is_asked_for_more


def test_what_cannot_be_simulated_says_why(program: Browser, bench: SharedWorkbench, futures: str) -> None:
    wrong = {"name": "Away", "moves": [{"move": "eliminate", "step": "Nowhere"}]}
    answer = program.post(f"{futures}/simulate", json={"future": wrong}).headers["Location"]
    assert bench.background.do_next()
    told = program.get(answer)
    assert (told.status_code, told.json()["type"]) == (422, "urn:millrace:answer-failed")
    assert "Nowhere" in told.json()["detail"]


def test_a_simulation_can_be_stopped(program: Browser, bench: SharedWorkbench, futures: str) -> None:
    answer = program.post(f"{futures}/simulate", json={"future": {"name": "Same"}}).headers["Location"]
    assert program.delete(answer).status_code == 204
    assert not bench.background.do_next()
    assert program.get(answer).json()["type"] == "urn:millrace:answer-stopped"


def test_an_answer_that_nobody_asked_for_is_not_there(program: Browser, futures: str) -> None:
    answer = program.post(f"{futures}/simulate", json={"future": {"name": "Same"}}).headers["Location"]
    never = program.get(answer.replace("/quick", "/exact"))
    assert (never.status_code, never.json()["type"]) == (404, "urn:millrace:no-such-answer")
    assert program.get(f"{futures}/answers/abc/quick").json()["type"] == "urn:millrace:no-such-draft"


def test_a_future_state_is_saved_on_the_revision_that_was_read(program: Browser, futures: str) -> None:
    read = program.get(f"{futures}/{KEY}")
    changed = read.json()["future"] | {"moves": [{"move": "end_batching", "step": "Review and approve"}]}
    seen = {"If-Match": read.headers["ETag"]}
    assert program.put(futures, json=changed).status_code == 428
    saved = program.put(futures, json=changed, headers=seen)
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"2"'), saved.text
    assert program.get(f"{futures}/{KEY}").json()["future"] == changed
    assert program.put(futures, json=changed, headers=seen).status_code == 412
    assert program.delete(f"{futures}/{KEY}", headers={"If-Match": '"2"'}).status_code == 200
    assert program.get(f"{futures}/{KEY}").status_code == 404


def test_a_future_state_that_does_not_fit_is_not_saved(program: Browser, futures: str) -> None:
    seen = {"If-Match": '"1"'}
    unknown = program.put(futures, json={"name": "Away", "leaves_out": ["Nowhere"]}, headers=seen)
    assert (unknown.status_code, unknown.json()["type"]) == (422, "urn:millrace:stream-file-invalid")
    no_move = program.put(futures, json={"name": "Away", "moves": [{"move": "hurry"}]}, headers=seen)
    assert (no_move.status_code, "hurry" in no_move.json()["detail"]) == (422, True)
    assert program.get(futures).headers["ETag"] == '"1"'


def test_an_improvement_is_changed_on_the_version_that_was_read(program: Browser, entered: str) -> None:
    read = program.get(entered)
    changed = read.json()["entered"] | {"priority": "high"}
    assert program.put(entered, json=changed).status_code == 428
    saved = program.put(entered, json=changed, headers={"If-Match": read.headers["ETag"]})
    assert (saved.status_code, saved.json()["entered"]) == (200, changed)
    late = program.put(entered, json=changed, headers={"If-Match": read.headers["ETag"]})
    assert (late.status_code, late.json()["type"]) == (412, "urn:millrace:improvement-changed-meanwhile")


@pytest.mark.parametrize(
    ("given", "told"),
    [({"title": " "}, "needs a title"), ({"title": "T" * 201}, "shorten it"), ({"priority": "huge"}, "low, medium")],
)
def test_what_is_no_improvement_is_refused(program: Browser, stream: str, given: dict[str, str], told: str) -> None:
    refused = program.post(IMPROVEMENTS, json={"stream": stream, "title": "T"} | given)
    assert refused.status_code == 422
    assert told in refused.json()["detail"]


def test_an_improvement_goes_on_only_as_far_as_it_may(program: Browser, entered: str) -> None:
    leap = program.post(f"{entered}/move", json={"to": "closed"}, headers={"If-Match": "1"})
    assert (leap.status_code, leap.json()["type"]) == (409, "urn:millrace:not-next-state")
    assert program.post(f"{entered}/move", json={"to": "accepted"}, headers={"If-Match": "1"}).status_code == 200
    second = program.post(f"{entered}/next-step", headers={"If-Match": "2"}).json()
    assert second["model_step"] == 2
    early = program.post(f"{entered}/next-step", headers={"If-Match": "3"})
    assert (early.status_code, early.json()["type"]) == (409, "urn:millrace:step-not-left")
    assert second["lacking"] in early.json()["detail"]


def test_an_analyst_approves_nothing(program: Browser, admin: Browser, entered: str) -> None:
    for version, state in enumerate(("accepted", "assess"), 1):
        program.post(f"{entered}/move", json={"to": state}, headers={"If-Match": str(version)})
    assert program.post(f"{entered}/move", json={"to": "approved"}, headers={"If-Match": "3"}).status_code == 403
    assert admin.post(f"{entered}/move", json={"to": "approved"}, headers={"If-Match": "3"}).status_code == 200


def test_actions_are_added_and_done_in_their_order(program: Browser, entered: str) -> None:
    actions = f"{entered}/actions"
    assert program.post(actions, json={"title": "Agree"}, headers={"If-Match": "1"}).status_code == 201
    given = {"title": "Switch on", "due_on": "2026-12-01", "needs": [1]}
    assert program.post(actions, json=given, headers={"If-Match": "2"}).headers["ETag"] == '"3"'
    early = program.patch(f"{actions}/2", json={"state": "done"}, headers={"If-Match": "3"})
    assert (early.status_code, early.json()["type"]) == (409, "urn:millrace:action-not-ready")
    program.patch(f"{actions}/1", json={"state": "done"}, headers={"If-Match": "3"})
    done = program.patch(f"{actions}/2", json={"state": "done"}, headers={"If-Match": "4"}).json()["actions"]
    assert [(each["state"], each["needs"]) for each in done] == [("done", []), ("done", [1])]
    assert program.patch(f"{actions}/3", json={}, headers={"If-Match": "5"}).status_code == 404


def test_a_hypothesis_is_stated_and_wants_a_log_to_be_proved(program: Browser, entered: str) -> None:
    unstated = program.post(f"{entered}/verdicts")
    assert (unstated.status_code, unstated.json()["type"]) == (409, "urn:millrace:no-hypothesis")
    asked = {"measure": "lead_time", "expected_ratio": -0.3, "phases": [{"starts_on": "2026-03-02"}]}
    stated = program.put(f"{entered}/hypothesis", json={"hypothesis": asked}, headers={"If-Match": "1"})
    assert (stated.status_code, stated.json()["hypothesis"]["expected_ratio"]) == (200, -0.3)
    assert program.post(f"{entered}/verdicts").json()["type"] == "urn:millrace:not-measured"


def test_settings_are_saved_on_the_version_that_was_read(admin: Browser) -> None:
    rates = "/api/v1/settings/rates"
    assert (admin.get(rates).headers["ETag"], admin.get(rates).json()["default_per_hour"]) == ('"0"', None)
    given = {"default_per_hour": 60.0, "per_team": {"Network": 75.0}}
    assert admin.put(rates, json=given, headers={"If-Match": '"0"'}).headers["ETag"] == '"1"'
    assert admin.get(rates).json() == given
    late = admin.put(rates, json=given, headers={"If-Match": '"0"'})
    assert (late.status_code, late.json()["type"]) == (412, "urn:millrace:setting-changed-meanwhile")
    free = admin.put(rates, json={"per_team": {"Network": 0}}, headers={"If-Match": '"1"'})
    assert (free.status_code, "Network" in free.json()["detail"]) == (422, True)


def test_working_hours_are_told_as_they_are_given(admin: Browser) -> None:
    given = {"calendar": {"zone": "Europe/Amsterdam", "hours": {"mon": "09:00-17:00"}, "holidays": ["2026-12-25"]}}
    path = "/api/v1/settings/working_hours"
    assert admin.put(path, json=given, headers={"If-Match": "0"}).status_code == 200
    told = admin.get(path).json()["calendar"]
    assert {name: told[name] for name in given["calendar"]} == given["calendar"]


def test_only_who_administers_sees_settings(program: Browser) -> None:
    assert program.get("/api/v1/settings/privacy").status_code == 403
