"""Strings to integers: what the compiled pass reads is a sorted table of small numbers.

Events that say the same (activity, status, team, …) share a *kind*; the state, the step and the team of a kind are
looked up once per kind, not once per event.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from millrace.eventlog.engine import name, one_row, text
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.flow.matching import matches, step_number
from millrace.flow.spans import CANCELLED, CLOSING, DONE, KIND, Records
from millrace.model.state import SIDES, STATES, WAIT_REASONS
from millrace.model.value_stream import Rule, ValueStream

_KIND_COLUMNS = ("activity", "status", "team", "system", "is_automated")


@dataclass(frozen=True)
class Coding:
    """What the integers of the coded tables stand for; a code is a position in its list."""

    activities: tuple[str, ...]
    teams: tuple[str, ...]
    systems: tuple[str, ...]
    people: tuple[str, ...]
    n_items: int
    labels: tuple[tuple[str | None, str | None], ...]
    """The activity and status of each kind."""
    kinds: Records
    """One record per kind (`flow.spans.KIND`)."""


def code(log: EventLog, stream: ValueStream, connection: duckdb.DuckDBPyConnection) -> Coding:
    """Make the temporary tables `item_codes`, `kind_codes`, `person_codes`, and the look-ups by kind.

    After it `sorted_events` can be read: item, at, started_at, kind, person, row; whole items in a row, each in
    the order of its events.
    """
    events = f"read_parquet({text(log.events_path)}, file_row_number = true)"
    columns = _kind_columns(log, stream)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE item_codes AS
        SELECT item_id, (row_number() OVER () - 1)::INTEGER AS item FROM (SELECT DISTINCT item_id FROM {events});
        CREATE OR REPLACE TEMP TABLE kind_codes AS
        SELECT *, (row_number() OVER () - 1)::INTEGER AS kind FROM (
            SELECT DISTINCT {", ".join(name(column) for column in columns)} FROM {events});
    """)
    people = _people(log, events, connection)
    _create_sorted_view(log, columns, events, connection)
    kinds = _kinds(log, stream, columns, connection)
    (n_items,) = one_row(connection, "SELECT count(*) FROM item_codes")
    return Coding(kinds.activities, kinds.teams, kinds.systems, people, n_items, kinds.labels, kinds.look_ups)


def _kind_columns(log: EventLog, stream: ValueStream) -> list[str]:
    """Columns whose values decide what an event means for this stream."""
    rules = [*(match for step in stream.steps for match in step.match), *stream.pauses]
    rules += [*stream.demand.rule.when, *stream.value.rule.when]
    wanted = [*_KIND_COLUMNS, *(["item_type"] if any(rule.item_type for rule in rules) else [])]
    wanted += sorted({attribute for rule in rules for attribute in rule.attributes} - set(wanted))
    return [column for column in wanted if log.has(column)]


def _people(log: EventLog, events: str, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    if not log.has("person"):
        return ()
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE person_codes AS
        SELECT person, (row_number() OVER (ORDER BY person) - 1)::INTEGER AS code
        FROM (SELECT DISTINCT person FROM {events} WHERE person IS NOT NULL)
    """)
    return tuple(row[0] for row in connection.execute("SELECT person FROM person_codes ORDER BY code").fetchall())


def _create_sorted_view(log: EventLog, columns: list[str], events: str, connection: duckdb.DuckDBPyConnection) -> None:
    same_kind = " AND ".join(f"k.{name(c)} IS NOT DISTINCT FROM e.{name(c)}" for c in columns)
    with_starts = log.about.shape is Shape.ACTIVITY_LOG
    person_join = "LEFT JOIN person_codes p ON p.person = e.person" if log.has("person") else ""
    started = 'epoch_us(least(coalesce(e.started_at, e."at"), e."at"))' if with_starts else 'epoch_us(e."at")'
    order = "started_at, at_us, position" if with_starts else "at_us, position"
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW sorted_events AS
        SELECT item, at_us, started_at, kind, person, row_no FROM (
            SELECT i.item, epoch_us(e."at") AS at_us, {started} AS started_at, k.kind, e.position,
                   {"coalesce(p.code, -1)" if log.has("person") else "(-1)::INTEGER"} AS person,
                   e.file_row_number AS row_no
            FROM {events} e JOIN item_codes i ON i.item_id = e.item_id
            JOIN kind_codes k ON {same_kind} {person_join})
        ORDER BY item, {order}, row_no
    """)


@dataclass(frozen=True)
class _Kinds:
    activities: tuple[str, ...]
    teams: tuple[str, ...]
    systems: tuple[str, ...]
    labels: tuple[tuple[str | None, str | None], ...]
    look_ups: Records


def _kinds(log: EventLog, stream: ValueStream, columns: list[str], connection: duckdb.DuckDBPyConnection) -> _Kinds:
    connection.register("event_classes", _class_table(log))
    label = "coalesce(k.activity, k.status)" if {"activity", "status"} <= set(columns) else f"k.{columns[0]}"
    on = " AND ".join(
        f"c.{column} IS NOT DISTINCT FROM k.{column}" for column in ("activity", "status") if column in columns
    )
    demand, value = stream.demand.rule, stream.value.rule
    table = connection.sql(f"""
        SELECT coalesce(c.state, -1) AS state,
               CASE WHEN c.state IN ({DONE}, {CANCELLED}) THEN {CLOSING} ELSE coalesce(c.wait_reason, 0) END
                   AS wait_reason,
               coalesce(c.side, 0) AS side, coalesce(c.reopens, false) AS reopens,
               {step_number(stream, columns)} AS step,
               {_rule(demand, columns)} AS is_demand, {_rule(value, columns)} AS is_value,
               {label} AS activity, {_or_null("activity", columns)} AS own_activity,
               {_or_null("status", columns)} AS status,
               {_or_null("team", columns)} AS team, {_or_null("system", columns)} AS system,
               {"coalesce(k.is_automated::INTEGER, -1)" if "is_automated" in columns else "-1"} AS is_automated
        FROM kind_codes k LEFT JOIN event_classes c ON {on} ORDER BY k.kind
    """).to_arrow_table()
    connection.unregister("event_classes")
    activities, activity_codes = _codes(table["activity"])
    teams, team_codes = _codes(table["team"])
    systems, system_codes = _codes(table["system"])
    look_ups = np.empty(table.num_rows, KIND)
    for column in KIND.names or ():
        coded = {"activity": activity_codes, "team": team_codes, "system": system_codes}.get(column)
        look_ups[column] = table[column].to_numpy() if coded is None else coded
    labels = tuple(zip(table["own_activity"].to_pylist(), table["status"].to_pylist(), strict=True))
    return _Kinds(activities, teams, systems, labels, look_ups)


def _or_null(column: str, columns: list[str]) -> str:
    return f"k.{column}" if column in columns else "NULL::VARCHAR"


def _rule(rule: Rule, columns: list[str]) -> str:
    if rule.when:
        return " OR ".join(matches(match, columns) for match in rule.when)
    return f"coalesce(c.state = {STATES.index(rule.state)}, false)" if rule.state else "false"


def _class_table(log: EventLog) -> pa.Table:
    classes = log.about.event_classes
    return pa.table(
        {
            "activity": pa.array([c.activity for c in classes], pa.string()),
            "status": pa.array([c.status for c in classes], pa.string()),
            "state": pa.array([None if c.state is None else STATES.index(c.state) for c in classes], pa.int8()),
            "wait_reason": pa.array([WAIT_REASONS.index(c.wait_reason) for c in classes], pa.int8()),
            "side": pa.array([SIDES.index(c.side) for c in classes], pa.int8()),
            "reopens": pa.array([c.reopens for c in classes], pa.bool_()),
        }
    )


def _codes(column: pa.ChunkedArray) -> tuple[tuple[str, ...], Any]:
    """The distinct texts in order, and each row's position among them (-1 for null)."""
    texts = sorted(set(column.to_pylist()) - {None})
    position = {value: number for number, value in enumerate(texts)}
    codes = np.array([position.get(value, -1) for value in column.to_pylist()], dtype=np.int32)
    return tuple(texts), codes
