"""Streams of any shape: whatever people draw can be shown and exported, with every step in it."""

import xml.etree.ElementTree as ET

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from millrace.draw.exports.bpmn import bpmn
from millrace.draw.exports.bpmn_graph import Kind, bpmn_graph
from millrace.draw.exports.mermaid import mermaid
from millrace.draw.value_stream_map import value_stream_map
from millrace.model.routing import EndlessStream, expected_visits
from millrace.model.value_stream import Estimate, Route, Step, Value, ValueStream
from millrace.report.designed_map import designed_map
from millrace.report.lanes import with_lanes

any_stream = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def streams(draw: st.DrawFn) -> ValueStream:
    names = [f"s{at}" for at in range(draw(st.integers(1, 7)))]
    steps = []
    for name in names:
        to = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
        in_parallel = draw(st.booleans())
        share = draw(st.sampled_from([0.1, 0.3]))
        estimate = draw(st.none() | st.builds(Estimate, queue_time=st.timedeltas(), process_time=st.timedeltas()))
        steps.append(
            Step(
                name=name,
                team=draw(st.sampled_from([None, "A", "B"])),
                side=draw(st.sampled_from(["provider", "requester"])),
                routes=tuple(Route(to=each, share_ratio=share, in_parallel=in_parallel) for each in to),
                leaves_ratio=draw(st.sampled_from([0.0, 0.05])),
                estimate=None if estimate is None else Estimate(process_time="5 min", queue_time="1 h"),
            )
        )
    stream = ValueStream(name="any", steps=tuple(steps), value=Value(after=draw(st.none() | st.sampled_from(names))))
    try:
        expected_visits(stream)
    except EndlessStream:
        assume(False)
    return stream


@any_stream
@given(streams())
def test_every_stream_can_be_drawn_with_every_step_once(stream: ValueStream) -> None:
    picture = with_lanes(designed_map(stream), stream, activities=True, requester=True)

    assert sorted(step.name for step in picture.steps) == sorted(step.name for step in stream.steps)
    assert ET.fromstring(value_stream_map(picture)).tag.endswith("svg")
    assert all(sum(step.share_ratio or 0 for step in stage.steps) <= len(stage.steps) for stage in picture.stages)


@any_stream
@given(streams())
def test_every_stream_can_be_exported_and_every_node_leads_on(stream: ValueStream) -> None:
    graph = bpmn_graph(stream)

    assert ET.fromstring(bpmn(stream)).tag.endswith("definitions")
    assert mermaid(stream).count(":::") == len(stream.steps) + 2 + ("gone" in mermaid(stream).partition("classDef")[0])
    for node in graph.nodes.values():
        assert graph.outgoing(node.id) or node.kind is Kind.END
        assert len({flow.target for flow in graph.outgoing(node.id)}) == len(graph.outgoing(node.id))
