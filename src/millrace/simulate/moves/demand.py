"""Moves that change what comes in: raise entry quality, reduce demand."""

from dataclasses import replace

from millrace.model.state import Side, WaitReason
from millrace.simulate.moves.segment import MoveWithoutEffect, changed, marked, refuse_unknown_attributes
from millrace.simulate.simulated_stream import (
    EVERYWHERE,
    RouteRule,
    SimulatedStep,
    SimulatedStream,
    Thinning,
    Where,
)


def raise_entry_quality(
    stream: SimulatedStream, *, where: Where = EVERYWHERE, share_ratio: float = 1.0
) -> SimulatedStream:
    """Spare a share of the items all waits for the requester, and all ways back to where they came in.

    Where they came in are the first step and the requester's own. Raises MoveWithoutEffect where there are neither.
    """
    called = "raise_entry_quality"
    back = {step.name for step in stream.steps if step.side is Side.REQUESTER} | {stream.steps[0].name}
    if not any(_asks_requester(step, back) for step in stream.steps):
        raise MoveWithoutEffect(called, "no item waits for the requester or goes back to the first step")
    stream, concerned, others = marked(stream, called, where, share_ratio)
    for step in stream.steps:
        waits = tuple(
            replace(wait, where={**wait.where, **others}) if wait.reason is WaitReason.REQUESTER else wait
            for wait in step.waits
        )
        routes = step.routes
        if any(_leads_back(rule, back) for rule in routes):
            routes = (*(_onward(rule, back, concerned) for rule in routes), *routes)
        stream = changed(stream, replace(step, waits=waits, routes=routes))
    return stream


def reduce_demand(stream: SimulatedStream, *, where: Where = EVERYWHERE, share_ratio: float = 1.0) -> SimulatedStream:
    """Take away a share of the items before they are demanded."""
    refuse_unknown_attributes(stream, where, "reduce_demand")
    thinning = (*stream.demand.thinning, Thinning(share_ratio, where))
    return replace(stream, demand=replace(stream.demand, thinning=thinning))


def _asks_requester(step: SimulatedStep, back: set[str]) -> bool:
    waits = any(wait.reason is WaitReason.REQUESTER for wait in step.waits)
    return waits or any(_leads_back(rule, back) for rule in step.routes)


def _leads_back(rule: RouteRule, back: set[str]) -> bool:
    return any(way.to in back for way in rule.ways) and any(way.to not in back for way in rule.ways)


def _onward(rule: RouteRule, back: set[str], concerned: Where) -> RouteRule:
    """The rule for the items concerned: its ways on share what its ways back had."""
    ways = rule.ways
    if _leads_back(rule, back):
        kept = [way for way in ways if way.to not in back]
        whole = sum(way.share_ratio for way in kept)
        ways = tuple(replace(way, share_ratio=way.share_ratio / whole) for way in kept)
    return replace(rule, ways=ways, where={**rule.where, **concerned})
