"""Accounts: who may sign in, with which password, in which role."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.store.people import Person, SignIn, Token
from millrace.store.tables import now
from millrace.workbench.shared.access import HERE, Actor, Permission, Role, needs
from millrace.workbench.shared.shared import Shared

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256


class WeakPassword(MillraceError):
    """A password is too short, too long, or says the account's own name."""

    slug = "weak-password"

    def __init__(self, why: str) -> None:
        """Say what is wrong with it."""
        super().__init__(f"The password {why}. Choose {SHORTEST_PASSWORD} characters or more; a few words do well.")


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


class AccountOperations(Shared):
    """Open, change and close accounts."""

    def is_new(self) -> bool:
        """True while nobody has an account."""
        with self._reading() as session:
            return session.scalar(select(func.count()).select_from(Person)) == 0

    def open_first_account(self, email: str, name: str, password: str) -> Account:
        """Make the first admin; refused as soon as there is anybody. Raises WeakPassword, AccountExists."""
        _check_password(password, email, name)
        with self._doing(HERE, "open_account", f"person:{email}", role=Role.ADMIN) as session:
            if session.scalar(select(func.count()).select_from(Person)):
                raise AccountExists(email)
            return _account(_added(session, email, name, Role.ADMIN, password))

    @needs(Permission.ADMINISTER)
    def open_account(self, actor: Actor, email: str, name: str, role: Role, password: str | None = None) -> Account:
        """Open an account; without a password its person signs in through the organisation's sign-in only."""
        if password is not None:
            _check_password(password, email, name)
        with self._doing(actor, "open_account", f"person:{email}", role=role) as session:
            return _account(_added(session, email, name, role, password))

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

    def change_password(self, actor: Actor, old: str, new: str) -> bool:
        """Change one's own password and sign out everywhere; False where the old one is wrong. Raises WeakPassword."""
        with self._doing(actor, "change_password", f"person:{actor.person_id}") as session:
            person = _open(session, actor.person_id or "")
            _check_password(new, person.email, person.name)
            if person.password_hash is None or not passwords().verify(old, person.password_hash):
                return False
            person.password_hash = passwords().hash(new)
            _end_everything(session, person.id)
            return True


def _added(session: Session, email: str, name: str, role: Role, password: str | None) -> Person:
    if session.scalar(select(Person.id).where(Person.email == email.strip().lower())):
        raise AccountExists(email)
    hashed = passwords().hash(password) if password is not None else None
    person = Person(email=email.strip().lower(), name=name.strip(), role=role, password_hash=hashed)
    session.add(person)
    session.flush()
    return person


def _open(session: Session, person_id: str) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.closed_at is not None:
        raise NoSuchAccount(person_id)
    return person


def _keep_an_admin(session: Session, leaving: Person) -> None:
    others = select(func.count()).select_from(Person).where(
        Person.role == Role.ADMIN, Person.closed_at.is_(None), Person.id != leaving.id
    )  # fmt: skip
    if not session.scalar(others):
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


def _check_password(password: str, email: str, name: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"has only {len(password)} characters")
    if len(password) > LONGEST_PASSWORD:
        raise WeakPassword(f"has more than {LONGEST_PASSWORD} characters")
    own = {email.casefold(), email.partition("@")[0].casefold(), name.casefold(), "millrace"}
    if any(word and password.casefold().replace(word, "").strip("0123456789!-_. ") == "" for word in own):
        raise WeakPassword("is made of the account’s own name")
    if len(set(password)) < 5:
        raise WeakPassword("repeats a few characters only")


def _account(person: Person) -> Account:
    return Account(
        person.id, person.email, person.name, Role(person.role), person.closed_at is None, bool(person.password_hash)
    )
