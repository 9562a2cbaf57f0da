"""Suggested rules: for each label of a log the step that it probably belongs to, how sure that is, and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

import duckdb

from millrace.diagnose.binding import PAUSE
from millrace.eventlog.engine import name, text
from millrace.eventlog.event_log import EventClass, EventLog
from millrace.eventlog.schema import Shape
from millrace.model.state import Side, State, WaitReason
from millrace.model.value_stream import Match, Step, ValueStream

SURE_RATIO = 0.5
"""From this confidence on a suggestion is worth a rule."""
_NAMES, _TEAM, _ORDER, _STATE = 0.55, 0.2, 0.15, 0.1
_FURTHER = 0.6
"""What a word of a step's tasks, input and output weighs beside one of its name."""
_ALIKE_RATIO = 0.8
_WORD = re.compile(r"[^\W\d_]+")
_SAYS_NOTHING = frozenset(
    {
        *("a", "an", "and", "as", "at", "be", "by", "for", "from", "has", "in", "into", "is", "it", "of", "on", "or"),
        *("the", "their", "to", "who", "with"),
        *("awaiting", "new", "open", "pending", "progress", "queued", "wait", "waiting", "work"),
    }
)
"""Words that stand in the labels and names of any step."""
_INSIDE = (WaitReason.REQUESTER, WaitReason.SUPPLIER, WaitReason.SCHEDULE, WaitReason.UNSPECIFIED)
_APPROVAL = ("approv", "authori", "decid", "decision", "review")


@dataclass(frozen=True)
class Suggestion:
    """A label (a status, or an activity: `column` says which), the step suggested for it, and the evidence in words.

    `confidence_ratio` runs from 0 to 1. `step` is None where nothing speaks for any step, and `PAUSE` for a wait that
    happens inside any of them.
    """

    column: str
    label: str
    step: str | None
    confidence_ratio: float
    why: str
    n_events: int


@dataclass(frozen=True)
class _Label:
    """A label as it occurs: its events, its mean place in items' lives (0 to 1), its class, its teams' events."""

    text: str
    n_events: int
    place: float
    event_class: EventClass | None
    teams: Mapping[str, int]


def suggest_rules(stream: ValueStream, log: EventLog, connection: duckdb.DuckDBPyConnection) -> tuple[Suggestion, ...]:
    """A suggestion for each label, those of most events first, whatever the stream's own rules say."""
    column = "status" if log.about.shape is Shape.STATUS_LOG and log.has("status") else "activity"
    column = column if log.has(column) else "status"
    return tuple(_suggestion(label, column, stream) for label in _labels(column, log, connection))


def with_rules(
    stream: ValueStream, suggestions: Iterable[Suggestion], *, least_ratio: float = SURE_RATIO
) -> ValueStream:
    """The stream with a rule for each suggestion that is sure enough, after the rules that it has."""
    wanted: dict[str, dict[str, list[str]]] = {}
    for each in suggestions:
        if each.step is not None and each.confidence_ratio >= least_ratio:
            wanted.setdefault(each.step, {}).setdefault(each.column, []).append(_literally(each.label))
    steps = tuple(
        step.model_copy(
            update={
                "match": (
                    *step.match,
                    *(Match.model_validate({column: labels}) for column, labels in wanted.get(step.name, {}).items()),
                )
            }
        )
        for step in stream.steps
    )
    pauses = (Match.model_validate({column: labels}) for column, labels in wanted.get(PAUSE, {}).items())
    return stream.model_copy(update={"steps": steps, "pauses": (*stream.pauses, *pauses)})


def _literally(label: str) -> str:
    """A pattern for this text; a leading “!” would exclude it."""
    return f"?{label.strip()[1:]}" if label.startswith("!") else label.strip()


def _labels(column: str, log: EventLog, connection: duckdb.DuckDBPyConnection) -> list[_Label]:
    begins = 'coalesce(started_at, "at"), ' if log.about.shape is Shape.ACTIVITY_LOG else ""
    team = "team" if log.has("team") else "NULL::VARCHAR"
    rows = connection.execute(f"""
        WITH placed AS (
            SELECT {name(column)} AS label, {team} AS team, percent_rank() OVER (
                PARTITION BY item_id ORDER BY {begins}"at", position, file_row_number) AS place
            FROM read_parquet({text(log.events_path)}, file_row_number = true))
        SELECT label, sum(n)::BIGINT AS n_events, sum(place) / sum(n), map_from_entries(
                   list({{k: team, v: n}} ORDER BY team) FILTER (team IS NOT NULL))
        FROM (SELECT label, team, count(*) AS n, sum(place) AS place FROM placed
              WHERE label IS NOT NULL GROUP BY label, team)
        GROUP BY label ORDER BY n_events DESC, label
    """).fetchall()
    classes = {getattr(each, column): each for each in log.about.event_classes}
    return [_Label(label, n, place, classes.get(label), teams or {}) for label, n, place, teams in rows]


def _suggestion(label: _Label, column: str, stream: ValueStream) -> Suggestion:
    judged = [(*_judged(label, at, step, stream), step.name) for at, step in enumerate(stream.steps)]
    confidence, why, step = max(judged, key=lambda each: each[0], default=(0.0, "", ""))
    known = label.event_class
    if confidence < SURE_RATIO and known is not None and known.wait_reason in _INSIDE:
        return Suggestion(column, label.text, PAUSE, known.sureness_ratio, "a wait inside any step", label.n_events)
    if not why:
        return Suggestion(column, label.text, None, 0.0, "nothing speaks for any step", label.n_events)
    return Suggestion(column, label.text, step, confidence, why, label.n_events)


def _judged(label: _Label, at: int, step: Step, stream: ValueStream) -> tuple[float, str]:
    """How much speaks for a step, of the evidence that there is, and the evidence in words."""
    evidence = [
        (_NAMES, _by_name(label, step), "its words"),
        (_TEAM, _by_team(label, step), "its team"),
        (_ORDER, _by_order(label, at, len(stream.steps)), "its place in time"),
        (_STATE, _by_state(label, at, step, stream), "its state"),
    ]
    known = [(weight, likeness, words) for weight, likeness, words in evidence if likeness is not None]
    whole = sum(weight for weight, *_ in known)
    confidence = sum(weight * likeness for weight, likeness, _ in known) / max(whole, _NAMES)
    return confidence, ", ".join(words for _, likeness, words in known if likeness >= 0.5)


def _by_name(label: _Label, step: Step) -> float | None:
    """How well the label's words are found in the step's; None where it has none that say anything."""
    words = _words(label.text)
    if not words:
        return None
    own = _words(step.name)
    further = _words(" ".join((*step.tasks, *step.practices, step.input or "", step.output or "")))
    return sum(max(_best(word, own), _FURTHER * _best(word, further)) for word in words) / len(words)


def _by_team(label: _Label, step: Step) -> float | None:
    """The share of the label's events that were with the step's team, as far as teams are known."""
    whole = sum(label.teams.values())
    if not whole or not step.team:
        return None
    own = _words(step.team) or (step.team.casefold(),)
    return sum(n * _likeness(own, team) for team, n in label.teams.items()) / whole


def _likeness(own: tuple[str, ...], team: str) -> float:
    theirs = _words(team)
    return sum(_best(word, theirs) for word in own) / len(own) if theirs else 0.0


def _by_order(label: _Label, at: int, n_steps: int) -> float:
    """How near the label's mean place in an item's life is to the step's in the stream."""
    place = at / (n_steps - 1) if n_steps > 1 else 0.5
    return max(0.0, 1 - 2 * abs(place - label.place))


def _by_state(label: _Label, at: int, step: Step, stream: ValueStream) -> float | None:
    """What the class of the label says: done is the end, approval a step that decides, the requester's time theirs."""
    known = label.event_class
    if known is None or known.state is None:
        return None
    if known.state in (State.DONE, State.CANCELLED):
        return float(at == len(stream.steps) - 1)
    if known.wait_reason is WaitReason.APPROVAL:
        return float(any(word in step.name.casefold() for word in _APPROVAL))
    if known.side is not Side.PROVIDER:
        return float(step.side is known.side)
    return float(at == 0) if known.state is State.NEW else None


@cache
def _words(said: str) -> tuple[str, ...]:
    found = (word.casefold() for word in _WORD.findall(said))
    return tuple(dict.fromkeys(word for word in found if word not in _SAYS_NOTHING and len(word) > 1))


def _best(word: str, among: tuple[str, ...]) -> float:
    """1 where the words hold this one in some form (`approve`, `approval`), else 0."""
    return float(any(_are_alike(word, other) for other in among))


@cache
def _are_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter >= 4 and one[: max(4, shorter - 2)] == other[: max(4, shorter - 2)]:
        return True
    return shorter >= 5 and SequenceMatcher(None, one, other).ratio() >= _ALIKE_RATIO
