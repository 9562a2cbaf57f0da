"""Journeys: a log of several record types cut into a flow whose items are demands, served by all linked records."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from millrace.errors import MillraceError
from millrace.eventlog.engine import text
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.flow.cut import Measuring
from millrace.flow.flow import Flow, FlowDescription, JourneyCounts, LabelTime
from millrace.flow.following import Served, check_follow, served
from millrace.flow.journey_spans import Lives, Merged, journey_spans, owners
from millrace.flow.matching import STAYS
from millrace.flow.record_lives import LATEST, RecordLives, record_lives
from millrace.flow.spans import NEVER, NOTHING, STATUS_LOG
from millrace.flow.tables import Table, Tables
from millrace.flow.totals import Totals
from millrace.flow.visits import BY_STATE, visits_and_outcomes
from millrace.flow.work_time import work_clock
from millrace.model.state import STATES, State
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar

PORTION_SPANS = 400_000
"""About so many spans are merged at once."""

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1."""


class NoItems(MillraceError):
    """A stream leaves every demand out."""

    slug = "no-items"

    def __init__(self, root: str, n_left_out: int) -> None:
        """Say whose demands they are, and why none is left."""
        super().__init__(
            f"No {root} is left to measure: {n_left_out:,} are linked with nothing that the stream follows. Check the "
            "relations and the direction under `follow`, or write `missing: keep`."
            if n_left_out
            else f"No {root} is left to measure: none has the event that the stream takes for its demand."
        )


def cut_journeys(
    log: EventLog,
    stream: ValueStream,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    progress: Progress = lambda _: None,
) -> Flow:
    """Cut a log of several record types by `stream`, along the links that it follows, and write it into `folder`.

    Without `follow` every record is an item of its own. Raises UnknownRecordType, NoItems.
    """
    check_follow(log, stream)
    root = stream.follow[0].root if stream.follow else None
    records_folder = folder / "records"
    records_folder.mkdir()
    lives = record_lives(log, stream, root, records_folder, connection)
    shutil.rmtree(records_folder)
    progress(0.4)
    serving = served(log, stream, lives, connection)
    if not serving.n_items:
        raise NoItems(root or "record", serving.n_left_out)
    progress(0.5)
    calendar = stream.calendar or WorkCalendar(assumed=True, zone=log.about.zone)
    clock = work_clock([calendar, *stream.team_calendars.values()], lives.first_at, lives.last_at)
    measuring = Measuring(stream, lives.kinds, lives.teams, _shape_of_value(lives), clock)
    owner = owners(serving.items, serving.records, lives.began_at[serving.roots], lives.n_records)
    totals = Totals(len(lives.kinds), len(stream.steps) + 1, len(lives.people))
    with Tables(folder) as tables:
        for number, merged in enumerate(_merged(lives, serving, owner, stream)):
            of_spans, of_visits, of_items = measuring.tables(merged.spans)
            of_items["last_row"] = lives.last_row[serving.roots[of_items["item"]]]
            tables.spans.write({**of_spans, "record": merged.record, "own_step": merged.own_step})
            tables.visits.write(of_visits)
            tables.items.write(of_items)
            totals.add(merged.spans["kind"], of_spans)
            progress(min(0.5 + 0.05 * number, 0.9))
    _write_records(log, lives, serving, owner, stream, folder, connection)
    _write_served(serving, folder)
    about = _describe(log, stream, lives, serving, calendar, totals)
    flow = Flow(folder, log.events_path, about)
    flow.save_description()
    progress(1.0)
    return flow


def _shape_of_value(lives: RecordLives) -> int:
    """The shape of the records whose events deliver value by a rule; where none does, it does not matter."""
    shapes = [
        lives.shapes[number]
        for number, shape in enumerate(lives.shapes)
        if lives.kinds["is_value"][_kinds_of_type(lives, number)].any()
    ]
    return shapes[0] if shapes else STATUS_LOG


def _kinds_of_type(lives: RecordLives, number: int) -> Any:
    return np.array([lives.type_names.index(label.item_type) == number for label in lives.labels])


def _merged(lives: RecordLives, serving: Served, owner: Any, stream: ValueStream) -> Iterator[Merged]:
    """The spans of all journeys, in portions of whole items."""
    is_value = lives.kinds["is_value"] & bool(stream.value.rule.when)
    stays = lives.kinds["step"] == STAYS
    shape = np.array(lives.shapes, np.int8)[lives.record_type]
    given = Lives(lives.spans, lives.first, lives.settled_at, shape, owner, is_value, stays)
    n_spans = np.diff(lives.first)[serving.records]
    portion = np.cumsum(n_spans)[serving.first[1:] - 1] // PORTION_SPANS if serving.n_items else np.empty(0, np.int64)
    edges = [*np.flatnonzero(np.diff(portion, prepend=-1)), serving.n_items]
    for begin, end in pairwise(edges):
        yield journey_spans(given, begin, serving.first[begin : end + 1], serving.records, serving.depths)


def _write_records(
    log: EventLog, lives: RecordLives, serving: Served, owner: Any, stream: ValueStream, folder: Path,
    connection: duckdb.DuckDBPyConnection,
) -> None:  # fmt: skip
    """`record_spans.parquet`, every record's own life; and `records.parquet`, what became of it by itself."""
    spans, kind = lives.spans, lives.spans["kind"]
    _, outcomes, *_ = visits_and_outcomes(
        spans, np.zeros(len(spans), np.int64), lives.kinds, len(stream.steps), BY_STATE,
        STATES.index(State.DONE), len(lives.teams),
    )  # fmt: skip
    with ThreadPoolExecutor(1) as thread:
        table = Table(folder / "record_spans.parquet", thread)
        table.write(
            {
                "record": spans["item"].copy(),
                **{name: spans[name].copy() for name in ("began_at", "step", "state", "wait_reason", "side")},
                "fidelity": spans["fidelity"].copy(),
                "team": lives.kinds["team"][kind],
                "person": spans["person"].copy(),
                "elapsed": spans["ended_at"] - spans["began_at"],
            }
        )
        table.close()
    n_demands = np.bincount(serving.records, minlength=lives.n_records).astype(np.int32)
    columns = {
        "record": pa.array(np.arange(lives.n_records, dtype=np.int32)),
        "record_type": pa.array(lives.record_type),
        "item_id": lives.keys["item_id"],
        "key": lives.keys["key"],
        "began_at": _instants(lives.began_at),
        "ended_at": _instants(lives.ended_at),
        "value_at": _instants(np.where(lives.settled_at == LATEST, NEVER, lives.settled_at)),
        **{
            name: pa.array(np.ascontiguousarray(outcomes[name]))
            for name in (
                "last_state", "n_events", "n_handoffs", "n_ping_pongs", "returned_to_team", "n_reopened", "last_row",
                "active", "wait", "unknown", "done",
            )
        },
        "n_demands": pa.array(n_demands),
        "owner": pa.array(owner),
    }  # fmt: skip
    connection.register("records_so_far", pa.table(columns))
    try:
        connection.execute(
            f"COPY (SELECT r.*, m.opened_at, m.closed_at FROM records_so_far r LEFT JOIN ({_milestones(log)}) m "
            f"USING (item_id) ORDER BY record) TO {text(folder / 'records.parquet')} (FORMAT parquet)"
        )
    finally:
        connection.unregister("records_so_far")


def _milestones(log: EventLog) -> str:
    """When each record was opened and closed, as it says itself: its first and its last milestone."""
    queries = [
        f"""SELECT item_id, min("at") FILTER (milestone = {text(each.milestones[0])}) AS opened_at,
                   max("at") FILTER (milestone = {text(each.milestones[-1])}) AS closed_at
            FROM read_parquet({text(log.events_path)}) WHERE item_type = {text(each.name)} GROUP BY item_id"""
        for each in log.about.record_types
        if each.milestones
    ]
    nothing = "SELECT ''::VARCHAR AS item_id, NULL::TIMESTAMP AS opened_at, NULL::TIMESTAMP AS closed_at WHERE false"
    return " UNION ALL ".join(queries) or nothing


def _instants(microseconds: Any) -> pa.Array:
    return pa.array(np.ascontiguousarray(microseconds).view("datetime64[us]"))


def _write_served(serving: Served, folder: Path) -> None:
    """`journeys.parquet`: which record serves which item."""
    table = pa.table(
        {
            "item": serving.items,
            "record": serving.records,
            "depth": serving.depths,
            "from_record": serving.from_records,
        }
    )
    pq.write_table(table, folder / "journeys.parquet")


def _describe(
    log: EventLog,
    stream: ValueStream,
    lives: RecordLives,
    serving: Served,
    calendar: WorkCalendar,
    totals: Totals,
) -> FlowDescription:
    types = log.about.record_types
    root = next((each for each in types if stream.follow and each.name == stream.follow[0].root), None)
    followed = {lives.type_names[number] for number in np.unique(lives.record_type[serving.records])}
    shapes = [each.shape for each in types if each.name in followed]
    ends_only = any(shape is Shape.ACTIVITY_LOG_ENDS for shape in shapes)
    return FlowDescription(
        stream=stream,
        shape=Shape.ACTIVITY_LOG_ENDS if ends_only else next(iter(shapes), log.about.shape),
        source_name=log.about.source_name,
        calendar=calendar,
        teams=lives.teams,
        systems=lives.systems,
        people=lives.people,
        activities=lives.activities,
        n_items=serving.n_items,
        n_events=_n_events(lives, serving),
        record_types=lives.type_names,
        root_type=root.name if root else None,
        journeys=_counts(lives, serving),
        all_attributes=log.about.attributes,
        first_at=int(lives.began_at[serving.records].min()),
        last_at=int(lives.ended_at[serving.records].max()),
        id_column=(root or log.about).columns["item_id"],
        columns=tuple((root or log.about).columns),
        attributes=(root or log.about).attributes,
        label_times=_label_times(lives, totals.time_of_kind),
        state_times=totals.state_times(),
        people_of_steps=totals.people_of_steps(),
    )


def _n_events(lives: RecordLives, serving: Served) -> int:
    """Events of all records that serve any item; those of a shared record count once."""
    is_served = np.zeros(lives.n_records, np.bool_)
    is_served[serving.records] = True
    return int(np.count_nonzero(is_served[lives.spans["item"]] & (lives.spans["row"] != NOTHING)))


def _counts(lives: RecordLives, serving: Served) -> JourneyCounts:
    demand_at = lives.began_at[serving.roots][serving.items]
    linked = serving.depths > 0
    n_demands = np.bincount(serving.records, minlength=lives.n_records)
    return JourneyCounts(
        n_alone=int(np.count_nonzero(np.diff(serving.first) == 1)),
        n_left_out=serving.n_left_out,
        n_shared_records=int(np.count_nonzero(n_demands > 1)),
        n_ended_before_demand=int(np.count_nonzero(linked & (lives.ended_at[serving.records] < demand_at))),
        n_began_before_demand=int(np.count_nonzero(linked & (lives.began_at[serving.records] < demand_at))),
        n_handle_cut_short=lives.n_cut_short,
    )


def _label_times(lives: RecordLives, time_of_kind: Any) -> tuple[LabelTime, ...]:
    times: dict[Any, int] = {}
    for label, time in zip(lives.labels, time_of_kind.tolist(), strict=True):
        times[label] = times.get(label, 0) + time
    ordered = sorted(times.items(), key=lambda each: (-each[1], str(each[0])))
    return tuple(
        LabelTime(activity=label.activity, status=label.status, item_type=label.item_type, microseconds=time)
        for label, time in ordered
    )
