"""A designed stream as BPMN 2.0, with the positions of everything, for tools that model processes."""

import xml.etree.ElementTree as ET

from millrace.draw.exports.bpmn_graph import Flow, Graph, Kind, Node, bpmn_graph
from millrace.draw.exports.bpmn_layout import Bounds, Layout, bpmn_layout
from millrace.draw.svg import number
from millrace.draw.text import printable
from millrace.model.value_stream import ValueStream

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_PREFIXES = {"bpmn": MODEL, "bpmndi": DI, "dc": _DC, "di": _DD}
_PROCESS, _POOL = "stream", "pool"


def bpmn(stream: ValueStream) -> str:
    """The document's text: a pool with a lane for each team.

    Raises EndlessStream where items never get out of a loop.
    """
    graph = bpmn_graph(stream)
    layout = bpmn_layout(graph)
    root = ET.Element(
        "bpmn:definitions",
        {f"xmlns:{prefix}": address for prefix, address in _PREFIXES.items()}
        | {"id": "definitions", "targetNamespace": "urn:millrace:stream", "exporter": "Millrace"},
    )
    collaboration = ET.SubElement(root, "bpmn:collaboration", id="collaboration")
    ET.SubElement(collaboration, "bpmn:participant", id=_POOL, name=printable(stream.shown_name), processRef=_PROCESS)
    process = ET.SubElement(root, "bpmn:process", id=_PROCESS, name=printable(stream.shown_name), isExecutable="false")
    if stream.description:
        ET.SubElement(process, "bpmn:documentation").text = printable(stream.description)
    _lanes(process, graph, layout)
    for node in graph.nodes.values():
        _node(process, node, graph)
    for flow in graph.flows:
        _flow(process, flow, graph)
    _diagram(root, graph, layout)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _lanes(process: ET.Element, graph: Graph, layout: Layout) -> None:
    lane_set = ET.SubElement(process, "bpmn:laneSet", id="lanes")
    for at, team in enumerate(layout.lanes, start=1):
        lane = ET.SubElement(lane_set, "bpmn:lane", id=f"lane-{at}", name=printable(team))
        for node in graph.nodes.values():
            if node.lane == team:
                ET.SubElement(lane, "bpmn:flowNodeRef").text = node.id


def _node(process: ET.Element, node: Node, graph: Graph) -> None:
    named = {"name": printable(node.name)} if node.name else {}
    usual = [flow.id for flow in graph.outgoing(node.id) if flow.is_usual]
    drawn = ET.SubElement(
        process, f"bpmn:{node.kind.value}", {"id": node.id, **named, **({"default": usual[0]} if usual else {})}
    )
    if node.notes:
        ET.SubElement(drawn, "bpmn:documentation").text = "\n".join(map(printable, node.notes.split("\n")))
    for flow in graph.incoming(node.id):
        ET.SubElement(drawn, "bpmn:incoming").text = flow.id
    for flow in graph.outgoing(node.id):
        ET.SubElement(drawn, "bpmn:outgoing").text = flow.id


def _flow(process: ET.Element, flow: Flow, graph: Graph) -> None:
    named = {"name": printable(flow.name)} if flow.name else {}
    drawn = ET.SubElement(
        process, "bpmn:sequenceFlow", {"id": flow.id, **named, "sourceRef": flow.source, "targetRef": flow.target}
    )
    if graph.nodes[flow.source].kind is Kind.CHOICE and not flow.is_usual:
        # In plain words: nothing computes it, and a reader of the diagram needs to know when the way is taken.
        ET.SubElement(drawn, "bpmn:conditionExpression").text = printable(flow.name)


def _diagram(root: ET.Element, graph: Graph, layout: Layout) -> None:
    diagram = ET.SubElement(root, "bpmndi:BPMNDiagram", id="diagram")
    plane = ET.SubElement(diagram, "bpmndi:BPMNPlane", id="plane", bpmnElement="collaboration")
    _shape(plane, _POOL, layout.pool, isHorizontal="true")
    for at, bounds in enumerate(layout.lanes.values(), start=1):
        _shape(plane, f"lane-{at}", bounds, isHorizontal="true")
    for node in graph.nodes.values():
        marker = {"isMarkerVisible": "true"} if node.kind is Kind.CHOICE else {}
        _shape(plane, node.id, layout.nodes[node.id], **marker)
    for flow in graph.flows:
        edge = ET.SubElement(plane, "bpmndi:BPMNEdge", id=f"edge-{flow.id}", bpmnElement=flow.id)
        for x, y in layout.flows[flow.id]:
            ET.SubElement(edge, "di:waypoint", x=number(x), y=number(y))


def _shape(plane: ET.Element, of: str, bounds: Bounds, **further: str) -> None:
    shape = ET.SubElement(plane, "bpmndi:BPMNShape", {"id": f"shape-{of}", "bpmnElement": of, **further})
    ET.SubElement(
        shape,
        "dc:Bounds",
        x=number(bounds.x),
        y=number(bounds.y),
        width=number(bounds.width),
        height=number(bounds.height),
    )
