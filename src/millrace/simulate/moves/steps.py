"""Moves that change what happens in a step: eliminate, automate, shift left, route directly, end batching."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from millrace.model.state import WaitReason
from millrace.simulate.distribution import Distribution, constant
from millrace.simulate.moves.segment import MoveWithoutEffect, changed, marked, refuse_unknown_team, step_called
from millrace.simulate.simulated_stream import (
    CANCELLED,
    EVERYWHERE,
    VALUE,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Way,
    Where,
    WorkRule,
)


def eliminate(
    stream: SimulatedStream, step: str, *, where: Where = EVERYWHERE, share_ratio: float = 1.0
) -> SimulatedStream:
    """Take items past a step: no wait and no work in it, and nothing is sent back or given up there."""
    called = f"eliminate {step}"
    steps = step_called(stream, step, called)
    stream, concerned, others = marked(stream, called, where, share_ratio)
    order = {each.name: place for place, each in enumerate(stream.steps)}
    for each in steps:
        ways = tuple(
            replace(rule, where={**rule.where, **concerned}, ways=_forward(rule.ways, order[each.name], order))
            for rule in each.routes
        )
        work = (WorkRule((), concerned), *each.work)
        stream = changed(stream, replace(_without_waits(each, others), work=work, routes=(*ways, *each.routes)))
    return stream


def automate(
    stream: SimulatedStream,
    step: str,
    *,
    where: Where = EVERYWHERE,
    share_ratio: float = 1.0,
    process_time: timedelta | None = None,
    team: str | None = None,
) -> SimulatedStream:
    """Have a machine do a step's work: nobody is waited for, and it takes `process_time` (as long as today without)."""
    called = f"automate {step}"
    steps = step_called(stream, step, called)
    stream, concerned, others = marked(stream, called, where, share_ratio)
    if team is not None and team not in (each.name for each in stream.teams):
        stream = replace(stream, teams=(*stream.teams, SimulatedTeam(team)))
    for each in steps:
        work = tuple(
            replace(
                rule,
                where={**rule.where, **concerned},
                ways=tuple(
                    replace(way, time=_time(process_time, way.time), teams=(team,) if team else (), is_automated=True)
                    for way in rule.ways
                ),
            )
            for rule in each.work
        )
        batches = tuple(replace(batch, where={**batch.where, **others}) for batch in each.batches)
        stream = changed(stream, replace(_unqueued(each, others), work=(*work, *each.work), batches=batches))
    return stream


def shift_left(
    stream: SimulatedStream,
    step: str,
    to: str,
    *,
    where: Where = EVERYWHERE,
    share_ratio: float = 1.0,
    process_time: timedelta | None = None,
) -> SimulatedStream:
    """Have another team do a step's work, in `process_time` (as long as today without)."""
    called = f"shift_left {step}"
    steps = step_called(stream, step, called)
    refuse_unknown_team(stream, to, called)
    stream, concerned, others = marked(stream, called, where, share_ratio)
    return changed(stream, *(handed_to(each, to, concerned, others, process_time) for each in steps))


def handed_to(
    step: SimulatedStep, team: str, concerned: Where, others: Where, process_time: timedelta | None
) -> SimulatedStep:
    """The step with work for the items concerned done by a team, in whose queue they wait and in no other."""
    work = tuple(
        replace(
            rule,
            where={**rule.where, **concerned},
            ways=tuple(
                replace(way, time=_time(process_time, way.time), teams=(team,), is_automated=False) for way in rule.ways
            ),
        )
        for rule in step.work
    )
    return replace(_unqueued(step, others), work=(*work, *step.work))


def _unqueued(step: SimulatedStep, others: Where) -> SimulatedStep:
    """The step whose waits in a queue, where they are known only as waits, are for the others alone."""
    return replace(
        step,
        waits=tuple(
            replace(wait, where={**wait.where, **others}) if wait.reason is WaitReason.QUEUE else wait
            for wait in step.waits
        ),
    )


def route_directly(
    stream: SimulatedStream,
    to: str,
    *,
    after: str | None = None,
    where: Where = EVERYWHERE,
    share_ratio: float = 1.0,
) -> SimulatedStream:
    """Send items straight to a step, from their first visit of the step `after` or from the beginning."""
    called = f"route_directly {to}"
    target = step_called(stream, to, called)[0].name
    origins = () if after is None else step_called(stream, after, called)
    stream, concerned, _ = marked(stream, called, where, share_ratio)
    if after is None:
        return replace(stream, entry=(RouteRule((Way(target),), concerned), *stream.entry))
    for origin in origins:
        # Later visits go the usual ways, so that what is sent back does not go round for ever.
        first = RouteRule((Way(target),), concerned)
        later = tuple(
            replace(rule, where={**rule.where, **concerned}, from_visit=max(rule.from_visit, 2))
            for rule in origin.routes
        )
        stream = changed(stream, replace(origin, routes=(*later, first, *origin.routes)))
    return stream


def end_batching(stream: SimulatedStream, step: str) -> SimulatedStream:
    """Let items go on one by one. Raises MoveWithoutEffect where nothing gathers before the step."""
    called = f"end_batching {step}"
    steps = step_called(stream, step, called)
    if not any(each.batches or _scheduled(each) for each in steps):
        raise MoveWithoutEffect(called, "nothing gathers there and nothing waits for a schedule")
    return changed(
        stream,
        *(
            replace(each, batches=(), waits=tuple(w for w in each.waits if w.reason is not WaitReason.SCHEDULE))
            for each in steps
        ),
    )


def _scheduled(step: SimulatedStep) -> bool:
    return any(wait.reason is WaitReason.SCHEDULE for wait in step.waits)


def _without_waits(step: SimulatedStep, others: Where) -> SimulatedStep:
    """The step whose waits and batches are for the others only."""
    return replace(
        step,
        waits=tuple(replace(wait, where={**wait.where, **others}) for wait in step.waits),
        batches=tuple(replace(batch, where={**batch.where, **others}) for batch in step.batches),
    )


def _forward(ways: Iterable[Way], place: int, order: dict[str, int]) -> tuple[Way, ...]:
    """The ways that lead on, sharing what the others had; to value where none does."""
    kept = [way for way in ways if way.to == VALUE or (way.to != CANCELLED and order[way.to] > place)]
    whole = sum(way.share_ratio for way in kept)
    return tuple(Way(way.to, way.share_ratio / whole) for way in kept) if whole else (Way(VALUE),)


def _time(wanted: timedelta | None, today: Distribution) -> Distribution:
    """As wanted on average, in today's shape; constant where today takes nothing."""
    if wanted is None:
        return today
    mean = today.mean_seconds
    return today.scaled(wanted.total_seconds() / mean) if mean else constant(wanted.total_seconds())
