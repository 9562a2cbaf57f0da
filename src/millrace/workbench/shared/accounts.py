"""Accounts: who may sign in, with which password, in which role."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.store.people import Person, SignIn, Token
from millrace.store.tables import now
from millrace.workbench.shared.access import HERE, Actor, Permission, Role, needs
from millrace.workbench.shared.password_rules import check_password
from millrace.workbench.shared.shared import Shared

if TYPE_CHECKING:
    from pwdlib import PasswordHash

FIRST_PASSWORD_LASTS = timedelta(days=3)
"""How long a password holds that somebody else chose."""


class AccountExists(MillraceError):
    """There is an account with this address."""

    slug = "account-exists"

    def __init__(self, email: str) -> None:
        """Name the address."""
        super().__init__(f"There is an account for “{email}” already.")


class NoSuchAccount(MillraceError):
    """No open account has this id."""

    slug = "no-such-account"

    def __init__(self, person_id: str) -> None:
        """Name the id."""
        super().__init__(f"There is no account “{person_id}”.")


class LastAdmin(MillraceError):
    """Nobody would be left who may administer the workspace."""

    slug = "last-admin"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__("This is the only admin. Make somebody else admin first.")


@dataclass(frozen=True)
class Account:
    """An account as people see it."""

    id: str
    email: str
    name: str
    role: Role
    is_open: bool
    has_password: bool
    password_ends_at: datetime | None = None


class AccountOperations(Shared):
    """Open, change and close accounts."""

    def is_new(self) -> bool:
        """True while nobody has an account."""
        with self._reading() as session:
            return session.scalar(select(func.count()).select_from(Person)) == 0

    def open_first_account(self, email: str, name: str, password: str) -> Account:
        """Make the first admin; refused as soon as there is anybody. Raises WeakPassword, AccountExists."""
        check_password(password, email, name)
        with self._doing(HERE, "open_account", f"person:{email}", role=Role.ADMIN) as session:
            if session.scalar(select(func.count()).select_from(Person)):
                raise AccountExists(email)
            return _account(_added(session, email, name, Role.ADMIN, password))

    @needs(Permission.ADMINISTER)
    def open_account(self, actor: Actor, email: str, name: str, role: Role, password: str | None = None) -> Account:
        """Open an account; without a password its person signs in through the organisation's sign-in only."""
        if password is not None:
            check_password(password, email, name)
        with self._doing(actor, "open_account", f"person:{email}", role=role) as session:
            ends_at = now() + FIRST_PASSWORD_LASTS if password and actor.person_id else None
            return _account(_added(session, email, name, role, password, ends_at))

    @needs(Permission.ADMINISTER)
    def accounts(self, actor: Actor) -> tuple[Account, ...]:
        """All accounts by name, closed ones last."""
        del actor
        with self._reading() as session:
            people = session.scalars(select(Person).order_by(Person.closed_at.is_not(None), Person.name)).all()
            return tuple(map(_account, people))

    @needs(Permission.ADMINISTER)
    def change_role(self, actor: Actor, person_id: str, role: Role) -> None:
        """Give a person another role. Raises NoSuchAccount, LastAdmin."""
        with self._doing(actor, "change_role", f"person:{person_id}", role=role) as session:
            person = _open(session, person_id)
            if person.role == Role.ADMIN and role is not Role.ADMIN:
                _keep_an_admin(session, person)
            person.role = role

    @needs(Permission.ADMINISTER)
    def close_account(self, actor: Actor, person_id: str) -> None:
        """Close an account: it is signed out everywhere and its tokens end. Raises NoSuchAccount, LastAdmin."""
        with self._doing(actor, "close_account", f"person:{person_id}") as session:
            person = _open(session, person_id)
            if person.role == Role.ADMIN:
                _keep_an_admin(session, person)
            person.closed_at = now()
            _end_everything(session, person_id)

    @needs(Permission.ADMINISTER)
    def reset_password(self, actor: Actor, person_id: str) -> str:
        """A first password for somebody who lost theirs, shown once; it holds for three days, until they choose one.

        They are signed out everywhere, and their tokens end. Raises NoSuchAccount.
        """
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        with self._doing(actor, "reset_password", f"person:{person_id}") as session:
            person = _open(session, person_id)
            person.password_hash = passwords().hash(password)
            person.password_ends_at = now() + FIRST_PASSWORD_LASTS
            _end_everything(session, person_id)
        return password

    @needs(Permission.ADMINISTER)
    def reopen_account(self, actor: Actor, person_id: str) -> None:
        """Open a closed account again, as it was; its sign-ins and tokens have ended. Raises NoSuchAccount."""
        with self._doing(actor, "reopen_account", f"person:{person_id}") as session:
            person = session.get(Person, person_id)
            if person is None:
                raise NoSuchAccount(person_id)
            person.closed_at = None

    def own_account(self, actor: Actor) -> Account:
        """The account of whoever is signed in. Raises NoSuchAccount."""
        with self._reading() as session:
            return _account(_open(session, actor.person_id or ""))

    def change_password(self, actor: Actor, old: str, new: str) -> bool:
        """Change one's own password; every sign-in and token ends. False where the old one is wrong.

        Raises WeakPassword, NoSuchAccount.
        """
        person_id = actor.person_id or ""
        with self._reading() as session:
            person = _open(session, person_id)
            if person.password_hash is None or not passwords().verify(old, person.password_hash):
                return False
        check_password(new, person.email, person.name)
        with self._doing(actor, "change_password", f"person:{person_id}") as session:
            person = _open(session, person_id)
            person.password_hash, person.password_ends_at = passwords().hash(new), None
            _end_everything(session, person_id)
        return True


def _added(
    session: Session, email: str, name: str, role: Role, password: str | None, ends_at: datetime | None = None
) -> Person:
    if session.scalar(select(Person.id).where(Person.email == email.strip().lower())):
        raise AccountExists(email)
    hashed = passwords().hash(password) if password is not None else None
    person = Person(email=email.strip().lower(), name=name.strip(), role=role, password_hash=hashed)
    if ends_at is not None:
        person.password_ends_at = ends_at
    session.add(person)
    session.flush()
    return person


def _open(session: Session, person_id: str) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.closed_at is not None:
        raise NoSuchAccount(person_id)
    return person


def is_last_admin(session: Session, person: Person) -> bool:
    """True where nobody but this person could administer the workspace."""
    others = select(func.count()).select_from(Person).where(
        Person.role == Role.ADMIN, Person.closed_at.is_(None), Person.id != person.id
    )  # fmt: skip
    return not session.scalar(others)


def _keep_an_admin(session: Session, leaving: Person) -> None:
    if is_last_admin(session, leaving):
        raise LastAdmin


def _end_everything(session: Session, person_id: str) -> None:
    for kind in (SignIn, Token):
        session.execute(
            update(kind).where(kind.person_id == person_id, kind.revoked_at.is_(None)).values(revoked_at=now())
        )


@cache
def passwords() -> "PasswordHash":
    """How passwords are hashed: Argon2id with the library's present parameters."""
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


def _account(person: Person) -> Account:
    return Account(
        person.id, person.email, person.name, Role(person.role), person.closed_at is None, bool(person.password_hash),
        person.password_ends_at,
    )  # fmt: skip
