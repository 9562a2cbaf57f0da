"""Moves as a future state lists them, made one after the other."""

from collections.abc import Callable, Sequence
from typing import Any

from millrace.model import move as written
from millrace.simulate.moves.approvals import auto_approve, delegate_approval
from millrace.simulate.moves.demand import raise_entry_quality, reduce_demand
from millrace.simulate.moves.order import escalate_after, prioritise
from millrace.simulate.moves.steps import automate, eliminate, end_batching, route_directly, shift_left
from millrace.simulate.moves.teams import add_capacity, change_hours, pool_teams
from millrace.simulate.simulated_stream import SimulatedStream

MOVES: dict[str, Callable[..., SimulatedStream]] = {
    "eliminate": eliminate,
    "automate": automate,
    "shift_left": shift_left,
    "add_capacity": add_capacity,
    "pool_teams": pool_teams,
    "route_directly": route_directly,
    "auto_approve": auto_approve,
    "delegate_approval": delegate_approval,
    "end_batching": end_batching,
    "prioritise": prioritise,
    "escalate_after": escalate_after,
    "raise_entry_quality": raise_entry_quality,
    "change_hours": change_hours,
    "reduce_demand": reduce_demand,
}
_NOT_OF_THE_STREAM = {"move", "one_off_cost", "running_cost_per_month", "name", "owner", "needs"}


def apply(stream: SimulatedStream, moves: Sequence[written.Move]) -> SimulatedStream:
    """The stream after all moves, in their order. Raises MoveMissesPart and MoveWithoutEffect."""
    for each in moves:
        given: dict[str, Any] = {name: getattr(each, name) for name in type(each).model_fields}
        stream = MOVES[each.move](stream, **{name: v for name, v in given.items() if name not in _NOT_OF_THE_STREAM})
    return stream
