"""Sign-in through the organisation: where its provider is, whom it may let in, and in which role."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.model.part import Part
from millrace.model.yaml_problem import problems_of
from millrace.model.yaml_text import YamlUnreadable, parse_yaml
from millrace.store.people import Person
from millrace.workbench.shared.access import HERE, Role
from millrace.workbench.shared.accounts import is_last_admin
from millrace.workbench.shared.sign_in import SignInOperations

SECRET_VARIABLE = "MILLRACE_OIDC_SECRET"
"""Environment variable with the secret that the provider gave, where no file holds it."""


class OrganisationNotRead(MillraceError):
    """The file that says how the organisation signs in cannot be used."""

    slug = "organisation-not-read"

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and what is wrong in it."""
        super().__init__(f"The file “{path}” does not say how the organisation signs in: {reason}.")


class Organisation(Part):
    """An OpenID Connect provider, and whom it may let in.

    People with an account are found by their verified address the first time. Others are let in where their address
    lies in one of `domains`, or where one of their `roles` says so, and `first_role` is theirs until somebody changes
    it. Where `roles` name a value of the claim `role_claim`, the role is set anew with every sign-in.
    """

    name: str = Field(default="your organisation", min_length=1, description="What the button calls it")
    issuer: str = Field(description="Where the provider is, as it calls itself")
    client_id: str = Field(min_length=1)
    client_secret_file: Path | None = Field(default=None, description="The file that holds the provider's secret")
    address: str = Field(description="Where people reach Millrace; the provider sends them back there")
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    domains: tuple[str, ...] = Field(default=(), description="Whose addresses get an account at their first sign-in")
    trusts_addresses: bool = Field(default=False, description="True where the provider never says email_verified")
    role_claim: str | None = None
    roles: dict[str, Role] = Field(default_factory=dict, description="Value of the claim → role here")
    first_role: Role = Role.VIEWER
    may_be_private: bool = Field(default=False, description="True for a provider inside the own network")

    @model_validator(mode="after")
    def _is_safe(self) -> "Organisation":
        for called, address in (("issuer", self.issuer), ("address", self.address)):
            if not address.startswith(("https://", "http://") if self.may_be_private else "https://"):
                raise ValueError(f"{called} has to begin with https://")
        if self.roles and not self.role_claim:
            raise ValueError("role_claim has to name the claim that roles are taken from")
        return self

    @property
    def redirect_address(self) -> str:
        """Where the provider sends people back to; it has to be registered there."""
        return f"{self.address.rstrip('/')}/sign-in/organisation/back"

    def client_secret(self) -> str | None:
        """The secret, from its file or the environment; None for a client that has none."""
        if self.client_secret_file is not None:
            return self.client_secret_file.read_text("utf-8").strip()
        return os.environ.get(SECRET_VARIABLE)

    def role_of(self, claims: Mapping[str, Any]) -> Role | None:
        """The highest role that the claims give; None where they give none."""
        given = claims.get(self.role_claim) if self.role_claim else None
        values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        found = {self.roles[value] for value in values if isinstance(value, str) and value in self.roles}
        return max(found, key=list(Role).index, default=None)


def read_organisation(path: Path) -> Organisation:
    """Read the file that says how the organisation signs in. Raises OrganisationNotRead."""
    try:
        tree = parse_yaml(path.read_text("utf-8-sig"))
        return Organisation.model_validate(tree)
    except (OSError, UnicodeDecodeError) as error:
        raise OrganisationNotRead(path, getattr(error, "strerror", None) or "it is not UTF-8 text") from error
    except YamlUnreadable as unreadable:
        raise OrganisationNotRead(path, str(unreadable.problem)) from unreadable
    except ValidationError as refused:
        told = "; ".join(str(problem) for problem in problems_of(refused, tree, Organisation))
        raise OrganisationNotRead(path, told) from refused


class OrganisationOperations(SignInOperations):
    """Sign in whom the organisation vouches for."""

    def sign_in_by_organisation(
        self, organisation: Organisation, claims: Mapping[str, Any], *, browser: str = ""
    ) -> str | None:
        """The secret for the browser's cookie, or None for who is not let in. `claims` were verified by the caller."""
        subject = f"{claims['iss']} {claims['sub']}"
        email = str(claims.get("email", "")).strip().lower()
        is_verified = claims.get("email_verified") is True or (organisation.trusts_addresses and bool(email))
        with self._database.transaction() as session:
            person = session.scalar(select(Person).where(Person.oidc_subject == subject))
            if person is None and is_verified:
                person = session.scalar(select(Person).where(Person.email == email, Person.oidc_subject.is_(None)))
            role = organisation.role_of(claims)
        if person is None:
            if not is_verified or not (role or _lies_in(email, organisation.domains)):
                return None
            person = self._open_for(email, claims, role or organisation.first_role, subject)
        if person is None or person.closed_at is not None:
            return None
        return self._begin(self._bound(person.id, subject, role), browser)

    def _open_for(self, email: str, claims: Mapping[str, Any], role: Role, subject: str) -> Person | None:
        name = str(claims.get("name") or email.partition("@")[0])[:200]
        with self._doing(HERE, "open_account", f"person:{email}", role=role, by="organisation") as session:
            if session.scalar(select(Person.id).where(Person.email == email)):
                return None
            person = Person(email=email, name=name, role=role, oidc_subject=subject)
            session.add(person)
            session.flush()
            return person

    def _bound(self, person_id: str, subject: str, role: Role | None) -> Person:
        """The person, bound to the provider's subject and in the role that its claims give."""
        with self._database.transaction() as session:
            person = session.get_one(Person, person_id)
            person.oidc_subject = subject
            is_other = role is not None and role != person.role
            stays = person.role == Role.ADMIN and is_last_admin(session, person)
        if not is_other or stays or role is None:
            return person
        with self._doing(HERE, "change_role", f"person:{person_id}", role=role, by="organisation") as session:
            return _in_role(session, person_id, role)


def _in_role(session: Session, person_id: str, role: Role) -> Person:
    person = session.get_one(Person, person_id)
    person.role = role
    return person


def _lies_in(email: str, domains: Iterable[str]) -> bool:
    return email.rpartition("@")[2] in {domain.lower().lstrip("@") for domain in domains}
