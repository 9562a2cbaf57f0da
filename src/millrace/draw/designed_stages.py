"""Where a drawn stream's steps stand on the map: its columns, its numbers, and the ways that need an arc."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from millrace.model.designed_step import lead_time
from millrace.model.routing import Way, expected_visits, main_path, ways_on
from millrace.model.state import Side
from millrace.model.value_stream import Step, ValueStream


@dataclass(frozen=True)
class PlacedStep:
    """A step with its number on the map, and how items come to it.

    `share_ratio` is the share of items that take this way, where there is another; `is_handoff` says that another
    team had them before.
    """

    step: Step
    number: str
    on_main_path: bool
    is_parallel: bool
    share_ratio: float | None
    is_handoff: bool


@dataclass(frozen=True)
class DrawnRoute:
    """A way that is not simply the next column: from step to step, its share of visits, and what people call it."""

    from_step: str
    to_step: str
    share_ratio: float
    label: str


@dataclass(frozen=True)
class DesignedStages:
    """The columns in order, in each the main path's step first; the ways back and the ways that pass over columns."""

    columns: tuple[tuple[PlacedStep, ...], ...]
    rework: tuple[DrawnRoute, ...]
    skips: tuple[DrawnRoute, ...]


def designed_stages(stream: ValueStream) -> DesignedStages:
    """Lay a stream out. Raises EndlessStream where items never get out of a loop."""
    ways, path = ways_on(stream), _whole_path(stream)
    columns = _columns(stream, ways, path)
    column_of = {name: at for at, names in enumerate(columns) for name in names}
    placed = _placed(stream, ways, path, columns)
    rework, skips = [], []
    for step in stream.steps:
        labels = {route.to: route.label for route in step.routes}
        for way in ways[step.name]:
            drawn = DrawnRoute(step.name, way.to, way.share_ratio, labels.get(way.to, ""))
            ahead = column_of[way.to] - column_of[step.name]
            if ahead <= 0:
                rework.append(drawn)
            elif ahead > 1:
                skips.append(drawn)
    return DesignedStages(placed, tuple(rework), tuple(skips))


def _whole_path(stream: ValueStream) -> tuple[str, ...]:
    """The main path with what follows value."""
    leads = {step.name: lead_time(step) for step in stream.steps}
    return main_path(
        stream, {name: each.total_seconds() for name, each in leads.items() if isinstance(each, timedelta)}
    )


def _columns(stream: ValueStream, ways: dict[str, tuple[Way, ...]], path: tuple[str, ...]) -> list[list[str]]:
    """The main path, a step to a column; every other step beside it where it is an alternative, else between.

    A step is an alternative to a column if items come to it from an earlier one and leave it for a later one.
    """
    columns = [[name] for name in path]
    order = [step.name for step in stream.steps]
    for at, name in enumerate(order):
        if name in path:
            continue
        column_of = {each: column for column, names in enumerate(columns) for each in names}
        sources = [before for before in order[:at] if any(way.to == name for way in ways[before])] or order[:at][-1:]
        targets = [way.to for way in ways[name] if way.to in order[at + 1 :]]
        after = max((column_of[source] for source in sources), default=-1)
        until = min((column_of[target] for target in targets if target in column_of), default=len(columns))
        if until - after > 1 and after + 1 < len(columns):
            columns[after + 1].append(name)
        else:
            columns.insert(after + 1, [name])
    return columns


def _placed(
    stream: ValueStream, ways: dict[str, tuple[Way, ...]], path: tuple[str, ...], columns: list[list[str]]
) -> tuple[tuple[PlacedStep, ...], ...]:
    steps = {step.name: step for step in stream.steps}
    arrivals = _arrivals(stream, ways)
    handed = _handed_on(stream, arrivals, path)

    def place(name: str, number: str, n_beside: int) -> PlacedStep:
        come = arrivals[name]
        is_parallel = bool(come) and all(each.way.in_parallel for each in come)
        has_others = (n_beside > 1 or name not in path) and not is_parallel
        return PlacedStep(
            steps[name], number, name in path, is_parallel, _share(come) if has_others else None, name in handed
        )

    return tuple(
        tuple(
            place(name, f"{at}{_letter(nth)}" if len(names) > 1 else str(at), len(names))
            for nth, name in enumerate(names)
        )
        for at, names in enumerate(columns, start=1)
    )


@dataclass(frozen=True)
class _Arrival:
    """A way by which items come to a step from an earlier one, and how often an item visits that."""

    source: str
    visits: float
    way: Way


def _arrivals(stream: ValueStream, ways: dict[str, tuple[Way, ...]]) -> dict[str, list[_Arrival]]:
    visits, names = expected_visits(stream), [step.name for step in stream.steps]
    arrivals: dict[str, list[_Arrival]] = {name: [] for name in names}
    for at, source in enumerate(names):
        for way in ways[source]:
            if way.to in names[at + 1 :]:
                arrivals[way.to].append(_Arrival(source, visits[source], way))
    return arrivals


def _share(come: list[_Arrival]) -> float | None:
    """Of the visits that could come this way, the share that does."""
    whole = sum(each.visits for each in come)
    return sum(each.visits * each.way.share_ratio for each in come) / whole if whole else None


def _handed_on(stream: ValueStream, arrivals: dict[str, list[_Arrival]], path: tuple[str, ...]) -> set[str]:
    """Steps to which another team hands items on; the requester's steps and those without a team are passed over."""
    sources = {
        name: max(come, key=lambda each: each.visits * each.way.share_ratio).source
        for name, come in arrivals.items()
        if come
    } | {after: before for before, after in pairwise(path)}
    teams: dict[str, str | None] = {}
    handed = set()
    for step in stream.steps:
        source = sources.get(step.name)
        held = teams[source] if source is not None else None
        own = step.team if step.side is not Side.REQUESTER else None
        if own and held and own != held:
            handed.add(step.name)
        teams[step.name] = own or held
    return handed


def _letter(nth: int) -> str:
    return chr(ord("a") + nth) if nth < 26 else f".{nth + 1}"
