"""Whether a log holds the columns that a target, a service level or a rule speaks of."""

from collections.abc import Collection, Iterator

from millrace.flow.flow import Flow
from millrace.flow.selection import PERIODS, RECORD_TYPE
from millrace.model.service_level import Where
from millrace.model.value_stream import ValueStream

_OF_EVERY_LOG = frozenset({"team", "step", RECORD_TYPE, *PERIODS})


def missing_columns(flow: Flow, columns: Collection[str]) -> tuple[str, ...]:
    """Those of the columns that the log does not hold."""
    return tuple(column for column in columns if column not in _OF_EVERY_LOG and not flow.has(column))


def why_missing(columns: Collection[str]) -> str:
    """Says so in words."""
    return "the log has no column " + " and no column ".join(f"“{column}”" for column in columns)


def spoken_of(stream: ValueStream) -> Iterator[tuple[str, Where]]:
    """The name of each service level, target and rule of a stream, and the columns and values that it covers."""
    yield from ((level.name, level.where) for level in stream.service_levels)
    yield from ((target.name, target.where) for target in stream.targets)
    yield from ((rule.name, rule.where) for rule in stream.watch.stuck)
