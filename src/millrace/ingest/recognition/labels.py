"""What happened: the columns of status and activity, and which shape of log they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from millrace.eventlog.schema import Shape
from millrace.ingest.mapping import Guess
from millrace.ingest.recognition.columns import Column, Rows
from millrace.ingest.recognition.events import Times
from millrace.ingest.recognition.status_words import reads_as_state
from millrace.ingest.recognition.values import (
    reads_as_action,
    reads_as_person,
    reads_as_team,
    share,
    share_of_distinct,
)
from millrace.ingest.recognition.vocabulary import phrases, vocabulary
from millrace.ingest.recognition.within_items import Within, composed_of, pairs_of, repeats

_STATES_SHARE = 0.6
_MOST_LABELS = 600
_NAMED = 0.6
_PLAINLY_NAMED = 0.8
_OTHER_MEANINGS = ("team", "person", "priority", "requester", "category", "service", "channel", "item_type", "other")


@dataclass(frozen=True)
class Label:
    """A column that may tell what happened: the shares of its values that read as states and as actions, how strongly
    its name speaks for a status, a finer status and an activity, and how it behaves within an item."""

    column: Column
    states_ratio: float
    actions_ratio: float
    within: Within

    def named(self, meaning: str) -> float:
        """How strongly the name speaks for `meaning`."""
        return self.column.says.strength(meaning)

    @property
    def is_status(self) -> bool:
        """True where its values read as states and nothing about its name says that it holds something else."""
        is_named = max(self.named("status"), self.named("substatus"), self.named("activity")) >= _NAMED
        otherwise = max(self.named(meaning) for meaning in _OTHER_MEANINGS) >= 0.75
        changes = self.within.varies_ratio is None or self.within.varies_ratio >= (0.02 if is_named else 0.15)
        is_enough = self.states_ratio >= (0.3 if self.named("status") >= _NAMED else _STATES_SHARE)
        return is_enough and changes and (is_named or not otherwise)


@dataclass(frozen=True)
class Labels:
    """The columns of activity and status, the shape of the log, and the guesses."""

    activity: Column | None
    status: Column | None
    shape: Shape
    guesses: tuple[Guess, ...] = field(default=())


def label_columns(columns: Sequence[Column], within: Mapping[int, Within], rows: Rows) -> list[Label]:
    """The columns that may tell what happened: few values, neither figures nor long text."""
    found = []
    for column in columns:
        behaviour = within[column.place]
        if not column.values or behaviour.filled_ratio < 0.3 or _is_no_label(column, behaviour, rows):
            continue
        found.append(Label(column, share(column, reads_as_state), share(column, reads_as_action), behaviour))
    return found


def tells_what_happened(labels: Sequence[Label]) -> bool:
    """True where one of the columns is an activity or a status by name or by its values."""
    return any(
        label.named("activity") >= _NAMED or (label.is_status and label.within.varies_ratio is not None)
        for label in labels
    )


def choose_labels(
    labels: Sequence[Label],
    times: Times,
    item: Column,
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
    *,
    declared: Mapping[str, str],
) -> Labels:
    """The columns of activity and status among `labels`, and the shape."""
    if times.milestones:
        return Labels(None, None, Shape.STATUS_LOG, (_shape_of_milestones(),))
    by_name = {label.column.name: label for label in labels}
    activity = by_name.get(declared.get("activity", ""))
    status = by_name.get(declared.get("status", ""))
    if activity or status:
        return _declared(activity, status, times)
    statuses = _single(labels, rows, connection)
    activity = _activity(labels, statuses, times, item, rows, connection)
    reports_work = times.started_at is not None and not (times.may_be_states and statuses)
    if reports_work:
        return _work(activity, statuses)
    if statuses and not _is_list_of_actions(activity, statuses[0]):
        return _states(activity, statuses, rows, connection)
    if activity is None:
        return Labels(None, None, Shape.STATUS_LOG)
    return Labels(
        activity.column, None, Shape.ACTIVITY_LOG_ENDS, (_guess_activity(activity), _guess_shape_ends(activity))
    )


def _is_no_label(column: Column, behaviour: Within, rows: Rows) -> bool:
    n_values = len(column.values)
    if behaviour.n_distinct > _MOST_LABELS or (n_values > 50 and behaviour.n_distinct > 0.5 * rows.n_rows):
        return True
    is_figure = sum(value.replace(".", "").replace(",", "").lstrip("-").isdigit() for value in column.values)
    is_named = max(column.says.strength(meaning) for meaning in ("status", "substatus", "activity")) >= _NAMED
    words = {value.lower() for value in column.distinct_values}
    if words <= frozenset(phrases(vocabulary("values")["transitions"])) and words & {"start", "complete"}:
        return True
    is_flag = words <= set(phrases(vocabulary("values")["truths"]))
    return is_flag or (is_figure > 0.8 * n_values and not is_named) or sum(map(len, column.values)) > 60 * n_values


def _single(labels: Sequence[Label], rows: Rows, connection: duckdb.DuckDBPyConnection) -> list[Label]:
    """The status columns, most telling first; those that only join two others (“Accepted-In Progress”) left out."""
    statuses = [label for label in labels if label.is_status]
    parts = {label.column.place: label.column for label in statuses}
    single = [label for label in statuses if composed_of(label.column, parts, rows, connection) < 2]
    if any(label.named("status") >= _NAMED for label in single):
        single = [label for label in single if label.named("activity") < _PLAINLY_NAMED]
    return sorted(single, key=lambda label: -_weight(label))


def _weight(label: Label) -> float:
    varies = 0.5 if label.within.varies_ratio is None else label.within.varies_ratio
    named = max(label.named("status"), 0.9 * label.named("substatus"), 0.5 * label.named("activity"))
    return 2 * named + label.states_ratio + varies + label.within.filled_ratio


def _activity(
    labels: Sequence[Label],
    statuses: Sequence[Label],
    times: Times,
    item: Column,
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> Label | None:
    """The activity by its name; without a name, in a log without statuses, by its values."""
    named = [
        label
        for label in labels
        if label not in statuses and label.named("activity") >= (0.55 if label.within.varies else _PLAINLY_NAMED)
    ]
    if named:
        return max(named, key=lambda label: (label.named("activity"), label.within.filled_ratio, label.states_ratio))
    if statuses:
        return None
    return _by_values(labels, times, item, rows, connection)


def _by_values(
    labels: Sequence[Label], times: Times, item: Column, rows: Rows, connection: duckdb.DuckDBPyConnection
) -> Label | None:
    """Activities change from row to row more than teams and people do, and speak of actions."""
    possible = [
        label
        for label in labels
        if label.within.varies
        and label.within.n_distinct >= 2
        and max(label.named(meaning) for meaning in _OTHER_MEANINGS) < 0.7
        and label.column.place != item.place
    ]
    at = times.at

    def weight(label: Label) -> float:
        repeated = repeats(label.column, at, item, rows, connection) if at is not None else 0.0
        spread = label.within.n_distinct <= max(60, 0.02 * rows.n_rows)
        name = share_of_distinct(label.column, lambda value: reads_as_person(value) or reads_as_team(value))
        return 1.2 * label.actions_ratio + 0.6 * label.states_ratio - repeated + 0.3 * spread - name

    return max(possible, key=weight, default=None)


def _is_list_of_actions(activity: Label | None, status: Label) -> bool:
    """A status that hardly fills or never changes beside an activity that does: the activities are the log."""
    return activity is not None and status.named("status") < _NAMED and status.states_ratio < _STATES_SHARE


def _declared(activity: Label | None, status: Label | None, times: Times) -> Labels:
    given = [label for label in (activity, status) if label is not None]
    guesses = [
        Guess(about=about, answer=label.column.name, sureness_ratio=1.0, why="the file's format says so")
        for about, label in (("activity", activity), ("status", status))
        if label is not None
    ]
    tells_states = any(label.states_ratio >= _STATES_SHARE for label in given)
    if times.started_at is not None:
        shape, why = Shape.ACTIVITY_LOG, "its rows have a start and an end"
    elif tells_states:
        shape, why = Shape.STATUS_LOG, "its labels read as states that hold until the next event"
    else:
        shape, why = Shape.ACTIVITY_LOG_ENDS, "its labels read as work that is reported, with one instant each"
    both = status or (activity if shape is Shape.STATUS_LOG else None)
    return Labels(
        activity.column if activity else None,
        both.column if both else None,
        shape,
        (*guesses, Guess(about="shape", answer=shape, sureness_ratio=0.9, why=why)),
    )


def _work(activity: Label | None, statuses: Sequence[Label]) -> Labels:
    chosen = activity or (statuses[0] if statuses else None)
    if chosen is None:
        return Labels(None, None, Shape.ACTIVITY_LOG)
    why = "its rows have a start and an end"
    shape = Guess(about="shape", answer=Shape.ACTIVITY_LOG, sureness_ratio=0.9, why=why)
    return Labels(chosen.column, None, Shape.ACTIVITY_LOG, (_guess_activity(chosen), shape))


def _states(
    activity: Label | None, statuses: Sequence[Label], rows: Rows, connection: duckdb.DuckDBPyConnection
) -> Labels:
    status = statuses[0]
    coarse = fine = status
    for other in statuses[1:]:
        if _is_finer(other, status, rows, connection):
            fine = other
            break
        if _is_finer(status, other, rows, connection):
            coarse = other
            break
    if coarse is fine and activity is not None and not _says_nothing_new(activity, status, rows, connection):
        coarse = activity
    shape = Guess(
        about="shape",
        answer=Shape.STATUS_LOG,
        sureness_ratio=round(0.5 + 0.45 * max(status.states_ratio, status.named("status") * 0.6), 2),
        why=f"{_percent(status.states_ratio)} of the values in “{status.column.name}” read as states that hold until "
        "the next event",
    )
    guesses = (_guess_status(fine), _guess_activity(coarse) if coarse is not fine else None, shape)
    return Labels(coarse.column, fine.column, Shape.STATUS_LOG, tuple(guess for guess in guesses if guess))


def _is_finer(fine: Label, coarse: Label, rows: Rows, connection: duckdb.DuckDBPyConnection) -> bool:
    """Each value of the finer status (but for a few) goes with one value of the coarser."""
    n_fine, n_coarse = fine.within.n_distinct, coarse.within.n_distinct
    if fine.named("substatus") >= 0.8 and coarse.named("status") >= _NAMED:
        return True
    if n_fine <= n_coarse or n_coarse < 2 or coarse.named("substatus") >= 0.8:
        return False
    return pairs_of(fine.column, coarse.column, rows, connection) <= n_fine + max(1, n_coarse // 2)


def _says_nothing_new(activity: Label, status: Label, rows: Rows, connection: duckdb.DuckDBPyConnection) -> bool:
    """An activity that only joins statuses."""
    return composed_of(activity.column, {0: status.column}, rows, connection) > 0 and activity.states_ratio > 0.5


def _guess_status(label: Label) -> Guess:
    reasons = [f"{_percent(label.states_ratio)} of its values read as states"]
    named = max(label.named("status"), label.named("substatus"))
    if label.within.varies_ratio is not None:
        reasons.append(f"it changes within {_percent(label.within.varies_ratio)} of the items")
    if named >= _NAMED:
        reasons.append("its name says so")
    sureness = 0.25 + 0.4 * label.states_ratio + 0.35 * named
    return Guess(
        about="status", answer=label.column.name, sureness_ratio=round(min(0.99, sureness), 2), why=_list(reasons)
    )


def _guess_activity(label: Label) -> Guess:
    named = max(label.named("activity"), 0.9 * label.named("status"))
    if named >= 0.55:
        why, sureness = "its name says so and it tells what happened in a row", 0.45 + 0.5 * named
    else:
        why = "its values change from row to row more than those of other columns and read as things that are done"
        sureness = 0.35 + 0.35 * max(label.actions_ratio, label.states_ratio)
    return Guess(about="activity", answer=label.column.name, sureness_ratio=round(min(0.99, sureness), 2), why=why)


def _guess_shape_ends(activity: Label) -> Guess:
    sureness = 0.55 + 0.3 * max(activity.named("activity"), activity.actions_ratio) - 0.3 * activity.states_ratio
    return Guess(
        about="shape",
        answer=Shape.ACTIVITY_LOG_ENDS,
        sureness_ratio=round(min(0.95, max(0.2, sureness)), 2),
        why=f"“{activity.column.name}” names work that is reported with one instant, not states "
        f"({_percent(activity.states_ratio)} of its values read as states)",
    )


def _shape_of_milestones() -> Guess:
    why = "every item has one row with the dates of its milestones, each of which sets a status"
    return Guess(about="shape", answer=Shape.STATUS_LOG, sureness_ratio=0.85, why=why)


def _percent(ratio: float) -> str:
    return f"{100 * ratio:.0f} %"


def _list(reasons: Sequence[str]) -> str:
    return reasons[0] if len(reasons) == 1 else ", ".join(reasons[:-1]) + " and " + reasons[-1]
