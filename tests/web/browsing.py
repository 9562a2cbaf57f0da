"""A browser for tests: it keeps cookies, and fills forms in as a person does."""

import re

from fastapi.testclient import TestClient
from httpx2 import Response

from millrace.workbench.shared import Actor, Role, SharedWorkbench

PASSWORD = "four words in a row"


class Browser(TestClient):
    """A browser: it keeps cookies, and repeats the secret of the form it fills in."""

    def fill_in(self, path: str, form: str | None = None, **fields: str) -> Response:
        """Open the page with the form, then send it to `path`."""
        shown = self.get(form or path)
        secret = re.search(r'name="form_secret" value="([^"]+)"', shown.text)
        given = {**fields, "form_secret": secret[1] if secret else ""}
        return self.post(path, data=given, follow_redirects=False)


def open_accounts(bench: SharedWorkbench) -> dict[Role, Actor]:
    """One person in each role."""
    ada = bench.open_first_account("admin@example.org", "Ada", PASSWORD)
    admin = Actor(ada.id, ada.name, ada.role)
    cast = {Role.ADMIN: admin}
    for role in (Role.OWNER, Role.ANALYST, Role.VIEWER):
        account = bench.open_account(admin, f"{role}@example.org", role.title(), role, PASSWORD)
        cast[role] = Actor(account.id, account.name, role)
    return cast
