"""Signing in: with a password or through the organisation, in browsers that can be revoked, and with tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from millrace.store.people import Person, SignIn, Token
from millrace.store.tables import now
from millrace.workbench.shared.access import HERE, Actor, Permission, Role
from millrace.workbench.shared.accounts import AccountOperations, passwords

LASTS = timedelta(days=14)
IDLE = timedelta(hours=12)
TOKEN_MARK = "mr_"
_NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a sign-in or a token was last used."""


@dataclass(frozen=True)
class SignedIn:
    """A browser in which one is signed in."""

    id: str
    browser: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class IssuedToken:
    """A token as its owner sees it; its secret was shown when it was issued."""

    id: str
    name: str
    scopes: tuple[Permission, ...]
    created_at: datetime
    used_at: datetime | None
    ends_at: datetime | None


class SignInOperations(AccountOperations):
    """Sign in and out, find the actor behind a browser or a token."""

    def sign_in(self, email: str, password: str, *, browser: str = "", place: str = "") -> str | None:
        """The secret for the browser's cookie, or None; how long it takes tells nothing about the account.

        Both are kept in the trail, with the address that was tried where it is an account's, and from which `place`.
        """
        with self._reading() as session:
            person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
        known = person is not None and person.closed_at is None and person.password_hash is not None
        hashed = person.password_hash if known and person else _nobodys_hash()
        is_right = passwords().verify(password, hashed or "")
        if person and known and is_right and (person.password_ends_at is None or person.password_ends_at > now()):
            return self._begin(person, browser, place)
        with self._doing(HERE, "refuse_sign_in", f"person:{person.id if person else 'unknown'}", place=place):
            return None

    def _begin(self, person: Person, browser: str, place: str = "") -> str:
        secret = secrets.token_urlsafe(32)
        actor = Actor(person.id, person.name, Role(person.role))
        with self._doing(actor, "sign_in", f"person:{person.id}", place=place) as session:
            session.add(SignIn(id=_hash(secret), person_id=person.id, browser=browser[:300], ends_at=now() + LASTS))
        return secret

    def actor_of(self, secret: str) -> Actor | None:
        """Who is signed in with this cookie; None where nobody is any more."""
        with self._reading() as session:
            held = session.get(SignIn, _hash(secret))
            at = now()
            if held is None or held.revoked_at or held.ends_at <= at or held.seen_at <= at - IDLE:
                return None
            actor, seen_at = _actor(session, held.person_id), held.seen_at
        if seen_at <= at - _NOTED_EVERY:
            self._note(SignIn, held.id, seen_at=at)
        return actor

    def sign_out(self, actor: Actor, secret: str) -> None:
        """End this browser's sign-in."""
        with self._doing(actor, "sign_out", f"person:{actor.person_id}") as session:
            held = session.get(SignIn, _hash(secret))
            if held is not None and held.revoked_at is None:
                held.revoked_at = now()

    def end_sign_in(self, secret: str) -> None:
        """End a sign-in that another one in the same browser takes the place of; nothing where there is none."""
        actor = self.actor_of(secret) if secret else None
        if actor is not None:
            self.sign_out(actor, secret)

    def signed_in(self, actor: Actor) -> tuple[SignedIn, ...]:
        """Where one is signed in, the latest used first."""
        with self._reading() as session:
            held = session.scalars(
                select(SignIn)
                .where(SignIn.person_id == actor.person_id, SignIn.revoked_at.is_(None))
                .where(SignIn.ends_at > now(), SignIn.seen_at > now() - IDLE)
                .order_by(SignIn.seen_at.desc())
            )
            return tuple(SignedIn(each.id, each.browser, each.created_at, each.seen_at) for each in held)

    def revoke_sign_in(self, actor: Actor, sign_in_id: str) -> None:
        """End one of one's own sign-ins."""
        with self._doing(actor, "revoke_sign_in", f"person:{actor.person_id}") as session:
            held = session.get(SignIn, sign_in_id)
            if held is not None and held.person_id == actor.person_id:
                held.revoked_at = held.revoked_at or now()

    def issue_token(
        self, actor: Actor, name: str, scopes: frozenset[Permission], *, lasts: timedelta | None = None
    ) -> str:
        """Issue a token to oneself; its secret, which is not kept. A token cannot do more than its owner."""
        secret = TOKEN_MARK + secrets.token_urlsafe(32)
        with self._doing(
            actor, "issue_token", f"person:{actor.person_id}", name=name, scopes=sorted(scopes)
        ) as session:
            session.add(
                Token(
                    person_id=actor.person_id,
                    name=name[:200],
                    hash=_hash(secret),
                    scopes=sorted(scopes),
                    ends_at=now() + lasts if lasts else None,
                )
            )
        return secret

    def tokens(self, actor: Actor) -> tuple[IssuedToken, ...]:
        """One's own tokens that hold, newest first."""
        with self._reading() as session:
            held = session.scalars(
                select(Token)
                .where(Token.person_id == actor.person_id, Token.revoked_at.is_(None))
                .order_by(Token.created_at.desc())
            )
            return tuple(
                IssuedToken(t.id, t.name, tuple(map(Permission, t.scopes)), t.created_at, t.used_at, t.ends_at)
                for t in held
            )

    def revoke_token(self, actor: Actor, token_id: str) -> None:
        """End one of one's own tokens."""
        with self._doing(actor, "revoke_token", f"token:{token_id}") as session:
            held = session.get(Token, token_id)
            if held is not None and held.person_id == actor.person_id:
                held.revoked_at = held.revoked_at or now()

    def actor_of_token(self, secret: str) -> Actor | None:
        """On whose behalf a program with this token works, narrowed to its scopes; None where it does not hold."""
        with self._reading() as session:
            held = session.scalar(select(Token).where(Token.hash == _hash(secret)))
            at = now()
            if held is None or held.revoked_at or (held.ends_at and held.ends_at <= at):
                return None
            actor = _actor(session, held.person_id, frozenset(map(Permission, held.scopes)))
        if held.used_at is None or held.used_at <= at - _NOTED_EVERY:
            self._note(Token, held.id, used_at=at)
        return actor

    def _note(self, kind: type[SignIn | Token], held_id: str, **instants: datetime) -> None:
        """Keep when something was last used; who only reads takes the writer's place no more often than that."""
        with self._database.transaction() as session:
            session.execute(update(kind).where(kind.id == held_id).values(**instants))


def sign_in_id(secret: str) -> str:
    """Under which id the sign-in with this cookie is kept."""
    return _hash(secret)


def _actor(session: Session, person_id: str, scopes: frozenset[Permission] | None = None) -> Actor | None:
    person = session.get(Person, person_id)
    if person is None or person.closed_at is not None:
        return None
    return Actor(person.id, person.name, Role(person.role), scopes)


def _hash(secret: str) -> str:
    """Secrets are long and random, so a plain hash of them gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _nobodys_hash() -> str:
    """A hash that no password fits, so that an unknown address takes as long as a known one."""
    return passwords().hash(secrets.token_urlsafe(32))
