"""Simulated runs as an event log of the canonical schema, so that every measure reads it like any other."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from millrace.eventlog.event_log import EVENTS_FILE, EventClass, EventLog, LogDescription
from millrace.eventlog.readiness import Readiness
from millrace.eventlog.schema import EVENT_COLUMNS, Shape
from millrace.model.state import State
from millrace.model.value_stream import Demand, Match, Rule, Step, Value, ValueStream
from millrace.simulate.engine.demanded import microseconds
from millrace.simulate.engine.labels import Label
from millrace.simulate.engine.run import UNENDED, Run
from millrace.simulate.simulated_stream import SimulatedStream

REPLICATION = "replication"
"""The attribute that says which run an item is of."""
DEMANDED = "demanded"
"""The status of an activity log's event for the demand."""
_GROUP_ROWS = 500_000


def simulated_log(
    runs: Sequence[Run], folder: Path, *, shape: Shape = Shape.STATUS_LOG, since_at: datetime | None = None
) -> EventLog:
    """Write runs as one log into `folder`; where they are several, items are marked with their `replication`.

    A status log tells every wait with its reason. An activity log has an event for every piece of work, and one each
    for demand and end; all its waits are queues. Items that ended before `since_at` are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    attributes = sorted({name for run in runs for name in run.items.attributes})
    n_rows = 0
    writer: pq.ParquetWriter | None = None
    for run in runs:
        table = _table(run, shape, attributes, since_at, n_rows, marks_replication=len(runs) > 1)
        writer = writer or _writer(folder / EVENTS_FILE, table.schema)
        writer.write_table(table, row_group_size=_GROUP_ROWS)
        n_rows += table.num_rows
    assert writer is not None, "a log is made of at least one run"
    writer.close()
    log = EventLog(folder, _description(runs, shape, table.schema.names, n_rows))
    log.save_description()
    return log


def measured_stream(stream: ValueStream) -> ValueStream:
    """The stream with rules that find its steps in a simulated log: events bear the names of steps."""
    steps = tuple(step.model_copy(update={"match": (Match(activity=(step.name,)),)}) for step in stream.steps)
    demand = stream.demand.model_copy(update={"rule": Rule(event="first")})
    value = stream.value.model_copy(update={"rule": Rule(state=State.DONE)})
    return stream.model_copy(update={"steps": steps, "pauses": (), "demand": demand, "value": value})


def stream_of(simulated: SimulatedStream) -> ValueStream:
    """A value stream with the steps of a simulated one, to measure its logs by."""
    of_step = {step.step or step.name: step for step in reversed(simulated.steps)}
    names = dict.fromkeys(step.step or step.name for step in simulated.steps)
    steps = tuple(Step(name=name, value_class=of_step[name].value_class, side=of_step[name].side) for name in names)
    rates = {team.name: team.rate_per_hour for team in simulated.teams if team.rate_per_hour is not None}
    return measured_stream(
        ValueStream(name=simulated.name, steps=steps, demand=Demand(), value=Value(), rates_per_hour=rates)
    )


def _table(
    run: Run, shape: Shape, attributes: Sequence[str], since_at: datetime | None, first: int, *, marks_replication: bool
) -> pa.Table:
    phases = run.phases
    chosen = np.ones(len(phases), bool) if since_at is None else _lasts_until(run, microseconds(since_at))
    marks: npt.NDArray[np.intp] = np.empty(0, np.intp)
    n_demands = 0
    if shape is Shape.ACTIVITY_LOG:
        demands = _first_phases(run, chosen)
        n_demands = len(demands)
        # An activity ends an item only when it is over, so what comes after value begins with an event of no length.
        marks = np.concatenate([demands, _first_phases(run, chosen & _is_after_value(run))])
        chosen &= _reports(run)
    rows = phases[chosen]
    code = np.concatenate([phases["code"][marks], rows["code"]])
    item = np.concatenate([phases["item"][marks], rows["item"]])
    began = np.concatenate([phases["began"][marks], rows["began"]])
    began[:n_demands] = run.items.demand_at[item[:n_demands]]
    columns: dict[str, Any] = {"item_id": _dictionary(item, _item_ids(run, marks_replication=marks_replication))}
    if shape is Shape.ACTIVITY_LOG:
        columns["at"] = _instants(np.concatenate([began[: len(marks)], rows["ended"]]))
        columns["started_at"] = _instants(began)
    else:
        columns["at"] = _instants(began)
    columns["position"] = pa.array(np.arange(first, first + len(item), dtype=np.int64))
    labels = run.labels
    columns["activity"] = _labelled(code, [label.activity for label in labels])
    status = np.where(np.arange(len(code)) < n_demands, len(labels), code)
    columns["status"] = _labelled(status, [*(label.status for label in labels), DEMANDED])
    columns["team"] = _labelled(code, [label.team for label in labels])
    person = np.concatenate([np.full(len(marks), -1, np.int32), rows["person"]])
    columns["person"] = _labelled(person, [*_people(run.stream), None])
    columns["is_automated"] = pa.array(np.array([label.is_automated for label in labels], bool)[code])
    for name in attributes:
        attribute = run.items.attributes.get(name)
        codes = np.full(len(run.items.uid), -1, np.int32) if attribute is None else attribute.codes
        columns[name] = _dictionary(codes[item], attribute.values if attribute else ())
    if marks_replication:
        columns[REPLICATION] = _dictionary(np.zeros(len(item), np.int32), (str(run.replication),))
    return pa.table(columns)


def _lasts_until(run: Run, since: int) -> npt.NDArray[np.bool_]:
    """For each phase whether its item had not ended by then."""
    ends_at = np.zeros(len(run.items.uid), np.int64)
    # Of several phases of an item the last one counts: it is assigned last.
    ends_at[run.phases["item"]] = run.phases["ended"]
    lasts: npt.NDArray[np.bool_] = ends_at[run.phases["item"]] >= since
    return lasts


def _first_phases(run: Run, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """The place of the first phase of every item that is chosen."""
    places = np.flatnonzero(chosen)
    first = np.full(len(run.items.uid), -1, np.intp)
    first[run.phases["item"][places[::-1]]] = places[::-1]
    return first[first >= 0]


def _is_after_value(run: Run) -> npt.NDArray[np.bool_]:
    """For each phase whether the item is delivered while it lasts."""
    closing = np.array([label.state is State.DONE and not label.is_end for label in run.labels], bool)
    lasts: npt.NDArray[np.bool_] = closing[run.phases["code"]]
    return lasts


def _reports(run: Run) -> npt.NDArray[np.bool_]:
    """What an activity log reports: work that is done, and ends."""
    is_end = np.array([label.is_end for label in run.labels], bool)
    is_work = np.array([label.is_work for label in run.labels], bool)
    reports: npt.NDArray[np.bool_] = (is_work | is_end)[run.phases["code"]] & (run.phases["ended"] != UNENDED)
    return reports


def _item_ids(run: Run, *, marks_replication: bool) -> pa.Array:
    """The keys that were given, and else numbers: the same for the same item in every scenario."""
    prefix = f"{run.replication}-" if marks_replication else ""
    numbers = (run.items.uid.astype(np.int64) + 1).tolist()
    keys = run.items.keys or ("",) * len(numbers)
    return pa.array([f"{prefix}{key or f'S{number:07}'}" for key, number in zip(keys, numbers, strict=True)])


def _people(stream: SimulatedStream) -> list[str | None]:
    """Who works in each place, in the order of their numbers: a team's name and a number within it."""
    names: list[str | None] = []
    for team in stream.teams:
        before = 0
        for crew in team.crews:
            names += [f"{team.name} {before + place % crew.n_people + 1}" for place in range(crew.n_places)]
            before += crew.n_people
    return names


def _labelled(codes: Any, texts: Sequence[str | None]) -> pa.DictionaryArray:
    """A text per row, by its label."""
    known = {text: place for place, text in enumerate(dict.fromkeys(text for text in texts if text is not None))}
    place = np.array([-1 if text is None else known[text] for text in texts], np.int32)
    return _dictionary(place[codes], tuple(known))


def _dictionary(codes: Any, texts: Sequence[str] | pa.Array) -> pa.DictionaryArray:
    """A text per row, by its place in `texts`; none where that is negative."""
    listed = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
    codes = np.ascontiguousarray(codes, np.int32)
    absent = codes < 0
    indices = pa.array(codes, mask=absent) if absent.any() else pa.array(codes)
    return pa.DictionaryArray.from_arrays(indices, listed)


def _instants(at: Any) -> pa.Array:
    return pa.array(np.ascontiguousarray(at).view("datetime64[us]"))


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    coded = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    deltas = [field.name for field in schema if pa.types.is_timestamp(field.type) or pa.types.is_int64(field.type)]
    return pq.ParquetWriter(
        path,
        schema,
        compression="lz4",
        use_dictionary=coded,
        column_encoding=dict.fromkeys(deltas, "DELTA_BINARY_PACKED"),
        write_statistics=False,
        dictionary_pagesize_limit=2**27,
    )


def _description(runs: Sequence[Run], shape: Shape, columns: Sequence[str], n_rows: int) -> LogDescription:
    return LogDescription(
        source_name=f"simulation of {runs[0].stream.name}",
        shape=shape,
        columns={name: name for name in columns if name in EVENT_COLUMNS},
        attributes=tuple(name for name in columns if name not in EVENT_COLUMNS),
        event_classes=tuple(_classes(run.labels for run in runs)),
        readiness=Readiness(n_rows_read=n_rows, n_rows_kept=n_rows, n_rows_repaired=0, n_rows_refused=0),
    )


def _classes(labels: Iterable[Sequence[Label]]) -> Iterable[EventClass]:
    """What each activity and status means; a demand changes nothing."""
    distinct = {(label.activity, label.status): label for listed in labels for label in listed}
    for (activity, status), label in distinct.items():
        yield EventClass(
            activity=activity,
            status=status,
            state=label.state,
            wait_reason=label.wait_reason,
            side=label.side,
            sureness_ratio=1.0,
            is_given=True,
        )
