"""The cast of the tests of what several people share: an admin, an owner, an analyst, a viewer; on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import PASSWORD
from postgres import empty, new_database, postgres_server
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from millrace.store.database import Database
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.accounts import passwords


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with little effort: what is tested here is not how hard they are to guess."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHash, "recommended", lambda: PasswordHash((Argon2Hasher(1, 8, 1),)))
        passwords.cache_clear()
        yield
    passwords.cache_clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server, `{}` standing for the name of a database."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_tables(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database on it that has all tables."""
    url = new_database(postgres)
    Database(tmp_path_factory.mktemp("tables"), url).close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The URL of an empty database of either kind; None for the file in the workspace's folder."""
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("postgres_tables")
    empty(url)
    return url


@pytest.fixture
def bench(tmp_path: Path, database: str | None) -> Iterator[SharedWorkbench]:
    shared = SharedWorkbench(tmp_path / "workspace", database=database)
    yield shared
    shared.close()


@pytest.fixture
def admin(bench: SharedWorkbench) -> Actor:
    account = bench.open_first_account("ada@example.org", "Ada", PASSWORD)
    return Actor(account.id, account.name, account.role)


@pytest.fixture
def people(bench: SharedWorkbench, admin: Actor) -> dict[Role, Actor]:
    """One person in each role."""
    cast = {Role.ADMIN: admin}
    for role, name in ((Role.OWNER, "Olga"), (Role.ANALYST, "Anna"), (Role.VIEWER, "Vera")):
        account = bench.open_account(admin, f"{name.lower()}@example.org", name, role, PASSWORD)
        cast[role] = Actor(account.id, account.name, role)
    return cast
