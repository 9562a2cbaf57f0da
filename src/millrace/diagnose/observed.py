"""What a log says of a drawn stream, gathered for the checks that compare the two."""

from dataclasses import dataclass

import duckdb

from millrace.diagnose.binding import Binding, bind
from millrace.eventlog.event_log import EventLog
from millrace.flow.flow import Flow
from millrace.flow.step_measures import Edge, StepMeasures, edges, step_measures


@dataclass(frozen=True)
class Observed:
    """A log's binding, steps and ways between them (before value, elapsed clock), and its items a month."""

    source_name: str
    binding: Binding
    steps: tuple[StepMeasures, ...]
    edges: tuple[Edge, ...]
    items_per_month: float | None


def observed(flow: Flow, log: EventLog, connection: duckdb.DuckDBPyConnection) -> Observed:
    """Gather what `log`, cut into `flow` by a stream, says of that stream."""
    return Observed(
        log.about.source_name,
        bind(flow.about.stream, log, connection),
        step_measures(flow),
        edges(flow),
        flow.about.n_items / flow.n_months if flow.n_months >= 1 else None,
    )
