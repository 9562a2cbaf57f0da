"""Small logs as the tools of the field export them: one made-up history, written under many names and in many ways."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from millrace.eventlog.engine import name as quoted
from millrace.ingest.raw import ROW, RawColumn, RawTable

NEW, ASSIGNED, ACTIVE, WAITING, DONE, CLOSED = range(6)
"""The statuses of the made-up history, by place; a log gives each its own word."""

ENGLISH = ("New", "Assigned", "In Progress", "Awaiting User", "Resolved", "Closed")
PEOPLE = ("Kim Passa", "Ana Duarte", "Tom Berger", "Li Wei", "Eva Novak", "Jan Smit", "Olga Petrova")
TEAMS = ("Service Desk", "Network Operations", "Database Team", "Desktop Support")


@dataclass(frozen=True)
class Happening:
    """One event of the made-up history."""

    item: int
    nth: int
    at: datetime
    opened_at: datetime
    closed_at: datetime
    status: int
    team: int
    person: int
    priority: int
    requester: int


def history(n_items: int = 60, *, seed: int = 1, first_day: datetime = datetime(2024, 1, 3, 8)) -> list[Happening]:  # noqa: DTZ001
    """Items that open over some months and go back and forth between teams."""
    chance = random.Random(seed)
    happenings = []
    opened = first_day
    for item in range(n_items):
        opened += timedelta(hours=chance.expovariate(1 / 30))
        route = [NEW, ASSIGNED, ACTIVE, *chance.choice([[], [WAITING, ACTIVE], [ASSIGNED, ACTIVE]]), DONE, CLOSED]
        instants = [opened]
        for _ in route[1:]:
            instants.append(instants[-1] + timedelta(minutes=round(chance.expovariate(1 / 600)) + 1))
        priority, requester, team = chance.randrange(4), chance.randrange(35), 0
        for nth, (status, at) in enumerate(zip(route, instants, strict=True)):
            team = chance.randrange(4) if status == ASSIGNED else team
            person = (team * 2 + chance.randrange(2)) % len(PEOPLE)
            happenings.append(
                Happening(item, nth, at, instants[0], instants[-1], status, team, person, priority, requester)
            )
    return sorted(happenings, key=lambda one: one.at)


Column = Callable[[Happening], str | None]


def written(columns: dict[str, Column], happenings: Sequence[Happening] | None = None) -> dict[str, list[str | None]]:
    """The history as columns of text."""
    rows = history() if happenings is None else happenings
    return {name: [cell(one) for one in rows] for name, cell in columns.items()}


def item(prefix: str = "INC", *, first: int = 1001, digits: int = 7) -> Column:
    """The item's number: a prefix and digits."""
    return lambda one: f"{prefix}{first + one.item:0{digits}}"


def at(pattern: str = "%Y-%m-%d %H:%M:%S") -> Column:
    """The event's instant."""
    return lambda one: one.at.strftime(pattern)


def status(words: Sequence[str] = ENGLISH) -> Column:
    """The status, in these words."""
    return lambda one: words[one.status]


def team(words: Sequence[str] = TEAMS) -> Column:
    """The team."""
    return lambda one: words[one.team]


def person(one: Happening) -> str | None:
    """The person; nobody while the item is new."""
    return None if one.status == NEW else PEOPLE[one.person]


def priority(words: Sequence[str] = ("1 - Critical", "2 - High", "3 - Moderate", "4 - Low")) -> Column:
    """The priority, which belongs to the item."""
    return lambda one: words[one.priority]


def table(
    columns: dict[str, list[str | None]],
    connection: duckdb.DuckDBPyConnection,
    *,
    declared: tuple[tuple[str, str], ...] = (),
    types: dict[str, str] | None = None,
) -> RawTable:
    """The columns as a source that was read."""
    given = types or {}
    names = list(columns)
    n_rows = len(next(iter(columns.values()), []))
    texts = pa.table(
        {ROW: pa.array(range(2, n_rows + 2), pa.int64())} | {n: pa.array(columns[n], pa.string()) for n in names}
    )
    cells = ", ".join(f"CAST({quoted(name)} AS {given.get(name, 'VARCHAR')}) AS {quoted(name)}" for name in names)
    connection.register("texts", texts)
    connection.execute(f"CREATE OR REPLACE TABLE source AS SELECT {ROW}, {cells} FROM texts")
    connection.unregister("texts")
    raw = tuple(RawColumn(name, given.get(name, "VARCHAR")) for name in names)
    return RawTable("source", "export.csv", "line", raw, n_rows, declared=declared)
