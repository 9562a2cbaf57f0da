"""BPMN: valid by its schema, opened by a library that runs it, every element drawn in its place."""

import xml.etree.ElementTree as ET
from io import BytesIO
from itertools import combinations

import pytest

from millrace.draw.exports.bpmn import DI, MODEL, bpmn
from millrace.draw.exports.bpmn_graph import bpmn_graph
from millrace.draw.exports.bpmn_layout import bpmn_layout
from millrace.model.stream_file import parse_stream
from millrace.model.templates.template import TEMPLATES, load_template
from millrace.model.value_stream import ValueStream

ODD = parse_stream("""
name: '<odd> & "quoted"'
steps:
  - name: "a <b> & c"
    routes:
      - {to: d, share_ratio: 40 %, in_parallel: true}
      - {to: e, share_ratio: 40 %, in_parallel: true}
      - {to: "a <b> & c", share_ratio: 10 %}
    leaves_ratio: 5 %
  - {name: between, routes: [{to: f}]}
  - {name: d, routes: [{to: f, share_ratio: 50 %}, {to: e, share_ratio: 50 %}]}
  - {name: e, estimate: {automation_ratio: 100 %}}
  - {name: f, routes: [{to: d, share_ratio: 20 %, label: "no\tgood"}]}
""")  # fmt: skip
STREAMS = [*map(load_template, TEMPLATES), ODD, parse_stream("name: empty")]
streams = pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)


def parsed(stream: ValueStream) -> ET.Element:
    return ET.fromstring(bpmn(stream))


def elements(root: ET.Element, name: str) -> list[ET.Element]:
    return list(root.iter(f"{{{MODEL}}}{name}"))


@streams
def test_it_is_valid_by_the_schema_of_bpmn(stream: ValueStream) -> None:
    pytest.importorskip("SpiffWorkflow", reason="the schema comes with SpiffWorkflow, which is not installed")
    from lxml import etree
    from SpiffWorkflow.bpmn.parser import BpmnValidator

    BpmnValidator().validate(etree.fromstring(bpmn(stream).encode()))


@streams
def test_a_library_opens_it_and_finds_every_step(stream: ValueStream) -> None:
    pytest.importorskip("SpiffWorkflow", reason="SpiffWorkflow is not installed")
    from SpiffWorkflow.bpmn.parser import BpmnParser

    parser = BpmnParser()
    # The library builds only what is meant to run; the diagram says of itself that it is not.
    parser.add_bpmn_io(BytesIO(bpmn(stream).replace('isExecutable="false"', 'isExecutable="true"').encode()))
    specification = parser.get_spec("stream")

    for at, _ in enumerate(stream.steps, start=1):
        assert f"step-{at}" in specification.task_specs


@streams
def test_every_element_has_its_place_and_every_reference_its_element(stream: ValueStream) -> None:
    root = parsed(stream)
    ids = {element.get("id") for element in root.iter()} - {None}
    drawn = {
        shape.get("bpmnElement") for shape in root.iter() if shape.tag in (f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")
    }
    nodes = bpmn_graph(stream).nodes

    assert set(nodes) <= drawn <= ids
    assert {flow.get("id") for flow in elements(root, "sequenceFlow")} <= drawn
    assert sorted(reference.text for reference in elements(root, "flowNodeRef")) == sorted(nodes)


@streams
def test_no_two_nodes_overlap_and_each_lies_in_its_lane(stream: ValueStream) -> None:
    graph = bpmn_graph(stream)
    layout = bpmn_layout(graph)
    for one, other in combinations(layout.nodes.values(), 2):
        apart_x = abs(one.middle[0] - other.middle[0]) >= (one.width + other.width) / 2
        apart_y = abs(one.middle[1] - other.middle[1]) >= (one.height + other.height) / 2
        assert apart_x or apart_y
    for node in graph.nodes.values():
        lane, bounds = layout.lanes[node.lane], layout.nodes[node.id]
        assert lane.y <= bounds.y
        assert bounds.y + bounds.height <= lane.y + lane.height


def test_parallel_steps_fork_and_meet_again() -> None:
    graph = bpmn_graph(load_template("staff-onboarding"))
    names = {node.id: node.name for node in graph.nodes.values()}

    assert {names[flow.target] for flow in graph.outgoing("fork-step-2")} == {
        "Create accounts and access",
        "Prepare equipment",
        "Prepare place and badge",
    }
    assert [names[flow.target] for flow in graph.outgoing("join-step-6")] == ["Bring everything together"]
    assert len(graph.incoming("join-step-6")) == 3


def test_a_choice_names_its_ways_and_its_usual_one() -> None:
    root = parsed(load_template("hr-access"))
    [choice] = elements(root, "exclusiveGateway")
    ways = {
        flow.get("id"): flow for flow in elements(root, "sequenceFlow") if flow.get("sourceRef") == choice.get("id")
    }

    assert {flow.get("name") for flow in ways.values()} == {"95 %", "5 %: information missing"}
    assert ways[choice.get("default")].get("name") == "95 %"


def test_items_that_leave_come_to_an_end_of_their_own() -> None:
    root = parsed(load_template("vendor-onboarding"))

    assert {end.get("name") for end in elements(root, "endEvent")} == {
        "The department can order from the supplier",
        "Ends without value",
    }


def test_who_does_a_step_tells_its_kind_and_lane() -> None:
    root = parsed(load_template("hr-access"))

    assert [task.get("name") for task in elements(root, "manualTask")] == ["Submit request"]
    assert [lane.get("name") for lane in elements(root, "lane")] == [
        "Requester",
        "Service Desk",
        "HR Data Owner",
        "Access Management",
    ]
    assert [task.get("name") for task in elements(parsed(ODD), "serviceTask")] == ["e"]
