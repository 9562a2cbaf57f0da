"""Who may do what: roles, permissions, and the actor on whose behalf an operation runs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from millrace.errors import MillraceError

_Bench = TypeVar("_Bench")
_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")


class Permission(StrEnum):
    """What an operation needs. A token's scopes are some of these."""

    READ = "read"
    """See streams, measures, findings, items."""
    CHANGE = "change"
    """Bring exports in, draft streams, register improvements."""
    APPROVE = "approve"
    """Publish or refuse revisions, settle targets and what a stream is measured on."""
    ADMINISTER = "administer"
    """People, their roles, settings of the workspace, erasure, backup."""


class Role(StrEnum):
    """What a person is in the workspace."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    OWNER = "owner"
    ADMIN = "admin"

    @property
    def permissions(self) -> frozenset[Permission]:
        """Each role may do what the ones before it may, and one thing more."""
        return frozenset(list(Permission)[: list(Role).index(self) + 1])


class NotAllowed(MillraceError):
    """The person, or the token, may not do this."""

    slug = "not-allowed"

    def __init__(self, actor: "Actor", permission: Permission) -> None:
        """Name what is missing, and who can give it."""
        may = next(role for role in Role if permission in role.permissions)
        why = "this token’s scopes leave it out" if actor.is_limited else f"you are {actor.role} here"
        super().__init__(f"This needs the right to {permission}, which the role {may} has; {why}. Ask an admin for it.")


@dataclass(frozen=True)
class Actor:
    """The person on whose behalf an operation runs. `scopes` narrow what a token may; None: all that the role may."""

    person_id: str | None
    name: str
    role: Role
    scopes: frozenset[Permission] | None = None

    @property
    def is_limited(self) -> bool:
        """True for a token with scopes."""
        return self.scopes is not None

    def may(self, permission: Permission) -> bool:
        """True where both the role and the scopes give the permission."""
        return permission in self.role.permissions and (self.scopes is None or permission in self.scopes)


HERE = Actor(None, "you", Role.ADMIN)
"""Whoever works alone on their own machine, without an account."""


def needs(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[_Bench, Actor, _Given], _Returned]], Callable[Concatenate[_Bench, Actor, _Given], _Returned]
]:
    """Let an operation run only for an actor who has `permission`; NotAllowed otherwise."""

    def guard(
        operation: Callable[Concatenate[_Bench, Actor, _Given], _Returned],
    ) -> Callable[Concatenate[_Bench, Actor, _Given], _Returned]:
        @wraps(operation)
        def guarded(bench: _Bench, actor: Actor, /, *given: _Given.args, **named: _Given.kwargs) -> _Returned:
            if not actor.may(permission):
                raise NotAllowed(actor, permission)
            return operation(bench, actor, *given, **named)

        return guarded

    return guard
