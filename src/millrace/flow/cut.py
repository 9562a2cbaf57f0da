"""Cut a log into a flow: spans, visits and items on disk, computed once for a log and a stream."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.flow.coded_events import CodedEvents, coded_events
from millrace.flow.coding import Coding, code, kind_columns
from millrace.flow.dealing import laid_out
from millrace.flow.flow import Flow, FlowDescription, LabelTime
from millrace.flow.hands import Hands
from millrace.flow.in_order import in_order
from millrace.flow.record_columns import record_columns
from millrace.flow.span_columns import span_columns
from millrace.flow.spans import ACTIVITY_LOG, ACTIVITY_LOG_ENDS, NOTHING, SPAN, STATUS_LOG, Records, spans
from millrace.flow.tables import Columns, Tables
from millrace.flow.totals import Totals
from millrace.flow.visits import (
    BY_ENTRY,
    BY_LAST_EVENT,
    BY_STATE,
    BY_WORK_DONE,
    OUTCOME,
    VISIT,
    visits_and_outcomes,
)
from millrace.flow.work_time import WorkClock, work_clock
from millrace.model.state import STATES, State
from millrace.model.value_stream import Rule, ValueStream
from millrace.model.work_calendar import WorkCalendar

SHAPES = {
    Shape.STATUS_LOG: STATUS_LOG,
    Shape.ACTIVITY_LOG: ACTIVITY_LOG,
    Shape.ACTIVITY_LOG_ENDS: ACTIVITY_LOG_ENDS,
}

TABLES = repr((SPAN.descr, VISIT.descr, OUTCOME.descr, list(FlowDescription.model_fields)))
"""The make of a flow: one with other columns, or described otherwise, cannot be read as this one."""

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1."""


def cut(
    log: EventLog,
    stream: ValueStream,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    progress: Progress = lambda _: None,
) -> Flow:
    """Cut `log` by `stream` and write `spans.parquet`, `visits.parquet`, `items.parquet`, `flow.json` into `folder`."""
    calendar = stream.calendar or WorkCalendar(assumed=True, zone=log.about.zone)
    n_events = pq.read_metadata(log.events_path).num_rows
    with Hands(n_events, folder) as hands, Tables(folder) as tables:
        events = coded_events(log, kind_columns(log, stream), hands)
        coding = code(log, stream, events.kinds, connection)
        cutting = _Cutting(log, stream, coding, events, calendar, hands)
        n_items = 0
        for number, part in enumerate(in_order(cutting.cut, range(hands.n_hands)), start=1):
            for table, rows in ((tables.spans, part.spans), (tables.visits, part.visits), (tables.items, part.items)):
                rows["item"] += np.int32(n_items)
                table.write(rows)
            n_items += part.n_items
            progress(number / hands.n_hands)
    about = FlowDescription(
        stream=stream,
        shape=log.about.shape,
        source_name=log.about.source_name,
        calendar=calendar,
        activities=coding.activities,
        teams=coding.teams,
        systems=coding.systems,
        people=tuple(sorted(events.people)),
        n_items=n_items,
        n_events=n_events,
        first_at=events.first_at,
        last_at=events.last_at,
        id_column=log.about.columns["item_id"],
        columns=tuple(log.about.columns),
        attributes=log.about.attributes,
        label_times=time_per_label(coding, cutting.totals.time_of_kind),
        state_times=cutting.totals.state_times(),
        people_of_steps=cutting.totals.people_of_steps(),
    )
    flow = Flow(folder, log.events_path, about)
    flow.save_description()
    return flow


@dataclass(frozen=True)
class _Part:
    """What is made of one hand. Its items are numbered from 0; `n_items` counts those without a demand too."""

    spans: Columns
    visits: Columns
    items: Columns
    n_items: int


class _Cutting:
    """What it takes to cut any hand of one log by one stream."""

    def __init__(
        self,
        log: EventLog,
        stream: ValueStream,
        coding: Coding,
        events: CodedEvents,
        calendar: WorkCalendar,
        hands: Hands,
    ) -> None:
        self._hands = hands
        self._kinds, self._unmapped, self._shape = coding.kinds, len(stream.steps), SHAPES[log.about.shape]
        self._demand_is_rule = is_rule(stream.demand.rule)
        self._person = places(events.people)
        clock = work_clock([calendar, *stream.team_calendars.values()], events.first_at, events.last_at)
        self.totals = Totals(len(coding.kinds), len(stream.steps) + 1, len(events.people))
        self._measuring = Measuring(stream, coding.kinds, coding.teams, self._shape, clock)

    def cut(self, hand: int) -> _Part:
        """Take one hand and cut it."""
        events, n_items = laid_out(self._hands.take(hand), self._person)
        cut_spans = spans(events, self._kinds, self._unmapped, self._shape, self._demand_is_rule)
        of_spans, of_visits, of_items = self._measuring.tables(cut_spans)
        self.totals.add(cut_spans["kind"], of_spans)
        return _Part(of_spans, of_visits, of_items, n_items)


class Measuring:
    """What it takes to measure spans that are cut: their kinds, the calendars of teams, and where value lies."""

    def __init__(self, stream: ValueStream, kinds: Records, teams: tuple[str, ...], shape: int, clock: WorkClock):
        """`shape` is that of the events by which value is reached."""
        self._kinds, self._n_teams, self._unmapped, self._clock = kinds, len(teams), len(stream.steps), clock
        self._value_by = _value_by(stream.value.rule, shape)
        self._value_state = STATES.index(stream.value.rule.state or State.DONE)
        self._calendar_of_kind = _calendar_of_kind(kinds, teams, stream)

    def tables(self, cut_spans: Records) -> tuple[Columns, Columns, Columns]:
        """The tables of spans, visits and items."""
        of_spans = span_columns(cut_spans, self._kinds, self._clock, self._calendar_of_kind)
        visits, outcomes, from_team, is_before_value = visits_and_outcomes(
            cut_spans, of_spans["business"], self._kinds, self._unmapped, self._value_by, self._value_state,
            self._n_teams,
        )  # fmt: skip
        of_spans |= {"from_team": from_team, "is_before_value": is_before_value}
        return of_spans, record_columns(visits, leave_out=("asks_requester",)), record_columns(outcomes)


def places(people: dict[str, int]) -> npt.NDArray[np.int32]:
    """The place of each person in the order of their names, by number; the last entry stands for the unknown."""
    places = np.full(len(people) + 1, NOTHING, np.int32)
    places[[people[person] for person in sorted(people)]] = np.arange(len(people), dtype=np.int32)
    return places


def _calendar_of_kind(kinds: Records, teams: tuple[str, ...], stream: ValueStream) -> npt.NDArray[np.int64]:
    """Number of the calendar of each kind's team; 0 is the stream's own."""
    own = {team: number for number, team in enumerate(stream.team_calendars, start=1)}
    of_team = [*(own.get(team, 0) for team in teams), 0]
    return np.array([of_team[team] for team in kinds["team"]], np.int64)


def time_per_label(coding: Coding, time_of_kind: Any) -> tuple[LabelTime, ...]:
    """Time per activity and status, most first."""
    times: dict[tuple[str | None, str | None], int] = {}
    for label, time in zip(coding.labels, time_of_kind.tolist(), strict=True):
        times[label] = times.get(label, 0) + time
    ordered = sorted(times.items(), key=lambda each: (-each[1], str(each[0])))
    return tuple(LabelTime(activity=a, status=s, microseconds=time) for (a, s), time in ordered)


def is_rule(demand: Rule) -> bool:
    """Whether demand is a certain event, and not simply the first."""
    return bool(demand.when or demand.state)


def _value_by(value: Rule, shape: int) -> int:
    if value.when:
        return BY_ENTRY if shape == STATUS_LOG else BY_WORK_DONE
    return BY_LAST_EVENT if value.event else BY_STATE
