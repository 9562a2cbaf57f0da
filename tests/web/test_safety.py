"""What an attacker would try, one test each; docs/explanation/security.md says which demand each one answers."""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from gzip import compress
from pathlib import Path

import pytest
from browsing import PASSWORD, Browser, open_accounts
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update

from millrace.store.people import SignIn
from millrace.store.tables import now
from millrace.web.app import create_app
from millrace.web.security.attempts import Attempts
from millrace.web.security.way_back import own_page
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.serving import ServeSettings, SignInNeeded, serve_settings
from millrace.workbench.shared.sign_in import IDLE

BrowserOf = Callable[[Role | None], Browser]
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """One served workspace for all attacks."""
    served = create_app(ServeSettings(tmp_path_factory.mktemp("safety") / "workspace", is_alone=False))
    yield served
    served.state.bench.close()


@pytest.fixture(scope="module")
def bench(app: FastAPI) -> SharedWorkbench:
    served: SharedWorkbench = app.state.bench
    return served


@pytest.fixture(scope="module")
def people(bench: SharedWorkbench) -> dict[Role, Actor]:
    return open_accounts(bench)


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(app: FastAPI) -> None:
    app.state.attempts = Attempts()


def signed_in(browser: Browser, email: str = "viewer@example.org") -> Browser:
    browser.fill_in("/sign-in", email=email, password=PASSWORD)
    return browser


def held(bench: SharedWorkbench, **instants: object) -> None:
    with bench._database.transaction() as session:
        session.execute(update(SignIn).values(**instants))


# Sessions


def test_a_sign_in_ends_when_nobody_uses_it(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.VIEWER)
    held(bench, seen_at=now() - IDLE - timedelta(seconds=1))
    assert browser.get("/", follow_redirects=False).status_code == 303


def test_a_sign_in_ends_however_much_it_is_used(browser_of: BrowserOf, bench: SharedWorkbench) -> None:
    browser = browser_of(Role.VIEWER)
    held(bench, ends_at=now() - timedelta(seconds=1))
    assert browser.get("/", follow_redirects=False).status_code == 303


def test_every_sign_in_has_a_secret_of_its_own_and_ends_the_one_before(
    browser_of: BrowserOf, bench: SharedWorkbench
) -> None:
    browser = signed_in(browser_of(None))
    first = browser.cookies["millrace_session"]
    signed_in(browser)
    assert browser.cookies["millrace_session"] != first
    assert bench.actor_of(first) is None


def test_a_new_password_ends_all_other_sign_ins_and_tokens(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    here, there = browser_of(Role.OWNER), browser_of(Role.OWNER)
    token = bench.issue_token(people[Role.OWNER], "t", frozenset(people[Role.OWNER].role.permissions))
    here.fill_in("/account/password", form="/account", old=PASSWORD, new="another four words")
    assert here.get("/account", follow_redirects=False).status_code == 200
    assert there.get("/account", follow_redirects=False).status_code == 303
    assert bench.actor_of_token(token) is None


def test_cookies_travel_by_https_only_where_there_is_https(tmp_path: Path) -> None:
    app = create_app(ServeSettings(tmp_path, is_alone=False, is_behind_https=True))
    browser = Browser(app, base_url="https://testserver")
    shown = browser.get("/sign-in")
    app.state.bench.close()
    assert "Secure" in shown.headers["set-cookie"]
    assert "SameSite=strict" in shown.headers["set-cookie"]
    assert shown.headers["strict-transport-security"].startswith("max-age=31536000")


# Passwords and guessing


def test_guessing_one_account_has_to_wait_from_wherever_it_is_tried(app: FastAPI, browser_of: BrowserOf) -> None:
    statuses = []
    for n in range(7):
        browser = Browser(app, base_url="http://testserver", client=(f"203.0.113.{n}", 50000))
        tried = browser.fill_in("/sign-in", email="VIEWER@example.org ", password=f"guess number {n}")
        statuses.append(tried.status_code)
    assert statuses == [422] * 5 + [429] * 2
    assert browser_of(None).fill_in("/sign-in", email="analyst@example.org", password=PASSWORD).status_code == 303


def test_behind_a_proxy_it_is_the_visitors_address_that_counts(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    proxied = ProxyHeadersMiddleware(app, trusted_hosts="127.0.0.1,::1")
    seen: list[str] = []
    monkeypatch.setattr(app.state.attempts, "count", lambda request, _: seen.append(request.client.host))
    for proxy, told in (("127.0.0.1", "198.51.100.7"), ("198.51.100.9", "10.0.0.1")):
        browser = Browser(proxied, base_url="http://testserver", client=(proxy, 1))
        browser.headers["x-forwarded-for"] = told
        browser.fill_in("/sign-in", email="viewer@example.org", password="no")
    assert seen == ["198.51.100.7", "198.51.100.9"]


def test_an_unknown_address_costs_as_much_work_as_a_known_one(
    browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from millrace.workbench.shared import sign_in

    verified: list[str] = []
    hasher = sign_in.passwords()

    class Counting:
        hash = staticmethod(hasher.hash)

        @staticmethod
        def verify(password: str, hashed: str) -> bool:
            verified.append(hashed.split("$")[1])
            return hasher.verify(password, hashed)

    monkeypatch.setattr(sign_in, "passwords", Counting)
    browser = browser_of(None)
    for email in ("viewer@example.org", "nobody@example.org"):
        browser.fill_in("/sign-in", email=email, password="wrong password")
    assert verified == ["argon2id", "argon2id"]


def test_what_concerns_safety_is_kept_and_logged(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], caplog: pytest.LogCaptureFixture
) -> None:
    browser = browser_of(None)
    browser.fill_in("/sign-in", email="viewer@example.org", password="wrong password")
    signed_in(browser)
    with caplog.at_level(logging.WARNING, "millrace.security"):
        browser.get("/settings/people?%0aforged")
        browser.post("/sign-out", data={})
    deeds = [(each.deed, each.on) for each in bench.trail(people[Role.ADMIN])]
    assert ("refuse sign in", "Viewer") in deeds
    assert ("sign in", "Viewer") in deeds
    assert [line.message.partition(":")[0] for line in caplog.records] == ["not-allowed", "foreign-form"]
    assert "wrong password" not in caplog.text + str(bench.trail(people[Role.ADMIN]))


# Where one is led, and by what name


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\x09//evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "sources",
    ],
)
def test_nobody_is_led_elsewhere_after_the_sign_in(browser_of: BrowserOf, back: str) -> None:
    assert own_page(back) == "/"
    answer = browser_of(None).fill_in("/sign-in", email="viewer@example.org", password=PASSWORD, back=back)
    assert answer.headers["location"] == "/"


def test_an_own_page_is_led_back_to() -> None:
    assert own_page("/streams/a/items?of=open&page=2") == "/streams/a/items?of=open&page=2"


def test_alone_it_answers_to_this_machines_names_only(tmp_path: Path) -> None:
    app = create_app(ServeSettings(tmp_path))
    statuses = {host: TestClient(app, base_url=f"http://{host}").get("/").status_code for host in (
        "localhost:8017", "127.0.0.1:8017", "[::1]:8017", "rebound.evil.example:8017",
    )}  # fmt: skip
    app.state.bench.close()
    assert list(statuses.values()) == [200, 200, 200, 421]


def test_a_known_name_is_kept_to(tmp_path: Path) -> None:
    app = create_app(ServeSettings(tmp_path, is_alone=False, known_as=("millrace.example.org",)))
    answers = [
        TestClient(app, base_url=f"https://{host}").get("/sign-in").status_code
        for host in ("millrace.example.org", "evil.example")
    ]
    app.state.bench.close()
    assert answers == [200, 421]


def test_a_workspace_without_accounts_is_served_to_nobody_else(tmp_path: Path) -> None:
    for host, is_behind_https in (("0.0.0.0", False), ("127.0.0.1", True)):
        with pytest.raises(SignInNeeded):
            serve_settings(tmp_path, host, 1, None, asks_sign_in=True, is_behind_https=is_behind_https)


# What is sent


def test_an_upload_beyond_the_limit_leaves_nothing(tmp_path: Path) -> None:
    app = create_app(ServeSettings(tmp_path, largest_upload_bytes=10_000))
    browser = Browser(app, base_url="http://localhost")
    secret = re.search(r'name="form_secret" value="([^"]+)"', browser.get("/sources/new").text)
    answer = browser.post(
        "/sources/new", data={"form_secret": secret[1] if secret else ""}, files={"files": ("a.csv", b"a" * 20_000)}
    )
    kept = [path for path in (tmp_path / "sources").rglob("*") if path.is_file()]
    app.state.bench.close()
    assert answer.status_code == 413
    assert kept == []


def test_a_form_is_no_way_to_send_much(browser_of: BrowserOf) -> None:
    browser = browser_of(None)
    browser.get("/sign-in")
    assert browser.post("/sign-in", data={"email": "a" * 3 * 2**20}).status_code == 413


FORM_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]


@pytest.mark.parametrize("form_type", FORM_TYPES)
def test_what_does_not_say_its_size_is_counted_while_it_comes(browser_of: BrowserOf, form_type: str) -> None:
    pieces = (b"a" * 2**20 for _ in range(3))
    answer = browser_of(None).post("/sign-in", content=pieces, headers={"content-type": form_type})
    assert answer.status_code == 413


def test_a_person_who_sends_too_much_stays_inside_the_workbench(browser_of: BrowserOf) -> None:
    answer = browser_of(Role.ADMIN).post("/account/password", data={"old": "a" * 3 * 2**20})
    assert "<h1>Too large</h1>" in answer.text
    assert "larger than the 2 MB" in answer.text
    assert 'href="/settings"' in answer.text
    assert answer.headers["content-security-policy"]


def test_a_program_that_sends_too_much_is_told_in_its_own_form(browser_of: BrowserOf) -> None:
    answer = browser_of(Role.ADMIN).post("/api/v1/streams", content=b"a" * 3 * 2**20)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:millrace:upload-too-large"


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


XES_BOMB = b"""<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/passwd">]><log><trace><string key="concept:name" value="&b;&c;"/></trace></log>"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.csv.gz", compress(compress(b"a" * 10_000_000))),
        ("bomb.xlsx", zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b" " * 50_000_000))),
        ("archive.zip", zipped(("../../etc/cron.d/evil", b"number,time\n"))),
        ("entities.xes", XES_BOMB),
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("program.exe", b"MZ" + bytes(range(256)) * 40),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], name: str, content: bytes
) -> None:
    browser = browser_of(Role.ANALYST)
    secret = re.search(r'name="form_secret" value="([^"]+)"', browser.get("/sources/new").text)
    answer = browser.post(
        "/sources/new",
        data={"form_secret": secret[1] if secret else "", "name": "Bomb"},
        files={"files": (f"../../{name}", content)},
    )
    bench.bring_in_next()
    assert answer.status_code < 500
    assert {each.state for each in bench.sources(people[Role.ADMIN])} <= {"failed"}
    assert not (bench.folder.parent / name).exists()
    assert not Path("/etc/cron.d/evil").exists()


# What is answered


@pytest.mark.parametrize("path", ["/", "/account", "/settings", "/sources", "/nowhere", "/api/v1/me"])
def test_private_answers_are_not_kept_by_browsers_or_proxies(browser_of: BrowserOf, path: str) -> None:
    assert browser_of(Role.ADMIN).get(path).headers["cache-control"] == "no-store"


def test_a_fault_tells_nothing_of_what_is_inside(
    app: FastAPI, browser_of: BrowserOf, bench: SharedWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    cookie = browser_of(Role.VIEWER).cookies["millrace_session"]
    monkeypatch.setattr(bench, "own_account", break_down)
    browser = Browser(app, base_url="http://testserver", raise_server_exceptions=False)
    browser.cookies.set("millrace_session", cookie)
    answer = browser.get("/account")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "secret of the inside" not in answer.text
    assert "Traceback" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_no_page_may_be_framed_and_no_script_stands_in_one(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMIN)
    for path in ("/", "/settings/people", "/account"):
        answer = browser.get(path)
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert re.findall(r"<script(?![^>]* src=)|\son\w+=|style=", answer.text) == []


@pytest.mark.parametrize("said", [EVIL, "'\"><img src=x onerror=alert(1)>", "{{ 7 * 7 }}"])
def test_what_is_said_in_the_address_is_escaped(browser_of: BrowserOf, said: str) -> None:
    answer = browser_of(Role.ADMIN).get("/settings", params={"done": said})
    assert said not in answer.text or said.startswith("{{")
    assert "49" not in re.sub(r"\w{20,}", "", answer.text.split("<main")[1])
