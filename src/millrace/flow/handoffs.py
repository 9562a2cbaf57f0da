"""Handoffs: the responsible team changes from one known team to another; unknown teams are skipped."""

from collections import Counter
from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.small_groups import shown_teams
from millrace.flow.spans import NOTHING
from millrace.flow.summary import Absent

NO_TEAMS = Absent("the log names no teams; map a column to team")


@dataclass(frozen=True)
class TeamPair:
    """How often work went from one team to another."""

    from_team: str
    to_team: str
    n: int


@dataclass(frozen=True)
class Handoffs:
    """All handoffs of the log: how many, in how many items, and between whom (most frequent first)."""

    n: int
    n_items: int
    pairs: tuple[TeamPair, ...]


@dataclass(frozen=True)
class Bounces:
    """Ping-pong (team A, B, A): occurrences and items; and items that came back to any team they had left."""

    n: int
    n_items: int
    n_items_returned: int


def handoffs(flow: Flow, *, selection: Selection = EVERYTHING) -> Handoffs | Absent:
    """Changes of the known team over whole lives, counted and by pair; Absent where no team is known."""
    if not flow.about.teams:
        return NO_TEAMS
    items = selected(flow, selection)
    total = items.agg(n=items.n_handoffs.sum(), n_items=(items.n_handoffs > 0).sum()).to_pyarrow().to_pylist()[0]
    spans = flow.spans if selection.is_everything else flow.spans.semi_join(items, "item")
    changes = spans.filter(spans.from_team != NOTHING)
    pairs = changes.group_by("from_team", "team").agg(n=changes.count())
    teams, counted = shown_teams(flow), Counter[tuple[str, str]]()
    for row in pairs.to_pyarrow().to_pylist():
        counted[teams[row["from_team"]], teams[row["team"]]] += row["n"]
    rows = sorted((-n, *pair) for pair, n in counted.items())
    return Handoffs(total["n"] or 0, total["n_items"] or 0, tuple(TeamPair(a, b, -n) for n, a, b in rows))


def bounces(flow: Flow, *, selection: Selection = EVERYTHING) -> Bounces | Absent:
    """Ping-pongs over the sequence of known teams (repeats collapsed), and returns to any earlier team; or Absent."""
    if not flow.about.teams:
        return NO_TEAMS
    items = selected(flow, selection)
    row = items.agg(
        n=items.n_ping_pongs.sum(),
        n_items=(items.n_ping_pongs > 0).sum(),
        n_items_returned=items.returned_to_team.sum(),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    return Bounces(row["n"] or 0, row["n_items"] or 0, row["n_items_returned"] or 0)
