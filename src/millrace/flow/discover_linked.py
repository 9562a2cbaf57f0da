"""Discover a stream from a log of several record types: which records lead to which, and the steps of each type."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from millrace.eventlog.engine import text
from millrace.eventlog.event_log import EventLog, RecordType
from millrace.flow.discover import discover
from millrace.flow.record_part import described_part, write_part
from millrace.model.follow import Follow
from millrace.model.value_stream import Demand, Match, Step, ValueStream

_MOST_PATHS = 5
_MOST_STEPS_OF_TYPE = 6


def discover_linked(log: EventLog, connection: duckdb.DuckDBPyConnection) -> ValueStream:
    """A stream that follows links from the type that most lead away from; a step per type, or several where the log
    tells what was done on its records."""
    counts = _link_counts(log, connection)
    paths = _paths(counts)
    followed = dict.fromkeys(item_type for path in paths for item_type in path)
    types = {each.name: each for each in log.about.record_types}
    ordered = [types[name] for name in followed] or list(types.values())
    root = ordered[0].name
    whole = discover(log, connection)
    steps = _apart([step for each in ordered for step in _steps(log, each, connection)])
    follow = tuple(Follow(path=path) for path in paths)
    return whole.model_copy(
        update={
            "steps": steps,
            "pauses": (),
            "follow": follow,
            "demand": Demand(description=f"First event of the {root}") if follow else whole.demand,
        }
    )


def _link_counts(log: EventLog, connection: duckdb.DuckDBPyConnection) -> Mapping[tuple[str, str], int]:
    rows = connection.execute(
        f"SELECT from_type, to_type, count(*) FROM read_parquet({text(log.links_path)}) "
        "WHERE from_type <> to_type GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    ).fetchall()
    return {(from_type, to_type): n for from_type, to_type, n in rows}


def _paths(counts: Mapping[tuple[str, str], int]) -> list[tuple[str, ...]]:
    """Chains of types from the one that most links lead away from, those along the most links first."""
    if not counts:
        return []
    lead: dict[str, int] = defaultdict(int)
    for (from_type, to_type), n in counts.items():
        lead[from_type] += n
        lead[to_type] -= n
    root = max(sorted(lead), key=lambda each: lead[each])
    return list(_chains((root,), counts))[:_MOST_PATHS]


def _chains(path: tuple[str, ...], counts: Mapping[tuple[str, str], int]) -> Iterator[tuple[str, ...]]:
    onward = [to_type for from_type, to_type in counts if from_type == path[-1] and to_type not in path]
    if not onward:
        yield path
    for to_type in onward:
        yield from _chains((*path, to_type), counts)


def _steps(log: EventLog, record_type: RecordType, connection: duckdb.DuckDBPyConnection) -> list[Step]:
    of_type = Match(item_type=(record_type.name,))
    alone = [Step(name=record_type.name.capitalize(), match=(of_type,))]
    if all((c.activity or c.status) in record_type.milestones for c in record_type.event_classes):
        return alone
    with TemporaryDirectory() as folder:
        part = described_part(log, record_type, Path(folder))
        write_part(log, record_type, part, (), connection)
        found = discover(part, connection).steps
    if len(found) > _MOST_STEPS_OF_TYPE:
        return alone
    return [
        step.model_copy(
            update={"match": tuple(match.model_copy(update={"item_type": of_type.item_type}) for match in step.match)}
        )
        for step in found
    ] or alone


def _apart(steps: list[Step]) -> tuple[Step, ...]:
    """Steps with names of their own: where two types have one of the same name, each says whose it is."""
    called = [step.name for step in steps]
    return tuple(
        step.model_copy(update={"name": f"{step.name} ({step.match[0].item_type[0]})"})
        if called.count(step.name) > 1
        else step
        for step in steps
    )
