"""Coding: what the events of each kind mean for a stream. Looked up once per kind, not once per event."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from millrace.eventlog.engine import text
from millrace.eventlog.event_log import EventLog
from millrace.flow.matching import matches, step_number
from millrace.flow.spans import CANCELLED, CLOSING, DONE, KIND, Records
from millrace.model.state import SIDES, STATES, WAIT_REASONS
from millrace.model.value_stream import Rule, ValueStream

_KIND_COLUMNS = ("activity", "status", "team", "system", "is_automated")


@dataclass(frozen=True)
class Coding:
    """What the events of each kind mean, and what its numbers stand for; a code is a position in its list."""

    activities: tuple[str, ...]
    teams: tuple[str, ...]
    systems: tuple[str, ...]
    labels: tuple[tuple[str | None, str | None], ...]
    """The activity and status of each kind."""
    kinds: Records
    """One record per kind (`flow.spans.KIND`)."""


def code(log: EventLog, stream: ValueStream, kinds: pa.Table, connection: duckdb.DuckDBPyConnection) -> Coding:
    """Look up what the events of each kind mean for `stream`: a row of `kinds` is a kind by its labels."""
    connection.register("kind_codes", kinds.append_column("kind", pa.array(range(kinds.num_rows), pa.int32())))
    connection.register("event_classes", _class_table(log))
    try:
        return _coding(_meanings(log, stream, kinds.column_names, connection))
    finally:
        connection.unregister("event_classes")
        connection.unregister("kind_codes")


def kind_columns(log: EventLog, stream: ValueStream) -> list[str]:
    """Columns whose values decide what an event means for this stream."""
    rules = [*(match for step in stream.steps for match in step.match), *stream.pauses]
    rules += [*stream.demand.rule.when, *stream.value.rule.when]
    wanted = [*_KIND_COLUMNS, *(["item_type"] if any(rule.item_type for rule in rules) else [])]
    wanted += sorted({attribute for rule in rules for attribute in rule.attributes} - set(wanted))
    return [column for column in wanted if log.has(column)]


def _meanings(
    log: EventLog, stream: ValueStream, columns: list[str], connection: duckdb.DuckDBPyConnection
) -> pa.Table:
    """State, step, team and the like of each kind, as texts and numbers."""
    label = "coalesce(k.activity, k.status)" if {"activity", "status"} <= set(columns) else f"k.{columns[0]}"
    on = " AND ".join(
        f"c.{column} IS NOT DISTINCT FROM k.{column}" for column in ("activity", "status") if column in columns
    )
    return connection.sql(f"""
        SELECT coalesce(c.state, -1) AS state,
               CASE WHEN c.state IN ({DONE}, {CANCELLED}) THEN {CLOSING} ELSE coalesce(c.wait_reason, 0) END
                   AS wait_reason,
               {_side(log, columns)} AS side, coalesce(c.reopens, false) AS reopens,
               {step_number(stream, columns)} AS step,
               {_rule(stream.demand.rule, columns)} AS is_demand, {_rule(stream.value.rule, columns)} AS is_value,
               coalesce({label}, '?') AS activity, {_or_null("activity", columns)} AS own_activity,
               {_or_null("status", columns)} AS status,
               {_or_null("team", columns)} AS team, {_or_null("system", columns)} AS system,
               {"coalesce(k.is_automated::INTEGER, -1)" if "is_automated" in columns else "-1"} AS is_automated
        FROM kind_codes k LEFT JOIN event_classes c ON {on} ORDER BY k.kind
    """).to_arrow_table()


def _coding(meanings: pa.Table) -> Coding:
    coded = {column: _codes(meanings[column]) for column in ("activity", "team", "system")}
    kinds = np.empty(meanings.num_rows, KIND)
    for column in KIND.names or ():
        kinds[column] = coded[column][1] if column in coded else meanings[column].to_numpy()
    labels = tuple(zip(meanings["own_activity"].to_pylist(), meanings["status"].to_pylist(), strict=True))
    activities, teams, systems = (coded[column][0] for column in ("activity", "team", "system"))
    return Coding(activities, teams, systems, labels, kinds)


def _side(log: EventLog, columns: list[str]) -> str:
    """Whose time it is: what the status says, and where that is the provider's, the team's side."""
    if not log.about.team_sides or "team" not in columns:
        return "coalesce(c.side, 0)"
    own = " ".join(f"WHEN {text(team)} THEN {SIDES.index(side)}" for team, side in log.about.team_sides.items())
    return f"CASE WHEN coalesce(c.side, 0) = 0 THEN CASE k.team {own} ELSE 0 END ELSE c.side END"


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
