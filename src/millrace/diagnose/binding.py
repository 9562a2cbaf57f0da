"""Binding: which rule of a stream takes which events of a log, what each rule carries, and what stays unmapped."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from millrace.eventlog.engine import text
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.flow.flow import UNMAPPED
from millrace.flow.matching import matches
from millrace.flow.summary import SECOND, Share
from millrace.model.value_stream import Match, ValueStream

PAUSE = "pause"
"""Label of what leaves an item in the step it is in."""


@dataclass(frozen=True)
class BoundRule:
    """A match rule with what it carries: `step` is the step's name, or `PAUSE`.

    `items` are those with an event that the rule takes; `time` is in seconds, of all time in the log. A rule that
    carries nothing matches nothing, or what it would match goes to a rule before it.
    """

    step: str
    nth: int
    match: Match
    n_events: int
    items: Share
    time: Share


@dataclass(frozen=True)
class BoundLabel:
    """An activity and status as they occur in the log, and the step (`PAUSE`, `UNMAPPED`) that some events of it go to.

    One label goes to several steps where rules look at teams or attributes, too.
    """

    activity: str | None
    status: str | None
    step: str
    n_events: int
    items: Share
    time: Share

    @property
    def name(self) -> str:
        """Activity and status as people read them: `Accepted / In Progress`."""
        return " / ".join(dict.fromkeys(part for part in (self.activity, self.status) if part)) or "(empty)"


@dataclass(frozen=True)
class Binding:
    """How a log falls to a stream: its rules in their order, and its labels, those with most time first."""

    rules: tuple[BoundRule, ...]
    labels: tuple[BoundLabel, ...]
    n_items: int
    n_events: int

    @property
    def unmapped(self) -> tuple[BoundLabel, ...]:
        """Labels of events that no rule takes."""
        return tuple(label for label in self.labels if label.step == UNMAPPED)

    @property
    def unmapped_time(self) -> Share:
        """Seconds that lie in such events, of all."""
        whole = self.labels[0].time.whole if self.labels else 0.0
        return Share(sum(label.time.part for label in self.unmapped), whole)

    @property
    def unmapped_events(self) -> Share:
        """Events that no rule takes, of all."""
        return Share(sum(label.n_events for label in self.unmapped), self.n_events)


def bind(stream: ValueStream, log: EventLog, connection: duckdb.DuckDBPyConnection) -> Binding:
    """Let every event go to the first rule that takes it, pauses first, and add up what each rule carries.

    An event of a status log carries the time until the next one; one that reports work, the time since the work
    before it was over.
    """
    rules = [(PAUSE, nth, match) for nth, match in enumerate(stream.pauses, start=1)]
    rules += [(step.name, nth, match) for step in stream.steps for nth, match in enumerate(step.match, start=1)]
    rows = connection.execute(f"""
        WITH bound AS (
            SELECT {_column("activity", log)} AS activity, {_column("status", log)} AS status, e.item_id,
                   {_rule_number([match for *_, match in rules], log)} AS rule, {_time(log.about.shape)} AS time
            FROM read_parquet({text(log.events_path)}, file_row_number = true) e),
        named AS (SELECT *, {_step_name([step for step, *_ in rules])} AS step FROM bound)
        SELECT grouping(step, rule), activity, status, step, rule, count(*), count(DISTINCT item_id), sum(time)
        FROM named GROUP BY GROUPING SETS ((activity, status, step), (rule), ())
    """).fetchall()
    of_all, of_rules, of_labels = (
        [row[1:] for row in rows if row[0] == grouping] for grouping in (_ALL, _BY_RULE, _BY_LABEL)
    )
    [(*_, n_events, n_items, time)] = of_all
    whole = (time or 0) / SECOND
    carried = {rule: (n, items, time) for *_, rule, n, items, time in of_rules}

    def bound_rule(number: int) -> BoundRule:
        n, items, time = carried.get(number, (0, 0, 0))
        return BoundRule(*rules[number], n, Share(items, n_items), Share(time / SECOND, whole))

    labels = [
        BoundLabel(activity, status, step, n, Share(items, n_items), Share(time / SECOND, whole))
        for activity, status, step, _, n, items, time in of_labels
    ]
    labels.sort(key=lambda label: (-label.time.part, -label.n_events, label.name, label.step))
    return Binding(tuple(map(bound_rule, range(len(rules)))), tuple(labels), n_items, n_events)


_BY_LABEL, _BY_RULE, _ALL = 0b01, 0b10, 0b11
"""What the engine answers for `grouping(step, rule)`: a bit for each of the two that is not grouped by."""


def _column(name: str, log: EventLog) -> str:
    return f"e.{name}" if log.has(name) else "NULL::VARCHAR"


def _rule_number(rules: Sequence[Match], log: EventLog) -> str:
    """SQL for the number of the first rule that takes an event; how many there are, where none does."""
    columns = [*log.about.columns, *log.about.attributes]
    cases = " ".join(f"WHEN {matches(match, columns, table='e')} THEN {at}" for at, match in enumerate(rules))
    return f"CASE {cases} ELSE {len(rules)} END" if cases else "0"


def _step_name(steps: Sequence[str]) -> str:
    cases = " ".join(f"WHEN {at} THEN {text(step)}" for at, step in enumerate(steps))
    return f"CASE rule {cases} ELSE {text(UNMAPPED)} END" if cases else text(UNMAPPED)


def _time(shape: Shape) -> str:
    """SQL for the microseconds that an event carries; they add up to the item's life."""
    at = 'epoch_us(e."at")'
    begins = f"least(coalesce(epoch_us(e.started_at), {at}), {at})" if shape is Shape.ACTIVITY_LOG else at
    life = f"PARTITION BY e.item_id ORDER BY {begins}, {at}, e.position, e.file_row_number"
    if shape is Shape.STATUS_LOG:
        return f"coalesce(lead({at}) OVER ({life}) - {at}, 0)"
    # What overlaps counts once, for what started first.
    over = f"max({at}) OVER ({life} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    return f"greatest({at} - coalesce({over}, {begins}), 0)"
