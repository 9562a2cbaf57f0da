"""Whom the organisation's provider may let in, and in which role."""

from pathlib import Path
from typing import Any

import pytest

from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.organisation import Organisation, OrganisationNotRead, read_organisation

PLAIN = Organisation(issuer="https://id.example.org", client_id="m", address="https://millrace.example.org")


def claims(email: str, subject: str = "s-1", **more: Any) -> dict[str, Any]:
    return {"iss": PLAIN.issuer, "sub": subject, "email": email, "email_verified": True, **more}


def signed_in(bench: SharedWorkbench, organisation: Organisation, given: dict[str, Any]) -> Actor | None:
    secret = bench.sign_in_by_organisation(organisation, given)
    return bench.actor_of(secret) if secret else None


def test_people_with_an_account_are_found_by_their_verified_address_the_first_time(
    bench: SharedWorkbench, admin: Actor
) -> None:
    assert signed_in(bench, PLAIN, claims("ada@example.org") | {"email_verified": False}) is None
    assert signed_in(bench, PLAIN, claims("nobody@example.org")) is None
    assert signed_in(bench, PLAIN, claims("ADA@example.org")) == admin
    assert signed_in(bench, PLAIN, claims("changed@example.org")) == admin
    assert signed_in(bench, PLAIN, claims("ada@example.org", "s-2")) is None


def test_an_account_is_opened_for_an_allowed_domain(bench: SharedWorkbench, admin: Actor) -> None:
    ours = PLAIN.model_copy(update={"domains": ("example.org",), "first_role": Role.ANALYST})
    nina = signed_in(bench, ours, claims("nina@example.org", name="Nina"))
    assert nina is not None
    assert (nina.name, nina.role) == ("Nina", Role.ANALYST)
    assert signed_in(bench, ours, claims("eve@example.org.evil.net", "s-3")) is None
    assert signed_in(bench, ours, claims("eve@example.org", "s-4") | {"email_verified": False}) is None


def test_roles_follow_the_claim_but_the_last_admin_stays(bench: SharedWorkbench, admin: Actor) -> None:
    ours = PLAIN.model_copy(update={"role_claim": "groups", "roles": {"own": Role.OWNER, "see": Role.VIEWER}})
    assert getattr(signed_in(bench, ours, claims("o@example.org", groups=["see", "own"])), "role", "") is Role.OWNER
    assert getattr(signed_in(bench, ours, claims("o@example.org", groups="see")), "role", "") is Role.VIEWER
    assert signed_in(bench, ours, claims("p@example.org", "s-5", groups=["other"])) is None
    assert signed_in(bench, ours, claims("ada@example.org", "s-6", groups=["see"])) == admin


def test_a_closed_account_stays_closed(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    bench.close_account(people[Role.ADMIN], people[Role.VIEWER].person_id or "")
    ours = PLAIN.model_copy(update={"domains": ("example.org",)})
    assert signed_in(bench, ours, claims("vera@example.org")) is None


def test_the_file_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "organisation.yaml"
    path.write_text("issuer: http://id.example.org\nclient_id: m\naddress: https://m.example.org\n")
    with pytest.raises(OrganisationNotRead, match="issuer has to begin with https://"):
        read_organisation(path)
    path.write_text("issuer: https://id.example.org\nclient_id: m\naddress: https://m.example.org\nroless: {}\n")
    with pytest.raises(OrganisationNotRead, match="line 4: “roless” is no key here; did you mean “roles”"):
        read_organisation(path)
