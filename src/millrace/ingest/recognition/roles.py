"""Who and what else: team, person, tie-break, and the columns that describe the item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from millrace.ingest.mapping import Guess
from millrace.ingest.recognition.columns import Column, Rows
from millrace.ingest.recognition.instant_columns import InstantColumn
from millrace.ingest.recognition.status_words import reads_as_state
from millrace.ingest.recognition.values import reads_as_person, reads_as_team, share, share_of_distinct, words_of
from millrace.ingest.recognition.vocabulary import phrases, vocabulary
from millrace.ingest.recognition.within_items import Within, numbers_the_events
from millrace.ingest.recognition.words import as_written

_NAMED = 0.5
_LEAST_NAMED = {"team": 0.33}
_FILLED = 0.005
_ROLES = (
    "team",
    "person",
    "priority",
    "requester",
    "category",
    "service",
    "channel",
    "item_type",
    "system",
    "is_automated",
    "key",
)
_WORDS_OF_ROLE = {"priority": "priority", "channel": "channel", "item_type": "item_type"}


@dataclass(frozen=True)
class _Fit:
    role: str
    column: Column
    strength: float
    why: str


def describing_columns(
    columns: Sequence[Column], within: Mapping[int, Within], rows: Rows, *, with_events: bool
) -> tuple[dict[str, Column], list[Guess]]:
    """Canonical name → column, for roles that names or values tell; each column and each role once, best first."""
    fits = [fit for column in columns for fit in _named(column, within[column.place])]
    chosen: dict[str, Column] = {}
    guesses = []
    for fit in sorted(fits, key=lambda one: -one.strength):
        if fit.role not in chosen and fit.column not in chosen.values():
            chosen[fit.role] = fit.column
            guesses.append(_guess(fit))
    left = [column for column in columns if column not in chosen.values() and not _is_known(column)]
    for fit in _by_values(left, within, rows, missing=set(_ROLES) - set(chosen), with_events=with_events):
        if fit.role not in chosen and fit.column not in chosen.values():
            chosen[fit.role] = fit.column
            guesses.append(_guess(fit))
    return chosen, guesses


def tie_break_column(
    columns: Sequence[Column],
    within: Mapping[int, Within],
    at: InstantColumn,
    item: Column,
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
) -> tuple[Column, Guess] | None:
    """A whole number that counts an item's events up as time goes on."""
    whole = [column for column in columns if _is_whole(column) and within[column.place].filled_ratio >= 0.95]
    whole.sort(key=lambda column: -column.says.strength("tie_break"))
    for column in whole[:8]:
        named = column.says.strength("tie_break")
        rising = numbers_the_events(column, at, item, rows, connection)
        if rising >= (0.9 if named >= _NAMED else 0.995):
            why = f"it rises from event to event in {100 * rising:.1f} % of the steps within an item"
            if named >= _NAMED:
                why += f", and its name says “{as_written(column.says.words['tie_break'], column.name)}”"
            sureness = round(min(0.99, 0.6 * rising + 0.4 * max(named, 0.2)), 2)
            return column, Guess(about="tie_break", answer=column.name, sureness_ratio=sureness, why=why)
    return None


def _is_whole(column: Column) -> bool:
    values = column.values
    return len(column.distinct_values) > 1 and all(value.isdigit() and len(value) < 19 for value in values)


def _is_known(column: Column) -> bool:
    return column.says.most >= 0.7


def _named(column: Column, within: Within) -> list[_Fit]:
    if within.filled_ratio < _FILLED:
        return []
    fits = []
    for role in _ROLES:
        named = column.says.strength(role)
        says_otherwise = column.says.best not in (role, None) and named < column.says.most
        if named < _LEAST_NAMED.get(role, 0.42) or says_otherwise:
            continue
        strength = named + 0.15 * min(1.0, within.filled_ratio) + 0.2 * _values_agree(role, column)
        if role in ("team", "person"):
            strength += 0.1 * within.varies + 0.0001 * min(1000, within.n_distinct)
        if _contradicts(role, column):
            continue
        fits.append(_Fit(role, column, strength, f"its name says “{as_written(column.says.words[role], column.name)}”"))
    return fits


def _values_agree(role: str, column: Column) -> float:
    if role in _WORDS_OF_ROLE:
        return share(column, words_of(_WORDS_OF_ROLE[role]))
    if role == "person":
        return share_of_distinct(column, reads_as_person)
    return 0.0


def _contradicts(role: str, column: Column) -> bool:
    """Names mislead: a flag is nobody, and people do not come in long sentences."""
    is_flag = {value.lower() for value in column.distinct_values} <= set(phrases(vocabulary("values")["truths"]))
    if role == "is_automated":
        return not is_flag
    is_long = sum(map(len, column.values)) > 60 * max(1, len(column.values))
    return (is_flag and role != "priority" and len(column.distinct_values) > 1) or is_long


def _by_values(
    columns: Sequence[Column], within: Mapping[int, Within], rows: Rows, *, missing: set[str], with_events: bool
) -> list[_Fit]:
    """Roles told by the values alone: names of people and teams, words of priority and channel."""
    fits = []
    for column in columns:
        behaviour = within[column.place]
        n_distinct = behaviour.n_distinct
        is_telling = 2 <= n_distinct <= 0.5 * max(20, rows.n_rows)
        if not column.values or behaviour.filled_ratio < 0.2 or not is_telling:
            continue
        for role, notion in _WORDS_OF_ROLE.items():
            known = share(column, words_of(notion))
            if role in missing and known >= 0.8 and n_distinct <= 30:
                fits.append(
                    _Fit(role, column, 0.5 + 0.2 * known, f"{100 * known:.0f} % of its values are words for it")
                )
        if not with_events or not behaviour.varies or share(column, reads_as_state) >= 0.5:
            continue
        people = share_of_distinct(column, reads_as_person)
        if "person" in missing and people >= 0.6:
            why = "it varies within items and its values read as people’s names"
            fits.append(_Fit("person", column, 0.4 + 0.3 * people, why))
        named = share_of_distinct(column, reads_as_team)
        if "team" in missing and named >= 0.5 and people < 0.6:
            fits.append(_Fit("team", column, 0.4 + 0.3 * named, "it varies within items and its values read as teams"))
    return sorted(fits, key=lambda fit: -fit.strength)


def _guess(fit: _Fit) -> Guess:
    return Guess(
        about=fit.role,
        answer=fit.column.name,
        sureness_ratio=round(min(0.98, 0.75 * fit.strength + 0.1), 2),
        why=fit.why,
    )
