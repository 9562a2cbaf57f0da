"""A server in the test's own process, and browsers of people in each role."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import PASSWORD, Browser, open_accounts
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from millrace.web.app import create_app
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.accounts import passwords
from millrace.workbench.shared.serving import ServeSettings

HOST = "http://testserver"


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with little effort: what is tested here is not how hard they are to guess."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHash, "recommended", lambda: PasswordHash((Argon2Hasher(1, 8, 1),)))
        passwords.cache_clear()
        yield
    passwords.cache_clear()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are waited for: how they are told to be on their way has tests of its own."""
    monkeypatch.setattr("millrace.web.pages.soon.PATIENCE_SECONDS", 120.0)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    """A workspace with accounts, served with sign-in."""
    served = create_app(ServeSettings(tmp_path / "workspace", is_alone=False))
    yield served
    served.state.bench.close()


@pytest.fixture
def bench(app: FastAPI) -> SharedWorkbench:
    served: SharedWorkbench = app.state.bench
    return served


@pytest.fixture
def people(bench: SharedWorkbench) -> dict[Role, Actor]:
    """One person in each role."""
    return open_accounts(bench)


@pytest.fixture
def browser_of(app: FastAPI, bench: SharedWorkbench, people: dict[Role, Actor]) -> Callable[[Role | None], Browser]:
    """A browser in which somebody of a role is signed in, or nobody."""

    def make(role: Role | None) -> Browser:
        browser = Browser(app, base_url=HOST)
        if role is not None:
            browser.cookies.set("millrace_session", bench.sign_in(f"{role}@example.org", PASSWORD) or "")
        return browser

    assert set(people) == set(Role)
    return make
