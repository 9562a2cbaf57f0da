"""Actions of an improvement: who does what by when, and what has to be done first."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from millrace.errors import MillraceError


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        """True until it is done or dropped."""
        return self in (ActionState.OPEN, ActionState.DOING)


class ActionsInACircle(MillraceError):
    """Actions wait for each other."""

    slug = "actions-in-a-circle"

    def __init__(self, numbers: Sequence[int]) -> None:
        """Name them in order."""
        told = " needs ".join(f"action {number}" for number in numbers)
        super().__init__(f"These actions would wait for each other for ever: {told}. Take one dependency out.")


class NoSuchAction(MillraceError):
    """An improvement has no action of this number."""

    slug = "no-such-action"

    def __init__(self, number: int) -> None:
        """Name it."""
        super().__init__(f"The improvement has no action {number}.")


class ActionNotReady(MillraceError):
    """An action is begun or done before those that it needs."""

    slug = "action-not-ready"

    def __init__(self, number: int, waits_for: Sequence[int]) -> None:
        """Name what it waits for."""
        told = ", ".join(map(str, waits_for))
        super().__init__(f"Action {number} needs action {told} to be done first.")


def refuse_circle(needs: Mapping[int, Sequence[int]]) -> None:
    """Raise NoSuchAction, ActionsInACircle over which action (by number) needs which."""
    for needed in needs.values():
        for number in needed:
            if number not in needs:
                raise NoSuchAction(number)
    settled: set[int] = set()
    for number in needs:
        _follow(number, needs, (), settled)


def _follow(number: int, needs: Mapping[int, Sequence[int]], way: tuple[int, ...], settled: set[int]) -> None:
    if number in way:
        raise ActionsInACircle((*way[way.index(number) :], number))
    if number in settled:
        return
    for needed in needs[number]:
        _follow(needed, needs, (*way, number), settled)
    settled.add(number)
