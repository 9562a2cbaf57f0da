"""Where items go from step to step: ways on, expected visits, and the main path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from millrace.errors import MillraceError
from millrace.model.value_stream import Step, ValueStream


class EndlessStream(MillraceError):
    """Items that come to some steps never get out again."""

    slug = "endless-stream"

    def __init__(self, steps: tuple[str, ...]) -> None:
        """Name the steps that have no way to an end."""
        self.steps = steps
        named = ", ".join(f"“{step}”" for step in steps)
        super().__init__(f"From {named} no route leads to the end of the stream; let a share of the visits go on.")


@dataclass(frozen=True)
class Way:
    """A way on from a step to a later or (rework) an earlier one; `share_ratio` of its visits take it."""

    to: str
    share_ratio: float
    in_parallel: bool = False


def ways_on(stream: ValueStream) -> dict[str, tuple[Way, ...]]:
    """Return each step's ways on: its routes, and what they leave over to the next step in order.

    What adds up to a little over 100 % by rounding is scaled back to 100 %.
    """
    following = {step.name: after.name for step, after in zip(stream.steps, stream.steps[1:], strict=False)}
    return {step.name: _ways_of(step, following.get(step.name)) for step in stream.steps}


def expected_visits(stream: ValueStream) -> dict[str, float]:
    """Return how often an item visits each step, in the mean: loops of probability p give 1 ÷ (1 − p).

    The visits v solve v = e + Pᵀ·v, where e is 1 at the first step and P holds the shares of the routes. Parallel
    branches each get every item; the step where they meet again gets it once. Raises EndlessStream.
    """
    ways = ways_on(stream)
    _refuse_endless(stream, ways)
    return _passed(stream, ways)


def rework_ratio(stream: ValueStream) -> float:
    """Return the share of items that are sent back at least once, by the routes that lead back.

    Where parallel branches send back independently of each other, this is an upper bound.
    """
    ways, order = ways_on(stream), _order(stream)
    first_passes = _passed(stream, _forward(stream, ways))
    return sum(
        first_passes[step] * way.share_ratio for step in order for way in ways[step] if order[way.to] <= order[step]
    )


def main_path(stream: ValueStream, lead_seconds: Mapping[str, float]) -> tuple[str, ...]:
    """Return the steps that most items take, from the first on: at each, the most frequent way forward.

    Of parallel ways it follows the one that takes longest, by `lead_seconds` of the steps, since the others are
    done by then. Ways back are rework, and no part of it.
    """
    if not stream.steps:
        return ()
    forward = _forward(stream, ways_on(stream))

    def follow(step: str) -> tuple[str, ...]:
        ways = forward[step]
        if not ways:
            return (step,)
        most = max(way.share_ratio for way in ways)
        likeliest = [way for way in ways if way.share_ratio == most]
        together = [way.to for way in likeliest if way.in_parallel]
        if together and likeliest[0].in_parallel:
            branches = [follow(to) for to in together]
            return (step, *max(branches, key=lambda path: sum(lead_seconds.get(name, 0.0) for name in path)))
        return (step, *follow(likeliest[0].to))

    return follow(stream.steps[0].name)


def _passed(stream: ValueStream, ways: Mapping[str, tuple[Way, ...]]) -> dict[str, float]:
    """Solve v = e + Pᵀ·v for the ways given, and count what parallel branches do side by side."""
    index = _order(stream)
    flow = np.zeros((len(index), len(index)))
    # A loop that nobody enters would leave the equations without a solution.
    for step in _reached(stream, ways):
        ways_of = ways[step]
        n_parallel = sum(way.in_parallel for way in ways_of)
        for way in ways_of:
            flow[index[step], index[way.to]] += way.share_ratio / (n_parallel if way.in_parallel else 1)
    demanded = np.zeros(len(index))
    demanded[:1] = 1.0
    passed = np.linalg.solve(np.eye(len(index)) - flow.T, demanded)
    copies = _copies(stream, ways)
    return {step: float(passed[at]) * copies[step] for step, at in index.items()}


def _order(stream: ValueStream) -> dict[str, int]:
    return {step.name: at for at, step in enumerate(stream.steps)}


def _ways_of(step: Step, following: str | None) -> tuple[Way, ...]:
    scale = max(1.0, step.taken_ratio)
    ways = [Way(route.to, route.share_ratio / scale, route.in_parallel) for route in step.routes if route.share_ratio]
    left = 1 - step.taken_ratio / scale
    # Less than a thousandth is what rounding leaves over, and no way of its own.
    if following is None or left < 1e-3:
        return tuple(ways)
    named = next((at for at, way in enumerate(ways) if way.to == following and not way.in_parallel), None)
    if named is None:
        return (*ways, Way(following, left))
    ways[named] = Way(following, ways[named].share_ratio + left)
    return tuple(ways)


def _forward(stream: ValueStream, ways: Mapping[str, tuple[Way, ...]]) -> dict[str, tuple[Way, ...]]:
    order = _order(stream)
    return {step: tuple(way for way in ways_of if order[way.to] > order[step]) for step, ways_of in ways.items()}


def _refuse_endless(stream: ValueStream, ways: Mapping[str, tuple[Way, ...]]) -> None:
    """Raise EndlessStream where items get to steps from which there is no way out."""
    reached = _reached(stream, ways)
    ends = [
        step.name
        for step in stream.steps
        if step.leaves_ratio or sum(way.share_ratio for way in ways[step.name]) < 0.999
    ]
    back: dict[str, list[str]] = {step.name: [] for step in stream.steps}
    for step, ways_of in ways.items():
        for way in ways_of:
            back[way.to].append(step)
    ending = _reachable(ends, lambda step: back[step])
    endless = tuple(step.name for step in stream.steps if step.name in reached - ending)
    if endless:
        raise EndlessStream(endless)


def _copies(stream: ValueStream, ways: Mapping[str, tuple[Way, ...]]) -> dict[str, int]:
    """How many parallel branches an item was split into where it visits a step: what only one branch leads to."""
    forward = _forward(stream, ways)
    copies = dict.fromkeys(forward, 1)
    for ways_of in forward.values():
        together = [way.to for way in ways_of if way.in_parallel]
        if len(together) < 2:
            continue
        branches = [_reachable([to], lambda step: [way.to for way in forward[step]]) for to in together]
        for at, branch in enumerate(branches):
            others = set().union(*branches[:at], *branches[at + 1 :])
            for step in branch - others:
                copies[step] *= len(together)
    return copies


def _reached(stream: ValueStream, ways: Mapping[str, tuple[Way, ...]]) -> set[str]:
    return _reachable([step.name for step in stream.steps[:1]], lambda step: [way.to for way in ways[step]])


def _reachable(begin: list[str], onward: Callable[[str], list[str]]) -> set[str]:
    reached: set[str] = set()
    ahead = list(begin)
    while ahead:
        step = ahead.pop()
        if step not in reached:
            reached.add(step)
            ahead.extend(onward(step))
    return reached
