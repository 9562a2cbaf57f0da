"""Nobody gets in who should not, and nothing is done that another site asks for."""

from collections.abc import Callable, Iterator

import pytest
from browsing import PASSWORD, Browser
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount

from millrace.web.security.gate import Gate, Open, gates, own_form, own_program
from millrace.web.security.headers import HEADERS
from millrace.workbench.shared import Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]


def routes(app: FastAPI) -> Iterator[APIRoute]:
    """All routes that are not files; a route may only be there through a router."""
    for each in app.routes:
        if not isinstance(each, Mount):
            yield from (route for route in each.original_router.routes if isinstance(route, APIRoute))


def all_calls(dependant: object) -> Iterator[object]:
    yield getattr(dependant, "call", None)
    for each in getattr(dependant, "dependencies", ()):
        yield from all_calls(each)


def test_every_route_says_who_may_ask_for_it(app: FastAPI) -> None:
    found = {route.path: len(gates(route.dependant)) for route in routes(app)}
    assert found
    assert {path for path, n in found.items() if n != 1} == set()


def test_every_route_that_changes_something_wants_its_own_form(app: FastAPI) -> None:
    changing = [route for route in routes(app) if route.methods and route.methods - {"GET", "HEAD", "OPTIONS"}]
    assert [route.path for route in changing if not {own_form, own_program} & set(all_calls(route.dependant))] == []


def test_nobody_gets_in_without_signing_in(app: FastAPI, browser_of: BrowserOf) -> None:
    nobody = browser_of(None)
    for route in routes(app):
        if isinstance(gates(route.dependant)[0], Gate) and "GET" in (route.methods or ()):
            answer = nobody.get(route.path, follow_redirects=False)
            led = answer.headers.get("location", "").partition("?")[0]
            assert (answer.status_code, led) in ((303, "/sign-in"), (401, "")), route.path


def test_who_lacks_the_permission_is_refused(app: FastAPI, browser_of: BrowserOf) -> None:
    for role in Role:
        browser = browser_of(role)
        for route in routes(app):
            gate = gates(route.dependant)[0]
            if isinstance(gate, Gate) and gate.permission and gate.permission not in role.permissions:
                method = sorted(route.methods or ())[0]
                assert browser.request(method, route.path).status_code == 403, (role, route.path)


def test_who_has_the_permission_is_let_through(app: FastAPI, browser_of: BrowserOf) -> None:
    for role in Role:
        browser = browser_of(role)
        for route in routes(app):
            gate = gates(route.dependant)[0]
            if isinstance(gate, Gate) and gate.permission in role.permissions and "GET" in (route.methods or ()):
                assert browser.get(route.path, follow_redirects=False).status_code not in (401, 403), (role, route.path)


def test_what_changes_something_is_never_asked_for_with_get(app: FastAPI) -> None:
    both = [r.path for r in routes(app) if "GET" in (r.methods or ()) and (r.methods or set()) - {"GET", "HEAD"}]
    assert both == []


def test_what_everybody_may_ask_for_is_little(app: FastAPI) -> None:
    open_to_all = {route.path for route in routes(app) if isinstance(gates(route.dependant)[0], Open)}
    assert open_to_all <= {
        "/sign-in", "/sign-in/organisation", "/sign-in/organisation/back", "/first-account", "/healthz",
        "/api/v1/openapi.json",
    }  # fmt: skip


def test_signing_in_gives_a_new_secret_and_leads_to_the_streams(browser_of: BrowserOf) -> None:
    browser = browser_of(None)
    browser.cookies.set("millrace_session", "planted")
    answer = browser.fill_in("/sign-in", email="viewer@example.org", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "millrace_session=planted" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_wrong_password_says_nothing_about_the_account(browser_of: BrowserOf) -> None:
    browser = browser_of(None)
    wrong = browser.fill_in("/sign-in", email="viewer@example.org", password="wrong")
    unknown = browser.fill_in("/sign-in", email="nobody@example.org", password="wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert "The address or the password is wrong" in wrong.text
    assert (
        wrong.text.replace("viewer@", "").split("form_secret")[0]
        == unknown.text.replace("nobody@", "").split("form_secret")[0]
    )


def test_passwords_cannot_be_guessed_on_and_on(browser_of: BrowserOf) -> None:
    browser = browser_of(None)
    tries = [browser.fill_in("/sign-in", email="viewer@example.org", password=f"no {n}").status_code for n in range(7)]
    assert tries == [422] * 5 + [429] * 2


def test_a_form_of_another_site_is_refused(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMIN)
    browser.get("/")
    without = browser.post("/sign-out", data={})
    foreign = browser.post(
        "/sign-out", data={"form_secret": browser.cookies["millrace_form"]}, headers={"origin": "https://evil.example"}
    )
    assert (without.status_code, foreign.status_code) == (403, 403)
    assert browser.get("/", follow_redirects=False).status_code == 200


def test_the_first_account_can_be_opened_once(app: FastAPI, bench: SharedWorkbench) -> None:
    browser = Browser(app, base_url="http://testserver")
    fields = {"email": "a@example.org", "name": "A", "password": PASSWORD}
    assert browser.fill_in("/first-account", form="/sign-in", **fields).status_code == 303
    again = Browser(app, base_url="http://testserver")
    again.get("/sign-in")
    refused = again.post(
        "/first-account", data={**fields, "email": "b@example.org", "form_secret": again.cookies["millrace_form"]}
    )
    assert refused.status_code == 422
    assert bench.sign_in("b@example.org", PASSWORD) is None


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/static/millrace.css"])
def test_every_answer_carries_the_headers(browser_of: BrowserOf, path: str) -> None:
    answer = browser_of(None).get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
