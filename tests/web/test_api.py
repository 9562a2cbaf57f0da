"""The REST API: the same results as the pages, with tokens, problems and revisions that nobody overwrites."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import PASSWORD, Browser
from fastapi import FastAPI

from millrace.workbench.shared import Actor, Permission, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
STATUSES = (("08", "New"), ("10", "In Progress"), ("12", "Awaiting User"), ("14", "In Progress"), ("16", "Resolved"))
LOG = "number,time,status,team,person\n" + "".join(
    f"INC{n},2025-{1 + n // 27:02}-{1 + n % 27:02} {hour}:00:00,{status},Desk,Grace Hopper\n"
    for n in range(60)
    for hour, status in STATUSES
)


@pytest.fixture
def program(app: FastAPI, bench: SharedWorkbench, people: dict[Role, Actor]) -> Browser:
    """A program with an owner’s token."""
    token = bench.issue_token(people[Role.OWNER], "report", frozenset(Permission) - {Permission.ADMINISTER})
    return Browser(app, base_url="http://testserver", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def stream(program: Browser, bench: SharedWorkbench) -> str:
    """A stream begun through the API from an export that was given through it."""
    given = program.post("/api/v1/sources", files={"files": ("log.csv", LOG)}, data={"name": "Log"})
    assert given.status_code == 202, given.text
    bench.bring_in_next()
    begun = program.post("/api/v1/streams", json={"source": given.json()["key"]})
    assert begun.status_code == 201, begun.text
    return f"/api/v1/streams/{begun.json()['key']}"


def test_an_export_becomes_a_measured_stream(program: Browser, stream: str) -> None:
    measures = program.get(f"{stream}/measures").json()
    assert (measures["lead_time"]["n"], measures["lead_time"]["p50_seconds"]) == (60, 8 * 3600)
    source = program.get("/api/v1/sources").json()[0]
    assert (source["state"], source["n_items"]) == ("ready", 60)


def test_filters_are_those_of_the_pages(program: Browser, stream: str) -> None:
    some = program.get(f"{stream}/measures", params={"since": "2025-02-01", "where": "team=Desk"}).json()
    assert some["lead_time"]["n"] == 33
    refused = program.get(f"{stream}/measures", params={"since": "yesterday"})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert "write a day like" in refused.json()["detail"]


def test_the_items_behind_a_figure_and_their_journeys_are_told(program: Browser, stream: str) -> None:
    items = program.get(f"{stream}/items", params={"per_page": 7, "page": 9}).json()
    assert (items["n_items"], len(items["items"])) == (60, 4)
    journey = program.get(f"{stream}/items/{items['items'][0]['item']}").json()
    assert journey["lead_time_seconds"] == 8 * 3600
    assert journey["spans"][0]["began_at"] == journey["demand_at"]
    assert all(a["ended_at"] == b["began_at"] for a, b in zip(journey["spans"], journey["spans"][1:], strict=False))


def test_nothing_that_is_told_names_a_person_of_the_log(program: Browser, stream: str) -> None:
    for path in ("/measures", "/findings", "/items", "/items/INC7", "/map", "/map.svg"):
        answer = program.get(stream + path)
        assert answer.status_code == 200, answer.text
        assert "Hopper" not in answer.text


def test_a_stream_is_saved_on_the_revision_that_was_read(program: Browser, stream: str) -> None:
    read = program.get(stream)
    yaml = read.json()["latest"]["yaml"].replace("steps:", "description: Ours.\nsteps:", 1)
    blind = program.put(stream, json={"yaml": yaml})
    assert (blind.status_code, "If-Match is missing" in blind.json()["detail"]) == (428, True)
    saved = program.put(stream, json={"yaml": yaml, "note": "Says whose"}, headers={"If-Match": read.headers["ETag"]})
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"2"')
    late = program.put(stream, json={"yaml": yaml}, headers={"If-Match": read.headers["ETag"]})
    assert (late.status_code, late.json()["type"]) == (412, "urn:millrace:changed-meanwhile")


def test_a_stream_as_json_is_the_stream_as_yaml(program: Browser, stream: str) -> None:
    read = program.get(stream)
    told = read.json()["latest"]["stream"]
    saved = program.put(stream, json={"stream": told}, headers={"If-Match": read.headers["ETag"]}).json()
    assert (saved["stream"], saved["yaml"]) == (told, read.json()["latest"]["yaml"])


def test_a_revision_is_proposed_and_published(program: Browser, stream: str) -> None:
    assert program.post(f"{stream}/revisions/1/propose").json()["state"] == "proposed"
    assert program.post(f"{stream}/revisions/1/publish").json()["state"] == "published"
    assert program.get(stream).json()["published"] == 1


def test_a_scope_narrows_what_a_token_may(app: FastAPI, bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    token = bench.issue_token(people[Role.ADMIN], "reads", frozenset({Permission.READ}))
    reader = Browser(app, base_url="http://testserver", headers={"Authorization": f"Bearer {token}"})
    assert reader.get("/api/v1/me").json() == {"name": "Ada", "role": "admin", "may": ["read"]}
    refused = reader.post("/api/v1/streams", json={"yaml": "name: x"})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:millrace:not-allowed")
    assert reader.get("/api/v1/trail").status_code == 403


def test_a_wrong_token_is_told_so(app: FastAPI) -> None:
    nobody = Browser(app, base_url="http://testserver", headers={"Authorization": "Bearer mr_wrong"})
    assert nobody.get("/api/v1/streams").json()["type"] == "urn:millrace:not-signed-in"


def test_a_browser_that_is_signed_in_changes_nothing_without_the_secret_of_its_page(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.OWNER)
    browser.get("/")
    asked = {"json": {"yaml": "name: ours\ntitle: Ours\nsteps: []"}}
    assert browser.post("/api/v1/streams", **asked).status_code == 403
    secret = browser.cookies["millrace_form"]
    assert browser.post("/api/v1/streams", headers={"X-Form": secret}, **asked).status_code != 403


@pytest.mark.parametrize("given", ["name: [", "{", "no stream at all"])
def test_an_unreadable_stream_is_told_in_a_sentence(program: Browser, given: str) -> None:
    refused = program.post("/api/v1/streams", json={"yaml": given})
    assert refused.status_code == 422
    assert "request" in refused.json()["detail"]


def test_what_is_no_log_is_refused(program: Browser, tmp_path: Path) -> None:
    refused = program.post("/api/v1/sources", files={"files": ("log.csv", b"\x00\x01\x02" * 100)})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")


def test_the_description_names_no_page(app: FastAPI) -> None:
    described = Browser(app, base_url="http://testserver").get("/api/v1/openapi.json").json()
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    assert "/api/v1/streams/{key}/measures" in described["paths"]
    assert PASSWORD not in json.dumps(described)
