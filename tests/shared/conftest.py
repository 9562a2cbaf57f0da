"""The cast of the tests of what several people share: an admin, an owner, an analyst, a viewer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import PASSWORD

from millrace.workbench.shared import Actor, Role, SharedWorkbench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[SharedWorkbench]:
    shared = SharedWorkbench(tmp_path / "workspace")
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
