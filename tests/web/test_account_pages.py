"""One's own account, and the people of the workspace, on their pages."""

import re
from collections.abc import Callable
from hashlib import sha256

from browsing import PASSWORD, Browser

from millrace.workbench.shared import Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]


def test_the_password_is_changed_with_the_old_one_only(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.VIEWER)
    wrong = browser.fill_in("/account/password", form="/account", old="no", new="another four words")
    assert (wrong.status_code, "present password is wrong" in wrong.text) == (422, True)

    browser.fill_in("/account/password", form="/account", old=PASSWORD, new="another four words")

    assert bench.sign_in("viewer@example.org", PASSWORD) is None
    assert bench.sign_in("viewer@example.org", "another four words") is not None


def test_a_token_is_shown_once_and_ends(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ANALYST)
    shown = browser.fill_in("/account/tokens", form="/account", name="<b>nightly</b>", scopes="read")
    secret = re.search(r"<code>(mr_[^<]+)</code>", shown.text)
    assert secret is not None
    assert "&lt;b&gt;nightly" in shown.text
    assert secret[1] not in browser.get("/account").text
    assert bench.actor_of_token(secret[1]) is not None

    token = re.search(r"/account/tokens/(\w+)/revoke", shown.text)
    browser.fill_in(f"/account/tokens/{token[1] if token else ''}/revoke", form="/account")

    assert bench.actor_of_token(secret[1]) is None


def test_another_browser_is_signed_out(browser_of: BrowserOf) -> None:
    here, there = browser_of(Role.VIEWER), browser_of(Role.VIEWER)
    ids = set(re.findall(r"/account/sign-ins/(\w+)/revoke", here.get("/account").text))
    assert len(ids) == 2
    (other,) = ids - {sha256(here.cookies["millrace_session"].encode()).hexdigest()}
    here.fill_in(f"/account/sign-ins/{other}/revoke", form="/account")
    assert here.get("/", follow_redirects=False).status_code == 200
    assert there.get("/", follow_redirects=False).status_code == 303


def test_an_admin_lets_people_in_and_out(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.ADMIN)
    fields = {"name": "Nina", "email": "nina@example.org", "role": "viewer", "password": PASSWORD}
    assert browser.fill_in("/settings/people", **fields).status_code == 303
    again = browser.fill_in("/settings/people", **fields)
    assert (again.status_code, "There is an account for" in again.text) == (422, True)
    assert bench.sign_in("nina@example.org", PASSWORD) is not None
    trail = browser.get("/settings/trail").text
    assert "open account" in trail
    assert "nina@example.org" in trail


def test_the_last_admin_cannot_be_closed(browser_of: BrowserOf, people: dict[Role, object]) -> None:
    browser = browser_of(Role.ADMIN)
    admin = getattr(people[Role.ADMIN], "person_id", "")
    refused = browser.fill_in(f"/settings/people/{admin}/close", form="/settings/people")
    assert (refused.status_code, "the only admin" in refused.text) == (422, True)
