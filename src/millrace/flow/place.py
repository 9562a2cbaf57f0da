"""Where an item's time can be (a step, state, reason, side, team), and which items spent some there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING
from millrace.flow.team_time import UNKNOWN_TEAM
from millrace.model.state import SIDES, STATES, WAIT_REASONS
from millrace.model.yaml_problem import did_you_mean


class PlaceKind(StrEnum):
    """By what time is told apart."""

    STEP = "step"
    STATE = "state"
    REASON = "reason"
    SIDE = "side"
    TEAM = "team"


class UnknownPlace(MillraceError):
    """A flow has no step, state, reason, side or team of this name."""

    slug = "unknown-place"

    def __init__(self, place: "Place", known: Sequence[str]) -> None:
        """Name it, the nearest name, or those there are."""
        near = did_you_mean(place.name, known)
        remedy = near or (
            f"; choose {', '.join(known)}." if len(known) <= _FEW else f"; there are {len(known)} others."
        )
        super().__init__(f"No item can be in the {place.kind} “{place.name}”{remedy}")


@dataclass(frozen=True)
class Place:
    """A step, state, reason, side or team by its name."""

    kind: PlaceKind
    name: str


_FEW = 20
_COLUMNS = {PlaceKind.REASON: "wait_reason"}
_NAMES: dict[PlaceKind, Callable[[Flow], Sequence[str]]] = {
    PlaceKind.STEP: lambda flow: flow.step_names,
    PlaceKind.STATE: lambda _: STATES,
    PlaceKind.REASON: lambda _: WAIT_REASONS,
    PlaceKind.SIDE: lambda _: SIDES,
    PlaceKind.TEAM: lambda flow: (*flow.about.teams, UNKNOWN_TEAM),
}


def time_there(flow: Flow, place: Place) -> Any:
    """An Ibis table of the items that spent time in `place`: `item`, `there` (microseconds, over the whole life).

    Raises UnknownPlace.
    """
    spans = flow.spans
    there = spans.filter((spans[_COLUMNS.get(place.kind, place.kind)] == _code(flow, place)) & (spans.elapsed > 0))
    return there.group_by("item").agg(there=there.elapsed.sum())


def _code(flow: Flow, place: Place) -> int:
    names = [str(name) for name in _NAMES[place.kind](flow)]
    if place.name not in names:
        raise UnknownPlace(place, names)
    if place.kind is PlaceKind.TEAM and place.name == UNKNOWN_TEAM:
        return NOTHING
    return names.index(place.name)
