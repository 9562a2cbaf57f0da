"""When things happened: the event's instant among a source's columns of instants, or an item's milestones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from millrace.ingest.mapping import Guess
from millrace.ingest.recognition.columns import Column, Rows
from millrace.ingest.recognition.errors import NoInstantColumn
from millrace.ingest.recognition.instant_columns import InstantColumn, exchanged
from millrace.ingest.recognition.within_items import Between, Within, between, reach_in_days
from millrace.ingest.recognition.words import as_written

MILESTONES: dict[str, str] = {
    "opened": "Opened",
    "assigned": "Assigned",
    "begun": "In progress",
    "started": "In progress",
    "reopened": "Reopened",
    "resolved": "Resolved",
    "ended": "Completed",
    "cancelled": "Cancelled",
    "closed": "Closed",
}
"""What a name says of an instant → the status that the item takes then."""
_LEAST_NAMED = 0.55


@dataclass(frozen=True)
class Times:
    """The event's instant with its start, if any; or milestones (label → column). Empty where nothing was found."""

    at: InstantColumn | None = None
    started_at: InstantColumn | None = None
    may_be_states: bool = False
    """True where start and end may as well be the first and last instant of a state: each row ends as the item's next
    one starts, or nothing but their order tells them apart."""
    milestones: tuple[tuple[str, InstantColumn], ...] = ()
    guesses: tuple[Guess, ...] = ()

    def as_states(self) -> "Times":
        """The same rows taken as states: one holds from its first instant until the item's next."""
        if self.at is None or self.started_at is None:
            return self
        why = f"a state holds from here on; “{self.at.column.name}” only says when it ended"
        (sureness,) = [guess.sureness_ratio for guess in self.guesses if guess.about == "at"]
        guess = Guess(about="at", answer=self.started_at.column.name, sureness_ratio=sureness, why=why)
        return Times(at=self.started_at, guesses=(guess, *_order_guesses(self.started_at)))


@dataclass(frozen=True)
class _Search:
    """What is known of a source's items, to choose among its instants."""

    instants: Mapping[int, InstantColumn]
    within: Mapping[int, Within]
    item: Column
    rows: Rows
    connection: duckdb.DuckDBPyConnection

    def named(self, one: InstantColumn, meaning: str) -> float:
        return one.column.says_as_instant.strength(meaning)

    def varying(self) -> list[InstantColumn]:
        """Instants that differ between an item's rows, deadlines left out; the others leak what came later."""
        return [
            one
            for place, one in self.instants.items()
            if self.within[place].varies and self.within[place].filled_ratio >= 0.3 and not self._is_deadline(one)
        ]

    def _is_deadline(self, one: InstantColumn) -> bool:
        return one.column.says_as_instant.best == "other" and len(self.instants) > 1


def event_times(
    instants: Mapping[int, InstantColumn],
    within: Mapping[int, Within],
    item: Column,
    rows: Rows,
    connection: duckdb.DuckDBPyConnection,
    *,
    declared_at: str | None,
    has_activity: bool,
    source_name: str,
) -> Times:
    """The times of the events. `has_activity` says that a column tells what happened. Raises `NoInstantColumn`."""
    search = _Search(instants, within, item, rows, connection)
    for one in instants.values():
        if one.column.name == declared_at:
            return Times(
                at=one,
                guesses=(Guess(about="at", answer=declared_at, sureness_ratio=1.0, why="the file's format says so"),),
            )
    if not instants:
        raise NoInstantColumn(source_name, item.name)
    has_several_rows = any(one.varies_ratio is not None for one in within.values())
    pair = _start_and_end(search) if has_several_rows or has_activity else None
    if pair is not None:
        return pair
    if not has_several_rows or not search.varying():
        milestones = _milestones(search)
        if milestones.milestones and not (has_several_rows and has_activity):
            return milestones
    return _one_instant(search, source_name)


def _start_and_end(search: _Search) -> Times | None:
    """A start and an end that both differ from row to row, by name, or by one never lying after the other."""
    varying = search.varying()
    starts = [one for one in varying if search.named(one, "started") >= _LEAST_NAMED]
    ends = [one for one in varying if max(search.named(one, "ended"), search.named(one, "at")) >= _LEAST_NAMED]
    named = [(start, end) for start in starts for end in ends if start is not end]
    named.sort(key=lambda pair: -search.named(pair[0], "started") - search.named(pair[1], "ended"))
    for start, end in named[:3]:
        if found := _as_work(search, start, end, is_named=True):
            return found
    unnamed = [one for one in varying if not one.column.says_as_instant.strengths]
    if len(unnamed) >= 2:
        return _unnamed_pair(search, unnamed)
    return None


def _unnamed_pair(search: _Search, unnamed: Sequence[InstantColumn]) -> Times | None:
    tried = [
        (first, second)
        for first in unnamed
        for second in unnamed
        if first is not second and _lie(search, first, second).in_order_ratio >= 0.99
    ]
    # Of more than two (enabled, started, ended) the last two are the work.
    followers = {id(second): sum(1 for _, other in tried if other is second) for _, second in tried}
    tried.sort(key=lambda pair: -(followers[id(pair[1])] * 10 + followers.get(id(pair[0]), 0)))
    return _as_work(search, *tried[0], is_named=False) if tried else None


def _lie(search: _Search, first: InstantColumn, second: InstantColumn) -> Between:
    return between(first, second, search.item, search.rows, search.connection)


def _as_work(search: _Search, start: InstantColumn, end: InstantColumn, *, is_named: bool) -> Times | None:
    lie = _lie(search, start, end)
    if lie.in_order_ratio < 0.9:
        return None
    why = "in " + _share(lie.in_order_ratio) + " of the rows it does not lie after the end"
    sureness = round((0.95 if is_named else 0.65) * lie.in_order_ratio, 2)
    return Times(
        at=end,
        started_at=start,
        may_be_states=lie.contiguous_ratio >= 0.6 or not is_named,
        guesses=(
            Guess(
                about="started_at",
                answer=start.column.name,
                sureness_ratio=sureness,
                why=f"its name says that something starts, and {why}" if is_named else why,
            ),
            Guess(
                about="at",
                answer=end.column.name,
                sureness_ratio=sureness,
                why="it is the end that goes with the start" + (", as its name says" if is_named else ""),
            ),
            *_order_guesses(start),
            *_order_guesses(end),
        ),
    )


def _share(ratio: float) -> str:
    return "all" if ratio >= 0.99995 else f"{100 * ratio:.1f} %"


def _one_instant(search: _Search, source_name: str) -> Times:
    varying = search.varying() or list(search.instants.values())
    weighed = sorted(varying, key=lambda one: -_weight(search, one))
    at = weighed[0]
    at, settled = _settle_order(search, at)
    within = search.within[at.column.place]
    reasons = [f"{_share(at.read_ratio)} of its values read as instants".replace("all of", "all")]
    if within.varies_ratio is not None:
        share = _share(within.varies_ratio)
        reasons.append(f"it changes within {share} of the items with several rows".replace("all of", "all"))
    word = at.column.says_as_instant.words.get("at")
    if word and search.named(at, "at") >= _LEAST_NAMED:
        reasons.append(f"its name says “{as_written(word, at.column.name)}”")
    rivals = tuple(one.column.name for one in weighed[1:4] if _weight(search, one) > _weight(search, at) - 0.5)
    sureness = 0.35 + 0.3 * at.read_ratio * (
        1.0 if within.varies_ratio is None else min(1.0, 1.5 * within.varies_ratio)
    )
    sureness += 0.3 * search.named(at, "at") + (0.0 if rivals else 0.2)
    guess = Guess(
        about="at",
        answer=at.column.name,
        sureness_ratio=round(min(0.99, sureness), 2),
        why=", ".join(reasons[:-1]) + (" and " if len(reasons) > 1 else "") + reasons[-1],
        rivals=rivals,
    )
    return Times(at=at, guesses=(guess, *settled))


def _weight(search: _Search, one: InstantColumn) -> float:
    within = search.within[one.column.place]
    named = max(search.named(one, "at"), 0.55 * search.named(one, "ended"), 0.4 * search.named(one, "started"))
    against = max(search.named(one, "other"), 0.5 * search.named(one, "opened"))
    varies = 0.5 if within.varies_ratio is None else within.varies_ratio
    return 1.2 * named + varies + within.filled_ratio - 0.8 * against


def _settle_order(search: _Search, at: InstantColumn) -> tuple[InstantColumn, tuple[Guess, ...]]:
    """Where no date tells day from month: read rightly, an item's events lie closer together."""
    if at.other_way is None or at.order_sureness_ratio >= 0.9:
        return at, _order_guesses(at)
    reach = reach_in_days(at, search.item, search.rows, search.connection)
    other = reach_in_days(at, search.item, search.rows, search.connection, other_way=True)
    if reach is None or other is None or max(reach, other) <= 1.25 * min(reach, other):
        return at, _order_guesses(at)
    kept = at if reach < other else exchanged(at)
    which = "day" if kept.format.day_first else "month"
    guess = Guess(
        about="day_first",
        answer=str(bool(kept.format.day_first)).lower(),
        sureness_ratio=0.8 if max(reach, other) > 2 * min(reach, other) else 0.65,
        why=f"with the {which} first, the events of an item lie {min(reach, other):.1f} days apart on average, "
        f"otherwise {max(reach, other):.1f}",
    )
    return kept, (guess,)


def _order_guesses(one: InstantColumn) -> tuple[Guess, ...]:
    if not one.order_why:
        return ()
    return (
        Guess(
            about="day_first",
            answer=str(bool(one.format.day_first)).lower(),
            sureness_ratio=one.order_sureness_ratio,
            why=f"in “{one.column.name}” {one.order_why}",
        ),
    )


def _milestones(search: _Search) -> Times:
    """Label → column for the instants of a source with one row per item, in the order of the labels."""
    named: dict[str, InstantColumn] = {}
    for one in search.instants.values():
        meaning, strength = _milestone_of(search, one)
        label = MILESTONES.get(meaning)
        if label and strength >= 0.45:
            rival = named.get(label)
            if rival is None or strength > _milestone_of(search, rival)[1]:
                named[label] = one
    if not named or (len(named) < 2 and len(search.instants) >= 2):
        named = named or _by_order(search)
    ordered = tuple((label, named[label]) for label in dict.fromkeys(MILESTONES.values()) if label in named)
    is_named = any(_milestone_of(search, one)[1] >= 0.45 for _, one in ordered)
    guesses = [
        Guess(
            about=f"milestones.{label}",
            answer=one.column.name,
            sureness_ratio=round(0.5 + 0.45 * _milestone_of(search, one)[1], 2) if is_named else 0.4,
            why="every item has one row, and the column's name tells the milestone"
            if is_named
            else "every item has one row, and this is its place among the dates of a row",
        )
        for label, one in ordered
    ]
    settled = [guess for _, one in ordered for guess in _order_guesses(one)][:1]
    return Times(milestones=ordered, guesses=(*guesses, *settled))


def _milestone_of(search: _Search, one: InstantColumn) -> tuple[str, float]:
    says = one.column.says_as_instant
    strengths = {meaning: says.strength(meaning) for meaning in MILESTONES}
    meaning = max(strengths, key=lambda name: strengths[name])
    return (meaning, strengths[meaning]) if strengths[meaning] > says.strength("other") else ("other", 0.0)


def _by_order(search: _Search) -> dict[str, InstantColumn]:
    """Unnamed dates of a row in their order: the first opens the item, the last closes it."""
    dates = [
        one for one in search.instants.values() if not one.column.says_as_instant.strengths and one.read_ratio >= 0.9
    ]
    if len(dates) < 2:
        return {}
    before = {
        id(one): sum(_lie(search, one, other).in_order_ratio >= 0.9 for other in dates if other is not one)
        for one in dates
    }
    dates.sort(key=lambda one: -before[id(one)])
    labels = ("Opened", "Resolved") if len(dates) == 2 else ("Opened", "Resolved", "Closed")
    ends = (dates[0], dates[-1]) if len(dates) == 2 else (dates[0], dates[-2], dates[-1])
    return dict(zip(labels, ends, strict=True))
