"""Team time: how long items spend with each team, by state."""

from collections import defaultdict
from dataclasses import dataclass

from millrace.flow.flow import Flow
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.small_groups import shown_teams
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND, Clock
from millrace.model.state import STATES, WAIT_REASONS, State, WaitReason

UNKNOWN_TEAM = "no team"
OTHER_TEAMS = "other teams"


@dataclass(frozen=True)
class TeamTime:
    """Seconds before value per team and state (`new`, `active`, `waiting`, …; waiting split by reason as
    `waiting: requester`). Rows are sorted by total, longest first; the tail is folded into `other teams`."""

    teams: tuple[str, ...]
    states: tuple[str, ...]
    seconds: tuple[tuple[float, ...], ...]


def team_time(
    flow: Flow, *, top: int = 12, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> TeamTime:
    """Where the time of delivered items before value goes, by team and state."""
    spans = flow.spans.filter(flow.spans.is_before_value)
    if not selection.is_everything:
        spans = spans.semi_join(selected(flow, selection), "item")
    time = spans.business if clock is Clock.BUSINESS else spans.elapsed
    rows = spans.group_by("team", "state", "wait_reason").agg(total=time.sum()).to_pyarrow().to_pylist()
    by_team: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    names = shown_teams(flow)
    for row in rows:
        team = UNKNOWN_TEAM if row["team"] == NOTHING else names[row["team"]]
        by_team[team][_label(row["state"], row["wait_reason"])] += int(row["total"]) / SECOND
    ranked = sorted(by_team, key=lambda team: (-sum(by_team[team].values()), team))
    states = sorted({state for times in by_team.values() for state in times}, key=_order)
    table = {team: by_team[team] for team in ranked[:top]}
    if ranked[top:]:
        table[OTHER_TEAMS] = {s: sum(by_team[team].get(s, 0.0) for team in ranked[top:]) for s in states}
    return TeamTime(
        tuple(table), tuple(states), tuple(tuple(times.get(s, 0.0) for s in states) for times in table.values())
    )


def _label(state: int, reason: int) -> str:
    if STATES[state] is State.WAITING and WAIT_REASONS[reason] is not WaitReason.NONE:
        return f"{STATES[state]}: {WAIT_REASONS[reason]}"
    return str(STATES[state])


def _order(label: str) -> tuple[int, str]:
    state, _, reason = label.partition(": ")
    return STATES.index(State(state)), reason
