"""Where the elements of a BPMN diagram stand: lanes of teams, columns of steps, ways back above, far ones below."""

from collections import defaultdict
from dataclasses import dataclass

from millrace.draw.exports.bpmn_graph import Flow, Graph, Kind, Node, Slot

Point = tuple[float, float]

POOL_LEFT, POOL_TOP = 40.0, 40.0
POOL_LABEL, LANE_LABEL = 30.0, 30.0
_FIRST = POOL_LEFT + POOL_LABEL + LANE_LABEL + 40
_PITCH, _ROW = 350.0, 130.0
_TASK, _GATEWAY, _EVENT = (130.0, 80.0), (50.0, 50.0), (36.0, 36.0)
_SLOT_AT = {Slot.BEFORE: 25.0, Slot.STEP: 135.0, Slot.CHOICE: 245.0, Slot.FORK: 310.0}
_LEVEL = 18.0
"""From one way that runs along the pool's edge to the next."""


@dataclass(frozen=True)
class Bounds:
    """A rectangle, its left upper corner on (x, y)."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Layout:
    """The bounds of pool, lanes and nodes, and the corners of each flow."""

    pool: Bounds
    lanes: dict[str, Bounds]
    nodes: dict[str, Bounds]
    flows: dict[str, tuple[Point, ...]]


def bpmn_layout(graph: Graph) -> Layout:
    """Place a graph; nodes of one team and column stand below one another."""
    rows: dict[tuple[str, int], list[str]] = defaultdict(list)
    for node in graph.nodes.values():
        if node.slot is Slot.STEP:
            rows[node.lane, node.column].append(node.id)
    teams = list(dict.fromkeys(node.lane for node in graph.nodes.values()))
    n_rows = {team: max(len(ids) for (lane, _), ids in rows.items() if lane == team) for team in teams}
    back = [flow for flow in graph.flows if _ahead(graph, flow) < 0]
    far = [flow for flow in graph.flows if _ahead(graph, flow) > 1]
    width = POOL_LABEL + LANE_LABEL + 40 + (1 + max(node.column for node in graph.nodes.values())) * _PITCH
    lanes: dict[str, Bounds] = {}
    y = POOL_TOP
    for at, team in enumerate(teams):
        above = len(back) * _LEVEL if at == 0 else 0.0
        below = len(far) * _LEVEL if at == len(teams) - 1 else 0.0
        height = above + n_rows[team] * _ROW + below
        lanes[team] = Bounds(POOL_LEFT + POOL_LABEL, y, width - POOL_LABEL, height)
        y += height
    top = {team: lane.y + (len(back) * _LEVEL if at == 0 else 0) for at, (team, lane) in enumerate(lanes.items())}
    nodes = {node.id: _bounds(node, graph, rows, top) for node in graph.nodes.values()}
    pool = Bounds(POOL_LEFT, POOL_TOP, width, y - POOL_TOP)
    edges = {flow.id: pool.y + _LEVEL * (nth + 1) - 6 for nth, flow in enumerate(back)}
    edges |= {flow.id: y - _LEVEL * (nth + 1) + 6 for nth, flow in enumerate(far)}
    flows = {flow.id: _corners(flow, nodes, graph, edges.get(flow.id)) for flow in graph.flows}
    return Layout(pool, lanes, nodes, flows)


def _ahead(graph: Graph, flow: Flow) -> int:
    """How many columns a flow goes on; within one column by the slots' order, −1 where it leads back."""
    source, target = graph.nodes[flow.source], graph.nodes[flow.target]
    if source.column != target.column:
        return target.column - source.column
    return 0 if source.slot.value < target.slot.value else -1


def _bounds(node: Node, graph: Graph, rows: dict[tuple[str, int], list[str]], top: dict[str, float]) -> Bounds:
    size = {Kind.START: _EVENT, Kind.END: _EVENT, Kind.CHOICE: _GATEWAY, Kind.PARALLEL: _GATEWAY}.get(node.kind, _TASK)
    step = node.id if node.slot is Slot.STEP else node.id.partition("-")[2]
    row = rows[node.lane, node.column].index(step)
    x = _FIRST + node.column * _PITCH + _SLOT_AT[node.slot]
    y = top[node.lane] + (row + 0.5) * _ROW
    return Bounds(x - size[0] / 2, y - size[1] / 2, *size)


def _corners(flow: Flow, nodes: dict[str, Bounds], graph: Graph, edge: float | None) -> tuple[Point, ...]:
    """The corners of a flow: straight on, with a step between rows, or by way of the pool's upper or lower edge."""
    source, target = nodes[flow.source], nodes[flow.target]
    if edge is not None:
        return _around(source, target, edge)
    (x1, y1), (x2, y2) = source.middle, target.middle
    begin, end = (source.x + source.width, y1), (target.x, y2)
    if abs(y1 - y2) < 1:
        return begin, end
    if graph.nodes[flow.source].kind in (Kind.CHOICE, Kind.PARALLEL):
        leaving = (x1, source.y + source.height if y2 > y1 else source.y)
        return leaving, (x1, y2), end
    if graph.nodes[flow.target].kind is Kind.PARALLEL:
        entering = (x2, target.y + target.height if y1 > y2 else target.y)
        return begin, (x2, y1), entering
    middle = target.x - 20
    return begin, (middle, y1), (middle, y2), end


def _around(source: Bounds, target: Bounds, edge: float) -> tuple[Point, ...]:
    is_above = edge < source.y
    out = (source.middle[0], source.y if is_above else source.y + source.height)
    into = (target.middle[0], target.y if is_above else target.y + target.height)
    return out, (out[0], edge), (into[0], edge), into
