"""Where an item's time can be (a step, state, reason, side, team), and which items spent some there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.small_groups import GroupTooSmall, shown_teams
from millrace.flow.spans import NOTHING
from millrace.flow.team_time import UNKNOWN_TEAM
from millrace.model.state import SIDES, STATES, WAIT_REASONS
from millrace.model.yaml_problem import did_you_mean


class TimeBy(StrEnum):
    """By what time is told apart."""

    STEP = "step"
    STATE = "state"
    REASON = "reason"
    SIDE = "side"
    TEAM = "team"


class NoTimeIn(MillraceError):
    """A flow has no step, state, reason, side or team of this name."""

    slug = "no-time-in"

    def __init__(self, where: "TimeIn", known: Sequence[str]) -> None:
        """Name it, the nearest name, or those there are."""
        listed = f"; choose {', '.join(known)}." if len(known) <= _FEW else f"; there are {len(known)} others."
        remedy = did_you_mean(where.name, known) or listed
        super().__init__(f"No item can be in the {where.by} “{where.name}”{remedy}")


@dataclass(frozen=True)
class TimeIn:
    """A step, state, reason, side or team by its name."""

    by: TimeBy
    name: str


_FEW = 20
_COLUMNS = {TimeBy.REASON: "wait_reason"}
_NAMES: dict[TimeBy, Callable[[Flow], Sequence[str]]] = {
    TimeBy.STEP: lambda flow: flow.step_names,
    TimeBy.STATE: lambda _: STATES,
    TimeBy.REASON: lambda _: WAIT_REASONS,
    TimeBy.SIDE: lambda _: SIDES,
    TimeBy.TEAM: lambda flow: (*flow.about.teams, UNKNOWN_TEAM),
}


def time_in(flow: Flow, where: TimeIn) -> Any:
    """An Ibis table of the items that spent time in `where`: `item`, `there` (microseconds, over the whole life).

    Raises NoTimeIn, GroupTooSmall.
    """
    spans = flow.spans
    there = spans.filter((spans[_COLUMNS.get(where.by, where.by)] == _code(flow, where)) & (spans.elapsed > 0))
    return there.group_by("item").agg(there=there.elapsed.sum())


def _code(flow: Flow, where: TimeIn) -> int:
    if where.by is TimeBy.TEAM and where.name in flow.about.teams and where.name not in shown_teams(flow):
        raise GroupTooSmall(f"the team “{where.name}”", flow.about.smallest_group)
    names = [str(name) for name in _NAMES[where.by](flow)]
    if where.name not in names:
        raise NoTimeIn(where, names)
    if where.by is TimeBy.TEAM and where.name == UNKNOWN_TEAM:
        return NOTHING
    return names.index(where.name)
