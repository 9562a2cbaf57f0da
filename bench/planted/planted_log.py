"""The invented desk's log as an event log, and the stream that it is cut by."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from bench.planted.clock import BEGINS_ON, CLOSES, OPENS
from bench.planted.desk import Desk
from bench.planted.recipe import CATEGORIES, CHANNELS, PRIORITIES, Recipe
from bench.planted.record import LABELS, N_PEOPLE, STATUSES, TEAMS
from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventClass, EventLog, LogDescription
from millrace.eventlog.readiness import Readiness
from millrace.eventlog.schema import Shape
from millrace.flow.cut import cut
from millrace.flow.flow import Flow
from millrace.model.measure import Measure
from millrace.model.state import Side, State, WaitReason
from millrace.model.value_stream import Match, Step, ValueStream
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.simulate.office_hours import DAY_SECONDS

PROMISED = timedelta(hours=72)
"""The lead time that the desk promises, elapsed."""

_STATUSES = (
    *(EventClass(status=status, state=State.NEW, wait_reason=WaitReason.QUEUE) for status in ("New",)),
    *(
        EventClass(status=status, state=State.WAITING, wait_reason=WaitReason.QUEUE)
        for status in ("Assigned", "Queued for check", "Queued for handover")
    ),
    EventClass(status="Awaiting approval", state=State.WAITING, wait_reason=WaitReason.APPROVAL),
    EventClass(status="Awaiting user", state=State.WAITING, wait_reason=WaitReason.REQUESTER, side=Side.REQUESTER),
    EventClass(status="Awaiting vendor", state=State.WAITING, wait_reason=WaitReason.SUPPLIER, side=Side.SUPPLIER),
    *(
        EventClass(status=status, state=State.ACTIVE)
        for status in (*(status for status in STATUSES if status.endswith("progress")), "Reopened")
    ),
    *(EventClass(status=status, state=State.DONE) for status in ("Resolved", "Closed")),
    *(EventClass(status=status, state=State.CANCELLED) for status in ("Cancelled", "Rejected")),
)
_ACTIVITIES = (
    *(EventClass(activity=activity, state=State.DONE) for activity in ("Resolved", "Closed")),
    *(EventClass(activity=activity, state=State.CANCELLED) for activity in ("Cancelled", "Rejected")),
    EventClass(activity="Reopened", reopens=True),
)
_STEPS = {
    "Triage": ("New", "Triage in progress"),
    "Approve": ("Awaiting approval", "Review in progress"),
    "Repair": ("Assigned", "In progress", "Reopened"),
    "Check": ("Queued for check", "Check in progress"),
    "Confirm": ("Queued for handover", "Handover in progress"),
}


def planted_stream(recipe: Recipe) -> ValueStream:
    """The stream of the invented desk, with its hours and its promise."""
    office = dict.fromkeys(WEEKDAYS[:5], f"{OPENS:02}:00-{CLOSES:02}:00")
    hours = dict.fromkeys(WEEKDAYS, "00:00-24:00") if recipe.around_the_clock else office
    column = "status" if recipe.has_statuses else "activity"
    steps = tuple(
        Step(name=name, match=(Match.model_validate({column: labels if recipe.has_statuses else (name,)}),))
        for name, labels in _STEPS.items()
    )
    pauses = ("Awaiting user", "Awaiting vendor", "Resolved", "Closed", "Cancelled", "Rejected", "Reopened")
    return ValueStream(
        name="invented-desk",
        title="Invented desk",
        steps=steps,
        pauses=(Match.model_validate({column: pauses}),),
        calendar=WorkCalendar.model_validate({"name": "desk", "hours": hours}),
        measures=(Measure(name="lead_time", target=PROMISED, statistic="p95"),),
    )


def planted_flow(recipe: Recipe, folder: Path) -> Flow:
    """Let the invented desk work by the recipe, record it, and cut the log into a flow in `folder`."""
    log = _write(recipe, folder)
    with connect() as connection:
        return cut(log, planted_stream(recipe), folder, connection)


HEADERS = {
    "item_id": "Number", "at": "Updated", "started_at": "Started", "status": "State", "activity": "Activity",
    "team": "Assignment group", "person": "Assigned to", "is_automated": "Automated", "item_type": "Type",
    "priority": "Priority", "category": "Category", "channel": "Channel", "requester": "Caller",
}  # fmt: skip
"""What a ticket tool calls the columns."""


def write_export(recipe: Recipe, path: Path) -> None:
    """Let the invented desk work by the recipe, and write the log as a ticket tool would export it: CSV."""
    table = _table(Desk(recipe), recipe).drop_columns(["position"])
    csv.write_csv(table.rename_columns([HEADERS[name] for name in table.column_names]), path)


def _write(recipe: Recipe, folder: Path) -> EventLog:
    table = _table(Desk(recipe), recipe)
    folder.mkdir(parents=True, exist_ok=True)
    about = LogDescription(
        source_name="invented-desk",
        shape=Shape.STATUS_LOG if recipe.has_statuses else Shape.ACTIVITY_LOG,
        columns={name: name for name in table.column_names},
        event_classes=_STATUSES if recipe.has_statuses else _ACTIVITIES,
        readiness=Readiness(
            n_rows_read=table.num_rows, n_rows_kept=table.num_rows, n_rows_repaired=0, n_rows_refused=0
        ),
    )
    log = EventLog(folder, about)
    pq.write_table(table, log.events_path)
    return log


def _table(desk: Desk, recipe: Recipe) -> pa.Table:
    first = int(np.datetime64(BEGINS_ON).astype(int))
    rows = desk.run().columns(until=(first + recipe.n_days) * DAY_SECONDS)
    item = rows["item"]
    people = np.array([f"Person {number:03}" for number in range(20 * len(TEAMS))])
    people[N_PEOPLE::20] = "svc-desk"
    return pa.table(
        {
            "item_id": pa.array(np.char.add("REQ", (item + 100_000).astype(str))),
            "at": _instants(rows["at"]),
            "position": pa.array(np.arange(len(item))),
            "status" if recipe.has_statuses else "activity": _names(rows["label"], LABELS),
            **({} if recipe.has_statuses else {"started_at": _instants(rows["began_at"])}),
            "team": _names(rows["team"], TEAMS),
            "person": _names(rows["person"], people),
            "is_automated": pa.array(rows["automated"].astype(bool)),
            "item_type": _names(desk.is_request[item].astype(int), ("incident", "service_request")),
            "priority": _names(desk.priority[item], PRIORITIES),
            "category": _names(desk.category[item], CATEGORIES),
            "channel": _names(desk.channel[item], CHANNELS),
            "requester": pa.array(np.char.add("U", desk.requester[item].astype(str))),
        }
    )


def _instants(seconds: np.ndarray) -> pa.Array:
    return pa.array((seconds * 1_000_000).view("datetime64[us]"))


def _names(codes: np.ndarray, names: Any) -> pa.Array:
    known = pa.array(np.asarray(names, dtype=object)).cast(pa.string())
    return known.take(pa.array(codes, pa.int64(), mask=codes < 0))
