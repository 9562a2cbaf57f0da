"""A designed stream as BPMN sees it: events, tasks and gateways, and the flows between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from millrace.draw.designed_stages import designed_stages
from millrace.draw.exports.delivery import LEAST_RATIO, delivered_ratio
from millrace.draw.figures import NO_BREAK, show_ratio
from millrace.model.routing import Way, ways_on
from millrace.model.state import Side
from millrace.model.value_stream import Step, ValueStream

UNNAMED_TEAM = "No team named"
START, VALUE, GONE = "demand", "value", "ended-without-value"


class Kind(Enum):
    """BPMN's elements that a stream needs, by their names in its files."""

    START = "startEvent"
    END = "endEvent"
    PERSON = "userTask"
    REQUESTER = "manualTask"
    MACHINE = "serviceTask"
    CHOICE = "exclusiveGateway"
    PARALLEL = "parallelGateway"


class Slot(Enum):
    """Where in its column a node stands."""

    BEFORE = 0
    STEP = 1
    CHOICE = 2
    FORK = 3


@dataclass(frozen=True)
class Node:
    """An event, task or gateway with its lane and column; `notes` is what a step says beyond its name."""

    id: str
    kind: Kind
    name: str
    lane: str
    column: int
    slot: Slot
    notes: str = ""


@dataclass(frozen=True)
class Flow:
    """A way from node to node; `name` is its share and reason. One of a choice's flows is its usual way."""

    id: str
    source: str
    target: str
    name: str = ""
    is_usual: bool = False


@dataclass
class Graph:
    """All nodes by id, in order, and all flows."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def add(self, node: Node) -> str:
        """Add a node; its id."""
        self.nodes[node.id] = node
        return node.id

    def link(self, source: str, target: str, name: str = "", *, is_usual: bool = False) -> None:
        """Add a flow."""
        self.flows.append(Flow(f"flow-{len(self.flows) + 1}", source, target, name.replace(NO_BREAK, " "), is_usual))

    def incoming(self, node: str) -> list[Flow]:
        """The flows that lead to a node."""
        return [flow for flow in self.flows if flow.target == node]

    def outgoing(self, node: str) -> list[Flow]:
        """The flows that leave a node."""
        return [flow for flow in self.flows if flow.source == node]


def bpmn_graph(stream: ValueStream) -> Graph:
    """The graph: choices where ways exclude each other, forks and joins where they do not."""
    graph = Graph()
    ways = ways_on(stream)
    columns = {
        placed.step.name: at for at, column in enumerate(designed_stages(stream).columns, start=1) for placed in column
    }
    ids = {step.name: f"step-{at}" for at, step in enumerate(stream.steps, start=1)}
    first = _lane(stream.steps[0]) if stream.steps else UNNAMED_TEAM
    graph.add(Node(START, Kind.START, stream.demand.description or "Demand", first, 0, Slot.STEP))
    for step in stream.steps:
        graph.add(
            Node(ids[step.name], _kind(step), step.name, _lane(step), columns[step.name], Slot.STEP, _notes(step))
        )
    joins = _joins(stream, ways, graph, ids, columns)
    _add_ends(stream, graph, max(columns.values(), default=0) + 1)
    graph.link(START, ids[stream.steps[0].name] if stream.steps else VALUE)
    for step in stream.steps:
        delivered = delivered_ratio(step, ways[step.name])
        exits = [(VALUE, delivered)] if delivered > LEAST_RATIO else []
        exits += [(GONE, step.leaves_ratio)] if step.leaves_ratio else []
        _link(step, ways[step.name], exits, graph, ids, joins, columns[step.name])
    return graph


def _add_ends(stream: ValueStream, graph: Graph, column: int) -> None:
    lane = _lane(stream.steps[-1]) if stream.steps else UNNAMED_TEAM
    graph.add(Node(VALUE, Kind.END, stream.value.description or "Value delivered", lane, column, Slot.STEP))
    if any(step.leaves_ratio for step in stream.steps):
        graph.add(Node(GONE, Kind.END, "Ends without value", lane, column, Slot.STEP))


def _lane(step: Step) -> str:
    return step.team or UNNAMED_TEAM


def _kind(step: Step) -> Kind:
    if step.side is Side.REQUESTER:
        return Kind.REQUESTER
    return Kind.MACHINE if step.estimate and step.estimate.automation_ratio == 1 else Kind.PERSON


def _notes(step: Step) -> str:
    said = [
        *step.tasks,
        *(f"{word}: {value}" for word, value in (("Input", step.input), ("Output", step.output)) if value),
        *([f"System: {step.system}"] if step.system else []),
        *([f"Practices: {', '.join(step.practices)}"] if step.practices else []),
    ]
    figures = step.estimate.model_dump(mode="json", exclude_none=True) if step.estimate else {}
    said += [f"Estimated {name.replace('_', ' ')}: {value}" for name, value in figures.items()]
    return "\n".join(said)


def _joins(
    stream: ValueStream, ways: dict[str, tuple[Way, ...]], graph: Graph, ids: dict[str, str], columns: dict[str, int]
) -> dict[tuple[str, str], str]:
    """The gateways at which parallel branches meet: for each way from a branch into it, which one it leads to."""
    joins = {}
    by_name, order = {step.name: step for step in stream.steps}, list(ids)
    for at, step in enumerate(stream.steps):
        together = [way.to for way in ways[step.name] if way.in_parallel and way.to in order[at + 1 :]]
        if len(together) < 2:
            continue
        branches = [_reached(to, ways, order) for to in together]
        meeting = next((name for name in ids if sum(name in branch for branch in branches) > 1), None)
        if meeting is None:
            continue
        join = f"join-{ids[meeting]}"
        if join not in graph.nodes:
            graph.add(Node(join, Kind.PARALLEL, "", _lane(by_name[meeting]), columns[meeting], Slot.BEFORE))
            graph.link(join, ids[meeting])
        before = [name for name in ids if any(name in branch for branch in branches)]
        before = [step.name, *before[: before.index(meeting)]]
        joins.update({(name, way.to): join for name in before for way in ways[name] if way.to == meeting})
    return joins


def _reached(start: str, ways: dict[str, tuple[Way, ...]], order: list[str]) -> set[str]:
    """The step and all that items come to from it, going forward."""
    reached = {start}
    for name in order[order.index(start) :]:
        if name in reached:
            reached |= {way.to for way in ways[name] if order.index(way.to) > order.index(name)}
    return reached


def _link(
    step: Step,
    ways: tuple[Way, ...],
    exits: list[tuple[str, float]],
    graph: Graph,
    ids: dict[str, str],
    joins: dict[tuple[str, str], str],
    column: int,
) -> None:
    """Flows from a step to what follows it, through a choice and a fork where it needs them."""
    labels = {route.to: route.label for route in step.routes}
    here, lane = ids[step.name], _lane(step)
    fork = [way for way in ways if way.in_parallel]
    onward = [(joins.get((step.name, w.to), ids[w.to]), w.share_ratio, labels.get(w.to, "")) for w in _apart(ways)]
    onward += [(end, share, "") for end, share in exits]
    if fork:
        gateway = graph.add(Node(f"fork-{here}", Kind.PARALLEL, "", lane, column, Slot.FORK))
        for way in fork:
            graph.link(gateway, joins.get((step.name, way.to), ids[way.to]), labels.get(way.to, ""))
        onward.append((gateway, max(way.share_ratio for way in fork), ""))
    if len(onward) > 1:
        choice = graph.add(Node(f"choice-{here}", Kind.CHOICE, "", lane, column, Slot.CHOICE))
        graph.link(here, choice)
        usual = max(onward, key=lambda each: each[1])
        for way_on in onward:
            target, share, label = way_on
            graph.link(choice, target, ": ".join(filter(None, (show_ratio(share), label))), is_usual=way_on is usual)
    else:
        for target, _, label in onward:
            graph.link(here, target, label)


def _apart(ways: tuple[Way, ...]) -> Iterator[Way]:
    return (way for way in ways if not way.in_parallel)
