"""Which items a move concerns, and the parts of a simulated stream that it names."""

from collections.abc import Iterable
from dataclasses import replace

from millrace.errors import MillraceError
from millrace.model.ratio import show_ratio
from millrace.model.yaml_problem import did_you_mean
from millrace.simulate.simulated_stream import Demand, DrawnAttribute, SimulatedStep, SimulatedStream, Where

YES, NO = "yes", "no"


class MoveMissesPart(MillraceError):
    """A move names a step, team or attribute that the stream does not have."""

    slug = "move-misses-part"

    def __init__(self, move: str, kind: str, named: str, there_are: Iterable[str]) -> None:
        """Name the move, what it names, and what there is."""
        known = tuple(there_are)
        listed = ", ".join(f"“{each}”" for each in known) or "none"
        meant = did_you_mean(named, known)
        super().__init__(f"The move {move} names the {kind} “{named}”; there is {listed}{meant or '.'}")


class MoveWithoutEffect(MillraceError):
    """A move would change nothing."""

    slug = "move-without-effect"

    def __init__(self, move: str, why: str) -> None:
        """Name the move and the reason."""
        super().__init__(f"The move {move} would change nothing: {why}.")


def step_called(stream: SimulatedStream, name: str, move: str) -> tuple[SimulatedStep, ...]:
    """The simulated steps of a step of the stream. Raises MoveMissesPart."""
    found = tuple(step for step in stream.steps if name in (step.name, step.step))
    if not found:
        raise MoveMissesPart(move, "step", name, dict.fromkeys(step.step or step.name for step in stream.steps))
    return found


def refuse_unknown_team(stream: SimulatedStream, name: str, move: str) -> None:
    """Raise MoveMissesPart where the stream has no such team."""
    if name not in (team.name for team in stream.teams):
        raise MoveMissesPart(move, "team", name, (team.name for team in stream.teams))


def refuse_unknown_attributes(stream: SimulatedStream, where: Where, move: str) -> None:
    """Raise MoveMissesPart where items have no such attribute."""
    known = attributes_of(stream.demand)
    for name in where:
        if name not in known:
            raise MoveMissesPart(move, "attribute", name, known)


def attributes_of(demand: Demand) -> tuple[str, ...]:
    """The attributes that items have."""
    names = [name for kind in demand.kinds for name in kind.attributes]
    names += [each.name for each in (*demand.attributes, *demand.marks)]
    names += getattr(demand.arrivals, "attributes", {})
    return tuple(dict.fromkeys(names))


def marked(
    stream: SimulatedStream, called: str, where: Where, share_ratio: float
) -> tuple[SimulatedStream, Where, Where]:
    """The stream with an attribute that tells whom a move concerns; a condition for those, and one for the others.

    Every item bears it from its arrival on, so that all rules of the move concern the same items.
    """
    refuse_unknown_attributes(stream, where, called)
    if share_ratio == 0:
        raise MoveWithoutEffect(called, f"it concerns {show_ratio(0)} of the items")
    taken, name = attributes_of(stream.demand), called
    while name in taken:
        name += " again"
    marks = (*stream.demand.marks, DrawnAttribute(name, {NO: 1.0}))
    marks += (DrawnAttribute(name, {YES: share_ratio, NO: 1 - share_ratio}, where),)
    return replace(stream, demand=replace(stream.demand, marks=marks)), {name: (YES,)}, {name: (NO,)}


def changed(stream: SimulatedStream, *steps: SimulatedStep) -> SimulatedStream:
    """The stream with steps of the same names instead."""
    by_name = {step.name: step for step in steps}
    return replace(stream, steps=tuple(by_name.get(step.name, step) for step in stream.steps))
