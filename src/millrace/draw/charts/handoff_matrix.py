"""Who hands to whom: handoffs between the busiest teams as a heat map, the others folded into one."""

from collections import Counter

from millrace.draw.charts.chart import Chart, TableTwin
from millrace.draw.charts.heat_map import Matrix, heat_map
from millrace.draw.charts.wording import ITEMS, Noun, count, percent_roughly
from millrace.flow.handoffs import Handoffs

MOST_TEAMS = 10
_PAIRS_IN_TABLE = 20


def handoff_matrix(handoffs: Handoffs, *, noun: Noun = ITEMS) -> Chart | None:
    """Draw how often each team hands to each other one; None where no item ever changes its team."""
    if not handoffs.pairs:
        return None
    teams, n_folded = _teams(handoffs)
    cells: Counter[tuple[str, str]] = Counter()
    for pair in handoffs.pairs:
        sender = pair.from_team if pair.from_team in teams else ""
        receiver = pair.to_team if pair.to_team in teams else ""
        cells[sender, receiver] += pair.n
    names = (*teams, *([""] if n_folded else []))
    shown = tuple(name or f"other teams ({count(n_folded)})" for name in names)
    amounts = tuple(tuple(float(cells[sender, receiver]) for receiver in names) for sender in names)
    top = handoffs.pairs[0]
    finding = (
        f"{top.from_team} hands to {top.to_team} most often: {count(top.n)} times, "
        f"{percent_roughly(top.n / handoffs.n)} of all handoffs"
    )
    return Chart(
        title=finding,
        subtitle=f"{count(handoffs.n)} handoffs in {noun.counted(handoffs.n_items)} · rows hand to columns",
        alt=f"Heat map of handoffs between teams. {finding}.",
        picture=heat_map(
            Matrix(
                shown,
                shown,
                amounts,
                tuple(tuple(count(amount) if amount else "" for amount in row) for row in amounts),
                between=" → ",
            ),
            slanted=True,
        ),
        table=TableTwin(
            ("From team", "To team", "Handoffs"),
            tuple((pair.from_team, pair.to_team, count(pair.n)) for pair in handoffs.pairs[:_PAIRS_IN_TABLE]),
        ),
        note=_note(handoffs, n_folded),
    )


def _teams(handoffs: Handoffs) -> tuple[list[str], int]:
    """The teams with most handoffs, given or taken, and how many others there are."""
    touched: Counter[str] = Counter()
    for pair in handoffs.pairs:
        touched[pair.from_team] += pair.n
        touched[pair.to_team] += pair.n
    ranked = sorted(touched, key=lambda team: (-touched[team], team))
    most = len(ranked) if len(ranked) <= MOST_TEAMS + 1 else MOST_TEAMS
    return ranked[:most], len(ranked) - most


def _note(handoffs: Handoffs, n_folded: int) -> str:
    said = []
    if n_folded:
        said.append(f"The {count(n_folded)} teams with fewer handoffs are folded into one row and column.")
    if len(handoffs.pairs) > _PAIRS_IN_TABLE:
        said.append(f"The table has the {_PAIRS_IN_TABLE} most frequent of {count(len(handoffs.pairs))} pairs.")
    return " ".join(said)
