"""The later part, simulated from what was known at the split."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from millrace.eventlog.engine import connect, text
from millrace.eventlog.event_log import EventLog
from millrace.flow.cut import cut
from millrace.flow.flow import Flow
from millrace.simulate.backtest.split import Split
from millrace.simulate.engine.demanded import demanded
from millrace.simulate.engine.run import Period, run
from millrace.simulate.fit.fit import Fit
from millrace.simulate.fit.instants import instant
from millrace.simulate.fit.open_work import open_work
from millrace.simulate.simulated_log import measured_stream, simulated_log
from millrace.simulate.simulated_stream import KnownArrivals, OpenItem, SimulatedStream

BEFORE, AFTER = "before ", "after "
"""What the keys of items begin with that were demanded before the split, and from then on."""


@dataclass(frozen=True)
class Replayed:
    """One simulated future of the split: `whole` with the items that were open then, `later` only those that came."""

    whole: Flow
    later: Flow


def replayed(fit: Fit, parts: Split, folder: Path, *, n_replications: int, seed: int) -> Iterator[Replayed]:
    """Simulate the later part `n_replications` times, observed until the log's end.

    It begins with what was open at the split; with hindsight, when nothing is, with a run-up as long as the steady
    period before. Demand ends where that of the later part does, for what is known of it ends there too.
    """
    starts_at = min(instant(fit.period.since_at), parts.at) if parts.with_hindsight else parts.at
    under_way = () if parts.with_hindsight else open_work(fit)
    period = Period(starts_at, parts.later.now_at)
    for replication in range(n_replications):
        stream = _with_demand(fit.stream, parts, starts_at, seed + replication)
        done = run(stream, period, seed=seed, replication=replication, open_items=_marked(under_way))
        place = folder / str(replication)
        log = simulated_log([done], place / "whole")
        yield Replayed(_cut(log, fit), _cut(_only_later(log, place / "later"), fit))


def _marked(items: Sequence[OpenItem]) -> tuple[OpenItem, ...]:
    return tuple(replace(item, key=f"{BEFORE}{item.key}") for item in items)


def _with_demand(stream: SimulatedStream, parts: Split, starts_at: datetime, seed: int) -> SimulatedStream:
    """The stream with one drawing of the demand until the end of the later part's."""
    items = demanded(stream.demand, starts_at, parts.until_at, seed)
    attributes = {
        name: tuple(attribute.values[code] for code in attribute.codes.tolist())
        for name, attribute in items.attributes.items()
    }
    at = tuple(instant(each) for each in items.arrive_at.tolist())
    keys = tuple(f"{BEFORE if each < parts.at else AFTER}{number}" for number, each in enumerate(at))
    known = KnownArrivals(at, attributes, keys)
    return replace(stream, demand=replace(stream.demand, arrivals=known))


def _only_later(log: EventLog, folder: Path) -> EventLog:
    folder.mkdir(parents=True)
    part = EventLog(folder, log.about)
    with connect(folder) as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_parquet({text(log.events_path)}) WHERE starts_with(item_id, {text(AFTER)})) "
            f"TO {text(part.events_path)} (FORMAT parquet)"
        )
    part.save_description()
    return part


def _cut(log: EventLog, fit: Fit) -> Flow:
    folder = log.folder / "flow"
    folder.mkdir()
    with connect(folder) as connection:
        return cut(log, measured_stream(fit.history.flow.about.stream), folder, connection)
