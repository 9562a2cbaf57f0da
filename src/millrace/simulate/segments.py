"""Attributes that moves name and a fit left out, since they do not tell how items fare: drawn as the log has them."""

from collections.abc import Iterable
from dataclasses import replace

from millrace.flow.flow import Flow
from millrace.model.move import Move
from millrace.simulate.moves.segment import attributes_of
from millrace.simulate.simulated_stream import DrawnAttribute, SimulatedStream


def with_named_attributes(stream: SimulatedStream, moves: Iterable[Move], flow: Flow) -> SimulatedStream:
    """The stream whose items have every attribute that a move names and the log holds, with the log's shares."""
    named = dict.fromkeys(name for move in moves for name in getattr(move, "where", {}))
    known = attributes_of(stream.demand)
    drawn = [_drawn(name, flow) for name in named if name not in known and flow.has(name)]
    return replace(stream, demand=replace(stream.demand, attributes=(*stream.demand.attributes, *drawn)))


def _drawn(name: str, flow: Flow) -> DrawnAttribute:
    labels = flow.items.join(flow.attribute(name), "last_row")
    rows = labels.group_by("label").agg(n=labels.count()).order_by("label").to_pyarrow().to_pylist()
    total = sum(row["n"] for row in rows)
    return DrawnAttribute(name, {row["label"] or "unknown": row["n"] / total for row in rows})
