"""From a finding to the moves of a future state: its countermeasures, filled in with the place where it was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from millrace.errors import MillraceError
from millrace.model.countermeasures.countermeasure import countermeasure
from millrace.model.move import (
    AddCapacity,
    AutoApprove,
    Automate,
    DelegateApproval,
    Eliminate,
    EndBatching,
    EscalateAfter,
    Move,
    PoolTeams,
    Prioritise,
    RaiseEntryQuality,
    ReduceDemand,
    RouteDirectly,
    ShiftLeft,
)
from millrace.model.value_stream import FutureState

if TYPE_CHECKING:
    from millrace.diagnose.findings.finding import Finding

HALF, SOME = 0.5, 0.2
"""Shares to begin with where a finding does not say how many items a move can reach."""
LIMIT = timedelta(hours=8)


class NoMoveFits(MillraceError):
    """No countermeasure of a finding can be simulated from what the finding says."""

    slug = "no-move-fits"

    def __init__(self, finding: Finding) -> None:
        """Name the finding and what it lacks."""
        super().__init__(
            f"No move can be made of “{finding.title}” ({finding.id}): it names no step and no team to change. Write "
            "the moves by hand; the guide on future states lists them."
        )


def future_of_finding(finding: Finding) -> FutureState:
    """A future state with a move for each countermeasure that the finding’s place suffices for, the fittest first.

    Shares, numbers of people and limits are beginnings, to be set by whoever knows. Raises NoMoveFits.
    """
    kinds = dict.fromkeys(countermeasure(name).move for name in finding.countermeasures)
    moves = [made for kind in kinds if kind in _MAKERS and (made := _MAKERS[kind](finding)) is not None]
    if not moves:
        raise NoMoveFits(finding)
    return FutureState(name=f"Without {finding.id}", description=finding.sentence, moves=tuple(moves))


def _step(finding: Finding) -> str | None:
    return finding.place.step or finding.main_step


def _where(finding: Finding) -> dict[str, tuple[str, ...]]:
    return {column: (value,) for column, value in finding.place.segment}


def _eliminate(finding: Finding) -> Move | None:
    step = _step(finding)
    return None if step is None else Eliminate(step=step, where=_where(finding), share_ratio=HALF)


def _automate(finding: Finding) -> Move | None:
    step = _step(finding)
    return None if step is None else Automate(step=step, where=_where(finding), share_ratio=HALF)


def _shift_left(finding: Finding) -> Move | None:
    step, to = finding.place.to_step or _step(finding), finding.place.team
    if step is None or to is None:
        return None
    return ShiftLeft(step=step, to=to, where=_where(finding), share_ratio=SOME)


def _add_capacity(finding: Finding) -> Move | None:
    return None if finding.place.team is None else AddCapacity(team=finding.place.team, people=1)


def _pool_teams(finding: Finding) -> Move | None:
    team, other = finding.place.team, finding.place.to_team
    return None if team is None or other is None else PoolTeams(teams=(team, other))


def _route_directly(finding: Finding) -> Move | None:
    after, to = finding.place.step, finding.place.to_step
    if after is None or to is None:
        return None
    return RouteDirectly(after=after, to=to, where=_where(finding), share_ratio=HALF)


def _auto_approve(finding: Finding) -> Move | None:
    step = _step(finding)
    return None if step is None else AutoApprove(step=step, where=_where(finding), share_ratio=HALF)


def _delegate_approval(finding: Finding) -> Move | None:
    step, to = _step(finding), finding.place.to_team
    return None if step is None or to is None else DelegateApproval(step=step, to=to, share_ratio=HALF)


def _end_batching(finding: Finding) -> Move | None:
    step = _step(finding)
    return None if step is None else EndBatching(step=step)


def _prioritise(finding: Finding) -> Move | None:
    where = _where(finding)
    return Prioritise(where=where) if where else None


def _escalate_after(finding: Finding) -> Move | None:
    step = _step(finding)
    return None if step is None else EscalateAfter(step=step, limit=LIMIT, where=_where(finding))


def _raise_entry_quality(finding: Finding) -> Move:
    return RaiseEntryQuality(where=_where(finding), share_ratio=HALF)


def _reduce_demand(finding: Finding) -> Move:
    return ReduceDemand(where=_where(finding), share_ratio=SOME)


_MAKERS: dict[str, Callable[[Finding], Move | None]] = {
    "eliminate": _eliminate,
    "automate": _automate,
    "shift_left": _shift_left,
    "add_capacity": _add_capacity,
    "pool_teams": _pool_teams,
    "route_directly": _route_directly,
    "auto_approve": _auto_approve,
    "delegate_approval": _delegate_approval,
    "end_batching": _end_batching,
    "prioritise": _prioritise,
    "escalate_after": _escalate_after,
    "raise_entry_quality": _raise_entry_quality,
    "reduce_demand": _reduce_demand,
}
