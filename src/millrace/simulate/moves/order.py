"""Moves that change whose turn it is: prioritise, escalate after a limit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from millrace.model.state import WaitReason
from millrace.simulate.moves.segment import changed, marked, refuse_unknown_attributes, refuse_unknown_team, step_called
from millrace.simulate.simulated_stream import (
    EVERYWHERE,
    Discipline,
    Escalation,
    Rank,
    SimulatedStep,
    SimulatedStream,
    Wait,
    Where,
)

FIRST = 0
"""The rank of what comes before all else."""


def prioritise(stream: SimulatedStream, where: Where, *, teams: Sequence[str] = ()) -> SimulatedStream:
    """Have teams (all without any named) take these items first."""
    called = "prioritise"
    refuse_unknown_attributes(stream, where, called)
    for team in teams:
        refuse_unknown_team(stream, team, called)
    ranked = tuple(
        replace(team, discipline=Discipline.PRIORITY) if not teams or team.name in teams else team
        for team in stream.teams
    )
    return replace(stream, teams=ranked, ranks=(Rank(FIRST, where), *stream.ranks))


def escalate_after(
    stream: SimulatedStream, step: str, limit: timedelta, *, where: Where = EVERYWHERE
) -> SimulatedStream:
    """Put ahead what has queued so long for a step, and end its other waits there (not those for the requester)."""
    called = f"escalate_after {step}"
    steps = step_called(stream, step, called)
    stream, concerned, others = marked(stream, called, where, 1.0)
    seconds = limit.total_seconds()

    def escalated(each: SimulatedStep) -> SimulatedStep:
        waits = tuple(part for wait in each.waits for part in _limited(wait, seconds, concerned, others))
        return replace(each, escalations=(Escalation(seconds, concerned), *each.escalations), waits=waits)

    return changed(stream, *(escalated(each) for each in steps))


def _limited(wait: Wait, seconds: float, concerned: Where, others: Where) -> tuple[Wait, ...]:
    """The wait, limited for the items concerned and as it is for the others."""
    if wait.reason in (WaitReason.REQUESTER, WaitReason.CLOSING):
        return (wait,)
    at_most = seconds if wait.at_most_seconds is None else min(seconds, wait.at_most_seconds)
    return (
        replace(wait, where={**wait.where, **concerned}, at_most_seconds=at_most),
        replace(wait, where={**wait.where, **others}),
    )
