"""Discover: propose a value stream from a log, for people to correct."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from millrace.eventlog.engine import name, one_row, text
from millrace.eventlog.event_log import EventClass, EventLog
from millrace.eventlog.label_positions import label_positions
from millrace.eventlog.schema import Shape
from millrace.flow.likely_activity import likely_activities
from millrace.flow.tiers import TIER_NAMES, tier_patterns
from millrace.model.state import State, WaitReason
from millrace.model.value_stream import Demand, Match, Rule, Step, Value, ValueStream

MOST_STEPS = 12
SMALL_RATIO = 0.01
"""Activities with a smaller share of the events are folded into one step."""
_SAMPLE_EVENTS = 100_000


NO_TEAM = Match(team=("!*",))
"""Events that name no team: they say nothing of the tier, so the item stays where it is."""


@dataclass(frozen=True)
class _Label:
    """An activity or status as it occurs: how often, and how far through an item's life on average (0 to 1)."""

    text: str
    n_events: int
    position: float


def discover(log: EventLog, connection: duckdb.DuckDBPyConnection) -> ValueStream:
    """A stream whose steps come from activities, or from status and support tier, in order of mean position."""
    if log.about.shape is Shape.STATUS_LOG:
        steps, pauses = _steps_of_statuses(log, connection)
    else:
        steps, pauses = _steps_of_activities(log, connection), ()
    source = log.about.source_name.split(".")[0]
    return ValueStream(
        name=source or "stream",
        title=_title(source),
        steps=tuple(steps),
        pauses=pauses,
        demand=Demand(description="First event of the item"),
        value=_value(log),
        discovered=True,
    )


def _title(source: str) -> str:
    words = source.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] or "Stream"


def _value(log: EventLog) -> Value:
    done = [c for c in log.about.event_classes if c.state is State.DONE]
    if done:
        labels = ", ".join(dict.fromkeys(_label(c) for c in sorted(done, key=lambda c: -c.n_events)[:3]))
        return Value(description=f"The item is done ({labels}) and stays so", rule=Rule(state=State.DONE))
    return Value(description="Last event of the item", rule=Rule(event="last", assumed=True))


def _label(event_class: EventClass) -> str:
    return event_class.status or event_class.activity or ""


def _steps_of_activities(log: EventLog, connection: duckdb.DuckDBPyConnection) -> list[Step]:
    column = "activity" if log.has("activity") else "status"
    labels = _labels(log, column, connection)
    total = sum(label.n_events for label in labels)
    frequent = sorted(labels, key=lambda label: -label.n_events)
    own = [label for label in frequent if label.n_events >= SMALL_RATIO * total][:MOST_STEPS]
    folded = len(labels) - len(own)
    if folded == 1:
        own, folded = frequent, 0
    steps = [
        _step(label.text, {column: (_literally(label.text),)})
        for label in sorted(own, key=lambda label: label.position)
    ]
    if folded:
        steps.append(Step(name=f"{folded} rarer activities", match=(Match.model_validate({column: ("*",)}),)))
    return steps


def _steps_of_statuses(log: EventLog, connection: duckdb.DuckDBPyConnection) -> tuple[list[Step], tuple[Match, ...]]:
    """Steps are where work is done: tiers of support where teams tell them, else the statuses of work and approval.

    Waits for the requester, a supplier or a date happen inside whatever step the item is in, and so does what
    follows value: such statuses are pauses.
    """
    column = "status" if log.has("status") else "activity"
    classes = log.about.event_classes
    paused = tuple(dict.fromkeys(_literally(_value_of(c, column)) for c in classes if _is_pause(c)))
    pauses = (Match.model_validate({column: paused}),) if paused else ()
    tiers = tier_patterns(_teams(log, connection))
    if len(tiers) > 1 or (tiers and min(tiers) > 1):
        return _steps_of_tiers(tiers), (*pauses, NO_TEAM)
    worked = {_value_of(c, column) for c in classes if not _is_pause(c) and c.state is not None}
    labels = [label for label in _labels(log, column, connection) if label.text in worked]
    return _ordered_statuses(labels, {_value_of(c, column): c for c in classes}, column), pauses


def _steps_of_tiers(tiers: dict[int, tuple[str, ...]]) -> list[Step]:
    """One step per tier; teams that state none are the first line."""
    higher = {number: patterns for number, patterns in tiers.items() if number > 1}
    first = tuple(f"!{pattern}" for patterns in higher.values() for pattern in patterns)
    return [_step(TIER_NAMES[number], {"team": patterns}) for number, patterns in {1: first, **higher}.items()]


def _ordered_statuses(labels: Sequence[_Label], classes: dict[str, EventClass], column: str) -> list[Step]:
    """A status of work is a step; queues before it (new, assigned) belong to the step of work that follows them."""
    ordered = sorted(labels, key=lambda label: label.position)
    total = sum(label.n_events for label in ordered)
    steps: list[tuple[str, list[str]]] = []
    queued: list[str] = []
    for label in ordered:
        event_class = classes[label.text]
        is_queue = event_class.state is State.WAITING and event_class.wait_reason is WaitReason.QUEUE
        if is_queue:
            queued.append(label.text)
        elif label.n_events < SMALL_RATIO * total and steps:
            steps[-1][1].append(label.text)
        else:
            steps.append((label.text, [*queued, label.text]))
            queued = []
    if queued:
        if steps:
            steps[-1][1].extend(queued)
        else:
            steps.append((queued[0], queued))
    return [_step(named, {column: tuple(_literally(t) for t in texts)}) for named, texts in steps[:MOST_STEPS]]


def _is_pause(event_class: EventClass) -> bool:
    if event_class.state in (State.DONE, State.CANCELLED):
        return True
    inside = (WaitReason.REQUESTER, WaitReason.SUPPLIER, WaitReason.SCHEDULE, WaitReason.UNSPECIFIED)
    return event_class.state is State.WAITING and event_class.wait_reason in inside


def _value_of(event_class: EventClass, column: str) -> str:
    return (event_class.status if column == "status" else event_class.activity) or ""


def _step(named: str, match: dict[str, tuple[str, ...]]) -> Step:
    return Step(name=named, value_chain_activities=likely_activities(named), match=(Match.model_validate(match),))


def _literally(label: str) -> str:
    """A pattern that matches this text: a star or question mark in it matches itself as any character does."""
    return f"?{label.strip()[1:]}" if label.startswith("!") else label.strip()


def _teams(log: EventLog, connection: duckdb.DuckDBPyConnection) -> list[str]:
    if not log.has("team"):
        return []
    rows = connection.execute(
        f"SELECT DISTINCT team FROM read_parquet({text(log.events_path)}) WHERE team IS NOT NULL"
    ).fetchall()
    return [row[0] for row in rows]


def _labels(log: EventLog, column: str, connection: duckdb.DuckDBPyConnection) -> list[_Label]:
    """Every label with its count, and its mean position over a sample of whole items."""
    place_of = log.about.label_positions.get(column) or _positions(log, column, connection)
    rows = connection.execute(f"""
        SELECT {name(column)}, count(*) FROM read_parquet({text(log.events_path)})
        WHERE {name(column)} IS NOT NULL GROUP BY 1
    """).fetchall()
    labels = [_Label(label, n_events, place_of.get(label, 1.0)) for label, n_events in rows]
    return sorted(labels, key=lambda label: (label.position, label.text))


def _positions(log: EventLog, column: str, connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The mean position of the labels of a log that does not tell them."""
    events = f"read_parquet({text(log.events_path)})"
    (n_events,) = one_row(connection, f"SELECT count(*) FROM {events}")
    one_in = max(n_events // _SAMPLE_EVENTS, 1)
    return label_positions(column, f"(FROM {events} WHERE hash(item_id) % {one_in} = 0)", connection)
