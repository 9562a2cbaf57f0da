"""Who may sign in, and what they may do."""

from datetime import timedelta

import pytest
from cast import PASSWORD

from millrace.store.database import TextNotKept
from millrace.workbench.shared import Actor, NotAllowed, Permission, Role, SharedWorkbench
from millrace.workbench.shared.accounts import AccountExists, LastAdmin
from millrace.workbench.shared.password_rules import WeakPassword


def test_the_first_account_is_an_admin_and_there_is_only_one_first(bench: SharedWorkbench, admin: Actor) -> None:
    assert admin.role is Role.ADMIN
    with pytest.raises(AccountExists):
        bench.open_first_account("eve@example.org", "Eve", PASSWORD)


@pytest.mark.parametrize(
    "password",
    ["short", "aaaaaaaaaaaaaaa", "anna@example.org", "x" * 300, "Password!1234", "qwertyqwerty", "abcdefghijklmn"],
)
def test_weak_passwords_are_refused(bench: SharedWorkbench, admin: Actor, password: str) -> None:
    with pytest.raises(WeakPassword):
        bench.open_account(admin, "anna@example.org", "Anna", Role.VIEWER, password)


def test_a_person_signs_in_and_out(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    secret = bench.sign_in("VERA@example.org ", PASSWORD)
    assert secret is not None
    assert bench.actor_of(secret) == people[Role.VIEWER]

    bench.sign_out(people[Role.VIEWER], secret)

    assert bench.actor_of(secret) is None


def test_a_wrong_password_or_an_unknown_address_does_not_sign_in(bench: SharedWorkbench, admin: Actor) -> None:
    assert bench.sign_in("ada@example.org", "not the password") is None
    assert bench.sign_in("nobody@example.org", PASSWORD) is None


def test_a_closed_account_is_signed_out_everywhere(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    vera = people[Role.VIEWER]
    secret, token = bench.sign_in("vera@example.org", PASSWORD), bench.issue_token(vera, "t", frozenset(Permission))

    bench.close_account(people[Role.ADMIN], vera.person_id or "")

    assert bench.actor_of(secret or "") is None
    assert bench.actor_of_token(token) is None
    assert bench.sign_in("vera@example.org", PASSWORD) is None


def test_the_last_admin_stays(bench: SharedWorkbench, admin: Actor) -> None:
    with pytest.raises(LastAdmin):
        bench.close_account(admin, admin.person_id or "")
    with pytest.raises(LastAdmin):
        bench.change_role(admin, admin.person_id or "", Role.VIEWER)


def test_changing_the_password_signs_out_everywhere(bench: SharedWorkbench, admin: Actor) -> None:
    secret = bench.sign_in("ada@example.org", PASSWORD)

    assert not bench.change_password(admin, "wrong", "another four words")
    assert bench.change_password(admin, PASSWORD, "another four words")

    assert bench.actor_of(secret or "") is None
    assert bench.sign_in("ada@example.org", "another four words") is not None


def test_a_token_does_no_more_than_its_scopes_and_its_owner(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    narrow = bench.actor_of_token(bench.issue_token(people[Role.ADMIN], "reads", frozenset({Permission.READ})))
    wide = bench.actor_of_token(bench.issue_token(people[Role.VIEWER], "all", frozenset(Permission)))

    assert narrow is not None
    assert narrow.may(Permission.READ)
    assert not narrow.may(Permission.CHANGE)
    assert wide is not None
    assert not wide.may(Permission.CHANGE)


def test_a_token_ends(bench: SharedWorkbench, admin: Actor) -> None:
    ended = bench.issue_token(admin, "gone", frozenset(Permission), lasts=timedelta(seconds=-1))
    assert bench.actor_of_token(ended) is None


def test_a_viewer_may_not_administer(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    with pytest.raises(NotAllowed, match="you are viewer here"):
        bench.accounts(people[Role.VIEWER])


def test_no_text_with_nul_is_kept_on_either_database(bench: SharedWorkbench, admin: Actor) -> None:
    with pytest.raises(TextNotKept, match="NUL"):
        bench.open_account(admin, "nul@example.org", "N\x00l", Role.VIEWER)
    assert "nul@example.org" not in {account.email for account in bench.accounts(admin)}
